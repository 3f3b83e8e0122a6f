"""What every scalar is at every stage of every step, for a few runs.

An engine keeps what is at the start of steps. With the states of all steps known, the stages of all steps can be
computed side by side: as many passes through the program as the method has stages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import STAGE_TIME, Batch, Engine, Floats, Grid, Record
from pujiang.engine.program import Operation, Program
from pujiang.engine.reference import start_of
from pujiang.operations import EVALUATE

REACH = (0.0, 0.5, 0.5, 1.0)
"""How far into the step each stage looks, in steps."""


@dataclass(frozen=True)
class Stages:
    """Values (step + 1, stage, run) by scalar name; of the last step, the end of the run, stage 0 alone is meant.

    `lines` are variables, stocks (hidden ones too), opening values, and fixed delays with what they read (`<name>
    input`) and give until they have run (`<name> before`); `inputs` are parameters, levers, series, and the time.
    """

    lines: Mapping[str, Floats]
    inputs: Mapping[str, Floats]

    def __getitem__(self, name: str) -> Floats:
        found = self.lines.get(name)
        return self.inputs[name] if found is None else found


def stage_values(program: Program, grid: Grid, batch: Batch, method: str, run: Engine) -> Stages:
    """Run a batch, and what everything is at every stage."""
    kept = run(program, grid, batch, Record(tuple(program.lines[s] for s in program.states), (), 1), method)
    passes = _Passes(program, grid, batch, start_of(program, grid, batch)[1])
    columns = STAGE_TIME[method]
    shape = (grid.steps + 1, len(columns), batch.runs)
    lags = [round(line.lag / grid.dt) for line in program.delays]
    wanted = dict(program.lines)
    for name, line in zip(program.delay_names, program.delays, strict=True):
        wanted |= {f"{name} input": line.input, f"{name} before": line.before}
    lines = {name: np.empty(shape) for name in (*wanted, *program.delay_names)}
    nothing = np.full((batch.runs, 1), np.nan)
    block = min(lags, default=grid.steps + 1)
    for start in range(0, grid.steps + 1, block):
        now = slice(start, min(start + block, grid.steps + 1))
        steps = np.arange(now.start, now.stop)
        state = kept.snapshots[steps].transpose(1, 2, 0)  # (state, run, step)
        slope = np.zeros_like(state)
        for stage, column in enumerate(columns):
            at = state + REACH[stage] * grid.dt * slope
            if lags and start < max(lags):  # what a delay gives at first hangs on no state and no delay
                early = passes.values(steps, column, np.full_like(state, np.nan), [nothing] * len(lags))
            for place, (name, lag) in enumerate(zip(program.delay_names, lags, strict=True)):
                past = lines[f"{name} input"][np.maximum(steps - lag, 0), stage].T
                if start < lag:
                    past = np.where(steps < lag, early[program.delays[place].before], past)
                lines[name][now, stage] = past.T
            delayed = [lines[name][now, stage].T for name in program.delay_names]
            values = passes.values(steps, column, at, delayed)
            for name, place in wanted.items():
                lines[name][now, stage] = values[place].T
            for row, rate in zip(slope, program.rates, strict=True):
                row[:] = values[rate]
    return Stages(lines, _inputs(program, grid, batch, columns, shape))


def _inputs(
    program: Program, grid: Grid, batch: Batch, columns: Sequence[int], shape: tuple[int, ...]
) -> dict[str, Floats]:
    """Parameters, levers, series and the time at every stage."""
    column = list(columns)
    courses = batch.offset[batch.shape] + batch.slope[batch.shape] * batch.amount.T[..., None, None]
    found = {name: np.broadcast_to(batch.parameters[i], shape) for i, name in enumerate(program.parameters)}
    found |= {name: courses[:, i][..., column].transpose(1, 2, 0) for i, name in enumerate(program.levers)}
    found |= {name: np.broadcast_to(batch.series[i][:, column, None], shape) for i, name in enumerate(program.series)}
    return found | {"time": np.broadcast_to(grid.stage_times[:, column, None], shape)}


def _looked_up(x: Floats, y: Floats, at: Floats) -> Floats:
    """A table read at some values."""
    found: Floats = np.interp(at, x, y)
    return found


SETTLED = ("constant", "parameter", "opening")
"""Leaves that are the same at every moment."""


@dataclass(frozen=True)
class _Passes:
    """Passes through a program at many steps side by side; every value is (run, step), or broadcasts to it."""

    program: Program
    grid: Grid
    batch: Batch
    openings: Floats

    @cached_property
    def functions(self) -> dict[int, Callable[..., Floats]]:
        """What each line but the leaves is computed by."""
        tables = [np.array(points).T for points in self.program.tables]
        return {
            place: partial(_looked_up, *tables[int(op.number)]) if op.op == "lookup" else EVALUATE[op.op]
            for place, op in enumerate(self.program.main)
            if op.arguments
        }

    @cached_property
    def settled(self) -> list[Floats | None]:
        """The lines that are the same all along (run, 1): of parameters, openings and constants; None for others."""
        out: list[Floats | None] = []
        nothing = np.empty(0, dtype=np.int64)
        with np.errstate(all="ignore"):
            for place, operation in enumerate(self.program.main):
                given = [out[argument] for argument in operation.arguments]
                if operation.op in SETTLED:
                    out.append(self._leaf(operation, nothing, 0, np.empty(0), ()))
                elif given and all(value is not None for value in given):
                    out.append(self.functions[place](*given))
                else:
                    out.append(None)
        return out

    @cached_property
    def moving(self) -> tuple[list[tuple[int, Operation]], list[tuple[int, Callable[..., Floats], tuple[int, ...]]]]:
        """The leaves, and the other lines with what computes them from which, of those that are not settled."""
        open_ = [(place, self.program.main[place]) for place, value in enumerate(self.settled) if value is None]
        leaves = [(place, operation) for place, operation in open_ if not operation.arguments]
        return leaves, [(place, self.functions[place], op.arguments) for place, op in open_ if op.arguments]

    def values(self, steps: NDArray[np.int64], column: int, state: Floats, delayed: Sequence[Floats]) -> list[Floats]:
        """All lines of the main program at one stage of some steps, from states (state, run, step)."""
        values: list[Any] = list(self.settled)
        leaves, lines = self.moving
        with np.errstate(all="ignore"):
            for place, operation in leaves:
                values[place] = self._leaf(operation, steps, column, state, delayed)
            for place, function, arguments in lines:
                values[place] = function(*[values[argument] for argument in arguments])
        return values

    def _leaf(
        self, leaf: Operation, steps: NDArray[np.int64], column: int, state: Floats, delayed: Sequence[Floats]
    ) -> Floats:
        batch, k = self.batch, int(leaf.number)
        value: Floats
        match leaf.op:
            case "constant":
                value = np.full((1, 1), leaf.number)
            case "time":
                value = self.grid.stage_times[None, steps, column]
            case "parameter":
                value = batch.parameters[k][:, None]
            case "series":
                value = batch.series[k][None, steps, column]
            case "lever":
                offset, slope = (shapes[batch.shape, k][:, steps, column] for shapes in (batch.offset, batch.slope))
                value = offset + slope * batch.amount[k][:, None]
            case "opening":
                value = self.openings[k][:, None]
            case "delayed":
                value = delayed[k]
            case _:
                value = state[k]
        return value
