"""Arguments of the Python interface: checked at its door, by its annotations, so that what is wrong is one line."""

from collections.abc import Callable
from typing import Any, TypeVar

from pujiang import annotations

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

_LATER = {
    "os": "os",
    "xr": "xarray",
    "Case": "pujiang.api.explanations:Case",
    "Any": "typing:Any",
    "Mapping": "collections.abc:Mapping",
    "RunConfig": "pujiang.experiment.scenario:RunConfig",
    "Run": "pujiang.results.compare.cases:Run",
    "Profile": "pujiang.engine.profiles:Profile",
    "Simulation": "pujiang.engine.simulate:Simulation",
    "Method": "pujiang.engine.batch:Method",
}
"""Where the names are that modules of the interface import for type checking alone."""


def checked(function: F) -> F:
    """The function, with its arguments checked by its annotations at each call."""
    return annotations.checked(function, _LATER)


def checked_methods(owner: C) -> C:
    """The class, with the arguments of its public methods, and of its making, checked."""
    for name in ("__init__", *(name for name in dir(owner) if not name.startswith("_"))):
        method = getattr(owner, name)
        if hasattr(method, "__code__"):
            setattr(owner, name, checked(method))
    return owner
