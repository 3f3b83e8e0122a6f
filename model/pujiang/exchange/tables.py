"""Tables of runs, as tools of the field write them: a column of times, and one for every quantity or its elements."""

import csv
from pathlib import Path

import numpy as np

from pujiang.engine.batch import Floats
from pujiang.exchange.names import identifier

Key = tuple[str, tuple[str, ...]]
"""A quantity and elements of its subscripts."""

Table = tuple[Floats, dict[str, Floats]]
"""Times, and values by heading; none where a cell is empty."""


def table(path: Path) -> Table:
    """Times and columns of a table, parted by tabs (.tab) or commas."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head, *rows = csv.reader(text.splitlines(), delimiter="\t" if path.suffix == ".tab" else ",")
    rows = [row for row in rows if row and row[0].strip()]
    columns = {name: np.array([_number(row, i) for row in rows]) for i, name in enumerate(head)}
    return columns[head[0]], {name: values for name, values in columns.items() if name != head[0]}


def key(heading: str) -> Key:
    """The quantity and elements a heading names: `stock[a, b]`."""
    name, _, elements = heading.strip().strip('"').partition("[")
    return identifier(name), tuple(identifier(e) for e in elements.rstrip("]").split(",")) if elements else ()


def _number(row: list[str], place: int) -> float:
    try:
        return float(row[place])
    except (IndexError, ValueError):
        return float("nan")
