"""Are ranks, regret and the years goals are met in what a hand calculation on a tiny run gives?"""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import pujiang
from pujiang.presentation import Goal
from pujiang.results.compare import Comparison, compare
from pujiang.results.compare.ranks import places, regret
from pujiang.results.compare.table import comparison_table

PRESENTATION = pujiang.load_model().presentation
YEARS = [2028, 2029, 2030]
GOAL = Goal("research_intensity_reported", 2030, 0.05, "R&D at least 5 % of GDP", "5 %", "test")
# The central member, then four draws; in the last draw "apple" and "pear" are equal.
GDP = {
    "baseline": [100.0, 100.0, 100.0, 100.0, 100.0],
    "apple": [108.0, 110.0, 90.0, 120.0, 105.0],
    "pear": [105.0, 105.0, 105.0, 105.0, 105.0],
}
# Years by member; the second draw meets the goal of 5 % and loses it again.
INTENSITY = [
    [0.040, 0.050, 0.050],
    [0.051, 0.052, 0.053],
    [0.040, 0.051, 0.049],
    [0.040, 0.040, 0.050],
    [0.040, 0.040, 0.040],
]


def tiny(members: slice = slice(None)) -> xr.DataTree:
    """Three scenarios, the central member and four draws, three years."""
    gdp = np.repeat(np.array(list(GDP.values()))[:, :, None], len(YEARS), axis=2)
    intensity = np.broadcast_to(np.array(INTENSITY), gdp.shape).copy()
    dims = ("scenario", "member", "year")
    annual = xr.Dataset(
        {
            "gdp": (dims, gdp, {"units": "billion_yuan"}),
            "research_intensity_reported": (dims, intensity, {"units": "1"}),
            "research_spending": (dims, gdp / 20, {"units": "billion_yuan"}),
        },
        {"scenario": list(GDP), "member": np.arange(5), "year": YEARS},
        replace(PRESENTATION, goals=(GOAL,)).attributes(),
    )
    return xr.DataTree.from_dict({"/annual": annual.isel(member=members)})


def row(comparison: Comparison, table: str, outcome: str, case: str) -> dict[str, float]:
    frame = getattr(comparison, table)
    [found] = frame[(frame["outcome"] == outcome) & (frame["case"] == case) & (frame["year"] == 2030)].to_dict(
        "records"
    )
    return {str(key): value for key, value in found.items()}


@pytest.mark.parametrize(
    ("case", "rank", "holds", "first"),
    [("apple", 1, 0.75, 0.75), ("pear", 2, 0.5, 0.5), ("baseline", 3, 0.75, 0.0)],
)
def test_a_rank_holds_in_the_draws_that_give_the_same(case: str, rank: int, holds: float, first: float) -> None:
    found = row(compare(tiny()), "ranks", "gdp", case)
    assert (found["rank"], found["probability"], found["probability_first"]) == (rank, holds, first)


@pytest.mark.parametrize(
    ("case", "median", "q95", "worst", "best"),
    [
        ("baseline", 7.5, 18.5, 20.0, 0.0),
        ("apple", 0.0, 12.75, 15.0, 0.75),
        ("pear", 2.5, 13.5, 15.0, 0.5),
    ],
)
def test_regret_is_the_loss_against_the_best_of_each_draw(
    case: str, median: float, q95: float, worst: float, best: float
) -> None:
    found = row(compare(tiny()), "regret", "gdp", case)
    assert [found[key] for key in ("median", "q95", "worst", "share_best")] == pytest.approx([median, q95, worst, best])


def test_where_less_is_better_the_least_comes_first() -> None:
    less = replace(PRESENTATION.shown["gdp"], better="less")
    tree = tiny()
    tree["annual"].attrs |= replace(PRESENTATION, shown={**PRESENTATION.shown, "gdp": less}).attributes()
    found = compare(tree)
    assert [row(found, "ranks", "gdp", case)["rank"] for case in GDP] == [1, 3, 2]
    # Best by draw: 100, 90, 100, 100; so apple loses 10, 0, 20, 5.
    assert row(found, "regret", "gdp", "apple")["median"] == pytest.approx(7.5)


