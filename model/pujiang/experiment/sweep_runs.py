"""The runs of a sweep: points packed into batches, simulated, and put back into the order of the sweep.

A lever whose height is swept follows one profile, offset + slope * height, so a million heights need no table
of their own. Only dates make distinct profiles, and there are few of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine import certificate
from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Batch, Engine, Floats, Grid, batch_of, sample
from pujiang.engine.central import central_trajectories
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import (
    Simulation,
    engine_named,
    every_lever,
    parameter_array,
    series_on_grid,
)
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.axes import Axis
from pujiang.experiment.ensemble import members
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.sweep import Block, Case, Plan, PointsOf, heights, points_of, shapes, spread_of_points
from pujiang.options import options_of

SHAPES_AT_ONCE = 64
"""Distinct combinations of dates in one batch: each needs a table of all levers at all times."""

LEVER_FIELDS = {"": "target", **{key: option.field for key, option in options_of(LeverSetting).items()}}
"""The field of a lever setting for each part a key may name."""


def _silent(done: int, of: int) -> None:
    pass


@dataclass(frozen=True)
class Results:
    """What a block gives: annual outcomes (case, point, member, year) by scalar name, and the lowest value of
    every state over time and runs."""

    outcomes: Mapping[str, Floats]
    lowest: Floats


def in_turn(run: "Runner", blocks: Iterable[Block]) -> Iterator[tuple[Block, Results]]:
    """Blocks with what they give, simulated here, one after the other."""
    for block in blocks:
        yield block, simulate_points(run, run.find(block))


@dataclass(frozen=True)
class Runner:
    """A plan joined with model, evidence and fit; `parameters` are those of its members, (parameter, member).

    `progress` is called by studies with the number of blocks done and of all blocks. `simulate` runs blocks, here
    or elsewhere, and gives them back in any order.
    """

    plan: Plan
    system: System
    series: Mapping[str, Profile]
    parameters: Floats
    engine: Engine
    progress: Callable[[int, int], None] = _silent
    simulate: "Callable[[Runner, Iterable[Block]], Iterator[tuple[Block, Results]]]" = in_turn

    @property
    def simulation(self) -> Simulation:
        """Calendar and step."""
        return self.plan.reference.simulation

    @cached_property
    def find(self) -> PointsOf:
        """The values of any block; of some designs all points are drawn for it, once."""
        return points_of(self.plan)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "find"}


def runner(plan: Plan, system: System, evidence: Evidence, fit: Fit) -> Runner:
    """Draw the members and read the evidence, once for all blocks."""
    config = plan.reference
    drawn = members(system, fit, config.ensemble.size, config.ensemble.seed, config.ensemble.kind)
    return Runner(
        plan,
        system,
        series_profiles(evidence),
        parameter_array(system, drawn, plan.members),
        engine_named(config.engine),
    )


def simulate_points(run: Runner, points: Floats) -> Results:
    """All cases and members at some points (axis, point)."""
    distinct, which = _distinct(points[shapes(run.plan.axes)])
    count, at_once = distinct.shape[1], max(1, SHAPES_AT_ONCE // len(run.plan.cases))
    if count <= at_once:
        return _simulate(run, points)
    outcomes: dict[str, Floats] = {}
    lowest = []
    for first in range(0, count, at_once):
        chosen = np.flatnonzero((which >= first) & (which < first + at_once))
        part = _simulate(run, points[:, chosen])
        lowest.append(part.lowest)
        for name, values in part.outcomes.items():
            if name not in outcomes:
                outcomes[name] = np.empty((values.shape[0], points.shape[1], *values.shape[2:]))
            outcomes[name][:, chosen] = values
    return Results(outcomes, np.min(lowest, axis=0))


def _simulate(run: Runner, points: Floats) -> Results:
    grid, system = run.simulation.grid(), run.system
    batch = packed(run, points, grid)
    found, recorded = simulate_annual(system, grid, batch, run.simulation.method, run.engine)
    shape = (-1, len(run.plan.cases), points.shape[1], run.plan.members)
    kept = {scalar for name in run.plan.outcomes for scalar in system.scalar_names(name)}
    outcomes = {name: np.moveaxis(values.reshape(shape), 0, -1) for name, values in found.items() if name in kept}
    return Results(outcomes, recorded.lowest.min(axis=1))


def packed(run: Runner, points: Floats, grid: Grid, *, central: bool = False) -> Batch:
    """The batch of some points (axis, point): cases one after the other, points in each, members in each point.

    `central` leaves out all members but the first.
    """
    plan, system = run.plan, run.system
    parameters = run.parameters[:, :1] if central else run.parameters
    count, size = points.shape[1], parameters.shape[1]
    one = np.broadcast_to(parameters[:, None, :], (len(parameters), count, size)).reshape(len(parameters), -1)
    values = np.repeat(points, size, axis=1)
    rows, lever_rows = system.parameter_names, system.program.levers
    parts, amounts, shape = [], [], []
    profiles: list[dict[str, Profile]] = []
    slopes: list[Floats] = []
    amount = np.zeros((len(lever_rows), count * size))
    for i in heights(plan.axes):
        amount[lever_rows.index(plan.axes[i].input)] = values[i]
    shaping = shapes(plan.axes)
    distinct, which = _distinct(points[shaping])
    for case in plan.cases:
        part = one.copy()
        for name, fixed in plan.reference.scenarios[case.scenario].parameters.items():
            part[rows.index(name)] = fixed
        for axis, row in zip(plan.axes, values, strict=True):
            if axis.kind == "parameter":
                part[rows.index(axis.input)] = row
        parts.append(part)
        amounts.append(amount)
        shape.append(len(profiles) + np.repeat(which, size))
        for combination in distinct.T:
            shaped = list(zip([plan.axes[i] for i in shaping], combination, strict=True))
            zero, one_up = (_profiles(run, case, shaped, height, grid) for height in (0.0, 1.0))
            profiles.append(zero)
            slopes.append(_slope(zero, one_up, lever_rows, grid))
    batch = batch_of(
        system.program,
        grid,
        np.concatenate(parts, axis=1),
        series_on_grid(system, run.series, grid.dt),
        profiles,
        np.concatenate(shape),
    )
    return replace(batch, slope=np.stack(slopes), amount=np.concatenate(amounts, axis=1))


def _distinct(columns: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Distinct columns, and which of them each column is; one empty column where there are no rows."""
    if not len(columns):
        return np.empty((0, 1)), np.zeros(columns.shape[1], dtype=np.int64)
    found, which = np.unique(columns, axis=1, return_inverse=True)
    return found, which.ravel()


