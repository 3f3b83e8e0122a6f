"""The commands, one a file: `main(arguments)` calls the Python API, prints, and returns the exit status."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pujiang.evidence import Evidence


def say(text: str = "") -> None:
    """Print a line of results."""
    sys.stdout.write(f"{text}\n")


def say_whose(evidence: "Evidence") -> None:
    """Where the data are not all the shipped ones, print which file was read from where."""
    from pujiang.evidence.pack import FILES, SHIPPED

    if evidence.folder == SHIPPED:
        return
    own = [name for name in FILES if (evidence.folder / name).is_file()]
    rest = [name for name in FILES if name not in own]
    say(f"Evidence: {', '.join(own)} from {evidence.folder}; shipped: {', '.join(rest) or 'none'}")


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
