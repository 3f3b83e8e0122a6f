"""What many runs come to by year, without the runs: quantiles, moments, and how many are at a goal.

Runs are added block by block, and reductions to each other; memory does not grow with their number. Quantiles are
those of DDSketch (Masson et al. 2019): values are counted in classes each wider by a fixed ratio than the one below,
so that a quantile is within `ACCURACY` of a value of that rank, whatever the distribution; and since counts are added,
no order of the runs changes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.presentation import Goal

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

ACCURACY = 0.001
"""The largest error of a quantile, relative to a value of that rank."""

SMALLEST, LARGEST = 1e-12, 1e18
"""Sizes, in the stored unit, that are told apart: what is smaller counts as 0, what is larger as the largest."""

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are written."""


def mapping() -> Any:
    """The classes values are counted in.

    Raises:
        InputError: if the library of sketches is not installed.
    """
    try:
        from ddsketch.mapping import LogarithmicMapping
    except ImportError as error:
        raise InputError(
            f"output.keep: quantiles need ddsketch, which is not installed ({error}): pip install 'pujiang[cluster]'"
        ) from None
    return LogarithmicMapping(ACCURACY)


@dataclass
class Bins:
    """How many values each of some consecutive classes holds, from the class `first` on."""

    first: int = 0
    counts: Counts = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def add(self, first: int, counts: Counts) -> None:
        """Count more values; the classes grow to hold them."""
        if not counts.size:
            return
        if not self.counts.size:
            self.first, self.counts = first, counts.copy()
            return
        low, high = min(self.first, first), max(self.first + self.counts.size, first + counts.size)
        if (low, high) != (self.first, self.first + self.counts.size):
            grown = np.zeros(high - low, dtype=np.int64)
            grown[self.first - low :][: self.counts.size] = self.counts
            self.first, self.counts = low, grown
        self.counts[first - low :][: counts.size] += counts


@dataclass
class Reduction:
    """What runs come to: arrays (scalar, case, year), and of goals (goal, case, year).

    Attributes:
        scalars: the scalar outcomes.
        goals: those that outcomes answer to.
        years: calendar years.
        count, not_finite: values that are finite, and that are not; these are left out of all but goals.
        mean, squares: of the values, and the sum of the squares of their distances from it.
        low, high: the lowest and highest value; infinite where there is none.
        zeros: values as good as 0.
        above, below: the others by size, those above 0 and those below: a `Bins` a row of (scalar, case, year).
        at, by: runs that are at a goal in a year; that have been in it or before.
        runs: how many there are, of each case.
    """

    scalars: tuple[str, ...]
    goals: tuple[Goal, ...]
    years: tuple[int, ...]
    count: Counts
    not_finite: Counts
    mean: Floats
    squares: Floats
    low: Floats
    high: Floats
    zeros: Counts
    above: list[Bins]
    below: list[Bins]
    at: Counts
    by: Counts
    runs: Counts

    def add(self, outcomes: Mapping[str, Floats]) -> None:
        """Add the runs of a block: (case, point, member, year) by scalar outcome."""
        kind = mapping()
        scale = 1 / np.log2(kind.gamma)
        cases, years = self.count.shape[1:]
        for s, scalar in enumerate(self.scalars):
            values = np.ascontiguousarray(outcomes[scalar].reshape(cases, -1, years).swapaxes(1, 2))
            finite = np.isfinite(values)
            kept = values if finite.all() else np.where(finite, values, np.nan)
            self._moments(s, kept, finite.sum(axis=2))
            size = np.minimum(np.abs(kept), LARGEST)
            told = size > SMALLEST  # not so where it is no number
            with np.errstate(all="ignore"):
                keys = np.ceil(np.log2(np.where(told, size, 1.0)) * scale).astype(np.int64)
            whole = bool(told.all() and (kept > 0).all())
            for case in range(cases):
                for year in range(years):
                    row, place = (s * cases + case) * years + year, (case, year)
                    if whole:
                        _tally(self.above[row], keys[place])
                        continue
                    _tally(self.above[row], keys[place][told[place] & (kept[place] > 0)])
                    _tally(self.below[row], keys[place][told[place] & (kept[place] < 0)])
                    self.zeros[s, case, year] += int((size[place] <= SMALLEST).sum())
        for g, goal in enumerate(self.goals):
            course = outcomes[goal.outcome]
            if goal.base_year is not None:
                with np.errstate(all="ignore"):
                    course = course / course[..., [self.years.index(goal.base_year)]]
            reached = course >= goal.value
            self.at[g] += reached.sum(axis=(1, 2))
            self.by[g] += np.maximum.accumulate(reached, axis=3).sum(axis=(1, 2))
        first = outcomes[self.scalars[0]]
        self.runs += first.shape[1] * first.shape[2]

    def _moments(self, s: int, values: Floats, count: Counts) -> None:
        """Add the moments of values (case, year, run), NaN where not finite."""
        some = np.maximum(count, 1)
        mean = np.nansum(values, axis=2) / some
        squares = np.nansum((values - mean[..., None]) ** 2, axis=2)
        low, high = (np.where(np.isnan(values), far, values) for far in (np.inf, -np.inf))
        self.not_finite[s] += values.shape[2] - count
        self._join(s, count, mean, squares, low.min(axis=2), high.max(axis=2))

    def _join(self, s: Any, count: Counts, mean: Floats, squares: Floats, low: Floats, high: Floats) -> None:
        whole = np.maximum(self.count[s] + count, 1)
        apart = mean - self.mean[s]
        self.squares[s] += squares + apart**2 * (self.count[s] * (count / whole))
        self.mean[s] += apart * (count / whole)
        self.count[s] += count
        self.low[s], self.high[s] = np.minimum(self.low[s], low), np.maximum(self.high[s], high)

    def merge(self, other: "Reduction") -> None:
        """Add other runs."""
        self._join(slice(None), other.count, other.mean, other.squares, other.low, other.high)
        for name in ("not_finite", "zeros", "at", "by", "runs"):
            mine: Counts = getattr(self, name)
            mine += getattr(other, name)
        for ours, theirs in ((self.above, other.above), (self.below, other.below)):
            for mine_, more in zip(ours, theirs, strict=True):
                mine_.add(more.first, more.counts)

    def quantiles(self, shares: Sequence[float] = SHARES) -> Floats:
        """(share, scalar, case, year): each within `ACCURACY` of a value of its rank; NaN where there is no value."""
        from ddsketch.ddsketch import BaseDDSketch

        kind, shape = mapping(), self.count.shape
        found = np.full((len(shares), *shape), np.nan)
        for row, place in enumerate(np.ndindex(shape)):
            if self.count[place]:
                sketch = BaseDDSketch(kind, _stored(self.above[row]), _stored(self.below[row]), int(self.zeros[place]))
                found[(slice(None), *place)] = [sketch.get_quantile_value(share) for share in shares]
        return np.clip(found, self.low, self.high)

    def deviation(self) -> Floats:
        """(scalar, case, year): the standard deviation of the values, as of a whole and not of a sample."""
        spread: Floats = np.sqrt(self.squares / np.maximum(self.count, 1))
        return np.where(self.count > 0, spread, np.nan)


