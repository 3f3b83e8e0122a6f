"""The commands, one a file: `main(arguments)` calls the Python API, prints, and returns the exit status."""

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang import environment
from pujiang.errors import InputError, nearest

if TYPE_CHECKING:
    from pujiang.api.loaded import Loaded
    from pujiang.documentation.answers import Answers


def model_of(arguments: argparse.Namespace) -> "Loaded":
    """The model of the project that the command line, or the environment, names."""
    from pujiang.api.loaded import Loaded

    return Loaded(arguments.project)


def answers_of(arguments: argparse.Namespace) -> "Answers":
    """What is told of the model at hand: without loading it, where that is the shipped one and it was asked before."""
    from pujiang.documentation.answers import answers, kept

    def made() -> "Answers":
        model = model_of(arguments)
        return answers(model.system, model.evidence(), model.folders()[-1])

    return made() if arguments.project or environment.project() else kept(made)


def say(text: str = "") -> None:
    """Print a line of results."""
    sys.stdout.write(f"{text}\n")


def say_whose(model: "Loaded", evidence: str) -> None:
    """Where the data are not all the project's own, print which file was read from where."""
    if evidence == "shipped":
        return
    files = model.evidence(evidence).files
    own = [name for name, path in files.items() if path.parent == Path(evidence)]
    rest = [name for name in files if name not in own]
    say(f"Evidence: {', '.join(own)} from {evidence}; shipped: {', '.join(rest) or 'none'}")


def refuse_others(changes: Iterable[str], command: str, allowed: Sequence[str]) -> None:
    """Raise InputError where a word sets what a command does not take."""
    for key in changes:
        if key not in allowed:
            raise InputError(f"{key}: not a setting of {command}; allowed: {', '.join(allowed)}{nearest(key, allowed)}")


def on_one(cluster: object) -> str:
    """What is said of a time that was measured here, where the work is done by a cluster."""
    return "" if cluster is None else " on this machine alone"


def source_checkout(model: "Loaded", what: str, hint: str = "") -> Path:
    """The root of the checkout that --ship renews: an installed package never writes into itself.

    Raises:
        InputError: where there is none.
    """
    root = model.shipped_fit.parents[2]
    if not (root / "pyproject.toml").is_file():
        raise InputError(f"--ship: renews {what}, which only a source checkout can{hint}")
    return root


def verdict(parent: Path, path: Path) -> str:
    """Whether a repetition is identical to the run it repeats."""
    from pujiang.results import run_folder

    different = ", ".join(run_folder.identical(parent, path))
    return f"Differs from {parent.name} in {different}." if different else f"Identical to {parent.name}."


def working(text: str) -> AbstractContextManager[Any]:
    """A sign of life on the terminal, with the time it has taken so far."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    shown.add_task(text, total=None)
    return shown


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: on a terminal columns, else one line a row with tabs between (for other programs).

    On a terminal the last column, where it is called "meaning", goes below its row: it is a sentence.
    """
    lines = [[" ".join(cell.split()) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in lines:
            say("\t".join(line))
        return
    below = columns[-1] == "meaning"
    shown = [[*columns], *lines]
    widths = [max(len(line[i]) for line in shown) for i in range(len(columns) - below)]
    width = shutil.get_terminal_size().columns
    for i, line in enumerate(shown):
        text = "  ".join(cell.ljust(size) for cell, size in zip(line, widths, strict=False)).rstrip()
        say(text if i else f"\033[1m{text}\033[0m")
        if below and i:
            say(textwrap.fill(line[-1], width, initial_indent="    ", subsequent_indent="    "))
