"""Does the model as a whole hold: outcomes, history, levers, members, extreme conditions, fit?"""

import json
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

import pujiang
from pujiang.api.model import Model
from pujiang.engine.simulate import Simulation, simulate
from pujiang.experiment.calibrate import all_residuals, problem
from pujiang.experiment.check import check
from pujiang.experiment.ensemble import members
from pujiang.experiment.goodness import goodness
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import Scenario
from pujiang.shanghai.extremes import EXTREMES

REPORTED = (
    "gdp research_spending research_intensity basic_research_share government_research_funding "
    "enterprise_research_funding enterprise_research_share research_personnel scientific_knowledge "
    "applied_knowledge invention_patent_applications invention_patent_grants invention_patents_in_force "
    "technology_contract_value reform_spinouts_cumulative reform_investment_cumulative venture_investment "
    "star_listings star_listed_firms star_listed_firms_national high_tech_certificates high_tech_firms "
    "three_industries_output industry_output"
).split()

SCENARIOS = [
    "fifteenth_plan",
    "deep_basic_research",
    "full_ownership_reform",
    "closed_loop_finance",
    "exit_drought",
]

# Each lever of the scenarios: a value to set it to from 2026, the outcome it must move, the direction, and the
# year in which the answer first exceeds a thousandth. A year after 2026 is the lag in the structure between them.
RESPONSES = [
    ("research_intensity_target", 0.06, "research_spending", +1, 2026),
    ("public_research_multiplier", 1.3, "government_research_funding", +1, 2026),
    ("research_tax_incentive", 0.15, "enterprise_research_funding", +1, 2026),
    ("basic_share_target", 0.15, "basic_research_share", +1, 2026),
    ("basic_share_target", 0.15, "applied_knowledge", -1, 2028),
    ("basic_share_target", 0.15, "scientific_knowledge", +1, 2028),
    ("frontier_share_target", 0.45, "scientific_knowledge", -1, 2030),  # it pays later: see below
    ("ownership_rollout_rate", 0.45, "reform_spinouts_cumulative", +1, 2026),
    ("remittance_share", 0.6, "reform_spinouts_cumulative", -1, 2026),
    ("technology_manager_programme", 600.0, "reform_spinouts_cumulative", +1, 2026),
    ("proof_of_concept_programme", 0.6, "reform_spinouts_cumulative", +1, 2026),
    ("patient_capital_injection", 30.0, "venture_investment", +1, 2027),
    ("merger_support", 1.5, "venture_investment", +1, 2026),
    ("exit_window", 1.0, "star_listings", +1, 2026),
    ("exit_window", 1.0, "venture_investment", +1, 2026),
    ("exit_window", 0.0, "star_listings", -1, 2026),
    ("market_valuation", 0.65, "venture_investment", -1, 2026),
    ("startup_finance_support", 0.5, "technology_firm_births", +1, 2026),
    ("market_access_support", 0.01, "three_industries_output", +1, 2026),
]


@pytest.fixture(scope="module")
def side_by_side() -> xr.DataTree:
    """The shipped scenarios with a small ensemble."""
    return pujiang.run(scenario=SCENARIOS, ensemble=8)


@pytest.fixture(scope="module")
def responses(system, series, fit) -> xr.Dataset:
    """Central annual outcomes under the baseline and under each lever of RESPONSES alone."""
    cases = {"baseline": lever_profiles(system, {}, series, 1 / 16)}
    for lever, value, *_ in RESPONSES:
        cases[f"{lever}={value}"] = lever_profiles(system, {lever: LeverSetting(target=value)}, series, 1 / 16)
    central = {name: np.array([value]) for name, value in fit.values.items()}
    tree = simulate(system, central, series=series, scenarios=cases)
    return tree["annual"].to_dataset().sel(member=0)


@pytest.fixture(scope="module")
def responses_of(system, series, fit) -> Callable[..., xr.DataTree]:
    """Runs the central member with and without one lever set from 2026."""
    central = {name: np.array([value]) for name, value in fit.values.items()}

    def run(lever: str, value: float, last_year: int = 2030) -> xr.DataTree:
        cases = {
            "without": lever_profiles(system, {}, series, 1 / 16),
            "with": lever_profiles(system, {lever: LeverSetting(target=value)}, series, 1 / 16),
        }
        simulation = Simulation(2015, last_year)
        return simulate(system, central, series=series, scenarios=cases, simulation=simulation)

    return run


