"""Long commands that can be interrupted: the folder they build, what of it is kept, and how they go on."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pujiang.errors import InputError
from pujiang.experiment.cluster import ClusterLostError
from pujiang.results import run_folder
from pujiang.results.locks import locked

CanBeResumed = Callable[[Path], bool]


def unfinished(given: str | None, noun: str, can_be_resumed: CanBeResumed) -> Path | None:
    """The folder that --resume names; None where it was not given.

    Raises:
        InputError: if it is not that of an interrupted command of this kind.
    """
    if given is None:
        return None
    path = Path(given)
    if not path.name.endswith(run_folder.PARTIAL) or not can_be_resumed(path):
        raise InputError(f"--resume: found '{path}', needs the folder of an interrupted {noun}, <id>.partial")
    return path


@contextmanager
def building(folder: Path, resume: Path | None, command: str, can_be_resumed: CanBeResumed) -> Iterator[Path]:
    """A new folder under construction, or the one to go on with; what can be resumed is kept, and said."""
    partial = resume
    try:
        if partial is None:
            with run_folder.building(folder, keep=can_be_resumed) as partial, locked(partial):
                yield partial
        else:
            with run_folder.one_line(partial.parent), locked(partial):
                yield partial
    except (KeyboardInterrupt, ClusterLostError) as error:
        if partial is None or not can_be_resumed(partial):
            raise
        how = f"to go on: pujiang {command} --resume {partial}"
        if isinstance(error, ClusterLostError):
            raise InputError(f"{error}; {how}") from error
        sys.stderr.write(f"\npujiang: stopped; {how}\n")
        raise
