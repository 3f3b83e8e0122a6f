"""The central member of every scenario, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pujiang.engine.batch import Batch, Engine, Floats, Grid, Record, select
from pujiang.engine.system import System


@dataclass(frozen=True)
class Trajectories:
    """The central member of every scenario.

    Attributes:
        values: every variable at every step's start and at the end, (step + 1, scenario) by scalar name.
        moved: what every flow moved in each step, (step, scenario) by scalar name.
        table_reads: what every table lookup was read at, (step + 1, lookup, scenario).
    """

    values: Mapping[str, Floats]
    moved: Mapping[str, Floats]
    table_reads: Floats


def central_trajectories(
    system: System, grid: Grid, batch: Batch, members: int, method: str, run: Engine
) -> Trajectories:
    """Run the first member of every scenario again and keep everything."""
    central = select(batch, np.arange(0, batch.runs, members))
    program = system.program
    names = {s: program.lines[s] for name in system.variables for s in system.scalar_names(name)}
    flows = {s: program.lines[s] for name in system.flow_ends for s in system.scalar_names(name)}
    lookups = [operation.arguments[0] for operation in program.main if operation.op == "lookup"]
    record = Record((*names.values(), *lookups), tuple(flows.values()), 1)
    recorded = run(program, grid, central, record, method)
    return Trajectories(
        {name: recorded.snapshots[:, i] for i, name in enumerate(names)},
        {name: recorded.integrals[:, i] for i, name in enumerate(flows)},
        recorded.snapshots[:, len(names) :],
    )