def test_every_outcome_of_the_contract_is_reported(side_by_side) -> None:
    annual = side_by_side["annual"].to_dataset()
    assert set(REPORTED) <= set(annual.data_vars)
    for name in REPORTED:
        assert set(annual[name].attrs) >= {"units", "long_name", "sector", "kind"}
        assert np.isfinite(annual[name]).all()
    assert annual.year.values.tolist() == list(range(2015, 2031))
    assert annual.scenario.values.tolist() == ["baseline", *SCENARIOS]
    assert annual.industry_output.sel(industry=["ic", "biomedicine", "ai"]).sum("industry").values == pytest.approx(
        annual.three_industries_output.values
    )


def test_gdp_of_history_is_the_reported_one(side_by_side, evidence) -> None:
    annual = side_by_side["annual"].to_dataset()
    for row in evidence.observations:
        if row.outcome == "gdp":
            modelled = annual.gdp.sel(scenario="baseline", year=row.year)
            assert modelled.values == pytest.approx(row.value, rel=1e-3)


def test_high_tech_firms_are_the_certificates_of_three_years(side_by_side) -> None:
    annual = side_by_side["annual"].to_dataset()
    three = annual.high_tech_certificates.rolling(year=3).sum().sel(year=slice(2017, None))
    stock = annual.high_tech_firms.sel(year=slice(2017, None))
    assert stock.values == pytest.approx(three.values, rel=1e-9)


def test_funding_adds_up_and_shares_are_shares(side_by_side) -> None:
    annual = side_by_side["annual"].to_dataset()
    parts = annual.government_research_funding + annual.enterprise_research_funding
    assert (parts < annual.research_spending).all()
    assert (annual.enterprise_research_funding / annual.research_spending).values == pytest.approx(
        annual.enterprise_research_share.values
    )
    for name in ("research_intensity", "basic_research_share", "enterprise_research_share"):
        assert ((annual[name] > 0) & (annual[name] < 1)).all()


def test_history_is_the_same_under_every_scenario_and_shock(side_by_side) -> None:
    history = side_by_side["trajectories"].to_dataset().sel(time=slice(None, 2026.0))
    for name, values in history.data_vars.items():
        past = values if values.attrs["kind"] == "stock" else values.sel(time=slice(None, 2025.99))
        assert (past == past.isel(scenario=0)).all(), name


def test_certificate_holds_for_every_scenario(side_by_side) -> None:
    certificate = json.loads(side_by_side.attrs["certificate"])
    assert certificate["passed"], certificate["failures"]
    assert max(certificate["conservation"].values()) < 1e-9
    assert {"firms", "fund_money", "institutions", "results"} <= set(certificate["conservation"])


def test_a_member_of_a_batch_is_its_single_run_bit_for_bit(system, series, fit) -> None:
    drawn = members(system, fit, 6, seed=1, kind="laplace")
    paths = lever_profiles(system, {"exit_window": LeverSetting(target=1.0)}, series, 1 / 16)
    batch = simulate(system, drawn, paths, series=series)["annual"].to_dataset()
    for k in (0, 3, 6):
        one = {name: values[k : k + 1] for name, values in drawn.items()}
        single = simulate(system, one, paths, series=series)["annual"].to_dataset()
        for name in batch.data_vars:
            assert (batch[name].isel(member=k).values == single[name].isel(member=0).values).all(), name


def test_a_lever_set_to_its_default_changes_nothing(system, series, fit) -> None:
    cases = {"baseline": lever_profiles(system, {}, series, 1 / 16)}
    for name, lever in system.levers.items():
        setting = LeverSetting(target=lever.default)
        cases[name] = lever_profiles(system, {name: setting}, series, 1 / 16)
    central = {name: np.array([value]) for name, value in fit.values.items()}
    annual = simulate(system, central, series=series, scenarios=cases)["annual"].to_dataset()
    for name, values in annual.data_vars.items():
        assert (values == values.isel(scenario=0)).all(), name


