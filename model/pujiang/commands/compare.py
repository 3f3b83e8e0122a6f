"""`pujiang compare`: scenarios of several runs, one table of the last common year and the goals."""

import argparse
import math
from collections.abc import Mapping
from typing import Any

from pujiang.commands import say, table
from pujiang.errors import InputError
from pujiang.results.compare import Comparison, compare
from pujiang.results.outcomes import TABLE, number, shown_as, signed


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if not arguments.words:
        raise InputError("compare: needs runs: folders, ids, or latest")
    found = compare(*arguments.words, baseline=arguments.baseline)
    for note in found.notes:
        say(note)
    year = int(found.table["year"].max())
    say(f"{year}: median, and difference from {found.reference} with its 5–95 % band")
    table(("outcome", "unit", *found.cases), _rows(found, year))
    for row in found.goals.itertuples():
        alone = "reached" if row.reached_by_central else "not reached"
        say(f"{row.case}: {row.goal} in {row.year}: {f'{row.probability:.0%}' if row.members else alone}")
    return 0


def _rows(found: Comparison, year: int) -> list[list[str]]:
    at_year = found.table[(found.table["year"] == year) & (found.table["element"] == "")]
    cells = {
        (str(row["outcome"]), str(row["case"]), str(row["measure"])): row
        for row in at_year.to_dict("records")
    }
    return [
        [
            shown_as(name).short,
            shown_as(name).unit,
            *(_cell(found, name, case, cells) for case in found.cases),
        ]
        for name in TABLE
        if (name, found.reference, "level") in cells
    ]


def _cell(found: Comparison, name: str, case: str, cells: Mapping[tuple[str, str, str], Any]) -> str:
    """A level, and for any case but the reference the difference with its band."""
    outcome, level = shown_as(name), cells[name, case, "level"]
    middle = "median" if math.isfinite(level["median"]) else "central"  # central: a run without an ensemble
    if case == found.reference:
        return number(level[middle], outcome)
    measure, scale = ("percent", 0.01) if outcome.difference == "percent" else ("difference", 1.0)
    low, change, high = (
        signed(cells[name, case, measure][q] * scale, outcome) for q in ("q05", middle, "q95")
    )
    band = f" ({low} to {high})" if math.isfinite(cells[name, case, measure]["q05"]) else ""
    return f"{number(level[middle], outcome)} {change}{band}"
