"""A comparison for the terminal: what differs in the inputs, outcomes, goals, ranks and regret of one year."""

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.errors import InputError
from pujiang.presentation import Outcome, presentation_of
from pujiang.results.compare.comparison import Comparison
from pujiang.results.outcomes import level_text, signed
from pujiang.results.summary import (
    ENOUGH,
    dimension_of,
    ensemble_size,
    headline,
    in_percent,
    largest_error,
    policy_from,
)
from pujiang.results.text_tables import TABLE_WIDTH, console, grid, print_in_blocks, text_of
from pujiang.results.words import ENGLISH

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

case_label = ENGLISH.case


def comparison_table(
    comparison: Comparison,
    year: int | None = None,
    *,
    outcomes: Sequence[str] | None = None,
    width: int = TABLE_WIDTH,
    terminal: bool = False,
) -> str:
    """A comparison as text, at most `width` columns wide: notes, inputs, outcomes of `year` (the last), goals, ranks.

    Each case shows its median, the median difference from the reference and, on shared members, the 5–95 %
    band of the difference. `outcomes`: those to show instead of the usual, as "gdp" or "industry_output.ic".

    Raises:
        InputError: for a year the runs do not have.
    """
    years = comparison.years
    shown = years[-1] if year is None else year
    if shown not in years:
        raise InputError(f"--year: found {shown}, the runs have {years[0]} to {years[-1]}")
    page = console(width, colour=terminal)
    for note in comparison.notes:
        page.print(str(note), style="bold red" if note.kind in ("warning", "failed") else "", markup=False)
    page.print()
    _inputs(page, comparison)
    keys = _keys(comparison, outcomes)
    _medians(page, comparison, keys, shown)
    _goals(page, comparison, shown)
    _ranks(page, comparison, keys, shown)
    _regret(page, comparison, keys, shown)
    return text_of(page)


def _keys(comparison: Comparison, outcomes: Sequence[str] | None) -> list[tuple[str, str]]:
    """(outcome, element) of the rows."""
    table = comparison.tables.table
    keys = list(dict.fromkeys(zip(table["outcome"].tolist(), table["element"].tolist(), strict=True)))
    if outcomes is not None:
        return [key for name in outcomes for key in keys if name in (key[0], ".".join(key))]
    usual = [(name, "") for name in headline(comparison.values) if (name, "") in keys]
    return usual or keys


def _inputs(console: "Console", comparison: Comparison) -> None:
    """A paragraph a run or case; each with what is other than in the reference."""
    parts: dict[str, list[str]] = {}
    for row in comparison.tables.inputs.rows():
        parts.setdefault(row["case"], []).append(row["words"])
    same = [c for c in comparison.cases if c != comparison.reference and c not in parts]
    if not parts:
        return
    console.print(f"What is other than in {case_label(comparison.reference)}", style="bold")
    for case, differences in parts.items():
        head = f"{case if case.startswith('run ') else case_label(case)}: "
        lines = textwrap.wrap(
            head + "; ".join(differences), console.width, subsequent_indent="    ", break_on_hyphens=False
        )
        for line in lines:
            console.print(line, markup=False)
    for case in same:
        console.print(f"{case_label(case)}: the same settings", markup=False)
    console.print()


def _medians(console: "Console", comparison: Comparison, keys: Sequence[tuple[str, str]], year: int) -> None:
    known = comparison.shared_members and not np.isnan(comparison.tables.table["q05"]).all()
    bands = " and its 5–95 % band" if known else ""
    head = f"{year}: medians" if ensemble_size(comparison.values["member"].values) else f"{year}: central member"
    found = comparison.tables.table.where(year=year).by("outcome", "element", "case", "measure")
    others = [case for case in comparison.cases if case != comparison.reference]
    if others:
        console.print(f"Below each value: the difference from {case_label(comparison.reference)}{bands}")

    def table(block: Sequence[str]) -> "Table":
        cases = [comparison.reference, *block]
        made = grid(head, list(map(case_label, cases)), 18)
        for name, element in keys:
            outcome = _shown(comparison, name)
            part = f"{_element(comparison, name, element)}, " if element else ""
            cells = (_cell((name, element, case), found, outcome, case == comparison.reference) for case in cases)
            made.add_row(f"{outcome.short}\n  {part}{outcome.unit}", *cells)
        return made

    print_in_blocks(console, others, table)
    console.print()


def _cell(key: tuple[str, str, str], found: dict[Any, Any], outcome: Outcome, is_reference: bool) -> str:
    lines = [level_text(found[(*key, "level")]["median"], outcome)]
    if not is_reference:
        percent = outcome.difference == "percent"
        difference = found[(*key, "percent" if percent else "difference")]
        scale = 0.01 if percent else 1.0
        low, median, high = (scale * difference[part] for part in ("q05", "median", "q95"))
        lines.append(signed(median, outcome))
        if np.isfinite(low) and low != high:
            lines.append(f"{_bare(low, outcome)} to {_bare(high, outcome)}")
    return "\n".join(lines)


