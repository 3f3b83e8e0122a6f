"""The terminal table of a comparison."""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.results.compare import Comparison
from pujiang.results.outcomes import TABLE, number, scenario_label, shown_as, signed

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
CASES_A_BLOCK = 4


def comparison_table(comparison: Comparison, year: int | None = None, *, terminal: bool = False) -> str:
    """A comparison as text, at most 100 columns wide: notes, outcomes of `year` (the last), goals.

    Each case shows its median, the median difference from the reference and, on shared members, the 5–95 %
    band of the difference.
    """
    from rich.console import Console

    text = io.StringIO()
    console = Console(
        file=text,
        width=WIDTH,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        highlight=False,
        emoji=False,
    )
    for note in comparison.notes:
        loud = "FAILED" in note or "NOT shared" in note
        console.print(note, style="bold red" if loud else "", markup=False)
    console.print()
    others = [case for case in comparison.cases if case != comparison.reference]
    shown = int(comparison.table["year"].max()) if year is None else year
    for start in range(0, max(len(others), 1), CASES_A_BLOCK):
        _block(console, comparison, [comparison.reference, *others[start : start + CASES_A_BLOCK]], shown)
    _goals(console, comparison)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _block(console: "Console", comparison: Comparison, cases: list[str], year: int) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(str(year), no_wrap=True)
    for case in cases:
        table.add_column(scenario_label(case), justify="right", max_width=18)
    frame = comparison.table
    rows = frame[(frame["year"] == year) & (frame["element"] == "")]
    found = {(row["outcome"], row["case"], row["measure"]): row for row in rows.to_dict("records")}
    for name in [name for name in TABLE if (name, comparison.reference, "level") in found]:
        unit = found[name, comparison.reference, "level"]["unit"]
        label = f"{shown_as(name, unit).short}\n  {shown_as(name, unit).unit}"
        table.add_row(label, *(_cell(name, case, found, case == comparison.reference) for case in cases))
    console.print(table)
    console.print()


def _cell(name: str, case: str, found: dict[Any, dict[Any, Any]], is_reference: bool) -> str:
    level = found[name, case, "level"]
    outcome = shown_as(name, level["unit"])
    lines = [number(level["median"], outcome)]
    if not is_reference:
        percent = outcome.difference == "percent"
        difference = found[name, case, "percent" if percent else "difference"]
        scale = 0.01 if percent else 1.0
        low, median, high = (scale * difference[key] for key in ("q05", "median", "q95"))
        lines.append(signed(median, outcome))
        if np.isfinite(low) and low != high:
            lines.append(f"{_bare(low, outcome)} to {_bare(high, outcome)}")
    return "\n".join(lines)


def _bare(value: float, outcome: Any) -> str:
    return signed(value, outcome).removesuffix(" %").removesuffix(" pp")


def _goals(console: "Console", comparison: Comparison) -> None:
    from rich.table import Table

    if comparison.goals.empty:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("Plan goals: share of members that reach them")
    goals = comparison.goals.drop_duplicates(["goal", "year"])[["goal", "year"]].itertuples(index=False)
    columns = [(goal, year) for goal, year in goals]
    for goal, year in columns:
        table.add_column(f"{year}: {goal}", justify="right", max_width=30)
    shares = {(row["case"], row["goal"], row["year"]): row for row in comparison.goals.to_dict("records")}
    for case in comparison.cases:
        table.add_row(scenario_label(case), *(_share(shares.get((case, *column))) for column in columns))
    console.print(table)


def _share(row: dict[Any, Any] | None) -> str:
    if row is None:
        return "–"
    if not np.isfinite(row["probability"]):
        return "yes" if row["reached_by_central"] else "no"
    return f"{100 * row['probability']:.0f} %"
