"""What is noted of the parts of a sweep that are written: a file a part, put in place when the part is whole.

Where runs are reduced, notes hold what a part's runs come to; those of the first parts are folded into one, always in
the order of the parts, so that there are few of them and their sum has the same bits, in whatever order they came.
"""

import io
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from pujiang.annotations import check
from pujiang.errors import InputError
from pujiang.experiment.reduction import Reduction, as_arrays, filled
from pujiang.reading import damaged
from pujiang.results.places import put
from pujiang.results.record import UNFINISHED

DONE = f"{UNFINISHED}/blocks"
FOLDED = "folded.npz"
FOLD_AT = 32
"""Notes that may lie there before they are folded into one."""

Array = NDArray[Any]


class SpanRecord(TypedDict):
    """Lowest and highest value of an outcome by year; null where one was no number."""

    low: list[float | None]
    high: list[float | None]


class PartRecord(TypedDict, total=False):
    """What is noted of a part that is written; of folded parts, also how many they are."""

    spans: dict[str, SpanRecord]
    lowest: list[float | None]
    processors: list[str]
    files: dict[str, str]
    parts: int


@dataclass
class Note:
    """What is noted of a part: the lowest value of every state, on what it was computed, the checksums of files where
    a store is elsewhere; and the spans of outcomes by year, or what its runs come to."""

    lowest: Array
    processors: list[str]
    files: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    reduction: Reduction | None = None


class Notes:
    """The notes of a sweep below a folder, its own or one of a store."""

    def __init__(self, home: Path, parts: int, empty: Callable[[], Reduction] | None) -> None:
        """`empty`: a reduction of no run, where runs are reduced."""
        self._folder, self._parts, self._empty = home / DONE, parts, empty
        self._folder.mkdir(parents=True, exist_ok=True)
        self._end = ".json" if empty is None else ".npz"
        self._folded = 0

    @cached_property
    def _sum(self) -> Note:
        """The notes of the first parts, as far as they are folded."""
        if self._empty is None:
            return Note(np.empty(0), [])
        if not (self._folder / FOLDED).is_file():
            return Note(np.empty(0), [], reduction=self._empty())
        record, found = self._read(self._folder / FOLDED)
        self._folded = int(record["parts"])
        return found

    def done(self) -> set[int]:
        """The numbers of the parts that are written."""
        files = self._files()
        return set(range(self._folded)) | set(files)

    def write(self, number: int, note: Note) -> None:
        """Note that a part is written."""
        put(self._folder / f"{number:07d}{self._end}", self._packed(note))

    def total(self) -> Note:
        """All notes as one."""
        if self._empty is not None:
            self.fold(0)
            return self._sum
        total = Note(np.empty(0), [])
        for _, path in sorted(self._files().items()):
            _add(total, self._read(path)[1])
        return total

    def fold(self, least: int = FOLD_AT) -> None:
        """Fold the notes of parts that follow on those folded, where there are more than so many."""
        if self._empty is None:
            return
        files = self._files()
        ready = self._folded
        while ready in files:
            ready += 1
        if ready - self._folded <= least:
            return
        for number in range(self._folded, ready):
            _add(self._sum, self._read(files[number])[1])
        self._folded = ready
        put(self._folder / FOLDED, self._packed(self._sum, parts=ready))
        for number, path in files.items():
            if number < ready:
                path.unlink()

    def _files(self) -> dict[int, Path]:
        found, _ = {}, self._sum
        for path in _inside(self._folder):
            if path.name == FOLDED or path.suffix != self._end:
                continue
            if not path.stem.isdecimal() or int(path.stem) >= self._parts:
                raise InputError(f"'{path}' is damaged: no block of this sweep is called so")
            if int(path.stem) >= self._folded:
                found[int(path.stem)] = path
        return found

    def _packed(self, note: Note, **more: Any) -> bytes:
        spans = {name: {"low": _finite(low), "high": _finite(high)} for name, (low, high) in note.spans.items()}
        record = {"lowest": _finite(note.lowest), "processors": note.processors, "files": note.files, **more}
        if note.reduction is None:
            return json.dumps({"spans": spans, **record}).encode()
        text, content = np.frombuffer(json.dumps(record).encode(), dtype=np.uint8), io.BytesIO()
        arrays: dict[str, Any] = {"record": text, **as_arrays(note.reduction)}
        np.savez_compressed(content, **arrays)
        return content.getvalue()

    def _read(self, path: Path) -> tuple[dict[str, Any], Note]:
        with damaged(f"'{path}' is damaged"):
            content = path.read_bytes()
            reduction = None
            if self._empty is None:
                record = json.loads(content)
            else:
                with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                    record, reduction = json.loads(arrays["record"].tobytes()), filled(self._empty(), arrays)
            check(record, PartRecord, f"'{path}' is damaged")
            spans = {
                name: (np.array(span["low"], dtype=float), np.array(span["high"], dtype=float))
                for name, span in record.get("spans", {}).items()
            }
            lowest = np.array(record["lowest"], dtype=float)
            return record, Note(lowest, record.get("processors", []), record.get("files", {}), spans, reduction)


def _add(total: Note, note: Note) -> None:
    """Add a note to the total of others."""
    total.lowest = np.minimum(total.lowest, note.lowest) if total.lowest.size else note.lowest
    total.processors = sorted({*total.processors, *note.processors})
    total.files |= note.files
    for name, (low, high) in note.spans.items():
        before = total.spans.get(name, (low, high))
        total.spans[name] = (np.minimum(before[0], low), np.maximum(before[1], high))
    if total.reduction is not None and note.reduction is not None:
        total.reduction.merge(note.reduction)


def is_begun(home: Path) -> bool:
    """Whether any part is written."""
    return any(path.suffix in (".json", ".npz") for path in _inside(home / DONE))


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def clear_drafts(home: Path) -> None:
    """Remove notes that were being written."""
    for path in _inside(home / DONE):
        if path.suffix == ".draft":
            path.unlink()


def _finite(values: Iterable[float]) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]
