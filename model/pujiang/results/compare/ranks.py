"""Ranks of cases and the probability that they hold; regret over the members, each a state of the world."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.presentation import Outcome
from pujiang.results.summary import quantiles

if TYPE_CHECKING:
    import pandas as pd

TIE = 1e-9
"""Values nearer than this, relative to the largest, are equal: what engines differ by is no rank."""


def margin(outcome: Outcome) -> float:
    """By how much a value must be better to rank before another: half of the last digit the outcome is shown with."""
    return 0.5 * 10.0**-outcome.decimals / outcome.scale


RANK_COLUMNS = (
    "outcome",
    "element",
    "unit",
    "better",
    "year",
    "case",
    "rank",
    "probability",
    "probability_first",
    "members",
)
REGRET_COLUMNS = ("outcome", "element", "unit", "better", "year", "case", "median", "q95", "worst", "share_best")


def places(values: Floats, *, less_is_better: bool = False, by: float = 0.0) -> NDArray[np.int64]:
    """Ranks along the first axis: 1 and the number of those that are better, by more than `by`."""
    sign = -1.0 if less_is_better else 1.0
    least = np.maximum(by, TIE * np.abs(values).max(axis=0))
    better = sign * (values[:, None] - values[None]) > least  # (that one, than this one, ...)
    found: NDArray[np.int64] = 1 + better.sum(axis=0)
    return found


def regret(values: Floats, *, less_is_better: bool) -> Floats:
    """How much worse each (along the first axis) is than the best, member by member; never negative."""
    found: Floats = values - values.min(axis=0) if less_is_better else values.max(axis=0) - values
    return found


def rank_rows(
    name: str,
    element: str,
    unit: str,
    cases: Sequence[str],
    years: Sequence[int],
    medians: Floats,
    by_draw: Floats | None,
    shown: Outcome,
) -> "pd.DataFrame":
    """A row a case and year.

    `medians` (case, year) set the rank. `by_draw` (case, draw, year): the probability is the share of the draws
    in which the case has that rank too; None where draws are not shared, and there is no telling. `members`:
    the draws it rests on, those finite in every case.
    """
    less, by = shown.better == "less", margin(shown)
    blocks: list[dict[str, Any]] = []
    for y in range(len(years)):
        known = np.isfinite(medians[:, y])
        rank = np.where(known, places(np.where(known, medians[:, y], 0.0), less_is_better=less, by=by), 0)
        holds = first = np.full(len(cases), np.nan)
        members = 0
        if by_draw is not None:
            whole = by_draw[:, np.isfinite(by_draw[:, :, y]).all(axis=0), y]
            if whole.shape[1] > 1:
                members = whole.shape[1]
                ranked = places(whole, less_is_better=less, by=by)
                holds, first = (ranked == rank[:, None]).mean(axis=1), (ranked == 1).mean(axis=1)
        numbers = {"rank": rank, "probability": holds, "probability_first": first, "members": members}
        blocks.append(numbers)
    return _joined(_head(name, element, unit, shown.better), cases, years, blocks)[list(RANK_COLUMNS)]


def regret_rows(
    name: str,
    element: str,
    unit: str,
    cases: Sequence[str],
    years: Sequence[int],
    by_draw: Floats,
    shown: Outcome,
) -> "pd.DataFrame":
    """A row a case and year: median, 95 % quantile and largest regret over the draws; share without any."""
    less, by = shown.better == "less", margin(shown)
    blocks: list[dict[str, Any]] = []
    for y in range(len(years)):
        whole = by_draw[:, np.isfinite(by_draw[:, :, y]).all(axis=0), y]
        numbers = dict.fromkeys(("median", "q95", "worst", "share_best"), np.full(len(cases), np.nan))
        if whole.shape[1]:
            lost = regret(whole, less_is_better=less)
            q = quantiles(lost, 1)
            numbers |= {"median": q[2], "q95": q[4]}
            if whole.shape[1] > 1:
                best = places(whole, less_is_better=less, by=by) == 1
                numbers |= {"worst": lost.max(axis=1), "share_best": best.mean(axis=1)}
        blocks.append(numbers)
    return _joined(_head(name, element, unit, shown.better), cases, years, blocks)[list(REGRET_COLUMNS)]


def _head(name: str, element: str, unit: str, better: str) -> dict[str, str]:
    return {"outcome": name, "element": element, "unit": unit, "better": better}


def _joined(
    head: Mapping[str, str], cases: Sequence[str], years: Sequence[int], blocks: Sequence[Mapping[str, Any]]
) -> "pd.DataFrame":
    """One table of what is alike in all rows, and numbers by case of each year: one a year would take long to make."""
    import pandas as pd

    count = len(cases)
    numbers = {key: np.concatenate([np.broadcast_to(block[key], count) for block in blocks]) for key in blocks[0]}
    return pd.DataFrame({**head, "year": np.repeat(years, count), "case": [*cases] * len(years), **numbers})
