"""Plan goals in a comparison: the year each is met in, and the probability that it is met by each year."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.presentation import Goal
from pujiang.results.columns import Columns, crossed
from pujiang.results.compare.aligned import Aligned
from pujiang.results.summary import draws, ensemble_size

NUMBERS = ("probability", "probability_by", "central", "met_in", "met_in_central", "members")


def goal_columns(aligned: Aligned, goals: Sequence[Goal]) -> Columns:
    """A row a goal, case and year, of the goals the outcomes answer to; see `goal_numbers`."""
    places = {".".join(filter(None, key[:2])): place for place, key in enumerate(aligned.keys)}
    years = np.array(aligned.years)
    told = [
        goal for goal in goals if goal.outcome in places and (goal.base_year is None or goal.base_year in aligned.years)
    ]
    numbers = []
    for goal in told:
        for case in aligned.cases:
            values = case.levels[places[goal.outcome]]
            if goal.base_year is not None:
                values = values / values[:, years == goal.base_year]
            numbers.append(goal_numbers(goal.value, years, values, case.members))
    shape = (len(told), len(aligned.cases), len(years))
    head: dict[str, list[Any]] = {
        "goal": [goal.text for goal in told],
        "outcome": [goal.outcome for goal in told],
        "at_least": [goal.value for goal in told],
        "goal_year": [goal.year for goal in told],
    }
    columns = {name: np.reshape(column, (-1, 1, 1)) for name, column in head.items()}
    columns |= {"case": np.array(aligned.labels)[:, None], "year": years}
    found = {name: np.reshape([own[name] for own in numbers], shape) for name in NUMBERS}
    return crossed(shape, {**columns, **found})


def goal_numbers(
    least: float, years: NDArray[np.int64], values: Floats, members: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """What is told of a goal and a case by year, from its values (member, year).

    probability: the share of the draws that are at the goal in this year; probability_by: that have been in
    this year or an earlier one. met_in: the first year by which half of the draws have (NaN: no such year).
    central, met_in_central: whether the central member is at the goal, and its first year. A draw that is not
    finite does not reach a goal.
    """
    reached = values >= least
    size = ensemble_size(members)
    own = draws(reached.astype(float), members, 0)
    now, by = own.mean(axis=0), np.maximum.accumulate(own, axis=1).mean(axis=0)
    central = np.flatnonzero(members == 0)
    middle = reached[central[0] if len(central) else 0]
    unknown = np.full(len(years), np.nan)
    return {
        "probability": now if size else unknown,
        "probability_by": by if size else unknown,
        "central": middle,
        "met_in": np.full(len(years), _first(years, by >= 0.5)),
        "met_in_central": np.full(len(years), _first(years, middle)),
        "members": np.full(len(years), size),
    }


def at_goal_year(goals: Columns) -> Columns:
    """A row a goal and case: what is told of the goal's own year."""
    there = goals.at(goals["year"] == goals["goal_year"])
    columns = ("goal", "year", "case", "probability", "central", "members", "met_in", "met_in_central")
    return Columns({"reached_by_central" if name == "central" else name: there[name] for name in columns})


def _first(years: NDArray[np.int64], reached: NDArray[np.bool_]) -> float:
    return float(years[reached.argmax()]) if reached.any() else np.nan
