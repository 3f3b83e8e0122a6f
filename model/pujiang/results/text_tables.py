"""Text for a terminal: a console that writes into a string, and tables cut where they are too wide for it."""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

TABLE_WIDTH = 100
"""Columns of a table in a file or a pipe; no table is wider."""

NARROWEST = 60


def terminal_width() -> int:
    """Columns to write: those of the terminal at hand (also behind a pipe), at most TABLE_WIDTH."""
    found = int(os.environ["COLUMNS"]) if os.environ.get("COLUMNS", "").isdecimal() else 0
    for stream in (1, 2):
        with suppress(OSError):
            found = found or os.get_terminal_size(stream).columns
    return min(found or TABLE_WIDTH, TABLE_WIDTH)


def console(width: int, *, colour: bool) -> "Console":
    """A console that keeps what is printed, for `text_of`."""
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
    )


def text_of(console: "Console") -> str:
    """What was printed, without blanks at the ends of lines."""
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip() + "\n"


def grid(title: str, cases: Sequence[str], width: int | None = None) -> "Table":
    """A table without lines: a column of labels, then one a case (at most `width` wide) or other heading."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True, header_style="" if title else "bold")
    for case in cases:
        table.add_column(case, justify="right", vertical="top", max_width=width, overflow="fold")
    return table


def print_in_blocks(console: "Console", columns: Sequence[str], table: "Callable[[Sequence[str]], Table]") -> None:
    """Tables of the columns, below one another where they do not fit beside one another."""
    rest, unbounded = list(columns), console.options.update(max_width=10_000)
    while True:
        size, made = len(rest), table(rest)
        while size > 1 and console.measure(made, options=unbounded).maximum > console.width:
            size -= 1
            made = table(rest[:size])
        console.print(made)
        rest = rest[size:]
        if not rest:
            return
