"""Reading a table strictly: a fault is one line naming file, line and column, what was found and allowed."""

import csv
import math
import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from pujiang import delimited
from pujiang.errors import InputError, nearest

# float() also takes "1_000", "infinity" and digits of other scripts, which are slips in a table of data.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Row:
    """One row of a table: `where` is "file:line", `cells` the text by column, blanks and line ends evened."""

    where: str
    cells: dict[str, str]

    def fault(self, column: str, allowed: str, hint: str = "") -> InputError:
        """The error for a cell that does not hold what its column allows."""
        found = self.cells[column]
        if len(found) > _LONGEST_SHOWN:
            found = found[:_LONGEST_SHOWN] + "..."
        shown = repr(found) if found else "nothing"
        return InputError(f"{self.where}: column '{column}': found {shown}; allowed: {allowed}{hint}")

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        if not self.cells[column]:
            raise self.fault(column, "a word or more")
        return self.cells[column]

    def number(self, column: str) -> float:
        """A finite number."""
        cell = self.cells[column]
        if not _NUMBER.fullmatch(cell) or not math.isfinite(value := float(cell)):
            raise self.fault(column, "a finite number")
        return value

    def positive(self, column: str) -> float:
        """A finite number above zero."""
        if (value := self.number(column)) <= 0:
            raise self.fault(column, "a number above 0")
        return value

    def year(self, column: str) -> int:
        """A calendar year."""
        cell = self.cells[column]
        if not re.fullmatch(r"[12]\d{3}", cell, re.ASCII):
            raise self.fault(column, "a calendar year such as 2015")
        return int(cell)

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        cell = self.cells[column]
        if cell not in allowed:
            raise self.fault(column, ", ".join(allowed), nearest(cell, allowed))
        return cell

    def names(self, column: str, known: Collection[str], kept_in: str) -> tuple[str, ...]:
        """Names separated by ";", each one of `known`; an empty cell is no name."""
        names = tuple(part.strip() for part in self.cells[column].split(";")) if self.cells[column] else ()
        for name in names:
            if name not in known:
                raise self.fault(column, f"ids of {kept_in}, separated by ';'", nearest(name, known))
        return names


def decode(where: str, content: bytes) -> str:
    """The text of a file, UTF-8 with or without a byte-order mark, and not empty."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}"
        raise InputError(f"{where}:{line}: found {found}, which is not UTF-8; allowed: UTF-8 text") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{where}:{line}: found a zero byte; allowed: UTF-8 text")
    if not text.strip():
        raise InputError(f"{where}: found an empty file; allowed: a file with at least one entry")
    return text


def read_table(where: str, content: bytes, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The rows of a table with these columns, in any order, and no others but `optional` ones.

    `where` names the file in faults; cells of an optional column that is not there are empty.
    """
    text = decode(where, content)
    line = 0
    rows = []
    header: list[str] = []
    try:
        for line, cells in delimited.rows(text):
            if not header:
                header = [_one_line(cell) for cell in cells]
                _check_header(where, header, columns, optional)
                continue
            if len(cells) != len(header):
                raise InputError(f"{where}:{line}: found {len(cells)} cells; allowed: {len(header)}, one a column")
            texts = {name: _one_line(cell) for name, cell in zip(header, cells, strict=True)}
            rows.append(Row(f"{where}:{line}", dict.fromkeys(optional, "") | texts))
    except csv.Error as error:
        raise InputError(
            f"{where}:{line + 1}: found a line that is not CSV ({error}); "
            "allowed: cells separated by ',' (or ';' or tabs throughout), quoted with '\"'"
        ) from None
    if not rows:
        raise InputError(f"{where}: found a header alone; allowed: a table with at least one row")
    return rows


def refuse_duplicates(rows: Iterable[Row], key: Sequence[str]) -> None:
    """Two rows may not agree in all columns of `key`."""
    first: dict[Hashable, str] = {}
    for row in rows:
        values = tuple(row.cells[column] for column in key)
        if values in first:
            raise InputError(
                f"{row.where}: found a second row for {', '.join(values)} (first: {first[values]}); "
                f"allowed: one row for each {', '.join(key)}"
            )
        first[values] = row.where


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _check_header(where: str, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    for name in columns:
        if name not in header:
            others = [found for found in header if found not in columns]
            raise InputError(
                f"{where}:1: column '{name}' is missing; found: {', '.join(header)}{nearest(name, others)}"
            )
    allowed = (*columns, *optional)
    for position, name in enumerate(header):
        if name not in allowed:
            raise InputError(
                f"{where}:1: found unknown column '{name}'; allowed: {', '.join(allowed)}{nearest(name, allowed)}"
            )
        if name in header[:position]:
            raise InputError(f"{where}:1: found column '{name}' twice; allowed: each column once")
