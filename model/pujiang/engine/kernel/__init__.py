"""The compiled engine: a program as fused vector code over blocks of runs, near the speed of C.

It gives what reference.py gives, to rounding, some hundred times faster. Parameters, initial values, lever
paths, data, step, method and span are data: only another program, or other lines to record, is compiled anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pujiang.engine.batch import Batch, Grid, Record, Recorded
from pujiang.engine.kernel import kept
from pujiang.engine.kernel.compile import entry_names, load_code, this_processor, unavailable
from pujiang.engine.kernel.frame import layout
from pujiang.engine.kernel.history import run_together
from pujiang.engine.kernel.ir import opening_module, stage_module
from pujiang.engine.kernel.plan import planned
from pujiang.engine.kernel.runs import Kernel
from pujiang.engine.program import Program

__all__ = ["compiled", "run", "run_chunks", "unavailable"]


def run(
    program: Program,
    grid: Grid,
    batch: Batch,
    record: Record,
    method: str,
    threads: int | None = None,
    width: int | None = None,
) -> Recorded:
    """Run every run of a batch; the same as the reference engine, to rounding.

    Member k of a batch gives the same bits as a run of k alone, for any number of threads.

    Args:
        threads: how many to use; None means all processors.
        width: doubles in a vector; None means what the processor has.
    """
    kernel = compiled(program, (*record.snapshots, *record.integrals), width)
    return run_together(kernel, grid, batch, record, method, threads)


def run_chunks(
    program: Program, grid: Grid, batch: Batch, record: Record, method: str, size: int = 16_384
) -> Iterator[Recorded]:
    """Run a batch too large for memory, `size` runs at a time."""
    for start in range(0, batch.runs, size):
        yield run(program, grid, batch.part(start, min(start + size, batch.runs)), record, method)


def compiled(program: Program, recorded: Sequence[int], width: int | None = None) -> Kernel:
    """The kernel of a program of which some lines may be recorded; compiled once, then remembered.

    Raises:
        RuntimeError: where kernels cannot be compiled (see unavailable).
    """
    reason = unavailable()
    if reason is not None:
        raise RuntimeError(f"no kernel can be compiled here: {reason}")
    return _compiled(_Same(program), tuple(sorted(set(recorded))), width)


@dataclass(frozen=True, eq=False)
class _Same:
    """A program as a key: equal only to itself, so that looking it up does not read through it."""

    program: Program

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.program is self.program

    def __hash__(self) -> int:
        return id(self.program)


@lru_cache(maxsize=16)
def _compiled(program: _Same, recorded: tuple[int, ...], width: int | None) -> Kernel:
    known = kept.read(program.program, recorded, width, this_processor())
    if known is not None:
        return known
    made = planned(program.program, recorded)
    # A stage of a small model is one chain of causes, too short to fill the processor: two registers are computed
    # side by side, and four such pairs in turn. A large model fills it alone, and lasts long to compile.
    small = len(made.stage.chunks) == 1
    vector = width or this_processor().width * (2 if small else 1)
    lanes = vector * (4 if small else 1)
    modules = (opening_module(made, vector, lanes), stage_module(made, vector, lanes))
    kernel = Kernel.of(made, layout(made, lanes), vector, load_code(modules, this_processor()))
    kept.write(kernel, width, this_processor(), entry_names(modules, this_processor()))
    return kernel
