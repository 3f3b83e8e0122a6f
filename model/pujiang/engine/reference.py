"""The reference engine: NumPy, one operation at a time over all runs. Slow, obvious, the oracle of the tests."""

from collections.abc import Sequence

import numpy as np

from pujiang.engine.batch import STAGE_TIME, STAGE_WEIGHT, Batch, Floats, Grid, Record, Recorded
from pujiang.engine.program import Operation, Program
from pujiang.operations import EVALUATE


def run(program: Program, grid: Grid, batch: Batch, record: Record, method: str) -> Recorded:
    """Run every run of a batch by classical Runge-Kutta of order four or by Euler's method.

    Member k of a batch gives the same bits as a run of k alone: every operation is elementwise over runs.
    """
    evaluator = _Evaluator(program, grid, batch)
    state, openings = evaluator.start()
    evaluator.openings = openings
    columns, weights = STAGE_TIME[method], STAGE_WEIGHT[method]
    memory = _DelayMemory(program, grid, evaluator, columns)
    snapshots, integrals = [], []
    running = np.zeros((len(record.integrals), batch.runs))
    lowest = state.copy()
    for step in range(grid.steps):
        slopes: list[Floats] = []
        for stage, column in enumerate(columns):
            reach = (0.0, 0.5, 0.5, 1.0)[stage] * grid.dt
            at = state if stage == 0 else state + reach * slopes[-1]
            values = evaluator.main(step, column, at, memory.read(step, stage))
            memory.write(step, stage, values)
            slopes.append(_rows(values, program.rates, batch.runs))
            if stage == 0 and step % record.every == 0:
                snapshots.append(_rows(values, record.snapshots, batch.runs))
            running = running + grid.dt * weights[stage] * _rows(values, record.integrals, batch.runs)
        change = weights[0] * slopes[0]
        for weight, slope in zip(weights[1:], slopes[1:], strict=True):
            change = change + weight * slope
        state = state + grid.dt * change
        lowest = np.minimum(lowest, state)
        if (step + 1) % record.every == 0:
            integrals.append(running)
            running = np.zeros_like(running)
    values = evaluator.main(grid.steps, 0, state, memory.read(grid.steps, 0))
    snapshots.append(_rows(values, record.snapshots, batch.runs))
    shape = (0, len(record.integrals), batch.runs)
    return Recorded(np.stack(snapshots), np.stack(integrals) if integrals else np.empty(shape), lowest)


def start_of(program: Program, grid: Grid, batch: Batch) -> tuple[Floats, Floats]:
    """States (state, R) and opening values (opening, R) of a batch at the start."""
    return _Evaluator(program, grid, batch).start()


def _rows(values: Sequence[Floats], lines: Sequence[int], runs: int) -> Floats:
    """The values of some lines as an array (line, run)."""
    out = np.empty((len(lines), runs))
    for row, line in zip(out, lines, strict=True):
        row[:] = values[line]
    return out


class _Evaluator:
    """Evaluates the lines of a program over all runs of a batch."""

    def __init__(self, program: Program, grid: Grid, batch: Batch) -> None:
        self._program, self._batch = program, batch
        self._times = grid.stage_times
        self._tables = [np.array(points).T for points in program.tables]
        self.openings: Floats = np.empty((0, batch.runs))

    def start(self) -> tuple[Floats, Floats]:
        """States (state, R) and opening values (opening, R) at the start."""
        values = self._evaluate(self._program.initial, 0, 0, np.empty(0), [])
        runs = self._batch.runs
        return _rows(values, self._program.initial_states, runs), _rows(values, self._program.openings, runs)

    def main(self, step: int, column: int, state: Floats, delayed: Sequence[Floats]) -> list[Floats]:
        """All lines of the main program at one stage of a step."""
        return self._evaluate(self._program.main, step, column, state, delayed)

    def _evaluate(
        self,
        operations: Sequence[Operation],
        step: int,
        column: int,
        state: Floats,
        delayed: Sequence[Floats],
    ) -> list[Floats]:
        values: list[Floats] = []
        with np.errstate(all="ignore"):  # what is not a number shows in the certificate
            for operation in operations:
                given = [values[a] for a in operation.arguments]
                if operation.op == "lookup":
                    x, y = self._tables[int(operation.number)]
                    values.append(np.interp(given[0], x, y))
                elif given:
                    values.append(EVALUATE[operation.op](*given))
                else:
                    values.append(self._leaf(operation, step, column, state, delayed))
        return values

    def _leaf(self, leaf: Operation, step: int, column: int, state: Floats, delayed: Sequence[Floats]) -> Floats:
        batch, k = self._batch, int(leaf.number)
        value: Floats
        match leaf.op:
            case "constant":
                value = np.full(1, leaf.number)
            case "time":
                value = self._times[step, column : column + 1]
            case "parameter":
                value = batch.parameters[k]
            case "series":
                value = batch.series[k, step, column : column + 1]
            case "lever":
                offset, slope = (shapes[batch.shape, k, step, column] for shapes in (batch.offset, batch.slope))
                value = offset + slope * batch.amount[k]
            case "opening":
                value = self.openings[k]
            case "delayed":
                value = delayed[k]
            case _:
                value = state[k]
        return value


class _DelayMemory:
    """The past of every fixed delay, stage by stage.

    Remembering the value of each stage of each step makes the delay exact: it is the Runge-Kutta method
    applied to the past and the present as one system, so the order of the method and every total hold.
    """

    def __init__(self, program: Program, grid: Grid, evaluator: _Evaluator, columns: tuple[int, ...]) -> None:
        self._inputs = [line.input for line in program.delays]
        self._lengths = [round(line.lag / grid.dt) for line in program.delays]
        nothing: list[Floats] = [np.full(1, np.nan)] * len(program.delays)
        unknown = np.full((len(program.states), 1), np.nan)
        self._past: list[list[list[Floats]]] = [[] for _ in program.delays]
        for step in range(min(max(self._lengths, default=0), grid.steps + 1)):
            stages = [evaluator.main(step, column, unknown, nothing) for column in columns]
            for line, length, past in zip(program.delays, self._lengths, self._past, strict=True):
                if step < length:
                    past.append([values[line.before] for values in stages])

    def read(self, step: int, stage: int) -> list[Floats]:
        """What each delay gives at a stage of a step."""
        return [past[step % n][stage] for past, n in zip(self._past, self._lengths, strict=True)]

    def write(self, step: int, stage: int, values: Sequence[Floats]) -> None:
        """Remember the inputs of a stage, in the place of what was just read."""
        for past, n, line in zip(self._past, self._lengths, self._inputs, strict=True):
            past[step % n][stage] = values[line]
