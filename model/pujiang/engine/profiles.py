"""Paths over time: what levers and data series follow, with jumps that belong to what comes after them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError

NEAR = 1e-4
"""Year: how near a date must be to a point of the step grid to mean it; a tenth of the finest step there is."""


def on_grid(where: str, date: float, dt: float) -> float:
    """The point of the grid of steps that a date means.

    Raises:
        InputError: naming `where` and the two nearest points, written so that they are accepted.
    """
    step = date / dt
    if abs(round(step) * dt - date) > NEAR:
        low, high = (f"{(math.floor(step) + k) * dt:.10g}" for k in (0, 1))
        raise InputError(f"{where}: {date:.10g} is not on the grid of steps of {dt:.6g} year; nearest: {low}, {high}")
    return round(step) * dt


@dataclass(frozen=True)
class Profile:
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

    def snapped(self, dt: float) -> "Profile":
        """The same profile with its knots moved to the nearest point of the step grid."""
        return Profile(tuple(round(t / dt) * dt for t in self.times), self.before, self.after)

    def on_grid(self, where: str, dt: float) -> "Profile":
        """The same profile with its knots exactly on the step grid; an InputError where one is not near it."""
        return Profile(tuple(on_grid(where, t, dt) for t in self.times), self.before, self.after)

    def aligned(self, start: float, dt: float) -> "Profile":
        """The same profile with knots near a point `start + k dt` put exactly there."""
        near = [start + dt * round((t - start) / dt) for t in self.times]
        times = (n if abs(n - t) < NEAR else t for n, t in zip(near, self.times, strict=True))
        return Profile(tuple(times), self.before, self.after)

    def until(self, time: float, later: "Profile") -> "Profile":
        """This profile before `time`, `later` from then on."""
        early = [i for i, t in enumerate(self.times) if t < time]
        late = [i for i, t in enumerate(later.times) if t > time]
        return Profile(
            (*(self.times[i] for i in early), time, *(later.times[i] for i in late)),
            (*(self.before[i] for i in early), float(self.from_left(time)), *(later.before[i] for i in late)),
            (*(self.after[i] for i in early), float(later.from_right(time)), *(later.after[i] for i in late)),
        )


def constant(value: float, time: float = 0.0) -> Profile:
    """A profile with one value for ever."""
    return Profile((time,), (float(value),), (float(value),))


def steps(points: Iterable[tuple[float, float]]) -> Profile:
    """A profile that holds each value from its time until the next; before the first, the first value.

    Raises:
        InputError: if there is no point, a number is not finite, or the times do not increase.
    """
    times, values = _checked(points)
    return Profile(times, (values[0], *values[:-1]), values)


def line(points: Iterable[tuple[float, float]]) -> Profile:
    """A profile through the points, straight between them.

    Raises:
        InputError: if there is no point, a number is not finite, or the times do not increase.
    """
    times, values = _checked(points)
    return Profile(times, values, values)


def _checked(points: Iterable[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times and values of points that make a function of time."""
    found = tuple(points)
    if not found:
        raise InputError("a function of time has no points; allowed: one or more pairs (time, value)")
    for point in found:
        if not all(math.isfinite(number) for number in point):
            raise InputError(f"a function of time has the point {point}; allowed: finite numbers")
    for (before, _), (after, _) in pairwise(found):
        if not before < after:
            raise InputError(f"a function of time has {after:.10g} after {before:.10g}; allowed: times that increase")
    times, values = zip(*found, strict=True)
    return times, values