def test_an_outcome_without_a_direction_has_ranks_but_no_regret() -> None:
    found = compare(tiny())
    assert row(found, "ranks", "research_spending", "apple")["better"] == ""
    assert "research_spending" not in set(found.regret["outcome"])


def test_what_is_shown_as_equal_shares_a_rank() -> None:
    values = np.array([[100.0], [100.3], [99.0]])
    assert places(values).ravel().tolist() == [2, 1, 3]
    assert places(values, by=0.5).ravel().tolist() == [1, 1, 3]
    assert places(np.array([[1.0], [1.0 + 1e-12]])).ravel().tolist() == [1, 1]
    assert regret(values, less_is_better=True).ravel().tolist() == pytest.approx([1.0, 1.3, 0.0])


def test_a_draw_that_is_not_finite_anywhere_is_no_state_of_the_world() -> None:
    tree = tiny()
    tree["annual"]["gdp"].loc[{"scenario": "pear", "member": 2}] = np.nan
    found = compare(tree)
    # Left are 110, 120, 105 against 105: apple is first in all three.
    assert row(found, "ranks", "gdp", "apple")["probability"] == 1
    assert row(found, "regret", "gdp", "apple")["worst"] == 0


def test_one_member_has_ranks_without_probability_and_regret_without_quantiles() -> None:
    found = compare(tiny(slice(0, 1)))
    assert row(found, "ranks", "gdp", "apple")["rank"] == 1
    assert np.isnan(row(found, "ranks", "gdp", "apple")["probability"])
    lost = row(found, "regret", "gdp", "pear")
    assert lost["median"] == 3
    assert np.isnan(lost["q95"])


def test_other_draws_have_no_regret_and_no_probability_of_a_rank() -> None:
    other = tiny()
    other["annual"]["gdp"] += 1.0
    found = compare(tiny(), other)
    assert not found.shared_members
    assert found.regret.empty
    assert found.ranks["probability"].isna().all()
    assert "regret" not in comparison_table(found)


def test_a_goal_that_was_met_and_lost_counts_as_met_by_then() -> None:
    found = compare(tiny())
    by_year = found.goals_by_year[found.goals_by_year["case"] == "apple"]
    assert by_year["probability"].tolist() == [0.25, 0.5, 0.5]
    assert by_year["probability_by"].tolist() == [0.25, 0.5, 0.75]
    assert by_year["central"].tolist() == [False, True, True]
    assert set(by_year["met_in"]) == set(by_year["met_in_central"]) == {2029}


def test_a_probability_is_printed_from_fifty_members_on(monkeypatch: pytest.MonkeyPatch) -> None:
    few = comparison_table(compare(tiny()))
    assert "a probability needs at least 50 members" in few
    assert "the share in which it holds needs at least 50 members" in few
    assert "75 %" not in few
    [line] = [line for line in few.splitlines() if line.startswith("Apple  ") and line.endswith("2029")]
    assert line.split() == ["Apple", "no", "yes", "yes", "yes", "2029"]
    monkeypatch.setattr("pujiang.results.compare.table.ENOUGH", 4)
    text = comparison_table(compare(tiny()))
    assert "needs at least" not in text
    [line] = [line for line in text.splitlines() if line.startswith("Apple  ") and line.endswith("2029")]
    assert line.split() == ["Apple", "25", "%", "50", "%", "75", "%", "50", "%", "2029"]


def test_a_goal_never_met_has_no_year() -> None:
    tree = tiny()
    tree["annual"]["research_intensity_reported"][:] = 0.01
    found = compare(tree)
    assert found.goals["met_in"].isna().all()
    assert (found.goals["probability"] == 0).all()
