"""A second project, small enough to be read at once: the readers and books of a town library with two branches."""

from pathlib import Path

from pujiang.calendar import Calendar
from pujiang.declare import unit
from pujiang.project import Project

from . import books, readers

FOLDER = Path(__file__).parent

PROJECT = Project(
    name="library",
    title="A town library",
    sectors=(readers, books),
    units=(unit("person", "People."), unit("paper", "Books.")),
    calendar=Calendar(first_year=2015, policy_from=2026, last_year=2030, latest_year=2060),
    data=FOLDER / "data",
    configs=FOLDER / "configs",
)
