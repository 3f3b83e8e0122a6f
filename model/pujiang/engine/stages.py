"""What every scalar is at every stage of every step, for a few runs.

An engine keeps what is at the start of steps. With the states of all steps known, the stages of all steps can be
computed side by side: as many passes through the program as the method has stages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

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
    wanted = dict(program.lines)
    for name, line in zip(program.delay_names, program.delays, strict=True):
        wanted |= {f"{name} input": line.input, f"{name} before": line.before}
    whole = np.empty((len(wanted) + len(program.delays), batch.runs, grid.steps + 1, len(columns)))
    state = np.ascontiguousarray(kept.snapshots.transpose(1, 2, 0))  # (state, run, step)
    slope = np.zeros_like(state)
    for stage, column in enumerate(columns):
        values, delayed = passes.at(column, state + REACH[stage] * grid.dt * slope)
        for row, value in zip(whole, (*(values[line] for line in wanted.values()), *delayed), strict=True):
            row[..., stage] = value
        for row, rate in zip(slope, program.rates, strict=True):
            row[:] = values[rate]
    lines = dict(zip((*wanted, *program.delay_names), whole.transpose(0, 2, 3, 1), strict=True))
    return Stages(lines, _inputs(program, grid, batch, columns, (grid.steps + 1, len(columns), batch.runs)))


def _inputs(
    program: Program, grid: Grid, batch: Batch, columns: Sequence[int], shape: tuple[int, ...]
) -> dict[str, Floats]:
    """Parameters, levers, series and the time at every stage."""
    column = list(columns)
    courses = batch.offset[batch.shape] + batch.slope[batch.shape] * batch.amount.T[..., None, None]
    parameters = np.broadcast_to(batch.parameters[:, None, None], (len(program.parameters), *shape))
    levers = courses[..., column].transpose(1, 2, 3, 0)
    series = np.broadcast_to(batch.series[:, :, column, None], (len(program.series), *shape))
    found = zip((*program.parameters, *program.levers, *program.series), (*parameters, *levers, *series), strict=True)
    return {**dict(found), "time": np.broadcast_to(grid.stage_times[:, column, None], shape)}


def _looked_up(x: Floats, y: Floats, at: Floats) -> Floats:
    """A table read at some values."""
    found: Floats = np.interp(at, x, y)
    return found


SETTLED = ("constant", "parameter", "opening")
"""Leaves that are the same at every moment."""


@dataclass(frozen=True)
class _Passes:
    """Passes through a program at one stage of all steps side by side; values are (run, step), or broadcast to it."""

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
        with np.errstate(all="ignore"):
            for place, operation in enumerate(self.program.main):
                given = [out[argument] for argument in operation.arguments]
                if operation.op in SETTLED:
                    out.append(self._leaf(operation, 0, np.empty(0), ()))
                elif given and all(value is not None for value in given):
                    out.append(self.functions[place](*given))
                else:
                    out.append(None)
        return out

    @cached_property
    def moving(self) -> list[int]:
        """The lines that are not settled."""
        return [place for place, value in enumerate(self.settled) if value is None]

    @cached_property
    def of_delays(self) -> list[int]:
        """Those of them that say what fixed delays read, and give until they have run."""
        needed = {line for delay in self.program.delays for line in (delay.input, delay.before)}
        for place in reversed(self.moving):
            if place in needed:
                needed.update(self.program.main[place].arguments)
        return [place for place in self.moving if place in needed]

    def at(self, column: int, state: Floats) -> tuple[list[Floats], list[Floats]]:
        """All lines of the main program at one stage, and what delays give, from states (state, run, step)."""
        steps = np.arange(self.grid.steps + 1)
        delays = [(delay, round(delay.lag / self.grid.dt)) for delay in self.program.delays]
        delayed = [np.full((self.batch.runs, 1), np.nan) for _ in delays]
        # What a delay reads may hang on what delays give: each time round, it is known for one lag more.
        for _ in range(max((-(-len(steps) // lag) for _, lag in delays), default=0)):
            values = self._values(self.of_delays, column, state, delayed)
            for place, (delay, lag) in enumerate(delays):
                read, before = (
                    np.broadcast_to(values[line], (self.batch.runs, len(steps))) for line in (delay.input, delay.before)
                )
                delayed[place] = np.where(steps < lag, before, read[:, np.maximum(steps - lag, 0)])
        return self._values(self.moving, column, state, delayed), delayed

    def _values(self, places: Sequence[int], column: int, state: Floats, delayed: Sequence[Floats]) -> list[Any]:
        """Some lines, and those that are settled."""
        values: list[Any] = list(self.settled)
        main, functions = self.program.main, self.functions
        with np.errstate(all="ignore"):
            for place in places:
                given = main[place].arguments
                if given:
                    values[place] = functions[place](*[values[argument] for argument in given])
                else:
                    values[place] = self._leaf(main[place], column, state, delayed)
        return values

    def _leaf(self, leaf: Operation, column: int, state: Floats, delayed: Sequence[Floats]) -> Floats:
        batch, k = self.batch, int(leaf.number)
        value: Floats
        match leaf.op:
            case "constant":
                value = np.full((1, 1), leaf.number)
            case "time":
                value = self.grid.stage_times[None, :, column]
            case "parameter":
                value = batch.parameters[k][:, None]
            case "series":
                value = batch.series[k][None, :, column]
            case "lever":
                offset, slope = (shapes[batch.shape, k, :, column] for shapes in (batch.offset, batch.slope))
                value = offset + slope * batch.amount[k][:, None]
            case "opening":
                value = self.openings[k][:, None]
            case "delayed":
                value = delayed[k]
            case _:
                value = state[k]
        return value
