"""Runs of a batch through compiled code: packed into groups of lanes, shared among threads, unpacked."""

import ctypes
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import STAGE_TIME, STAGE_WEIGHT, Batch, Floats, Grid, Record, Recorded
from pujiang.engine.kernel.compile import Code
from pujiang.engine.kernel.frame import FRAME_FIELDS, Layout
from pujiang.engine.kernel.plan import KernelPlan
from pujiang.engine.program import Program
from pujiang.operations import EVALUATE

_REACH = {"rk4": (0.5, 0.5, 1.0, 0.0), "euler": (0.0,)}
"""How far from the step's start the next stage lies, in steps."""

_PIECE_BYTES = 16_000_000
"""Size of what one call records, at most: it is copied once more, in the processor's cache if it fits."""


AT_LEAST = 64
"""Runs worth sharing among threads: fewer are done before the threads are made."""


@dataclass(frozen=True)
class Kernel:
    """A compiled program: its lines of the time alone, those it may record, the memory its code needs, and the code."""

    program: Program
    timed: tuple[int, ...]
    observed: tuple[int, ...]
    layout: Layout
    width: int
    code: Code

    @staticmethod
    def of(plan: KernelPlan, layout: Layout, width: int, code: Code) -> "Kernel":
        """The kernel of a plan."""
        return Kernel(plan.program, plan.timed, plan.observed, layout, width, code)


@dataclass(frozen=True)
class _Common:
    """What all calls of a batch share: arrays by field name (they must outlive the calls) and plain numbers."""

    arrays: dict[str, NDArray[Any]]
    numbers: dict[str, int]
    ring_slots: int


@dataclass(frozen=True)
class Stretch:
    """A part of a run: the steps from `start` up to `stop`.

    Attributes:
        given: (state and ring slot, run) what runs go on from; None at the opening.
        which: which of `given` each run of the batch goes on from.
        left: (state and ring slot, run) filled with where the runs of the batch end; None where nobody goes on.
    """

    start: int
    stop: int
    given: Floats | None = None
    which: NDArray[np.int64] | None = None
    left: Floats | None = None


