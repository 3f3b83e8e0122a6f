"""What an engine is given and gives back: bare arrays over the runs of a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.profiles import Profile
from pujiang.engine.program import Program
from pujiang.errors import InputError

Floats = NDArray[np.float64]

Method = Literal["rk4", "euler"]
METHODS: tuple[Method, ...] = get_args(Method)

STAGE_TIME = {"rk4": (0, 1, 1, 2), "euler": (0,)}
"""Which input column each stage reads: 0 the step's start (from the right), 1 its middle, 2 its end (from the left)."""

STAGE_WEIGHT = {"rk4": (1 / 6, 1 / 3, 1 / 3, 1 / 6), "euler": (1.0,)}


@dataclass(frozen=True)
class Grid:
    """The step grid: `steps` steps of `dt` years from `start`."""

    start: float
    steps: int
    dt: float

    @property
    def times(self) -> Floats:
        """The grid's points, one more than steps."""
        return self.start + self.dt * np.arange(self.steps + 1, dtype=np.float64)

    @property
    def stage_times(self) -> Floats:
        """(steps + 1, 3): start, middle and end of every step; the last row is the end of the run.

        The end of a step is the start of the next to the last bit, whatever the step.
        """
        steps = np.arange(self.steps + 1, dtype=np.float64)
        parts: Floats = np.add.outer(steps, np.array([0.0, 0.5, 1.0]))
        return self.start + self.dt * parts


@dataclass(frozen=True)
class Batch:
    """The inputs of R runs.

    Attributes:
        parameters: (parameter, R).
        series: (series, steps + 1, 3), columns as in STAGE_TIME; common to all runs.
        offset, slope: (shape, lever, steps + 1, 3): a lever's value is offset + slope * amount. The `<name>_set`
            companion of a lever that has no default counts as a lever: 1 where that is set, else 0.
        shape: (R,) which shape each run follows.
        amount: (lever, R): sweeps over a lever's target share one shape and differ in this number.
    """

    parameters: Floats
    series: Floats
    offset: Floats
    slope: Floats
    shape: NDArray[np.int64]
    amount: Floats

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.parameters.shape[1])

    def part(self, start: int, stop: int) -> "Batch":
        """The runs from `start` up to `stop`."""
        return select(self, np.arange(start, stop))


def select(batch: Batch, runs: NDArray[np.int64]) -> Batch:
    """Some runs of a batch, in the order given."""
    return replace(
        batch,
        parameters=np.ascontiguousarray(batch.parameters[:, runs]),
        shape=batch.shape[runs],
        amount=np.ascontiguousarray(batch.amount[:, runs]),
    )


def in_few_shapes(batch: Batch) -> Batch:
    """The same batch with shapes that differ in whether a lever takes one course or another written as one shape and
    amounts of 0 and 1, where that gives every bit of both.

    Runs of one shape fill a vector together: a scenario beside the baseline then costs little more than one alone.
    """
    offset = batch.offset
    if len(offset) == 1 or batch.slope.any():
        return batch
    course = np.empty(offset.shape[:2], dtype=np.int64)  # of each shape and lever, equal ones by one number
    for lever in range(offset.shape[1]):
        known: dict[bytes, int] = {}
        course[:, lever] = [known.setdefault(one.tobytes(), len(known)) for one in offset[:, lever]]
    group = np.empty(len(offset), dtype=np.int64)
    bases: list[int] = []
    others: list[NDArray[np.int64]] = []
    for shape in range(len(offset)):
        for place, (base, other) in enumerate(zip(bases, others, strict=True)):
            changed = course[shape] != course[base]
            new = np.flatnonzero(changed & (other < 0))
            if np.all(~changed | (other < 0) | (course[shape] == course[other, np.arange(len(other))])) and all(
                np.array_equal(offset[base, i] + (offset[shape, i] - offset[base, i]), offset[shape, i]) for i in new
            ):
                other[new] = shape
                group[shape] = place
                break
        else:
            group[shape] = len(bases)
            bases.append(shape)
            others.append(np.full(offset.shape[1], -1))
    first, second = np.array(bases), np.array(others)
    every = np.arange(offset.shape[1])
    changed = course != course[first[group]]
    return replace(
        batch,
        offset=offset[first],
        slope=np.where((second >= 0)[..., None, None], offset[second, every] - offset[first], 0.0),
        shape=group[batch.shape],
        amount=np.ascontiguousarray(changed[batch.shape].T, dtype=np.float64),
    )


@dataclass(frozen=True)
class Record:
    """What to keep: lines of the main program as they stand every `every` steps, and integrals in between."""

    snapshots: tuple[int, ...]
    integrals: tuple[int, ...]
    every: int


@dataclass(frozen=True)
class Recorded:
    """What was kept: snapshots (save + 1, snapshot, R), integrals (save, integral, R), and the lowest value of
    each state over all steps (state, R), not a number where a state ever was not one."""

    snapshots: Floats
    integrals: Floats
    lowest: Floats


class Engine(Protocol):
    """A way to run a program."""

    def __call__(self, program: Program, grid: Grid, batch: Batch, record: Record, method: str) -> Recorded:
        """Run every run of the batch; `method` is one of METHODS."""
        ...


def sample(profiles: Sequence[Profile], grid: Grid) -> Floats:
    """Values of profiles at the stages of every step: (profile, steps + 1, 3).

    A knot that is within rounding of a point of the grid lies on it: 2026 + 1/3 has no exact binary form.
    """
    out = np.empty((len(profiles), grid.steps + 1, 3))
    for row, profile in zip(out, profiles, strict=True):
        row[:] = _sampled(profile, grid)
    return out


@lru_cache(maxsize=1024)
def _sampled(profile: Profile, grid: Grid) -> Floats:
    """One profile (steps + 1, 3): most profiles of a run are those of the run before."""
    times, profile = grid.stage_times, profile.aligned(grid.start, grid.dt)
    return np.column_stack(
        [profile.from_right(times[:, 0]), profile.from_right(times[:, 1]), profile.from_left(times[:, 2])]
    )


def batch_of(
    program: Program,
    grid: Grid,
    parameters: Floats,
    series: Mapping[str, Profile],
    levers: Sequence[Mapping[str, Profile]],
    shape: NDArray[np.int64],
) -> Batch:
    """Pack a batch whose runs follow given lever profiles.

    Args:
        parameters: (parameter, R) in the program's order.
        series: a profile for every series of the program.
        levers: per shape, a profile for every lever of the program.
        shape: (R,) which entry of `levers` each run follows.

    Raises:
        InputError: if a fixed delay is not a multiple of the step.
    """
    for name, line in zip(program.delay_names, program.delays, strict=True):
        if abs(line.lag / grid.dt - round(line.lag / grid.dt)) > 1e-9:
            raise InputError(f"simulation.dt is {grid.dt:g}; allowed: parts of {line.lag:g} years, the delay in {name}")
    offset = np.stack([sample([profiles[name] for name in program.levers], grid) for profiles in levers])
    return Batch(
        parameters=np.ascontiguousarray(parameters),
        series=sample([series[name] for name in program.series], grid),
        offset=offset,
        slope=np.zeros_like(offset),
        shape=np.ascontiguousarray(shape, dtype=np.int64),
        amount=np.zeros((len(program.levers), parameters.shape[1])),
    )
