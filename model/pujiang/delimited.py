"""Tables as text, however a spreadsheet wrote them: commas, semicolons or tabs; empty rows and columns around them."""

import csv
import io
from collections.abc import Iterator

SEPARATORS = (",", ";", "\t")


def separator(text: str) -> str:
    """What stands between the cells of the first line, in which column names hold none of it; a comma by default."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with the line each ends on, but those in which every cell is blank.

    Blank cells beyond the last named column go: some spreadsheets write them for columns that were once used.

    Raises:
        csv.Error: for a line that is no row of cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    width = None
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if width is None:
            width = max(i for i, cell in enumerate(cells, 1) if cell.strip())
        beyond = "".join(cells[width:]).strip()
        yield reader.line_num, cells if beyond else cells[:width]
