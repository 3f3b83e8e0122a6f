"""Ranks of cases and the probability that they hold; regret over the members, each a state of the world."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.presentation import Outcome, Presentation
from pujiang.results.columns import Columns, crossed
from pujiang.results.compare.aligned import Aligned
from pujiang.results.summary import draws, quantiles

TIE = 1e-9
"""Values nearer than this, relative to the largest, are equal: what engines differ by is no rank."""
RANK_NUMBERS = ("rank", "probability", "probability_first", "members")
REGRET_NUMBERS = ("median", "q95", "worst", "share_best")
Numbers = Mapping[str, NDArray[Any]]
"""Of one outcome, by what they tell: (case, year)."""


def rank_columns(aligned: Aligned, first: int, shown: Presentation) -> tuple[Columns, Columns]:
    """Ranks and regret from the year `first` on, a row an outcome, year and case; see `rank_numbers`, `regret_numbers`.

    Regret is of shared draws, and of the outcomes that have a better direction.
    """
    years = np.array(aligned.years)
    late = years >= min(first, years[-1])
    own = [draws(case.values[:, :, late], case.members, 1) for case in aligned.cases]
    medians = np.array([quantiles(values, 1)[2] for values in own])
    outcomes = [shown.outcome(name) for name, *_ in aligned.keys]
    ranks, regrets = {}, {}
    for place, outcome in enumerate(outcomes):
        by_draw = np.array([values[place] for values in own]) if aligned.shared else None
        ranks[place] = rank_numbers(medians[:, place], by_draw, outcome)
        if by_draw is not None and outcome.better:
            regrets[place] = regret_numbers(by_draw, outcome)
    better = np.array([outcome.better for outcome in outcomes])
    return (
        _columns(aligned, years[late], better, ranks, RANK_NUMBERS),
        _columns(aligned, years[late], better, regrets, REGRET_NUMBERS),
    )


def _columns(
    aligned: Aligned, years: NDArray[Any], better: NDArray[Any], found: Mapping[int, Numbers], names: Sequence[str]
) -> Columns:
    """A table of the numbers of some outcomes, by their place."""
    shape, places = (len(found), len(years), len(aligned.cases)), list(found)
    words = {name: aligned.column(part) for part, name in enumerate(("outcome", "element", "unit"))}
    columns: dict[str, Any] = {name: own[places][:, None, None] for name, own in {**words, "better": better}.items()}
    columns |= {"year": years[:, None], "case": np.array(aligned.labels)}
    columns |= {name: np.reshape([own[name].T for own in found.values()], shape) for name in names}
    return crossed(shape, columns)


def rank_numbers(medians: Floats, by_draw: Floats | None, shown: Outcome) -> Numbers:
    """Ranks of the medians (case, year), and how often they hold.

    `by_draw` (case, draw, year): the probability is the share of the draws in which the case has that rank too,
    probability_first of those in which it is first; None where draws are not shared, and there is no telling.
    members: the draws it rests on, those finite in every case.
    """
    less, by = shown.better == "less", margin(shown)
    known = np.isfinite(medians)
    rank = np.where(known, places(np.where(known, medians, 0.0), less_is_better=less, by=by), 0)
    if by_draw is None:
        unknown = np.full(rank.shape, np.nan)
        return dict(zip(RANK_NUMBERS, (rank, unknown, unknown, np.zeros_like(rank)), strict=True))
    whole: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(by_draw))
    ranked = places(np.where(whole, by_draw, 0.0), less_is_better=less, by=by)
    count = np.broadcast_to(whole.sum(axis=0), rank.shape)
    numbers = (rank, _share(ranked == rank[:, None], whole), _share(ranked == 1, whole), np.where(count > 1, count, 0))
    return dict(zip(RANK_NUMBERS, numbers, strict=True))


def regret_numbers(by_draw: Floats, shown: Outcome) -> Numbers:
    """Median, 95 % quantile and largest regret over the draws (case, draw, year) that are finite in every case; the
    share of them in which a case has none."""
    less = shown.better == "less"
    whole: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(by_draw))
    values = np.where(whole, by_draw, 0.0)
    lost = regret(values, less_is_better=less)
    q = quantiles(np.where(whole, lost, np.nan), 1)
    several = whole.sum(axis=0) > 1
    high, worst = (np.where(several, part, np.nan) for part in (q[4], lost.max(axis=1)))
    best = _share(places(values, less_is_better=less, by=margin(shown)) == 1, whole)
    return dict(zip(REGRET_NUMBERS, (q[2], high, worst, best), strict=True))


def _share(holds: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Floats:
    """The share of the draws (case, draw, year) in which something holds, of those that count; NaN of one alone."""
    count = whole.sum(axis=0)
    return np.where(count > 1, (holds & whole).sum(axis=1) / np.maximum(count, 1), np.nan)


def margin(outcome: Outcome) -> float:
    """By how much a value must be better to rank before another: half of the last digit the outcome is shown with."""
    return 0.5 * 10.0**-outcome.decimals / outcome.scale


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
