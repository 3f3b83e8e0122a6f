"""Where results lie: a folder of the disk, or one of a store of objects that a URL names (s3://, gs://, memory://)."""

import errno
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from pujiang.errors import InputError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
WAITS = (0.2, 1.0, 3.0, 10.0, 20.0, 30.0)
"""Seconds between attempts at what a store refused."""

Done = TypeVar("Done")


def is_url(place: Any) -> bool:
    """Whether a place is one of a store of objects, and no folder of the disk."""
    return "://" in str(place)


def at_url(url: str) -> Path:
    """The folder a URL names, to be used as a path is.

    Who may read and write it the environment says, as the store's own tools have it; never the URL, which is written
    into logs.

    Raises:
        InputError: if the URL holds a password, or its kind of store is not to be had here.
    """
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None or parts.query:
        raise InputError(f"'{parts.scheme}://…' holds credentials; they come from the environment alone")
    try:
        from upath import UPath
    except ImportError as error:
        raise InputError(f"'{url}': needs universal-pathlib ({error}): pip install 'pujiang[cluster]'") from None
    try:
        found = UPath(url, **({"auto_mkdir": True} if parts.scheme in ("file", "local") else {}))
        _ = found.fs  # the library of this kind of store is loaded here
    except (ImportError, ValueError) as error:
        raise InputError(f"'{url}': cannot be used: {' '.join(str(error).split())}") from None
    return cast(Path, found)


def options_of(folder: Path) -> dict[str, Any] | None:
    """What other libraries must be told beside the URL of a folder; None of one of the disk."""
    place: Any = folder
    return dict(place.storage_options) if is_url(folder) else None


def patiently(what: Callable[[], Done]) -> Done:
    """What a store may refuse for a while, tried again over a minute; the last refusal is raised.

    A full disk, and what may never be written, is no such refusal.
    """
    for wait in WAITS:
        try:
            return what()
        except Exception as error:
            if not _of_a_store(error) or isinstance(error, PermissionError | FileNotFoundError):
                raise
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise
        time.sleep(wait)
    return what()


def _of_a_store(error: Exception) -> bool:
    """Whether an error is one of a disk or of a client of some store, and not of a program."""
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] not in ("builtins", "pujiang", "zarr")


def put(path: Path, content: bytes) -> None:
    """A file that is there whole or not at all: renamed on a disk; a store of objects has it no other way."""
    if is_url(path):
        patiently(partial(path.write_bytes, content))
        return
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


@contextmanager
def one_line_of(url: Path) -> Iterator[None]:
    """What a store refuses, in one line."""
    try:
        yield
    except Exception as error:
        if not _of_a_store(error):
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"'{url}' cannot be used: {reason}") from None


def fetch_run(here: Path, there: Path) -> None:
    """Bring the files of a run, but not what lies in folders of it, from a store of objects onto this disk.

    Raises:
        InputError: if there is no run, finished or not.
    """
    with one_line_of(there):
        names = [path.name for path in there.iterdir() if path.is_file()] if there.is_dir() else []
        if not names:
            raise InputError(f"no run '{there}'")
        for name in names:
            (here / name).write_bytes((there / name).read_bytes())


def send(here: Path, there: Path, names: Iterable[str]) -> None:
    """Bring files of this disk into a store of objects, in this order."""
    for name in names:
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        put(there / name, (here / name).read_bytes())


def remove(there: Path) -> None:
    """Remove a folder of a store of objects with all there is in it."""
    place: Any = there
    if there.exists():
        place.fs.rm(place.path, recursive=True)
