"""The files of a comparison: tables as CSV, the text, the figure of differences; all of them or none."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pujiang.errors import InputError
from pujiang.presentation import presentation_of
from pujiang.results.columns import Columns
from pujiang.results.compare.comparison import Comparison
from pujiang.results.record import MANIFEST
from pujiang.results.summary import headline


def write_comparison(comparison: Comparison, folder: Path, text: str, year: int | None = None) -> Path:
    """Write a comparison into a new folder: compare, inputs, goals, ranks, regret (.csv), comparison.txt, a figure.

    The figure, differences.svg, shows `year` (default: the last); it needs shared members and two cases.

    Raises:
        InputError: where the folder holds something already, or cannot be written.
    """
    with new_folder(folder) as partial:
        for name, table in tables(comparison).items():
            (partial / name).write_text(table.csv(), encoding="utf-8", newline="\n")
        (partial / "comparison.txt").write_text(text, encoding="utf-8", newline="\n")
        if comparison.shared_members and len(comparison.cases) > 1:
            _figure(comparison, partial / "differences.svg", year)
    return folder


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to put files into, which takes its name when the block has ended: all files are there, or none.

    Raises:
        InputError: where the folder holds something already, or cannot be written.
    """
    check_free(folder)
    partial = folder.with_name(f"{folder.name}.{secrets.token_hex(2)}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        if folder.is_dir():
            folder.rmdir()  # empty; not every system renames over it
        partial.replace(folder)
    except OSError as error:
        raise InputError(f"cannot write '{folder}': {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_free(folder: Path) -> None:
    """Refuse a folder with something in it, and one within a run, whose files are checksummed.

    Raises:
        InputError: naming it.
    """
    for above in folder.absolute().parents:
        if (above / MANIFEST).is_file():
            raise InputError(f"--out: '{folder}' lies in the run folder '{above}', which nothing is added to")
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise InputError(f"--out: '{folder}' exists already; name a new folder")


def tables(comparison: Comparison) -> dict[str, Columns]:
    """The tables by file name."""
    own = comparison.tables
    return {
        "compare.csv": own.table,
        "inputs.csv": own.inputs,
        "goals.csv": own.goals_by_year,
        "ranks.csv": own.ranks,
        "regret.csv": own.regret,
    }


def _figure(comparison: Comparison, path: Path, year: int | None) -> None:
    from pujiang.results.figures.differences import differences
    from pujiang.results.figures.style import colours, heading, save_svg, styled
    from pujiang.results.words import words_in

    say = words_in("en", presentation_of(comparison.values.attrs))
    annual = comparison.values.rename(case="scenario").sel(year=slice(None, year))
    names = headline(annual)
    if not names:
        return
    shown = int(annual["year"].values[-1])
    reference = "the baseline" if comparison.reference == "baseline" else say.case(comparison.reference)
    with styled("en"):
        style = colours(annual["scenario"].values.tolist(), presentation_of(annual.attrs).scenarios)
        figure, note = differences(annual, names, style, say, columns=4 if len(names) > 3 else 3)
        heading(figure, f"Difference from {reference} in {shown}", note, failed=comparison.failed)
        text = f"Differences of {', '.join(comparison.cases[1:])}; the numbers are in compare.csv."
        save_svg(figure, path, f"Difference from {reference} in {shown}", text)
