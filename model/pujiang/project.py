"""A project: everything that is about one place, and nothing about how it is computed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pujiang.annotations import checked
from pujiang.calendar import Calendar
from pujiang.conditions import Extreme
from pujiang.declare import Unit
from pujiang.errors import InputError
from pujiang.presentation import PLAIN, Presentation
from pujiang.values import shown


@dataclass(frozen=True, eq=False)
class Project:
    """A model and what surrounds it.

    Attributes:
        name: a short name, in lower case.
        title: what the model is of, in words.
        sectors: modules (or classes used as namespaces) whose names are declarations.
        units: base units that several sectors share; a sector may declare its own beside them. None where units are
            words that nobody checks.
        calendar: the years it is about.
        presentation: what results show first, the goals of the plan, words in other languages.
        extremes: conditions far outside experience, and what must come of them.
        data: the folder of observations, inputs and where they come from; None where there are none.
        configs: the folder of config.yaml, scenario/, shock/ and fit/; None where the baseline is all there is.
    """

    name: str
    title: str = ""
    sectors: tuple[Any, ...] = ()
    units: tuple[Unit, ...] | None = ()
    calendar: Calendar = Calendar()
    presentation: Presentation = PLAIN
    extremes: tuple[Extreme, ...] = ()
    data: Path | None = None
    configs: Path | None = None

    def __post_init__(self) -> None:
        for place, sector in enumerate(self.sectors):
            if not hasattr(sector, "__name__") or not hasattr(sector, "__dict__"):
                raise InputError(
                    f"pujiang.Project: sectors[{place}]: found {shown(sector)}, needs a module, or a class used as one"
                )

    def folder_of(self, what: str) -> Path:
        """The folder `data` or `configs`.

        Raises:
            InputError: where the project has none.
        """
        folder: Path | None = getattr(self, what)
        if folder is None:
            raise InputError(f"project '{self.name}' has no {what}; give it a folder: pujiang.Project(..., {what}=...)")
        return folder


Project.__init__ = checked(Project.__init__)  # type: ignore[method-assign]
