"""The methods of `Model` as functions.

Each is of the project at hand, loaded once; of another model with `system=`, of another project with `project=`.
"""

from collections.abc import Callable, Iterable
from functools import cache, update_wrapper
from inspect import signature
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from pujiang.annotations import check as check_argument
from pujiang.api.arguments import checked
from pujiang.api.loaded import Loaded, PathLike
from pujiang.api.model import Model
from pujiang.api.projects import at_hand, project_of
from pujiang.engine.system import System
from pujiang.project import Project

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


@cache
def loaded(project: Project) -> Model:
    """The model of a project, the same at every call."""
    return Model(project)


def _of_project_at_hand(method: Callable[Concatenate[Loaded, P], T]) -> Callable[P, T]:
    """A method of `Model` as a function of the model of the project at hand."""

    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        given: dict[str, Any] = kwargs
        system, project = given.pop("system", None), given.pop("project", None)
        check_argument(project, Project | PathLike | None, "project")
        whole = project if isinstance(project, Project) else at_hand(project)
        model = loaded(whole) if system is None else Model(whole, system=system)
        return method(model, *args, **kwargs)

    return _told_as(method, function)


def _of_system(method: Callable[Concatenate[Loaded, P], T]) -> Callable[Concatenate[System, P], T]:
    """A method of `Model` as a function of a system."""

    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        given: dict[str, Any] = kwargs
        found: tuple[Any, ...] = (given.pop("system"), *args) if "system" in given else args or (None,)
        system, *rest = found
        check_argument(system, System, "system")
        return method(Model(system=system), *rest, **kwargs)

    return _told_as(method, function)  # type: ignore[return-value]  # it may be named


def _told_as(method: Callable[..., Any], function: F) -> F:
    """The function with the name, help and signature of the method, but for the model."""
    update_wrapper(function, method)
    whole = signature(method)
    function.__signature__ = whole.replace(parameters=[*whole.parameters.values()][1:])  # type: ignore[attr-defined]
    return function


@checked
def load_model(sectors: Iterable[Any] | None = None, **changes: Any) -> System:
    """Check sectors and make a system of them; by default those of the project at hand.

    Args:
        changes: other fields of the project (see `pujiang.Project`) that are otherwise.

    Raises:
        ModelError: listing every fault of the sectors.
    """
    if sectors is None and not changes:
        return loaded(at_hand()).system
    return Model(**changes if sectors is None else {"sectors": tuple(sectors), **changes}).system


@checked
def read(path: PathLike) -> Model:
    """A model of another tool, from XMILE (.xmile, .stmx, .itmx, .xml) or Vensim's format (.mdl).

    Its numbers become parameters, whose bounds and priors may stand in a YAML file of its name beside it; every
    element of an array becomes a quantity of its own; a unit of its time counts as a year.

    Raises:
        InputError: one line: file, line, name, and what of it is not read.
    """
    return Model(project_of(Path(path)))


configure = _of_project_at_hand(Model.configure)
run = _of_project_at_hand(Model.run)
outcomes = _of_project_at_hand(Model.outcomes)
simulate = _of_system(Model.simulate)
save = _of_project_at_hand(Model.save)
sweep = _of_project_at_hand(Model.sweep)
sensitivity = _of_project_at_hand(Model.sensitivity)
calibrate = _of_project_at_hand(Model.calibrate)
compare = _of_project_at_hand(Model.compare)
explain = _of_project_at_hand(Model.explain)
loops = _of_project_at_hand(Model.loops)
report = _of_project_at_hand(Model.report)
page = _of_project_at_hand(Model.page)
describe = _of_project_at_hand(Model.describe)
check = _of_project_at_hand(Model.check)
export = _of_project_at_hand(Model.export)
hindcast = _of_project_at_hand(Model.hindcast)
