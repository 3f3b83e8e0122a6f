"""What is kept between processes in the user's cache: compiled code, templates, the checked model, what is told of it.

The cache is a convenience: an entry that is missing, damaged or out of date is made again, and a folder that cannot be
written is no error. What lies in it is executed, so it is read only where nobody but the user can have put it: folder
and entry are the user's own and nobody else may write them. No cache rather than a doubtful one.
"""

import contextlib
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_PACKAGE = Path(__file__).parent
_DECISIVE = (".py", ".yaml", ".csv")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


_REMEMBERED = 8
"""Entries of one kind that are kept."""


def folder_for(what: str) -> Path:
    """Where one kind of things is kept for this user."""
    if "XDG_CACHE_HOME" in os.environ:
        root = Path(os.environ["XDG_CACHE_HOME"])
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = Path.home() / ".cache"
    return root / "pujiang" / what


@cache
def version() -> str:
    """What decides what is kept of the package: every line of it and its data, its place, and the Python it runs in."""
    key = hashlib.sha256(repr((sys.version, str(_PACKAGE))).encode())
    for path in sorted(_decisive(str(_PACKAGE))):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files, at every start
            key.update(path.encode() + b"\0" + file.read() + b"\0")
    return key.hexdigest()[:40]


def _decisive(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _decisive(entry.path)
            elif entry.name.endswith(_DECISIVE):
                yield entry.path


def _pickled(made: object) -> bytes:
    return pickle.dumps(made, pickle.HIGHEST_PROTOCOL)


def remembered(
    what: str,
    make: Callable[[], T],
    of: str = "",
    *,
    load: Callable[[bytes], T] = pickle.loads,
    dump: Callable[[T], bytes | None] = _pickled,
) -> T:
    """A thing of some kind from the cache, or made and put there.

    Args:
        of: what it is made of, beside the code.
        load, dump: from bytes and into them; None where it cannot be kept.
    """
    mark = f"pujiang {what} 1\n".encode()
    entry = folder_for("models") / f"{hashlib.sha256(f'{version()} {of}'.encode()).hexdigest()[:40]}.{what}"
    content = read(entry, mark)
    if content is not None:
        with contextlib.suppress(Exception):  # whatever ails what was kept, it is made anew
            return load(content)
    made = make()
    content = dump(made)
    if content is not None:
        write(entry, content, mark, _REMEMBERED)
    return made


def read(entry: Path, mark: bytes) -> bytes | None:
    """What an entry holds; None unless it is there, whole, of this mark and the user's own."""
    try:
        if not _private(entry.parent.stat()):
            return None
        with os.fdopen(os.open(entry, os.O_RDONLY | _NO_LINK), "rb") as file:
            if not _private(os.fstat(file.fileno())):  # asked of the open file: it cannot be swapped any more
                return None
            content = file.read()
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(entry)  # the time of last use, by which old entries are told
    found, digest, rest = content[: len(mark)], content[len(mark) : len(mark) + 32], content[len(mark) + 32 :]
    return rest if found == mark and hashlib.sha256(rest).digest() == digest else None


def write(entry: Path, content: bytes, mark: bytes, most: int) -> None:
    """Put an entry into its folder in one move, so that no other process sees half of it.

    Args:
        mark: what entries of this kind and version begin with.
        most: entries the folder holds; beyond, those not used for longest go.
    """
    try:
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(entry.parent.stat()):
            return
        entry.parent.chmod(0o700)
        handle, partial = tempfile.mkstemp(dir=entry.parent, suffix=".partial")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(mark + hashlib.sha256(content).digest() + content)
            Path(partial).replace(entry)
        except OSError:
            Path(partial).unlink(missing_ok=True)
        by_use = sorted(entry.parent.glob(f"*{entry.suffix}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in by_use[most:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _private(found: os.stat_result) -> bool:
    """Whether a folder or file is the user's own and nobody else may write it (Windows keeps profiles so itself)."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
