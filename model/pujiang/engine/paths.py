"""Paths over time: what levers and data series follow, with jumps that belong to what comes after them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError


@dataclass(frozen=True)
class Path:
    """A piecewise linear function of time, constant outside its knots.

    At knot i the value is `before[i]` from the left and `after[i]` from the right; between knots it runs
    straight from `after[i]` to `before[i + 1]`. Times are decimal years, increasing.
    """

    times: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    def from_right(self, time: Any) -> NDArray[np.float64]:
        """Values at the given times, where a jump belongs to what follows it."""
        return self._read(np.asarray(time, dtype=float), "right")

    def from_left(self, time: Any) -> NDArray[np.float64]:
        """Values just before the given times."""
        return self._read(np.asarray(time, dtype=float), "left")

    def _read(self, time: NDArray[np.float64], side: Any) -> NDArray[np.float64]:
        times, before, after = map(np.asarray, (self.times, self.before, self.after))
        place = np.searchsorted(times, time, side=side)
        left, right = np.clip(place - 1, 0, None), np.clip(place, None, len(times) - 1)
        start = np.where(place == 0, before[0], after[left])
        stop = np.where(place == len(times), after[-1], before[right])
        width = np.where(right > left, times[right] - times[left], 1.0)
        share = np.where((place == 0) | (place == len(times)), 0.0, (time - times[left]) / width)
        return np.where(share == 0.0, start, start + (stop - start) * share)

    def snapped(self, dt: float) -> "Path":
        """The same path with its knots moved to the nearest point of the step grid."""
        return Path(tuple(round(t / dt) * dt for t in self.times), self.before, self.after)

    def aligned(self, start: float, dt: float) -> "Path":
        """The same path with knots within rounding of a point `start + k dt` put exactly there."""
        near = [start + dt * round((t - start) / dt) for t in self.times]
        times = (n if abs(n - t) < 1e-6 * dt else t for n, t in zip(near, self.times, strict=True))
        return Path(tuple(times), self.before, self.after)

    def off_grid(self, dt: float) -> tuple[float, ...]:
        """The knots that do not lie on the step grid."""
        return tuple(t for t in self.times if abs(t / dt - round(t / dt)) > 1e-9)

    def until(self, time: float, later: "Path") -> "Path":
        """This path before `time`, `later` from then on."""
        early = [i for i, t in enumerate(self.times) if t < time]
        late = [i for i, t in enumerate(later.times) if t > time]
        return Path(
            (*(self.times[i] for i in early), time, *(later.times[i] for i in late)),
            (*(self.before[i] for i in early), float(self.from_left(time)), *(later.before[i] for i in late)),
            (*(self.after[i] for i in early), float(later.from_right(time)), *(later.after[i] for i in late)),
        )


def constant(value: float, time: float = 0.0) -> Path:
    """A path with one value for ever."""
    return Path((time,), (float(value),), (float(value),))


def steps(points: Iterable[tuple[float, float]]) -> Path:
    """A path that holds each value from its time until the next; before the first, the first value.

    Raises:
        InputError: if there is no point, a number is not finite, or the times do not increase.
    """
    times, values = _checked(points)
    return Path(times, (values[0], *values[:-1]), values)


def line(points: Iterable[tuple[float, float]]) -> Path:
    """A path through the points, straight between them.

    Raises:
        InputError: if there is no point, a number is not finite, or the times do not increase.
    """
    times, values = _checked(points)
    return Path(times, values, values)


def _checked(points: Iterable[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times and values of points that make a function of time."""
    found = tuple(points)
    if not found:
        raise InputError("a path over time has no points; allowed: one or more pairs (time, value)")
    for point in found:
        if not all(math.isfinite(number) for number in point):
            raise InputError(f"a path over time has the point {point}; allowed: finite numbers")
    for (before, _), (after, _) in pairwise(found):
        if not before < after:
            raise InputError(f"a path over time has {after:.10g} after {before:.10g}; allowed: times that increase")
    times, values = zip(*found, strict=True)
    return times, values
