"""A sweep: one model run at many points, as one batch cut into blocks.

What varies by name (scenarios, shapes) makes cases, and is looped over; what varies by number makes axes, and
is batched. A grid has one dimension an axis, every other design one dimension `point`.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from pujiang.errors import InputError
from pujiang.experiment.axes import DATES, Axis, ListedValues, at, screened
from pujiang.experiment.designs import Design, Floats, sampler
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import RunConfig

RUNS_IN_BLOCK = 4096
"""Runs that are simulated, and written, at once: enough for all processors, little enough for any memory."""

POINT = "point"

Block = tuple[slice, ...]
"""A part of a sweep: a slice of each of its dimensions between the choices and `member`."""

PointsOf = Callable[[Block], Floats]
"""The values (axis, point) of a block, points in the order of its dimensions."""


@dataclass(frozen=True)
class Case:
    """One combination of choices: its scenario's place in `Plan.reference`, and settings of the levers swept.

    In `levers`, what is swept stands at some value of its axis.
    """

    scenario: int
    levers: Mapping[str, LeverSetting]


@dataclass(frozen=True)
class Plan:
    """Everything a sweep depends on, but for the model and the evidence.

    Attributes:
        reference: the scenarios without any axis, the baseline first; simulation, ensemble, fit, engine.
        choices: (name, values) of what varies by name, the scenario first.
        cases: every combination of choices, the last choice varying fastest.
        axes: what varies by number.
        design: which points.
        table: the points (axis, point) of a csv design.
        outcomes: the outcomes to keep.
        precision: of the numbers kept: float64, float32.
        keep: what is kept of the runs, as `SweepOutput` has it.
    """

    reference: RunConfig
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    cases: tuple[Case, ...]
    axes: tuple[Axis, ...]
    design: Design
    table: Floats | None
    outcomes: tuple[str, ...]
    precision: str = "float64"
    keep: str = "all"

    @property
    def is_grid(self) -> bool:
        """Whether every axis is a dimension."""
        return self.design.kind == "grid"

    @property
    def sizes(self) -> dict[str, int]:
        """Name and length of the dimensions the points lie in."""
        if self.is_grid:
            return {axis.name: len(grid_values(axis)) for axis in self.axes}
        if self.table is not None:
            return {POINT: self.table.shape[1]}
        return {POINT: self.design.points(len(self.axes))}

    @property
    def points(self) -> int:
        """Number of points."""
        return math.prod(self.sizes.values())

    @property
    def members(self) -> int:
        """Members each point is run with: the central one and the ensemble's."""
        return 1 + self.reference.ensemble.size

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.points * len(self.cases) * self.members


def grid_values(axis: Axis) -> tuple[float, ...]:
    """The values of an axis of a grid."""
    assert isinstance(axis.spread, ListedValues)
    return axis.spread.values


def heights(axes: Sequence[Axis]) -> list[int]:
    """Places of the axes a lever's path rises with linearly: one a lever, its target before its `from`."""
    first: dict[str, int] = {}
    for i in sorted(range(len(axes)), key=lambda i: axes[i].part == "from"):
        if axes[i].is_amount:
            first.setdefault(axes[i].input, i)
    return sorted(first.values())


def shapes(axes: Sequence[Axis]) -> list[int]:
    """Places of the axes that give a lever another path: dates, and `from` beside a swept target."""
    linear = heights(axes)
    return [i for i, axis in enumerate(axes) if axis.kind == "lever" and i not in linear]


def points_of(plan: Plan) -> PointsOf:
    """The values of any block of a plan."""
    if plan.is_grid:

        def of_grid(block: Block) -> Floats:
            parts = [grid_values(axis)[part] for axis, part in zip(plan.axes, block, strict=True)]
            columns = [array.ravel() for array in np.meshgrid(*parts, indexing="ij")]
            return np.array(columns) if columns else np.empty((0, 1))  # no axis: one point

        return of_grid
    if plan.table is not None:
        table = plan.table
        return lambda block: table[:, block[0]]
    sample = sampler(plan.design, len(plan.axes))
    value = screened if plan.design.kind == "morris" else at

    def sampled(block: Block) -> Floats:
        shares = sample(block[0].start, block[0].stop)
        return np.array([value(axis.spread, row) for axis, row in zip(plan.axes, shares, strict=True)])

    return sampled


