"""All that is about the city, as one project."""

from pathlib import Path

from pujiang.project import Project
from pujiang.shanghai.calendar import CALENDAR
from pujiang.shanghai.extremes import EXTREMES
from pujiang.shanghai.goals import PRESENTATION
from pujiang.shanghai.sectors import FULL
from pujiang.shanghai.units import UNITS

_PACKAGE = Path(__file__).parents[1]
_INSTALLED = _PACKAGE / "configs"

PROJECT = Project(
    name="shanghai",
    title="Shanghai's high-tech economy",
    sectors=FULL,
    units=UNITS,
    calendar=CALENDAR,
    presentation=PRESENTATION,
    extremes=EXTREMES,
    data=Path(__file__).parent / "data",
    configs=_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parents[1] / "configs",
)