def run_compiled(
    kernel: Kernel,
    grid: Grid,
    batch: Batch,
    record: Record,
    method: str,
    threads: int | None,
    stretch: Stretch | None = None,
) -> Recorded:
    """Run a batch, or a stretch of it; every member gives the same bits in any batch and for any number of threads."""
    threads = threads or available_threads()
    stretch = stretch or Stretch(0, grid.steps)
    common = _common(kernel, grid, batch, record, method, stretch)
    saves, states, runs = common.numbers["saves"], len(kernel.program.states), batch.runs
    out = Recorded(
        np.empty((saves + 1, len(record.snapshots), runs)),
        np.empty((common.numbers["steps"] // record.every, len(record.integrals), runs)),
        np.empty((states, runs)),
    )
    pieces = list(_pieces(batch, _piece_runs(kernel, out, stretch, runs, threads)))

    def one(piece: tuple[int, Any, int]) -> None:
        _run_piece(kernel, common, stretch, batch, out, *piece)

    if threads == 1 or len(pieces) < 2 or runs < AT_LEAST:
        for piece in pieces:
            one(piece)
    else:
        with ThreadPoolExecutor(min(threads, len(pieces))) as pool:
            list(pool.map(one, pieces))
    return out


def available_threads() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _piece_runs(kernel: Kernel, out: Recorded, stretch: Stretch, runs: int, threads: int) -> int:
    """Runs in a call: enough pieces for every thread to be busy to the end, whole groups, not too much memory."""
    lanes = kernel.layout.lanes
    groups = -(-runs // lanes)
    handed = sum(len(part) for part in (stretch.given, stretch.left) if part is not None)
    each = 8 * lanes * (out.snapshots[..., 0].size + out.integrals[..., 0].size + handed + 1) if runs else 1
    fair = -(-groups // (threads if groups < 64 * threads else 8 * threads))
    return max(1, min(fair, _PIECE_BYTES // each)) * lanes


def _pieces(batch: Batch, size: int) -> Iterator[tuple[int, Any, int]]:
    """Pieces of a batch, each of one shape: the shape, which runs (a slice or indices), and how many."""
    order = np.argsort(batch.shape, kind="stable")
    edges = np.flatnonzero(np.diff(batch.shape[order], prepend=-1, append=-1))
    for first, last in pairwise(edges):
        for start in range(first, last, size):
            members = order[start : min(start + size, last)]
            neighbours = members[-1] - members[0] + 1 == len(members)
            runs = slice(int(members[0]), int(members[-1]) + 1) if neighbours else members
            yield int(batch.shape[members[0]]), runs, len(members)


def ring_slots(kernel: Kernel, grid: Grid, method: str) -> int:
    """What fixed delays remember: a slot a stage of every step of each lag."""
    return sum(round(delay.lag / grid.dt) for delay in kernel.program.delays) * len(STAGE_TIME[method])


def _common(kernel: Kernel, grid: Grid, batch: Batch, record: Record, method: str, stretch: Stretch) -> _Common:
    program, stages = kernel.program, len(STAGE_TIME[method])
    slot = {line: i for i, line in enumerate(kernel.observed)}
    lengths = [round(delay.lag / grid.dt) for delay in program.delays]
    bases = np.concatenate([[0], np.cumsum([n * stages for n in lengths])]).astype(np.int64)
    step = np.arange(grid.steps + 1)
    past = np.zeros((grid.steps + 1, len(lengths), 2), dtype=np.int64)
    for d, n in enumerate(lengths):
        past[:, d, 0] = (bases[d] + step % n * stages) * kernel.layout.lanes * 8
        past[:, d, 1] = step >= n
    arrays: dict[str, NDArray[Any]] = {
        "columns": np.array(STAGE_TIME[method], dtype=np.int64),
        "factors": grid.dt * np.column_stack([_REACH[method], STAGE_WEIGHT[method]]),
        "timed": _timed(kernel, grid, batch)[stretch.start :],
        "first": np.concatenate([[grid.start], batch.series[:, 0, 0]]),
        "past": past[stretch.start :],
        "snapshot_slots": np.array([slot[line] for line in record.snapshots], dtype=np.int64),
        "integral_slots": np.array([slot[line] for line in record.integrals], dtype=np.int64),
    }
    numbers = {
        "steps": stretch.stop - stretch.start,
        "stages": stages,
        "every": record.every,
        "saves": -(-(stretch.stop - stretch.start) // record.every),
        "snapshot_count": len(record.snapshots),
        "integral_count": len(record.integrals),
    }
    return _Common(arrays, numbers, ring_slots(kernel, grid, method))


def _timed(kernel: Kernel, grid: Grid, batch: Batch) -> Floats:
    """Lines that depend on time alone, at every stage of every step: (steps + 1, 3, line)."""
    main, tables = kernel.program.main, kernel.program.tables
    values: dict[int, Any] = {}

    def at(line: int) -> Any:
        if line not in values:
            operation = main[line]
            number = int(operation.number) if operation.op != "constant" else 0
            if operation.op == "constant":
                values[line] = np.float64(operation.number)
            elif operation.op == "time":
                values[line] = grid.stage_times
            elif operation.op == "series":
                values[line] = batch.series[number]
            elif operation.op == "lookup":
                values[line] = np.interp(at(operation.arguments[0]), *np.array(tables[number]).T)
            else:
                values[line] = EVALUATE[operation.op](*(at(a) for a in operation.arguments))
        return values[line]

    out = np.empty((grid.steps + 1, 3, len(kernel.timed)))
    with np.errstate(all="ignore"):  # what is not a number shows in the certificate
        for i, line in enumerate(kernel.timed):
            out[:, :, i] = at(line)
    return out


def _aligned(count: int) -> Floats:
    """`count` zeros at an address that is a multiple of 64 bytes."""
    room = np.zeros(count + 8)
    return room[(-room.ctypes.data % 64) // 8 :][:count]


def _packed(values: Floats, runs: Any, count: int, lanes: int) -> Floats:
    """Rows (quantity, R) as (group, quantity, lane); the last run stands in for those a group lacks."""
    groups = -(-count // lanes)
    out = _aligned(groups * len(values) * lanes).reshape(groups, len(values), lanes)
    rows = values[:, runs]
    whole = count // lanes
    out[:whole] = rows[:, : whole * lanes].reshape(len(values), whole, lanes).transpose(1, 0, 2)
    if whole < groups:
        rest = rows[:, whole * lanes :]
        out[whole, :, : rest.shape[1]] = rest
        out[whole, :, rest.shape[1] :] = rest[:, -1:]
    return out


def _unpack(recorded: Floats, out: Floats, runs: Any, count: int) -> None:
    """(group, ..., lane) into the columns of (..., R)."""
    flat = np.moveaxis(recorded, 0, -2)
    if isinstance(runs, slice):
        lanes = recorded.shape[-1]
        whole = count // lanes
        target = out[..., runs]
        if whole:
            blocks = np.lib.stride_tricks.sliding_window_view(target, lanes, -1, writeable=True)
            blocks[..., : whole * lanes : lanes, :] = flat[..., :whole, :]
        if whole * lanes < count:
            target[..., whole * lanes :] = flat[..., whole, : count - whole * lanes]
    else:
        out[..., runs] = flat.reshape(*flat.shape[:-2], flat.shape[-2] * flat.shape[-1])[..., :count]


def _run_piece(
    kernel: Kernel, common: _Common, stretch: Stretch, batch: Batch, out: Recorded, shape: int, runs: Any, count: int
) -> None:
    size, lanes, numbers = kernel.layout, kernel.layout.lanes, common.numbers
    groups = -(-count // lanes)
    levers = np.ascontiguousarray(np.stack([batch.offset[shape], batch.slope[shape]], axis=-1).transpose(1, 2, 0, 3))
    snapshots = _aligned(groups * out.snapshots.shape[0] * out.snapshots.shape[1] * lanes)
    integrals = _aligned(groups * out.integrals.shape[0] * out.integrals.shape[1] * lanes)
    lowest = _aligned(groups * size.states * lanes)
    arrays = {
        **common.arrays,
        "parameters": _packed(batch.parameters, runs, count, lanes),
        "amounts": _packed(batch.amount, runs, count, lanes),
        "levers": levers[stretch.start :],
        "first_levers": levers,
        "ring": _aligned(common.ring_slots * lanes),
        "states": _aligned(5 * size.states * lanes),
        "slots": _aligned(size.slots * lanes),
        "running": _aligned(numbers["integral_count"] * lanes),
        "snapshots": snapshots,
        "integrals": integrals,
        "lowest": lowest,
    }
    plain = {
        **numbers,
        **{"opening": kernel.code.opening, "groups": groups, "vectors": -(-count // kernel.width)},
        **{"ring_slots": common.ring_slots, "given": 0, "left": 0},
    }
    if stretch.given is not None and stretch.which is not None:
        given = _packed(stretch.given, stretch.which[runs], count, lanes)
        plain["given"] = given.ctypes.data
    if stretch.left is not None:
        left = _aligned(groups * len(stretch.left) * lanes)
        plain["left"] = left.ctypes.data
    fields = np.array(
        [plain[name] if name in plain else arrays[name].ctypes.data for name in FRAME_FIELDS], dtype=np.uint64
    )
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(kernel.code.simulate)(fields.ctypes.data)
    _unpack(snapshots.reshape(groups, *out.snapshots.shape[:2], lanes), out.snapshots, runs, count)
    _unpack(integrals.reshape(groups, *out.integrals.shape[:2], lanes), out.integrals, runs, count)
    _unpack(lowest.reshape(groups, size.states, lanes), out.lowest, runs, count)
    if stretch.left is not None:
        _unpack(left.reshape(groups, -1, lanes), stretch.left, runs, count)
