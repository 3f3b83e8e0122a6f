"""The commands, one a file: `main(arguments)` calls the Python API, prints, and returns the exit status."""

import sys
from collections.abc import Iterable, Sequence


def say(text: str = "") -> None:
    """Print a line of results."""
    sys.stdout.write(f"{text}\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: a table on a terminal, else one line a row with tabs between (for other programs)."""
    if not sys.stdout.isatty():
        for row in rows:
            say("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*row)
    Console(markup=False, highlight=False).print(shown)
