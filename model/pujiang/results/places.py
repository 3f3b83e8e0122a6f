"""Where results lie: a folder of the disk, or one of a store of objects that a URL names (s3://, gs://, memory://)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pujiang.errors import InputError


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


@contextmanager
def one_line_of(url: Path) -> Iterator[None]:
    """What a store of objects refuses, in one line."""
    try:
        yield
    except OSError as error:
        raise InputError(f"'{url}' cannot be used: {error}") from error


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
        (there / name).write_bytes((here / name).read_bytes())


def remove(there: Path) -> None:
    """Remove a folder of a store of objects with all there is in it."""
    place: Any = there
    if there.exists():
        place.fs.rm(place.path, recursive=True)
