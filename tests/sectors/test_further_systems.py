"""Do the systems around the core leave the opening as it is, act when they should, and keep what is conserved?"""

import numpy as np
import pytest
import xarray as xr

from pujiang.api.functions import load_model
from pujiang.engine.simulate import simulate
from pujiang.engine.system import System
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.shanghai.sectors import CORE, FULL, neutral

LEVERS = {
    "restriction_target": 0.95,
    "production_space_programme": -2.5,
    "rent_relief": 0.2,
    "stem_enrolment_growth": 0.1,
    "talent_attraction": 0.2,
    "scenario_opening": 500.0,
    "digital_programme": 0.05,
    "institutional_effort": 0.05,
    "district_focus": 0.1,
    "incubator_openings": 10.0,
}


FACTORS = [
    "relative_rent",
    "rent_index",
    "space_availability",
    "incubator_support",
    "institutional_quality",
    "financial_center",
    "foreign_capital_access",
    "input_availability",
    "restriction_research_effect",
    "restriction_knowledge_effect",
    "foreign_talent_effect",
    "talent_attraction_effect",
    "district_density",
    "structural_momentum",
]


@pytest.fixture(scope="module")
def full() -> System:
    """The model with all its systems."""
    return load_model(FULL)


@pytest.fixture(scope="module")
def courses(full, series) -> xr.Dataset:
    """Trajectories at the declared values under the baseline and under each lever alone."""
    cases = {"baseline": lever_profiles(full, {}, series, 1 / 16)}
    for name, value in LEVERS.items():
        cases[name] = lever_profiles(full, {name: LeverSetting(target=value)}, series, 1 / 16)
    tree = simulate(full, {}, series=series, scenarios=cases)
    return tree["trajectories"].to_dataset()


def ratio(courses: xr.Dataset, variable: str, lever: str, time: float) -> xr.DataArray:
    """A variable under a lever over the same under the baseline."""
    at = courses[variable].sel(time=time)
    return at.sel(scenario=lever) / at.sel(scenario="baseline")


def test_is_every_neutral_input_replaced_and_nothing_else_dropped(full) -> None:
    core = load_model(CORE)
    replaced = {name for name in vars(neutral) if name in core.parameters}
    assert replaced
    assert neutral not in FULL
    assert replaced <= set(full.variables)
    assert set(core.variables) <= set(full.variables)
    assert set(core.levers) <= set(full.levers)
    assert set(core.outcomes) <= set(full.outcomes)


def test_do_the_systems_leave_the_opening_as_it_is(courses) -> None:
    opening = courses.sel(scenario="baseline", time=2015.0)
    for name in FACTORS:
        assert opening[name].values == pytest.approx(1), name
    # Scenarios spread slowly at first: growth of demand by a quarter of a point at most.
    assert opening.market_access_growth.values == pytest.approx(0, abs=0.0025)
    assert opening.output_growth_effect.values == pytest.approx(0, abs=1e-5)


def test_does_every_lever_leave_history_and_change_the_future(courses, full) -> None:
    for name in LEVERS:
        past = courses.sel(time=slice(None, 2026.0))
        for stock in (n for n, v in full.variables.items() if v.kind == "stock"):
            assert (past[stock].sel(scenario=name) == past[stock].sel(scenario="baseline")).all(), (name, stock)
        assert float(abs(ratio(courses, "technology_firm_births", name, 2031.0) - 1)) > 0, name


def test_do_restrictions_hit_chips_hardest_and_ease_with_substitution(courses) -> None:
    hit = ratio(courses, "industry_output", "restriction_target", 2028.0)
    assert (hit < 1).all()
    assert hit.industry[hit.argmin("industry")] == "ic"
    available = courses.input_availability.sel(scenario="restriction_target", industry="ic")
    assert available.sel(time=2031.0) > available.sel(time=2028.0)
    assert ratio(courses, "import_dependence", "restriction_target", 2031.0) < 1
    assert ratio(courses, "firm_research_intensity_now", "restriction_target", 2031.0) > 1


def test_does_withdrawn_space_raise_rents_and_keep_firms_out(courses) -> None:
    rents = courses.rent_index.sel(scenario="production_space_programme") / courses.rent_index.sel(scenario="baseline")
    assert rents.sel(time=2027.0) == pytest.approx(1, abs=0.01)  # what was begun is still completed
    assert rents.sel(time=2031.0) > 1.05
    assert ratio(courses, "technology_firm_births", "production_space_programme", 2031.0) < 1
    assert ratio(courses, "market_space_starts", "production_space_programme", 2031.0) > 0


def test_does_cheaper_rent_bring_firms_who_then_fill_the_space(courses) -> None:
    assert ratio(courses, "technology_firm_births", "rent_relief", 2026.25) > 1.03
    assert ratio(courses, "rent_index", "rent_relief", 2031.0) > 1


def test_does_enrolment_reach_the_labour_market_only_after_years(courses) -> None:
    graduates = [float(ratio(courses, "graduates", "stem_enrolment_growth", t)) for t in (2027.0, 2029.0, 2031.0)]
    assert graduates[0] == pytest.approx(1, abs=0.002)
    assert graduates[0] < graduates[1] < graduates[2]
    assert graduates[2] > 1.04


def test_do_opened_scenarios_leave_fewer_to_open(courses) -> None:
    assert ratio(courses, "application_scenarios", "scenario_opening", 2031.0) > 1
    assert ratio(courses, "scenario_diffusion", "scenario_opening", 2031.0) < 1
    assert (courses.application_scenarios <= courses.scenario_potential).all()


def test_does_faster_digital_spread_slow_down_as_fewer_are_left(courses) -> None:
    gain = [float(ratio(courses, "digital_spread", "digital_programme", t)) for t in (2026.25, 2028.0, 2031.0)]
    assert gain[0] > gain[1] > gain[2]
    assert (courses.digital_adoption < 1).all()


def test_do_district_shares_add_up_whatever_policy_moves(courses) -> None:
    assert courses.district_research_share.sum("district").values == pytest.approx(1, abs=1e-12)
    moved = courses.district_research_share.sel(scenario="district_focus", time=2031.0)
    held = courses.district_research_share.sel(scenario="baseline", time=2031.0)
    assert ((moved > held) == np.array([True, True, False, False])).all()


def test_is_there_an_incubator_only_after_the_plan(courses) -> None:
    incubators = courses.incubators.sel(scenario="baseline")
    assert incubators.sel(time=2023.5) == 0
    assert incubators.sel(time=2025.5) == pytest.approx(12)  # about twelve stood in mid-2025


def test_do_better_institutions_speed_reform_and_births(courses) -> None:
    for name in ("reform_hazard", "technology_firm_births", "talent_attraction_effect", "output_growth_effect"):
        assert ratio(courses, name, "institutional_effort", 2029.0) > 1, name
