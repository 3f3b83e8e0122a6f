"""Where runs are: all below a folder, the latest, or the one somebody names."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pujiang.errors import InputError, nearest
from pujiang.reading import read_text
from pujiang.results.record import MANIFEST, manifest_in
from pujiang.values import path as path_of

PARTIAL = ".partial"
LATEST = "latest"


def runs(folder: Path) -> list[Path]:
    """The finished runs below `folder`, oldest first: with a manifest, no links, no `.partial`."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix != PARTIAL and not path.is_symlink() and (path / MANIFEST).is_file()
    )


Wanted = Callable[[Mapping[str, Any]], bool]
"""Whether a run is of the kind that is needed, by its manifest."""


def holds_scenarios(record: Mapping[str, Any]) -> bool:
    """Whether a run has annual outcomes to read: it is of scenarios, or a sweep."""
    return record.get("kind") == "sweep" or "annual.nc" in record["files"]


def latest(folder: Path, wanted: Wanted | None = None) -> Path:
    """The newest finished run below `folder` (of those wanted); InputError where there is none."""
    pointer = folder / LATEST
    named = pointer
    if pointer.is_file():
        named = folder / path_of(read_text(pointer, most=1000).strip() or LATEST, f"'{pointer}'")
    if (named / MANIFEST).is_file() and (wanted is None or wanted(manifest_in(named))):
        return named.resolve()
    # `latest` was deleted, the run it named was, or it is of another kind
    for path in reversed(runs(folder)):
        if wanted is None or wanted(manifest_in(path)):
            return path
    kind = "" if wanted is None else " of the kind that is needed"
    raise InputError(f"no finished run{kind} in '{folder}'; start one with 'pujiang run'")


def find(run: str | os.PathLike[str], folder: Path = Path("runs"), wanted: Wanted | None = None) -> Path:
    """The folder of a run given as a path, as an id below `folder` or the end of one, or as "latest" (or a path
    ending so): the newest of those wanted."""
    path, _ = Path(path_of(run, "run")), path_of(folder, "folder")
    if path.name == LATEST:
        return latest(folder if path == Path(LATEST) else path.parent, wanted)
    if path.name.endswith(PARTIAL):
        raise InputError(f"'{path}' is not a run: it is still running or was interrupted")
    ids = [finished.name for finished in runs(folder)]
    ends = [name for name in ids if name.rpartition("-")[2] == str(run)]
    place = path if path.is_dir() else folder / (ends[0] if len(ends) == 1 else path)
    if not place.is_dir():
        hint = nearest(path.name, ids)
        raise InputError(f"no run '{path}': allowed is a run folder, an id below '{folder}', or 'latest'{hint}")
    if not (place / MANIFEST).is_file():
        raise InputError(f"'{place}' is not a run: it has no {MANIFEST}")
    return place.resolve()