def _profiles(
    run: Runner, case: Case, shaped: Sequence[tuple[Axis, float]], height: float, grid: Grid
) -> dict[str, Profile]:
    """The profile of every lever of a case with some dates, and every height that is swept at `height`.

    Paths depend on the heights linearly; whether 0 or 1 is allowed for a lever does not matter.
    """
    settings = {**run.plan.reference.scenarios[case.scenario].levers, **case.levers}
    changes: dict[str, dict[str, Any]] = {}
    swept = [run.plan.axes[i] for i in heights(run.plan.axes)]
    for axis, value in (*((axis, height) for axis in swept), *shaped):
        changes.setdefault(axis.input, {})[LEVER_FIELDS[axis.part]] = float(value)
    settings |= {lever: replace(settings[lever], **changed) for lever, changed in changes.items()}
    return every_lever(run.system, lever_profiles(run.system, settings, run.series, grid.dt), grid.dt)


def _slope(zero: Mapping[str, Profile], one: Mapping[str, Profile], levers: Sequence[str], grid: Grid) -> Floats:
    """(lever, steps + 1, 3): by how much each lever rises with its height; exactly 0 or 1 for a step."""
    slope: Floats = sample([one[name] for name in levers], grid) - sample([zero[name] for name in levers], grid)
    return slope


def certify_points(run: Runner, non_finite: Sequence[str], lowest: Floats) -> dict[str, Any]:
    """The certificate of a sweep: the arithmetic checked at a spread of points, with the central member.

    Args:
        non_finite: outcomes that were not a finite number at some point.
        lowest: the lowest value of every state over all runs.
    """
    grid, system, plan = run.simulation.grid(), run.system, run.plan
    points = spread_of_points(plan)
    batch = packed(run, points, grid, central=True)
    method = run.simulation.method
    outcomes, recorded = simulate_annual(system, grid, batch, method, run.engine)
    subject = certificate.Subject(
        grid,
        batch,
        1,
        method,
        replace(recorded, lowest=np.minimum(recorded.lowest, lowest[:, None])),
        outcomes,
        central_trajectories(system, grid, batch, 1, method, run.engine),
    )
    found = certificate.certify(system, subject, lambda on: packed(run, points, on, central=True), run.engine)
    elsewhere = [name for name in non_finite if name not in found["non_finite"]]
    failures = [*found["failures"], *(f"{name} is not a finite number at some point" for name in elsewhere)]
    return {
        **found,
        "passed": not failures,
        "failures": failures,
        "non_finite": [*found["non_finite"], *elsewhere],
        "points_checked": points.shape[1] * len(plan.cases),
    }
