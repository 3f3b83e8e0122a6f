"""Designs: where in the unit cube a model is to be run, whatever its inputs are.

A sampler gives the coordinates (input, point) of the points from `start` to `stop`, so that a design of a
million points need not lie in memory. The same design and seed give the same points, in any portions.
"""

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.options import option

Floats = NDArray[np.float64]
Sampler = Callable[[int, int], Floats]

DesignKind = Literal["grid", "lhs", "sobol", "saltelli", "morris", "csv"]
NEEDS_POWER_OF_TWO = ("sobol", "saltelli")

MOST_POINTS = 2**30
"""As many as a Sobol' sequence has."""

MORRIS_LEVELS = 4
"""Levels of the grid a Morris trajectory walks on; even, so that every level is reached equally often."""


@dataclass(frozen=True)
class Design:
    """Which points.

    grid: the product of the axes' values. lhs: a Latin hypercube of `size` points. sobol: the first `size`
    points of a scrambled Sobol' sequence. saltelli: `size` base points A and B, and A with each column of B in
    turn, size * (inputs + 2) points: what Sobol' indices need. morris: `size` trajectories of inputs + 1
    points. csv: points from a file.
    """

    kind: DesignKind = option("grid", short=True, doc="which points a sweep runs")
    size: int = option(
        1024, low=1, high=MOST_POINTS,
        doc="how many points, base points (saltelli, by default 512) or trajectories (morris, by default 20)",
    )  # fmt: skip
    seed: int = option(2026, low=0, high=2**32 - 1, doc="what a sampled design starts from")
    file: str | None = option(
        None, kind="name of a file", doc="the table of points of a csv design, one column an axis; no other has one"
    )

    def points(self, inputs: int) -> int:
        """How many points a sampled design has."""
        return self.size * {"saltelli": inputs + 2, "morris": inputs + 1}.get(self.kind, 1)


def check_size(design: Design) -> None:
    """Refuse a size the design cannot have.

    Raises:
        InputError: naming the sizes nearest to it.
    """
    power = 1 << max(design.size.bit_length() - 1, 0)
    if design.kind in NEEDS_POWER_OF_TWO and design.size != power:
        raise InputError(
            f"design.size: found {design.size}, a {design.kind} design needs a power of two, or it is out of "
            f"balance; nearest: {power} and {2 * power}"
        )


def sampler(design: Design, inputs: int) -> Sampler:
    """The sampler of a design (not of a grid or a file, which have no unit cube)."""
    if design.kind == "sobol":
        return _sobol(inputs, design.seed)
    whole = {"lhs": latin_hypercube, "saltelli": saltelli, "morris": morris}[design.kind]
    if design.kind == "saltelli":
        return _saltelli_rows(inputs, design.size, design.seed)
    points = whole(inputs, design.size, design.seed)
    return lambda start, stop: points[:, start:stop]


def latin_hypercube(inputs: int, size: int, seed: int) -> Floats:
    """(input, point): in every input, one point in each of `size` equal slices."""
    rng = np.random.default_rng(seed)
    points = np.empty((inputs, size))
    for row in points:
        row[:] = (rng.permutation(size) + rng.random(size)) / size
    return points


def saltelli(inputs: int, size: int, seed: int) -> Floats:
    """(input, point): A, then B, then for each input in turn A with that input's values of B."""
    return _saltelli_rows(inputs, size, seed)(0, size * (inputs + 2))


def morris(inputs: int, size: int, seed: int, levels: int = MORRIS_LEVELS) -> Floats:
    """(input, point): `size` trajectories, each changing one input after the other by `morris_step`.

    Inputs change in random order, up or down with equal chance (Morris 1991, Technometrics 33, 161-174).
    """
    rng = np.random.default_rng(seed)
    step = morris_step(levels)
    lower = rng.integers(levels // 2, size=(size, inputs)) / (levels - 1)
    falls = rng.random((size, inputs)) < 0.5
    start = lower + step * falls
    turn = rng.permuted(np.tile(np.arange(inputs), (size, 1)), axis=1)
    changed = turn[:, None, :] < np.arange(inputs + 1)[None, :, None]
    points = start[:, None, :] + np.where(falls, -step, step)[:, None, :] * changed
    return np.ascontiguousarray(points.reshape(-1, inputs).T)


def morris_step(levels: int = MORRIS_LEVELS) -> float:
    """By how much of its range an input changes in a Morris trajectory."""
    return levels / (2 * (levels - 1))


def _sobol(inputs: int, seed: int) -> Sampler:
    at = threading.local()  # each thread walks its own sequence

    def rows(start: int, stop: int) -> Floats:
        from scipy.stats import qmc

        if start < getattr(at, "next", start + 1):
            at.sequence, at.next = qmc.Sobol(inputs, scramble=True, rng=seed), 0
        if start > at.next:
            at.sequence.fast_forward(start - at.next)
        with warnings.catch_warnings():
            # It warns where it is asked for less than a power of two: these are portions of one.
            warnings.simplefilter("ignore", UserWarning)
            points = at.sequence.random(stop - start)
        at.next = stop
        return np.ascontiguousarray(points.T)

    return rows


def _saltelli_rows(inputs: int, size: int, seed: int) -> Sampler:
    both = _sobol(2 * inputs, seed)(0, size)
    a, b = both[:inputs], both[inputs:]

    def rows(start: int, stop: int) -> Floats:
        parts = []
        for page in range(start // size, -(-stop // size)):
            first, last = max(start - page * size, 0), min(stop - page * size, size)
            part = (b if page == 1 else a)[:, first:last].copy()
            if page > 1:
                part[page - 2] = b[page - 2, first:last]
            parts.append(part)
        return np.concatenate(parts, axis=1)

    return rows