def _bare(value: float, outcome: Outcome) -> str:
    return signed(value, outcome).removesuffix(" %").removesuffix(" pp")


def _goals(console: "Console", comparison: Comparison, year: int) -> None:
    """A table a goal: the share of members that have met it by each year, and that are there in its year."""
    goals = comparison.tables.goals_by_year
    first = min(policy_from(comparison.values), year)
    years = [y for y in comparison.years if first <= y <= max(year, first)][-6:]
    if not years:
        return
    for goal in dict.fromkeys(goals["goal"].tolist()):
        found = goals.where(goal=goal).by("case", "year")
        row = found[comparison.reference, years[0]]
        target, members = row["goal_year"], row["members"]
        enough = members >= ENOUGH
        few = f" (a probability needs at least {ENOUGH} members)" if members else ""
        share = f", share of members ({largest_error(members)})" if enough else few
        console.print(f"Plan goal for {target}: {goal}{share}", style="bold", markup=False)
        console.print(_goal_table(found, comparison.cases, years, target, enough))
        console.print()


def _goal_table(
    found: dict[Any, Any], cases: Sequence[str], years: Sequence[int], target: int, enough: bool
) -> "Table":
    there = [f"there in {target}"] if target in years else []
    half = "half by" if enough else "met in"
    table = grid("", [*map(str, years), *there, half])
    table.columns[0].header = "met by the end of"
    for case in cases:
        cells = [_met(found[case, shown], "probability_by") for shown in years]
        cells += [_met(found[case, target], "probability")] if there else []
        when = found[case, years[0]]["met_in" if enough else "met_in_central"]
        table.add_row(case_label(case), *cells, "–" if math.isnan(when) else f"{when:.0f}")
    return table


def _met(row: dict[Any, Any], column: str) -> str:
    if row["members"] >= ENOUGH:
        return in_percent(row[column], row["members"], bare=True)
    if column == "probability":
        return "yes" if row["central"] else "no"
    return "yes" if row["met_in_central"] <= row["year"] else "no"  # of a year that is missing no


def _ranks(console: "Console", comparison: Comparison, keys: Sequence[tuple[str, str]], year: int) -> None:
    rows = comparison.tables.ranks.where(year=year)
    if len(comparison.cases) < 2 or not len(rows):
        return
    found = rows.by("outcome", "element", "case")
    known = ~np.isnan(rows["probability"])
    held = (known & (rows["members"] >= ENOUGH)).any()
    few = f" (the share in which it holds needs at least {ENOUGH} members)" if known.any() else ""
    error = largest_error(int(rows["members"].max())) if held else ""
    note = f", and the share of members in which it holds ({error})" if held else few
    console.print(f"{year}: rank by outcome, from most to least{note}", style="bold")

    def table(cases: Sequence[str]) -> "Table":
        made = grid("", list(map(case_label, cases)), 12)
        for name, element in keys:
            mine = [found[name, element, case] for case in cases]
            cells = [
                f"{r['rank'] or '–'}" + (f"  {in_percent(r['probability'], r['members'], bare=True)}" if held else "")
                for r in mine
            ]
            least = " (least first)" if mine[0]["better"] == "less" else ""
            made.add_row(_short(comparison, name, element, _shown(comparison, name)) + least, *cells)
        return made

    print_in_blocks(console, comparison.cases, table)
    console.print()


def _regret(console: "Console", comparison: Comparison, keys: Sequence[tuple[str, str]], year: int) -> None:
    rows = comparison.tables.regret.where(year=year)
    if len(comparison.cases) < 2 or not len(rows):
        return
    found = rows.by("outcome", "element", "case")
    note = "" if np.isnan(rows["q95"]).all() else "; median over members (and their 95 % quantile)"
    console.print(f"{year}: regret, the loss against the best case here{note}", style="bold")

    def table(cases: Sequence[str]) -> "Table":
        made = grid("", list(map(case_label, cases)), 12)
        for name, element in [key for key in keys if (*key, cases[0]) in found]:
            mine = [found[name, element, case] for case in cases]
            outcome = _shown(comparison, name)
            unit = "pp" if outcome.difference == "points" else outcome.unit
            made.add_row(f"{_short(comparison, name, element, outcome)}\n  {unit}", *(_lost(r, outcome) for r in mine))
        return made

    print_in_blocks(console, comparison.cases, table)
    console.print()


def _lost(row: dict[Any, Any], outcome: Outcome) -> str:
    median, high = (level_text(row[key], outcome) for key in ("median", "q95"))
    return f"{median}\n({high})" if np.isfinite(row["q95"]) else median


def _element(comparison: Comparison, name: str, element: str) -> str:
    return presentation_of(comparison.values.attrs).element(dimension_of(comparison.values[name]), element)


def _short(comparison: Comparison, name: str, element: str, outcome: Outcome) -> str:
    return f"{outcome.short}, {_element(comparison, name, element)}" if element else outcome.short


def _shown(comparison: Comparison, name: str) -> Outcome:
    array = comparison.values[name]
    return presentation_of(comparison.values.attrs).outcome(name, str(array.attrs.get("units", "")))
