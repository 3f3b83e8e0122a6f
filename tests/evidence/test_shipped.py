"""Is the shipped pack consistent with itself, and honest about where its numbers come from?"""

import csv
import math
from collections import Counter

import pytest

from pujiang.evidence import Evidence, InputSeries, Observation, explain, load
from pujiang.evidence.pack import FILES
from pujiang.shanghai import PROJECT

PLAN_START = 2025.0
SHIPPED = PROJECT.data
assert SHIPPED is not None


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load(SHIPPED)


def by_year(evidence: Evidence, series: str) -> dict[int, float]:
    return {o.year: o.value for o in evidence.observations if o.series == series and o.entity == "shanghai"}


def annual(series: InputSeries) -> dict[int, float]:
    return dict(zip(map(int, series.times), series.values, strict=True))


def integral(series: InputSeries, start: float, end: float) -> float:
    """Of a step series."""
    breaks = [*series.times[1:], math.inf]
    return sum(
        value * max(min(after, end) - max(before, start), 0)
        for before, after, value in zip(series.times, breaks, series.values, strict=True)
    )


def citations(evidence: Evidence) -> list[str]:
    cited = [name for observation in evidence.observations for name in observation.sources]
    for series in evidence.inputs.values():
        cited += [name for names in series.sources for name in names]
    return cited


# What is there


def test_are_the_inputs_there_that_drive_the_model(evidence: Evidence) -> None:
    assert set(evidence.inputs) == {
        "gdp_nominal", "real_output_growth", "gdp_deflator_growth", "basic_research_share_observed",
        "government_research_funding_observed", "listing_window", "other_board_window", "board_valuation",
        "state_fund_injection", "foreign_capital_index", "research_tax_incentive", "first_pilot_batch",
        "reform_openness", "patent_lapse_rate", "contract_registration", "certificates_issued_before_start",
        "patent_applications_before_start", "restriction_pressure", "real_output_growth_rate", "incubator_openings",
        "gdp_deflator_growth_rate", "gdp_endogenous", "projecting", "government_funding_known",
        "full_ownership_allowed", "proof_of_concept_programme", "announced_window",
        "certificates_expiring_before_2018", "certification_campaign", "certification_campaign_over",
    }  # fmt: skip


def test_do_the_inputs_cover_the_start_and_say_nothing_of_the_future(evidence: Evidence) -> None:
    switches = {"gdp_endogenous", "projecting"}
    for name in switches:
        assert set(evidence.inputs[name].values) == {0, 1}
    quarterly = {"real_output_growth_rate", "gdp_deflator_growth_rate"}  # the last value: 2024's last quarter
    seeded = {"listing_window", "other_board_window", "board_valuation", "state_fund_injection"}
    for name, series in evidence.inputs.items():
        assert series.times[0] <= 2015.0
        last = PLAN_START if name in seeded or series.interpolation == "linear" else PLAN_START - 1
        if name not in switches:
            assert series.times[-1] < PLAN_START if name in quarterly else series.times[-1] <= last, name


def test_is_every_trap_described(evidence: Evidence) -> None:
    assert list(evidence.traps) == [f"C{number}" for number in range(1, 30)]


def test_is_no_text_of_others_copied(evidence: Evidence) -> None:
    for name in FILES:
        text = (SHIPPED / name).read_text(encoding="utf-8")
        assert not [letter for letter in text if "\u3000" <= letter <= "\u9fff"], name
        if name.endswith(".csv"):
            assert "quote" not in next(csv.reader(text.splitlines()))


# Consistency


def test_is_the_stock_of_high_tech_firms_the_certificates_of_three_years(evidence: Evidence) -> None:
    certificates = by_year(evidence, "high_tech_enterprises_newly_certified")
    stock = by_year(evidence, "high_tech_enterprises_valid")
    for year in range(2020, 2025):
        assert stock[year] == sum(certificates[year - age] for age in range(3)), year
    before = evidence.inputs["certificates_issued_before_start"]
    assert integral(before, 2012.0, 2015.0) == stock[2014] == 5433


def test_do_the_sources_of_research_funds_add_up(evidence: Evidence) -> None:
    total = by_year(evidence, "rd_expenditure")
    parts = [by_year(evidence, f"rd_funded_{name}") for name in ("by_government", "by_enterprises", "other_sources")]
    share = by_year(evidence, "enterprise_share_of_rd_funds")
    for year in range(2015, 2024):
        assert sum(part[year] for part in parts) == pytest.approx(total[year], rel=1e-3)
        assert parts[1][year] / sum(part[year] for part in parts) == pytest.approx(share[year], abs=1e-4)


def test_do_the_inputs_agree_with_the_observations_of_role_input(evidence: Evidence) -> None:
    for name, series in [
        ("gdp_nominal", "gdp_current_5th_census"),
        ("basic_research_share_observed", "basic_research_share_of_rd"),
        ("government_research_funding_observed", "rd_funded_by_government"),
    ]:
        course = annual(evidence.inputs[name])
        for year, value in by_year(evidence, series).items():
            assert course[year] == pytest.approx(value, rel=1e-9), (name, year)


