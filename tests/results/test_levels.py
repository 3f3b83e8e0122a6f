"""Do levels carry the errors of the model, and do differences, ranks and the central member not?"""

import numpy as np
import pytest

import pujiang
from pujiang.results import run_folder
from pujiang.results.levels import error_of, levels


@pytest.fixture(scope="module")
def tree():
    return pujiang.run("exit_drought", ensemble=60)


@pytest.fixture(scope="module")
def bare():
    return pujiang.run("exit_drought", ensemble={"size": 60, "model_error": False})


def test_outcomes_are_those_of_the_model_with_errors_or_without(tree, bare) -> None:
    for name, values in tree["annual"].data_vars.items():
        assert np.array_equal(values.values, bare["annual"][name].values, equal_nan=True), name
    assert "model_error" not in bare.children


def test_levels_are_outcomes_times_the_error_of_each_member(tree) -> None:
    reached, error = levels(tree["annual"].to_dataset(), error_of(tree)), tree["model_error"]["error"]
    model = tree["annual"]["gdp"].sel(scenario="exit_drought", member=7, year=2028)
    factor = np.exp(float(error.sel(outcome="gdp", member=7, year=2028)))
    assert float(reached["gdp"].sel(scenario="exit_drought", member=7, year=2028).values) == pytest.approx(
        float(model) * factor, rel=1e-12
    )
    part = tree["annual"]["industry_output"].sel(scenario="baseline", member=7, year=2028, industry="ai")
    factor = np.exp(float(error.sel(outcome="industry_output.ai", member=7, year=2028)))
    own = reached["industry_output"].sel(scenario="baseline", member=7, year=2028, industry="ai")
    assert float(own.values) == pytest.approx(float(part) * factor, rel=1e-12)


def test_the_central_member_has_no_error(tree) -> None:
    assert not tree["model_error"]["error"].sel(member=0).values.any()


def test_scenarios_share_errors_so_that_differences_in_percent_have_none(tree) -> None:
    reached = levels(tree["annual"].to_dataset(), error_of(tree))
    values = [
        source["high_tech_firms"].transpose("scenario", "member", "year").values for source in (tree["annual"], reached)
    ]
    own, carried = (part[1] / part[0] - 1 for part in values)
    assert np.allclose(own, carried, rtol=1e-9)


def test_errors_open_after_the_last_figure(tree) -> None:
    spread = tree["model_error"]["error"].sel(outcome="research_spending").values[1:].std(axis=0)
    years = tree["annual"]["year"].values.tolist()
    assert spread[years.index(2022)] < 0.7 * spread[years.index(2030)]


def test_the_ratio_of_levels_is_the_level_of_the_ratio(tree) -> None:
    error = tree["model_error"]["error"]
    intensity, spending, gdp = (error.sel(outcome=n).values for n in ("research_intensity", "research_spending", "gdp"))
    assert np.allclose(intensity, spending - gdp, atol=1e-12)


def test_a_run_comes_back_with_its_errors(tree, tmp_path) -> None:
    path = pujiang.save(tree, tmp_path, figures=False)
    back = pujiang.open(path)
    assert np.array_equal(back["model_error"]["error"].values, tree["model_error"]["error"].values)
    assert np.array_equal(back["uncertainty"]["variance"].values, tree["uncertainty"]["variance"].values)
    assert run_folder.damage(path) == []


def test_what_makes_levels_uncertain_adds_up(tree) -> None:
    """Parts of parameters and inputs are the variance of the model's own outcomes, where inputs add to it."""
    parts = tree["uncertainty"]["variance"].sel(outcome="gdp", year=2030)
    own = tree["annual"]["gdp"].sel(scenario="baseline", year=2030).values[1:].var()
    assert float(parts.sel(source="parameters") + parts.sel(source="inputs")) == pytest.approx(own, rel=1e-9)
    assert float(parts.sel(source="model")) > 0


def test_a_comparison_has_wide_levels_and_narrow_differences(tree, bare) -> None:
    wanted = "outcome == 'gdp' and year == 2030 and case == 'exit_drought'"
    rows = [pujiang.compare(one).table.query(wanted) for one in (tree, bare)]
    level, plain = (r[r.measure == "level"].iloc[0] for r in rows)
    assert level.q95 - level.q05 > 1.1 * (plain.q95 - plain.q05)
    change, same = (r[r.measure == "percent"].iloc[0] for r in rows)
    assert change.q95 == pytest.approx(same.q95, rel=1e-12)


def test_the_reported_intensity_of_2024_lies_in_the_80_percent_band(tree) -> None:
    """The reading first reported: 4.4 %."""
    reached = levels(tree["annual"].to_dataset(), error_of(tree))
    members = reached["research_intensity_reported"].sel(scenario="baseline", year=2024).values[1:]
    low, high = np.quantile(members + 0.0015 * np.random.default_rng(1).standard_normal(60), [0.1, 0.9])
    assert low < 0.044 < high
