"""The central member of every scenario, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pujiang.engine.batch import Batch, Engine, Floats, Grid, Record, select
from pujiang.engine.system import System


@dataclass(frozen=True)
class Trajectories:
    """The central member of every scenario.

    Attributes:
        snapshots: every variable at every step's start and at the end, (step + 1, scalar, scenario): the variables
            in the order of the system, each with its elements.
        values: the same by scalar name, (step + 1, scenario).
        moved: what every flow moved in each step, (step, scenario) by scalar name.
        table_reads: what every table lookup was read at, (step + 1, lookup, scenario).
    """

    snapshots: Floats
    values: Mapping[str, Floats]
    moved: Mapping[str, Floats]
    table_reads: Floats


def central_trajectories(
    system: System, grid: Grid, batch: Batch, members: int, method: str, run: Engine
) -> Trajectories:
    """Run the first member of every scenario again and keep everything."""
    names, flows, record = _record(system)
    recorded = run(system.program, grid, select(batch, np.arange(0, batch.runs, members)), record, method)
    return Trajectories(
        recorded.snapshots[:, : len(names)],
        dict(zip(names, recorded.snapshots.swapaxes(0, 1), strict=False)),
        dict(zip(flows, recorded.integrals.swapaxes(0, 1), strict=True)),
        recorded.snapshots[:, len(names) :],
    )


@lru_cache(maxsize=8)
def _record(system: System) -> tuple[tuple[str, ...], tuple[str, ...], Record]:
    """Scalar names of all variables, and of all flows, and the record of both and of what tables are read at."""
    lines = system.program.lines
    names = tuple(s for name in system.variables for s in system.scalar_names(name))
    flows = tuple(s for name in system.flow_ends for s in system.scalar_names(name))
    lookups = [operation.arguments[0] for operation in system.program.main if operation.op == "lookup"]
    return names, flows, Record((*(lines[s] for s in names), *lookups), tuple(lines[s] for s in flows), 1)
