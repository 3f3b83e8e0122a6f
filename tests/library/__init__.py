"""A second project, small enough to be read at once: the readers and books of a town library with two branches."""

from pathlib import Path

from pujiang.project import Project

from . import books, readers

FOLDER = Path(__file__).parent

PROJECT = Project(
    name="library",
    title="A town library",
    sectors=(readers, books),
    data=FOLDER / "data",
    configs=FOLDER / "configs",
)
