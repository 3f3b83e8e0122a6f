"""Kernels by their programs: what running one needs is kept, so that its text need not be written again.

To plan a program and write its IR takes longer than to load what it was compiled to. An entry is named by a hash of the
program, of what is recorded, of the width, and of the files that write the text.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path

from pujiang import cache as cached
from pujiang.engine.kernel.compile import Processor, cache_folder, key_of, load_kept
from pujiang.engine.kernel.frame import Layout
from pujiang.engine.kernel.runs import Kernel
from pujiang.engine.program import Program

_MARK = b"pujiang plan 1\n"
_KEPT = 64


def read(program: Program, recorded: Sequence[int], width: int | None, processor: Processor) -> Kernel | None:
    """The kernel of a program from the cache; None where it is not whole there."""
    content = cached.read(_entry(program, recorded, width, processor), _MARK)
    with suppress(ValueError, KeyError, TypeError):
        found = json.loads(content or b"")
        code = load_kept(found["objects"], processor)
        if code is not None:
            return Kernel(
                program, tuple(found["timed"]), tuple(recorded), Layout(*found["layout"]), found["width"], code
            )
    return None


def write(kernel: Kernel, width: int | None, processor: Processor, objects: Sequence[str]) -> None:
    """Keep what is known of a kernel; `objects` are the names of its entries of code."""
    facts = {"objects": objects, "timed": kernel.timed, "layout": astuple(kernel.layout), "width": kernel.width}
    cached.write(_entry(kernel.program, kernel.observed, width, processor), json.dumps(facts).encode(), _MARK, _KEPT)


def _entry(program: Program, recorded: Sequence[int], width: int | None, processor: Processor) -> Path:
    parts = (program.fingerprint, repr(tuple(recorded)), repr(width), _writers())
    return cache_folder() / f"{key_of(processor, *parts)}.plan"


@cache
def _writers() -> str:
    """A hash of the files that decide the text of a kernel."""
    folder = Path(__file__).parent
    key = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), folder.parent / "program.py", folder.parents[1] / "operations.py"]):
        key.update(path.read_bytes())
    return key.hexdigest()
