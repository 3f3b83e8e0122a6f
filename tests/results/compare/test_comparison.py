"""Are runs compared member by member where they share members, and is it said where they do not?"""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from pujiang.errors import InputError
from pujiang.results.compare import Comparison, compare
from pujiang.results.compare.table import comparison_table

Write = Callable[..., Path]


def pick(comparison: Comparison, **where: object) -> "dict[str, float]":
    table = comparison.table
    for column, value in where.items():
        table = table[table[column] == value]
    [row] = table.to_dict("records")
    return {str(key): value for key, value in row.items()}


def two_runs(synthetic: ModuleType) -> tuple[xr.DataTree, xr.DataTree]:
    """Two runs of one ensemble: the plan and the reform, each with the baseline."""
    both = synthetic.make_tree(synthetic.SCENARIOS[:4], 30)
    first = both.sel(scenario=["baseline", "fifteenth_plan"])
    return first, both.sel(scenario=["baseline", "full_ownership_reform"])


def test_shared_members_are_compared_one_by_one(synthetic: ModuleType) -> None:
    first, second = two_runs(synthetic)
    found = compare(first, second)
    assert found.shared_members
    assert found.cases == ("baseline", "fifteenth_plan", "full_ownership_reform")
    assert "30 shared members" in str(found.notes[0])
    row = pick(found, outcome="gdp", case="full_ownership_reform", year=2030, measure="difference")
    values = second["annual"]["gdp"].sel(year=2030, member=slice(1, None)).values
    assert np.isclose(row["q95"], np.quantile(values[1] - values[0], 0.95))
    percent = pick(found, outcome="gdp", case="full_ownership_reform", year=2030, measure="percent")
    assert np.isclose(percent["median"], np.median(100 * (values[1] / values[0] - 1)))


def test_the_reference_differs_from_itself_by_nothing(synthetic: ModuleType) -> None:
    found = compare(*two_runs(synthetic))
    own = found.table[(found.table["case"] == "baseline") & (found.table["measure"] != "level")]
    assert (own[["central", "median", "q05", "q95"]] == 0).all(axis=None)


def test_a_named_baseline_run_means_its_scenario(synthetic: ModuleType) -> None:
    first, second = two_runs(synthetic)
    found = compare(first, second, baseline=first)
    assert found.reference == "fifteenth_plan"
    row = pick(found, outcome="gdp", case="full_ownership_reform", year=2030, measure="difference")
    plan = first["annual"]["gdp"].sel(scenario="fifteenth_plan", year=2030).values
    reform = second["annual"]["gdp"].sel(scenario="full_ownership_reform", year=2030).values
    assert np.isclose(row["median"], np.median((reform - plan)[1:]))


def test_other_draws_are_said_first_and_get_no_bands(synthetic: ModuleType) -> None:
    found = compare(synthetic.make_tree(seed=1), synthetic.make_tree(seed=2))
    assert not found.shared_members
    assert str(found.notes[0]).startswith("Members are NOT shared: the runs have different baselines")
    row = pick(found, outcome="gdp", case="fifteenth_plan (run 2)", year=2030, measure="difference")
    assert np.isfinite(row["median"])
    assert np.isnan(row["q05"])


def test_records_that_disagree_are_named(write: Write) -> None:
    facts = {"model_hash": "m", "seed": 1}
    first, second = write(facts=facts), write(facts={**facts, "model_hash": "other"})
    notes = compare(first, second).notes
    assert str(notes[0]).startswith("DIFFERENT MODELS: ")
    assert str(notes[1]).startswith("Members are NOT shared: the runs differ in model hash")


def test_runs_of_different_size_share_the_members_they_have(synthetic: ModuleType) -> None:
    large = synthetic.make_tree(draws=30)
    small = large.sel(member=slice(0, 10))
    found = compare(large, small)
    assert "10 shared members" in str(found.notes[0])


def test_goal_probabilities_are_by_case(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree(draws=40)
    goals = compare(tree).goals
    row = goals[(goals["case"] == "fifteenth_plan") & goals["goal"].str.contains("R&D at least 5 % of GDP")].iloc[0]
    drawn = tree["annual"]["research_intensity_reported"].sel(scenario="fifteenth_plan", year=2030).values[1:]
    assert row["probability"] == (drawn >= 0.05).mean()
    assert row["members"] == 40


def test_a_failed_run_is_noted(write: Write) -> None:
    run = write(certificate={"passed": False, "failures": []})
    assert any("FAILED ITS CERTIFICATE" in str(line) for line in compare(run).notes)


def test_the_same_run_twice_is_no_difference(write: Write) -> None:
    run = write()
    found = compare(run, run)
    assert found.shared_members
    assert len(set(found.cases)) == len(found.cases)


def test_nothing_to_compare_is_one_line() -> None:
    with pytest.raises(InputError, match="at least one run"):
        compare()


@pytest.mark.parametrize("draws", [0, 20])
def test_the_table_fits_and_says_which_differences_it_shows(draws: int, synthetic: ModuleType) -> None:
    found = compare(synthetic.make_tree(synthetic.SCENARIOS, draws))
    text = comparison_table(found)
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("Differences from baseline")
    assert "\x1b" not in text
    for words in ("R&D intensity", "Exit drought", "R&D at least 5 % of GDP"):
        assert words in text
    assert (" to +" in text) is (draws > 0)


def test_the_table_of_unshared_runs_says_so_in_its_first_line(synthetic: ModuleType) -> None:
    text = comparison_table(compare(synthetic.make_tree(seed=1), synthetic.make_tree(seed=2)))
    assert text.startswith("Members are NOT shared")
    assert " to +" not in text


def test_a_run_before_it_is_written_tells_of_its_certificate(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree()
    tree.attrs["certificate"] = '{"passed": false}'
    assert any("FAILED" in str(line) for line in compare(tree).notes)
