"""What every scalar is at every stage of every step, for a few runs.

An engine keeps what is at the start of steps. With the states of all steps known, the stages of all steps can be
computed side by side: as many passes through the program as the method has stages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Passes:
    """Passes through a program at many steps side by side; every value is (run, step), or broadcasts to it."""

    program: Program
    grid: Grid
    batch: Batch
    openings: Floats

    def values(self, steps: NDArray[np.int64], column: int, state: Floats, delayed: Sequence[Floats]) -> list[Floats]:
        """All lines of the main program at one stage of some steps, from states (state, run, step)."""
        tables = [np.array(points).T for points in self.program.tables]
        values: list[Floats] = []
        with np.errstate(all="ignore"):
            for operation in self.program.main:
                given = [values[a] for a in operation.arguments]
                if operation.op == "lookup":
                    values.append(np.interp(given[0], *tables[int(operation.number)]))
                elif given:
                    values.append(EVALUATE[operation.op](*given))
                else:
                    values.append(self._leaf(operation, steps, column, state, delayed))
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
