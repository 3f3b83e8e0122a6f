"""The shipped model, checked once and kept in the user's cache until a file of the package changes.

Reading the sectors and checking them takes longer than a simulation. What is kept is the whole system but the functions
of its equations, which nothing but the check of loops calls: each is imported when it is looked into.
"""

import io
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from types import FunctionType
from typing import Any

from pujiang import cache
from pujiang.declare import Dimension
from pujiang.engine.expression import Node
from pujiang.engine.program import Operation
from pujiang.engine.system import System

_DIMENSIONS = ".dimensions"
"""The module of a project that shares dimensions: equations and a kept system must have the very same."""


@dataclass(frozen=True)
class Kept:
    """What is needed of a project whose sectors are checked already."""

    system: System
    data: Path | None
    configs: Path | None


class Deferred:
    """A function by its place, imported when it is looked into or called."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.place = module, name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") and attribute not in _OF_FUNCTIONS:
            raise AttributeError(attribute)  # what pickle and copy ask of every value
        return self.place if attribute == "__qualname__" else getattr(_function(self.__module__, self.place), attribute)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _function(self.__module__, self.place)(*args, **kwargs)


_OF_FUNCTIONS = ("__code__", "__globals__", "__name__", "__qualname__", "__defaults__", "__closure__")


def _function(module: str, name: str) -> Any:
    found = attrgetter(name)(import_module(module))
    return getattr(found, "equation", found)


def kept(make: Callable[[], Kept]) -> Kept:
    """The shipped model from the cache, or made and put there."""
    return cache.remembered("model", make, load=_loaded, dump=_dumped)


def _loaded(content: bytes) -> Kept:
    found = pickle.loads(content)
    if not isinstance(found, Kept):
        raise TypeError
    return found


def _dumped(made: Kept) -> bytes | None:
    into = io.BytesIO()
    try:
        _Pickler(into, pickle.HIGHEST_PROTOCOL).dump(made)
    except (pickle.PicklingError, TypeError, AttributeError):  # a project may hold what no pickle takes
        return None
    return into.getvalue()


class _Pickler(pickle.Pickler):
    """Functions go by their place, and so do shared dimensions; declarations with an equation, by their fields.

    So do the thousands of nodes and operations, in order: the way of frozen dataclasses with slots takes twice as long.
    """

    def reducer_override(self, found: Any) -> Any:
        if isinstance(found, FunctionType) and found.__module__ != __name__:
            return Deferred, (found.__module__, found.__qualname__)
        if isinstance(found, Dimension) and id(found) in _shared_dimensions():
            return _named, _shared_dimensions()[id(found)]
        if isinstance(found, Node | Operation):
            return type(found), tuple(getattr(found, part.name) for part in fields(found))
        if is_dataclass(type(found)) and hasattr(found, "equation"):
            return _with_fields, (type(found), {part.name: getattr(found, part.name) for part in fields(found)})
        return NotImplemented


def _shared_dimensions() -> dict[int, tuple[str, str]]:
    modules = [(name, module) for name, module in sys.modules.items() if name.endswith(_DIMENSIONS)]
    return {
        id(value): (name, called)
        for name, module in modules
        for called, value in vars(module).items()
        if isinstance(value, Dimension)
    }


def _named(module: str, name: str) -> Any:
    return attrgetter(name)(import_module(module))


def _with_fields(kind: Any, values: dict[str, Any]) -> Any:
    return kind(**values)
