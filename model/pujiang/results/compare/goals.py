"""Plan goals in a comparison: the year each is met in, and the probability that it is met by each year."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.presentation import Goal
from pujiang.results.summary import draws, ensemble_size

GOAL_COLUMNS = (
    "goal",
    "outcome",
    "at_least",
    "goal_year",
    "case",
    "year",
    "probability",
    "probability_by",
    "central",
    "met_in",
    "met_in_central",
    "members",
)


def goal_rows(
    goal: Goal, case: str, years: Sequence[int], values: NDArray[np.float64], members: NDArray[Any]
) -> list[dict[str, Any]]:
    """A row a year of one case, from its values (member, year).

    probability: the share of the draws that are at the goal in this year; probability_by: that have been in
    this year or an earlier one. met_in: the first year by which half of the draws have (None: no such year).
    central, met_in_central: whether the central member is at the goal, and its first year. A draw that is not
    finite does not reach a goal.
    """
    reached = values >= goal.value
    size = ensemble_size(members)
    own = draws(reached.astype(float), members, 0)
    now, by = own.mean(axis=0), np.maximum.accumulate(own, axis=1).mean(axis=0)
    central = np.flatnonzero(members == 0)
    middle = reached[central[0] if len(central) else 0]
    head = {"goal": goal.text, "outcome": goal.outcome, "at_least": goal.value, "goal_year": goal.year, "case": case}
    return [
        {
            **head,
            "year": year,
            "probability": now[y] if size else np.nan,
            "probability_by": by[y] if size else np.nan,
            "central": bool(middle[y]),
            "met_in": _first(years, by >= 0.5),
            "met_in_central": _first(years, middle),
            "members": size,
        }
        for y, year in enumerate(years)
    ]


def _first(years: Sequence[int], reached: NDArray[np.bool_]) -> int | None:
    return next((year for year, yes in zip(years, reached, strict=True) if yes), None)