def empty(scalars: Sequence[str], goals: Sequence[Goal], years: Sequence[int], cases: int) -> Reduction:
    """A reduction of no run. `goals`: those answered by none of the scalars, or in none of the years, are left out."""
    held = tuple(
        goal for goal in goals if goal.outcome in scalars and {goal.year, goal.base_year or goal.year} <= set(years)
    )
    shape, of_goals = (len(scalars), cases, len(years)), (len(held), cases, len(years))
    rows = len(scalars) * cases * len(years)

    def none(size: Any = shape) -> Counts:
        return np.zeros(size, dtype=np.int64)

    return Reduction(
        tuple(scalars),
        held,
        tuple(map(int, years)),
        none(),
        none(),
        np.zeros(shape),
        np.zeros(shape),
        np.full(shape, np.inf),
        np.full(shape, -np.inf),
        none(),
        [Bins() for _ in range(rows)],
        [Bins() for _ in range(rows)],
        none(of_goals),
        none(of_goals),
        none(cases),
    )


def _tally(bins: Bins, keys: Counts) -> None:
    if keys.size:
        first = int(keys.min())
        bins.add(first, np.bincount(keys - first))


def _stored(bins: Bins) -> Any:
    from ddsketch.store import DenseStore

    store = DenseStore()
    if bins.counts.size:
        store.bins, store.count = bins.counts.tolist(), int(bins.counts.sum())
        store.offset = store.min_key = bins.first
        store.max_key = bins.first + bins.counts.size - 1
    return store


# --- as arrays ------------------------------------------------------------------------------------------------

_PLAIN = tuple(part.name for part in fields(Reduction) if part.type in (Counts, Floats))


def as_arrays(reduction: Reduction) -> dict[str, NDArray[Any]]:
    """The numbers of a reduction, for a file."""
    found: dict[str, NDArray[Any]] = {name: getattr(reduction, name) for name in _PLAIN}
    for side in ("above", "below"):
        bins: list[Bins] = getattr(reduction, side)
        found[f"{side}_first"] = np.array([one.first for one in bins])
        found[f"{side}_size"] = np.array([one.counts.size for one in bins])
        found[side] = np.concatenate([one.counts for one in bins])
    return found


def filled(reduction: Reduction, arrays: Mapping[str, NDArray[Any]]) -> Reduction:
    """An empty reduction with the numbers of a file."""
    for name in _PLAIN:
        getattr(reduction, name)[...] = arrays[name]
    for side in ("above", "below"):
        parts = np.split(arrays[side], np.cumsum(arrays[f"{side}_size"])[:-1])
        for bins, first, counts in zip(getattr(reduction, side), arrays[f"{side}_first"], parts, strict=True):
            bins.add(int(first), counts)
    return reduction
