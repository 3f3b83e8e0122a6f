"""Tables as plain columns: what our own pages and files read. As DataFrames only for those who ask for pandas."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

DIGITS = "%.10g"
"""As in every table of results: more digits than any comparison needs, fewer than would show rounding."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of equal length by name; what is missing in one of numbers is NaN."""

    named: Mapping[str, NDArray[Any]]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.named[name]

    def __len__(self) -> int:
        return len(next(iter(self.named.values())))

    def where(self, **values: Any) -> "Columns":
        """The rows in which each of some columns has its value."""
        kept = np.logical_and.reduce([self[name] == value for name, value in values.items()])
        return self.at(kept)

    def at(self, places: NDArray[Any]) -> "Columns":
        """The rows at some places, or where a mask holds."""
        return Columns({name: column[places] for name, column in self.named.items()})

    def rows(self) -> list[dict[str, Any]]:
        """A mapping a row, of plain words and numbers."""
        cells = zip(*(column.tolist() for column in self.named.values()), strict=True)
        return [dict(zip(self.named, row, strict=True)) for row in cells]

    def by(self, *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The rows by what stands in some columns."""
        return {tuple(row[name] for name in names): row for row in self.rows()}

    def csv(self) -> str:
        """As CSV: numbers of ten digits, nothing where one is missing."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.named)
        writer.writerows(zip(*map(_cells, self.named.values()), strict=True))
        return text.getvalue()

    def frame(self) -> "pd.DataFrame":
        """The same as pandas has it."""
        import pandas as pd

        return pd.DataFrame(dict(self.named))


def crossed(shape: tuple[int, ...], columns: Mapping[str, Any]) -> Columns:
    """A row for each place of a block, in its order, from columns that are broadcast to it.

    One without rows has columns of no kind in particular.
    """
    found = {name: np.broadcast_to(np.asarray(column), shape).ravel() for name, column in columns.items()}
    return Columns(found if all(shape) else {name: column.astype(object) for name, column in found.items()})


def _cells(column: NDArray[Any]) -> list[Any]:
    if column.dtype.kind != "f":
        return list(column.tolist())
    return ["" if value != value else DIGITS % value for value in column.tolist()]