def test_do_real_growth_and_deflator_give_nominal_output(evidence: Evidence) -> None:
    nominal = annual(evidence.inputs["gdp_nominal"])
    real = annual(evidence.inputs["real_output_growth"])
    deflator = annual(evidence.inputs["gdp_deflator_growth"])
    for year in range(2015, 2025):
        grown = nominal[year - 1] * (1 + real[year]) * (1 + deflator[year])
        assert grown == pytest.approx(nominal[year], rel=1e-6), year


def test_does_the_window_give_the_national_listings(evidence: Evidence) -> None:
    listed = 150 * integral(evidence.inputs["listing_window"], 2015.0, PLAN_START)
    assert listed == pytest.approx(by_year(evidence, "star_listed_companies_national")[2024], abs=3)
    for figure in evidence.figures.values():
        if figure.series == "star_new_listings" and figure.entity == "star_market":
            year = int(figure.date)
            opened = 150 * integral(evidence.inputs["listing_window"], year, year + 1)
            assert opened == pytest.approx(figure.value, abs=2.5), year


def test_do_grants_and_lapses_give_the_patents_in_force(evidence: Evidence) -> None:
    grants = by_year(evidence, "patents_granted_invention")
    in_force = by_year(evidence, "patents_in_force_invention")
    lapse = annual(evidence.inputs["patent_lapse_rate"])
    for year in range(2016, 2024):
        kept = math.exp(-lapse[year])
        stock = in_force[year - 1] * kept + grants[year] * (1 - kept) / lapse[year]
        assert stock == pytest.approx(in_force[year], rel=1e-5), year


def test_do_reported_values_agree_with_the_figures_they_cite(evidence: Evidence) -> None:
    compared = 0
    for observation in evidence.observations:
        figures = [evidence.figures[name] for name in observation.sources if name in evidence.figures]
        if len(figures) == 1 and figures[0].comparator == "=" and figures[0].unit == observation.reported_unit:
            assert figures[0].value == pytest.approx(observation.reported_value, rel=2e-3), observation
            compared += 1
    assert compared > 100


# Honesty


def test_is_nothing_after_2024_scored_but_the_reform_counts(evidence: Evidence) -> None:
    late = {o.series for o in evidence.observations if o.year > 2024 and o.role in ("fit", "weak")}
    assert late == {
        "ownership_reform_companies_cumulative",
        "ownership_reform_investment_cumulative",
        "ownership_reform_startups_rate",
    }


def test_are_inputs_never_scored(evidence: Evidence) -> None:
    roles = {o.series: o.role for o in evidence.observations}
    for series in ("gdp_current_5th_census", "basic_research_share_of_rd", "star_listed_companies_national"):
        assert roles[series] == "input"


def test_does_every_observation_and_every_observed_input_name_its_source(evidence: Evidence) -> None:
    assert [o for o in evidence.observations if not o.sources] == []
    for series in evidence.inputs.values():
        if series.name == "gdp_deflator_growth":  # from two other series, not from figures
            continue
        for status, sources in zip(series.statuses, series.sources, strict=True):
            assert sources or status in ("recalled", "assumed", "switch"), series.name


def test_is_nothing_of_the_untrusted_page_used(evidence: Evidence) -> None:
    (page,) = (source.id for source in evidence.sources.values() if source.trust == "none")
    rejected = {figure.id for figure in evidence.figures.values() if figure.source == page}
    assert rejected
    assert {evidence.figures[name].confidence for name in rejected} == {"rejected"}
    assert rejected.isdisjoint(citations(evidence))
    assert page not in citations(evidence)


def test_is_every_source_used(evidence: Evidence) -> None:
    used = {figure.source for figure in evidence.figures.values()} | set(citations(evidence))
    assert set(evidence.sources) - used == set()


def test_is_no_outcome_scored_twice_in_a_year(evidence: Evidence) -> None:
    scored = Counter((o.outcome, o.year) for o in evidence.observations if o.role == "fit")
    assert [key for key, count in scored.items() if count > 1] == []


# Telling


def observation(evidence: Evidence, series: str, year: int) -> Observation:
    (found,) = (o for o in evidence.observations if (o.series, o.year) == (series, year))
    return found


def test_does_an_explanation_say_value_error_use_source_and_trap(evidence: Evidence) -> None:
    text = explain(observation(evidence, "basic_research_share_of_rd", 2024), evidence)
    for part in (
        "0.11", "11 percent_rd", "normal, sd 0.0065", "role input", "basic_research_share", "S043",
        "The Paper", "avoids C4", "avoids C5", "share of R&D, not of GDP",
    ):  # fmt: skip
        assert part in text


def test_can_every_observation_be_explained(evidence: Evidence) -> None:
    for each in evidence.observations:
        lines = explain(each, evidence).splitlines()
        assert len(lines) >= 4 + len(each.sources) + len(each.traps) - (not each.reason)


def test_are_values_converted_to_model_units(evidence: Evidence) -> None:
    share = observation(evidence, "enterprise_share_of_rd_funds", 2015)
    assert share.unit == "1"
    assert share.value == pytest.approx(0.5778)
    assert share.sd == pytest.approx(0.015)
    money = observation(evidence, "ecnu_licensing", 2024)
    assert money.unit == "billion_yuan"
    assert money.value == pytest.approx(0.476)
    assert observation(evidence, "rd_expenditure", 2015).sd == 0.01
