"""Locks on folders under construction: two processes do not work on one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pujiang.errors import InputError
from pujiang.results.places import is_url
from pujiang.results.record import UNFINISHED

LOCK = f"{UNFINISHED}/lock"


@contextmanager
def locked(partial: Path) -> Iterator[None]:
    """Keep others from working on the same folder; a process that dies lets go.

    Raises:
        InputError: if somebody works on it.
    """
    (partial / UNFINISHED).mkdir(exist_ok=True, parents=True)
    if is_url(partial):  # no such locks there: two on one sweep write the same bytes twice
        yield
        return
    file = (partial / LOCK).open("w")
    try:
        if not _lock(file):
            raise InputError(f"'{partial}': another process is working on it")
        yield
    finally:
        file.close()


def is_locked(partial: Path) -> bool:
    """Whether somebody works on it."""
    with (partial / LOCK).open("a") as file:
        return not _lock(file)


def _lock(file: Any) -> bool:
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: two processes on one folder are then the user's to avoid
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