@pytest.mark.parametrize(("lever", "value", "outcome", "sign", "first"), RESPONSES)
def test_a_lever_moves_what_it_should_and_not_before(responses, lever, value, outcome, sign, first) -> None:
    change = responses[outcome].sel(scenario=f"{lever}={value}") - responses[outcome].sel(scenario="baseline")
    share = change / abs(float(responses[outcome].sel(scenario="baseline", year=2030)))
    assert (change.sel(year=slice(None, 2025)) == 0).all()
    assert (abs(share.sel(year=range(2026, first))) < 1e-3).all()
    assert (sign * share.sel(year=range(first, 2031)) >= 1e-3).all()


def test_an_early_shift_moves_money_from_late_to_early_funds(responses_of) -> None:
    courses = responses_of("early_stage_shift", 0.15)["trajectories"].to_dataset()
    for fund, sign in (("seed_fund", +1), ("proof_of_concept_fund", +1), ("industrial_fund", -1)):
        course = courses[fund].sel(time=2031.0)
        assert sign * float(course.sel(scenario="with") - course.sel(scenario="without")) > 0, fund


def test_worse_before_better_of_basic_research(responses_of) -> None:
    """More basic research costs applied knowledge at once; the loss shrinks as the science it makes comes in."""
    annual = responses_of("basic_share_target", 0.15, last_year=2060)["annual"].to_dataset().isel(member=0)
    applied = annual.applied_knowledge.sel(scenario="with") / annual.applied_knowledge.sel(scenario="without") - 1
    worst = int(applied.year[applied.argmin("year")])
    assert 2030 < worst < 2045
    assert applied.sel(year=worst) < -0.01
    assert applied.sel(year=2060) > applied.sel(year=worst) / 2


def test_frontier_research_pays_after_its_lag(responses_of) -> None:
    """Frontier projects take eight years, conventional ones five: less science first, more in the end."""
    annual = responses_of("frontier_share_target", 0.45, last_year=2050)["annual"].to_dataset().isel(member=0)
    for outcome in ("scientific_knowledge", "applied_knowledge"):
        change = annual[outcome].sel(scenario="with") - annual[outcome].sel(scenario="without")
        assert change.sel(year=2030) < 0 < change.sel(year=2050), outcome


def test_reform_releases_the_shelf_and_then_slows(responses) -> None:
    """A step of reform frees shelved results: what it adds a year grows fast, then hardly."""
    total = responses.reform_spinouts_cumulative
    extra = (total.sel(scenario="ownership_rollout_rate=0.45") - total.sel(scenario="baseline")).diff("year")
    after = extra.sel(year=slice(2026, None))
    growth = after.diff("year")
    assert growth.sel(year=2030) < 0.5 * growth.max()


def test_every_extreme_condition_names_what_there_is(system) -> None:
    for extreme in EXTREMES:
        assert set(extreme.levers) <= set(system.levers), extreme.name
        assert set(extreme.without) <= set(system.variables), extreme.name


def test_examination_finds_no_fault(system, evidence, fit) -> None:
    """Units, loops, conservation, one history, and every extreme condition."""
    failed = [
        f"{f.name}: {f.line}" for f in check(system, evidence, fit, (Scenario("baseline"),), EXTREMES) if not f.passed
    ]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(
    "series_name",
    [
        "rd_expenditure",
        "rd_funded_by_enterprises",
        "high_tech_enterprises_newly_certified",
        "high_tech_enterprises_valid",
        "patent_applications_invention",
    ],
)
def test_core_series_are_reproduced_within_six_percent(system, evidence, fit, series_name) -> None:
    statistics = goodness(all_residuals(problem(system, evidence), fit))
    fitted = [g for g in statistics if g.series == series_name and g.role == "fit"]
    assert fitted
    assert all(g.rmspe < 0.06 for g in fitted)


def test_shipped_fit_belongs_to_this_model_and_data(system, evidence, fit) -> None:
    assert fit.facts["model_hash"] == system.hash, "the model changed: make refit"
    assert fit.facts["data_hash"] == evidence.sha256, "the evidence changed: make refit"


def test_scenarios_shipped_are_at_least_those_of_the_contract() -> None:
    assert {"baseline", *SCENARIOS} <= set(Model().options("scenario"))