def chunk_shape(sizes: Sequence[int], runs_per_point: int) -> list[int]:
    """The largest block's size in every dimension: whole dimensions from the last one on, then a part of one.

    Blocks are equal as nearly as may be, and depend on nothing but the sizes.
    """
    room = max(1, RUNS_IN_BLOCK // runs_per_point)
    shape = [1] * len(sizes)
    for i in reversed(range(len(sizes))):
        if sizes[i] <= room:
            shape[i] = sizes[i]
            room //= sizes[i]
            continue
        shape[i] = -(-sizes[i] // -(-sizes[i] // room))
        break
    return shape


def blocks(plan: Plan, shape: Sequence[int]) -> Iterator[Block]:
    """The blocks of a plan, in order."""
    parts = [
        [slice(start, min(start + length, size)) for start in range(0, size, length)]
        for size, length in zip(plan.sizes.values(), shape, strict=True)
    ]
    yield from product(*parts)


def block_of(plan: Plan, shape: Sequence[int], number: int) -> Block:
    """The block of that number, in the order of `blocks`."""
    sizes = tuple(plan.sizes.values())
    counts = tuple(-(-size // length) for size, length in zip(sizes, shape, strict=True))
    places = [int(place) * length for place, length in zip(np.unravel_index(number, counts), shape, strict=True)]
    ends = zip(places, shape, sizes, strict=True)
    return tuple(slice(start, min(start + length, size)) for start, length, size in ends)


def spread_of_points(plan: Plan, count: int = 8, find: PointsOf | None = None) -> Floats:
    """The values (axis, point) of a few points from the first to the last: in a grid, opposite corners.

    `find`: the values of any block of the plan, where they are known: of some designs all points are drawn for it.
    """
    sizes = list(plan.sizes.values())
    chosen = np.unique(np.linspace(0, plan.points - 1, min(count, plan.points)).round().astype(int))
    find = find or points_of(plan)
    columns = [find(tuple(slice(int(i), int(i) + 1) for i in np.unravel_index(place, sizes))) for place in chosen]
    return np.concatenate(columns, axis=1)


def check_dates(plan: Plan) -> None:
    """Refuse combinations of dates of one lever that do not fit together, before anything is run.

    Raises:
        InputError: naming lever and dates.
    """
    by_lever: dict[str, list[int]] = {}
    for i, axis in enumerate(plan.axes):
        if axis.part in DATES:
            by_lever.setdefault(axis.input, []).append(i)
    for lever, places in by_lever.items():
        parts = [plan.axes[i].part for i in places]
        combined = _dates(plan, places)
        for case in plan.cases:
            setting = case.levers[lever]
            held = {"start": setting.start, "end": setting.end}
            columns = dict(zip(parts, combined, strict=True))
            start, end = (np.asarray(columns.get(part, held[part]), dtype=float) for part in DATES)
            wrong = np.atleast_1d(np.less_equal(end, start))
            if wrong.any():
                first = int(np.argmax(wrong))
                found = [np.broadcast_to(date, wrong.shape)[first] for date in (end, start)]
                raise InputError(f"levers.{lever}.end: found {found[0]:g}, must be later than the start, {found[1]:g}")


def _dates(plan: Plan, places: Sequence[int]) -> Floats:
    """All combinations of some axes that occur: (axis, combination)."""
    if plan.is_grid:
        values = [grid_values(plan.axes[i]) for i in places]
        return np.array([array.ravel() for array in np.meshgrid(*values, indexing="ij")])
    find, step, found = points_of(plan), 65_536, []
    for start in range(0, plan.points, step):
        part = find((slice(start, min(start + step, plan.points)),))[list(places)]
        found.append(np.unique(part, axis=1))
    return np.unique(np.concatenate(found, axis=1), axis=1)
