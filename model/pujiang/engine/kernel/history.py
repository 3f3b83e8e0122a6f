"""What runs have in common is run once: until their levers part, runs of the same parameters are the same.

Scenarios, coalitions of levers and points of a sweep over levers share their history, most of a run, to the last bit.
"""

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Batch, Floats, Grid, Record, Recorded, select
from pujiang.engine.kernel.runs import Kernel, Stretch, ring_slots, run_compiled

WORTH = 0.1
"""The part of all steps that must be saved: handing over costs something, too."""


def run_together(
    kernel: Kernel, grid: Grid, batch: Batch, record: Record, method: str, threads: int | None
) -> Recorded:
    """Run a batch, what its runs have in common once; the same bits as `run_compiled` gives."""
    if batch.runs < 2:
        return run_compiled(kernel, grid, batch, record, method, threads)
    parting = parting_step(batch, record.every)
    end = min(parting, grid.steps)
    if end < WORTH * grid.steps or _hardly_alike(batch):
        return run_compiled(kernel, grid, batch, record, method, threads)
    first, which = alike(batch)
    groups, own = (-(-count // kernel.layout.lanes) for count in (batch.runs, len(first)))
    if (groups - own) * end < WORTH * groups * grid.steps:
        return run_compiled(kernel, grid, batch, record, method, threads)
    left = np.empty((len(kernel.program.states) + ring_slots(kernel, grid, method), len(first)))
    alone = select(batch, first)
    before = run_compiled(kernel, grid, alone, record, method, threads, Stretch(0, end, left=left))
    if parting > grid.steps:
        return Recorded(before.snapshots[..., which], before.integrals[..., which], before.lowest[:, which])
    after = run_compiled(kernel, grid, batch, record, method, threads, Stretch(parting, grid.steps, left, which))
    lowest = before.lowest[:, which]
    return Recorded(
        # The value at the parting is that of what follows it.
        _joined(before.snapshots[:-1], which, after.snapshots),
        _joined(before.integrals, which, after.integrals),
        np.where(~(after.lowest >= lowest), after.lowest, lowest),
    )


def _joined(before: Floats, which: NDArray[np.int64], after: Floats) -> Floats:
    """What was kept before the parting, of `which` of its runs, and after it; each number copied once."""
    out = np.empty((len(before) + len(after), *after.shape[1:]))
    np.take(before, which, axis=-1, out=out[: len(before)], mode="clip")
    out[len(before) :] = after
    return out


def parting_step(batch: Batch, every: int) -> int:
    """The step, of those at which values are kept, up to which no two runs have levers that differ; one beyond the last
    where they never do."""
    differ = (batch.offset != batch.offset[:1]).any(axis=(0, 1, 3)) | (batch.slope != 0).any(axis=(0, 1, 3))
    return int(np.argmax(differ)) // every * every if differ.any() else len(differ)


def _hardly_alike(batch: Batch) -> bool:
    """Whether the first parameter that varies shows that hardly any runs share all: sooner told than which do."""
    varied = next((row for row in batch.parameters if (row != row[0]).any()), None)
    return varied is not None and len(set(varied.tolist())) > (1 - WORTH) * batch.runs


def alike(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One run of each set of parameters; and for every run, which of these has its parameters."""
    known: dict[bytes, int] = {}
    rows = np.ascontiguousarray(batch.parameters.T)
    which = np.array([known.setdefault(row.tobytes(), len(known)) for row in rows], dtype=np.int64)
    return np.unique(which, return_index=True)[1], which
