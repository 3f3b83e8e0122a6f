"""A sweep under construction: what it depends on, whether it can be resumed, and what of it is a draft."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pujiang.errors import InputError
from pujiang.reading import damaged
from pujiang.results.locks import is_locked
from pujiang.results.places import is_url, put
from pujiang.results.record import MANIFEST, UNFINISHED, to_json
from pujiang.results.sweep_notes import clear_drafts as clear_notes
from pujiang.results.sweep_notes import is_begun
from pujiang.results.sweep_store import STORE

IDENTITY = f"{UNFINISHED}/identity.json"


def can_be_resumed(partial: Path) -> bool:
    """Whether an interrupted sweep has finished blocks, or lacks nothing but its name."""
    return is_whole(partial) or is_begun(partial)


def is_whole(partial: Path) -> bool:
    """Whether a sweep was interrupted after its last file, the manifest, was written."""
    return (partial / MANIFEST).is_file()


def interrupted(folder: Path, identity: Mapping[str, str]) -> list[Path]:
    """Interrupted sweeps below `folder` that are the same as this one and nobody is working on."""
    found = []
    for path in sorted(folder.glob("*.partial")) if folder.is_dir() else ():
        try:
            same = _identity(path) == identity
        except InputError:
            continue
        if same and can_be_resumed(path) and not is_locked(path):
            found.append(path)
    return found


def _identity(home: Path) -> dict[str, Any]:
    with damaged(f"'{home / IDENTITY}' cannot be read"):
        found = json.loads((home / IDENTITY).read_bytes())
        return dict(found)


def check_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Refuse to resume a sweep that model, data, fit or engine have moved away from.

    Raises:
        InputError: naming what is different.
    """
    try:
        was = _identity(partial)
    except InputError as error:
        raise InputError(f"'{partial}' cannot be resumed: it has no readable {IDENTITY}: {error}") from error
    different = [name for name in identity if was.get(name) != identity[name]]
    if different:
        raise InputError(
            f"'{partial}' cannot be resumed: other than when it was started are {', '.join(different)}; start it anew"
        )


def clear_drafts(partial: Path) -> None:
    """Remove what a killed sweep was in the middle of writing."""
    clear_notes(partial)
    if not is_url(partial):  # a store of objects has nothing that is half there
        for draft in (partial / STORE).rglob("*.partial"):
            draft.unlink()


def write_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Note what the sweep depends on."""
    put(partial / IDENTITY, to_json(identity).encode())
