"""Which project is at hand: the shipped one, the folder of another, or a model of another tool."""

import hashlib
import os
import sys
import traceback
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from pujiang import environment
from pujiang.errors import InputError, ModelError
from pujiang.exchange import SUFFIXES
from pujiang.project import Project
from pujiang.values import path


def at_hand(folder: str | os.PathLike[str] | None = None) -> Project:
    """The project in a folder, or a file; without one that of PUJIANG_PROJECT, else the shipped one."""
    named = environment.project() if folder is None else folder
    if not named:
        return shipped()
    found = Path(path(named, "project"))
    return project_of(found) if found.suffix.lower() in SUFFIXES else project_in(found.resolve())


def shipped() -> Project:
    """The project that comes with the package."""
    try:
        from pujiang.shanghai import PROJECT  # the one line that knows it
    except (TypeError, ValueError, NameError, AttributeError, ImportError) as error:
        raise ModelError(_told(error, Path(__file__).parents[1])) from error
    return PROJECT


def project_of(path: Path) -> Project:
    """A model of another tool as a project without data or scenarios, its unit of time taken for a year.

    Raises:
        InputError: one line: file, line, name, and what of it is not read.
    """
    from pujiang.exchange.read import read

    found = read(path)
    return Project(found.sector.__name__, title=path.stem, sectors=(found.sector,), units=None, calendar=found.calendar)


@cache
def project_in(folder: Path) -> Project:
    """The `PROJECT` of the package in a folder, which may import its own modules relatively (`from . import firms`).

    Raises:
        InputError: if there is no such package, it cannot be imported, or it has no `PROJECT`.
    """
    file = folder / "__init__.py"
    if not file.is_file():
        raise InputError(f"project: '{folder}' is no project: it has no __init__.py that makes a PROJECT")
    name = f"{folder.name}_{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}".replace(".", "_")
    spec = spec_from_file_location(name, file, submodule_search_locations=[str(folder)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (InputError, ModelError):
        raise
    except Exception as error:
        raise InputError(f"project: '{file}' cannot be imported: {_told(error, folder)}") from error
    found = getattr(module, "PROJECT", None)
    if not isinstance(found, Project):
        raise InputError(f"project: '{file}' has no PROJECT that is a pujiang.Project")
    return found


def _told(error: Exception, folder: Path) -> str:
    """An error of Python in one line, with the last line of the project that led to it: "firms.py:16: ..."."""
    every = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in every if Path(frame.filename).is_relative_to(folder)]
    place = f"{Path(frames[-1].filename).relative_to(folder)}:{frames[-1].lineno}: " if frames else ""
    return place + " ".join(f"{type(error).__name__}: {error}".split())
