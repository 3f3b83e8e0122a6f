"""The goals of a plan over a sweep: at how many of its points each is met, or how likely."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pujiang.presentation import Goal
from pujiang.reading import read_rows
from pujiang.results.summary import draws, goals_within, in_percent
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr

LARGEST = 20_000_000
"""Numbers of an outcome that are read for the odds of a goal, at most."""
TOLD = 3


@dataclass(frozen=True)
class GoalOdds:
    """A goal over the points of a sweep, and in the baseline; `open`: met at some of the points, and not at all."""

    label: str
    year: int
    over: str
    baseline: str
    open: bool


def goal_odds(tree: "xr.DataTree", folder: Path, say: Words) -> list[GoalOdds]:
    """The goals that the outcomes of a sweep can be held against."""
    reference = tree["reference"].to_dataset()
    first = say.presentation.policy_from or 0  # what lies before it no point can change
    goals = [goal for goal in goals_within(reference, say.presentation.goals) if goal.year >= first]
    if "annual" in tree.children:
        annual = tree["annual"].to_dataset()
        known = set(goals_within(annual, goals))
        kept = [goal for goal in goals if goal in known and annual[_name(goal)].size <= LARGEST]
        shares = {goal: _reached(annual, goal) for goal in kept}
        members = max(int(annual.sizes["member"]) - 1, 0)
    else:
        shares, members = _of_all_runs(folder, goals)
    own = int(reference.sizes["member"]) - 1
    base = {goal: float(_reached(reference.isel(scenario=[0]), goal)[0]) for goal in shares}
    return [
        GoalOdds(
            say.label(goal.text), goal.year, _over(found, members, say), _odds(base[goal], own, say),
            bool(found.max() > 0.02 and found.min() < 0.98),
        )
        for goal, found in shares.items()
    ]  # fmt: skip


def sentence(odds: list[GoalOdds], say: Words) -> str:
    """The goals that are open, in a sentence, or where none is, the first; empty where there are none."""
    told = [own for own in odds if own.open][:TOLD] or odds[:TOLD]
    if not told:
        return ""
    listed = [
        say("{goal} ({year}) {over}, in the baseline {base}", goal=own.label, year=own.year, over=own.over,
            base=own.baseline)
        for own in told
    ]  # fmt: skip
    return say("Odds of the goals: {goals}.", goals="; ".join(listed) if say.language == "en" else "；".join(listed))


def _over(shares: NDArray[np.float64], members: int, say: Words) -> str:
    if not members:
        met = int((shares > 0.5).sum())
        return say("met at {met} of {points} points", met=f"{met:,}", points=f"{len(shares):,}")
    low, high = (in_percent(float(share), members, bare=True) for share in (shares.min(), shares.max()))
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _odds(share: float, members: int, say: Words) -> str:
    return in_percent(share, members, bare=True) if members else say("met") if share > 0.5 else say("not met")


def _name(goal: Goal) -> str:
    return goal.outcome.partition(".")[0]


def _reached(annual: "xr.Dataset", goal: Goal) -> NDArray[np.float64]:
    """The share of the draws that reach a goal at each point; of the central member where there is none other."""
    course = annual[_name(goal)]
    element = goal.outcome.partition(".")[2]
    if element:
        course = course.sel({next(str(d) for d in course.dims if element in course[d].values): element})
    values = course.sel(year=goal.year)
    if goal.base_year is not None:
        values = values / course.sel(year=goal.base_year)
    by_member = values.transpose("member", ...).values
    found: NDArray[np.float64] = (draws(by_member, annual["member"].values, 0) >= goal.value).mean(axis=0).ravel()
    return found


def _of_all_runs(folder: Path, goals: list[Goal]) -> tuple[dict[Goal, NDArray[np.float64]], int]:
    """The same of a sweep that keeps what its runs come to: a share a combination of choices; and the runs of one."""
    path = folder / "goals.csv"
    rows = read_rows(path) if path.is_file() else []
    out = {}
    for goal in goals:
        own = [float(row["probability"]) for row in rows
               if row["goal"] == goal.text and row["year"] == row["goal_year"] == str(goal.year)]  # fmt: skip
        if own:
            out[goal] = np.array(own)
    return out, max((int(row["runs"]) for row in rows), default=0)
