"""A comparison for the terminal: what differs in the inputs, outcomes, goals, ranks and regret of one year."""

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.errors import InputError
from pujiang.results.compare import Comparison
from pujiang.results.outcomes import ELEMENTS, TABLE, Outcome, number, scenario_label, shown_as, signed
from pujiang.results.summary import ENOUGH

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 100
CASES_A_BLOCK = 4
CASES_BESIDE_ELEMENTS = 3
NARROW_A_BLOCK = 6
REGRETS_BESIDE = 4
LOUD = ("FAILED", "NOT shared", "DIFFERENT", "Different")

Rows = dict[Any, dict[Any, Any]]


def comparison_table(
    comparison: Comparison,
    year: int | None = None,
    *,
    outcomes: Sequence[str] | None = None,
    terminal: bool = False,
) -> str:
    """A comparison as text, at most 100 columns wide: notes, inputs, outcomes of `year` (the last), goals, ranks.

    Each case shows its median, the median difference from the reference and, on shared members, the 5–95 %
    band of the difference. `outcomes`: those to show instead of the usual, as "gdp" or "industry_output.ic".

    Raises:
        InputError: for a year the runs do not have.
    """
    from rich.console import Console

    years = sorted(set(comparison.table["year"].tolist()))
    shown = years[-1] if year is None else year
    if shown not in years:
        raise InputError(f"--year: found {shown}, the runs have {years[0]} to {years[-1]}")
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
        loud = any(word in note for word in LOUD)
        console.print(note, style="bold red" if loud else "", markup=False)
    console.print()
    _inputs(console, comparison)
    keys = _keys(comparison, outcomes)
    others = [case for case in comparison.cases if case != comparison.reference]
    size = CASES_BESIDE_ELEMENTS if any(element for _, element in keys) else CASES_A_BLOCK
    for start in range(0, max(len(others), 1), size):
        _block(console, comparison, [comparison.reference, *others[start : start + size]], keys, shown)
    _goals(console, comparison, shown)
    _ranks(console, comparison, keys, shown)
    _regret(console, comparison, keys, shown)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()).rstrip() + "\n"


def case_label(case: str) -> str:
    """A case in words; points of a sweep and the run in brackets keep their spelling."""
    name, space, rest = case.partition(" ")
    return f"{scenario_label(name)}{space}{rest}"


def _keys(comparison: Comparison, outcomes: Sequence[str] | None) -> list[tuple[str, str]]:
    """(outcome, element) of the rows."""
    found = comparison.table[["outcome", "element"]].drop_duplicates().itertuples(index=False, name=None)
    keys = [(str(outcome), str(element)) for outcome, element in found]
    if outcomes is not None:
        return [key for name in outcomes for key in keys if name in (key[0], ".".join(key))]
    usual = [(name, "") for name in TABLE if (name, "") in keys]
    return usual or keys


def _inputs(console: "Console", comparison: Comparison) -> None:
    """A paragraph a run or case; each with what is other than in the reference."""
    parts: dict[str, list[str]] = {}
    for case, words in comparison.inputs[["case", "words"]].itertuples(index=False, name=None):
        parts.setdefault(str(case), []).append(str(words))
    same = [c for c in comparison.cases if c != comparison.reference and c not in parts]
    if not parts:
        return
    console.print(f"What is other than in {case_label(comparison.reference)}", style="bold")
    for case, told in parts.items():
        head = f"{case if case.startswith('run ') else case_label(case)}: "
        lines = textwrap.wrap(head + "; ".join(told), WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        for line in lines:
            console.print(line, markup=False)
    for case in same:
        console.print(f"{case_label(case)}: the same settings", markup=False)
    console.print()


def _block(
    console: "Console", comparison: Comparison, cases: list[str], keys: Sequence[tuple[str, str]], year: int
) -> None:
    bands = " and its 5–95 % band" if comparison.shared_members and comparison.table["q05"].notna().any() else ""
    drawn = bool((comparison.annual["member"] != 0).any())
    table = _grid(f"{year}: medians" if drawn else f"{year}: central member", cases, 18)
    frame = comparison.table
    rows = frame[frame["year"] == year]
    found = {(r["outcome"], r["element"], r["case"], r["measure"]): r for r in rows.to_dict("records")}
    for name, element in keys:
        outcome = _shown(name, found[name, element, comparison.reference, "level"]["unit"])
        part = f"{ELEMENTS.get(element, element)}, " if element else ""
        label = f"{outcome.short}\n  {part}{outcome.unit}"
        cells = (_cell((name, element, case), found, outcome, case == comparison.reference) for case in cases)
        table.add_row(label, *cells)
    if len(cases) > 1:
        console.print(f"Below each value: the difference from {case_label(comparison.reference)}{bands}")
    console.print(table)
    console.print()


def _cell(key: tuple[str, str, str], found: Rows, outcome: Outcome, is_reference: bool) -> str:
    lines = [number(found[(*key, "level")]["median"], outcome)]
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
    from rich.table import Table

    frame = comparison.goals_by_year
    years = [y for y in sorted(set(frame["year"].tolist())) if 2026 <= y <= max(year, 2026)][-6:]
    if not years:
        return
    for goal in dict.fromkeys(frame["goal"]):
        rows = frame[frame["goal"] == goal]
        target = int(rows["goal_year"].iloc[0])
        found = {(row["case"], row["year"]): row for row in rows.to_dict("records")}
        members = int(rows["members"].iloc[0])
        drawn = members >= ENOUGH
        few = f" (a probability needs at least {ENOUGH} members)" if members else ""
        share = ", share of members" if drawn else few
        console.print(f"Plan goal for {target}: {goal}{share}", style="bold", markup=False)
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
        table.add_column("met by the end of", header_style="")
        for shown in years:
            table.add_column(str(shown), justify="right")
        if target in years:
            table.add_column(f"there in {target}", justify="right")
        table.add_column("half by" if drawn else "met in", justify="right")
        for case in comparison.cases:
            cells = [_met(found[case, shown], "probability_by") for shown in years]
            if target in years:
                cells.append(_met(found[case, target], "probability"))
            when = found[case, years[0]]["met_in" if drawn else "met_in_central"]
            table.add_row(case_label(case), *cells, "–" if _missing(when) else str(int(when)))
        console.print(table)
        console.print()


def _met(row: dict[Any, Any], column: str) -> str:
    if row["members"] >= ENOUGH:
        return _percent(row[column])
    if column == "probability":
        return "yes" if row["central"] else "no"
    met = row["met_in_central"]
    return "no" if _missing(met) or int(met) > row["year"] else "yes"


def _missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _ranks(console: "Console", comparison: Comparison, keys: Sequence[tuple[str, str]], year: int) -> None:
    rows = comparison.ranks[comparison.ranks["year"] == year]
    if len(comparison.cases) < 2 or rows.empty:
        return
    found = {(r["outcome"], r["element"], r["case"]): r for r in rows.to_dict("records")}
    known = rows["probability"].notna()
    held = (known & (rows["members"] >= ENOUGH)).any()
    few = f" (the share in which it holds needs at least {ENOUGH} members)" if known.any() else ""
    note = ", and the share of members in which it holds" if held else few
    console.print(f"{year}: rank by outcome, from most to least{note}", style="bold")
    for cases in _narrow(comparison.cases):
        table = _grid("", cases, 12)
        for name, element in keys:
            mine = [found[name, element, case] for case in cases]
            outcome = _shown(name, mine[0]["unit"])
            cells = [f"{r['rank'] or '–'}" + (f"  {_percent(r['probability'])}" if held else "") for r in mine]
            table.add_row(
                _short(name, element, outcome) + (" (least first)" if mine[0]["better"] == "less" else ""), *cells
            )
        console.print(table)
        console.print()


def _regret(console: "Console", comparison: Comparison, keys: Sequence[tuple[str, str]], year: int) -> None:
    rows = comparison.regret[comparison.regret["year"] == year]
    if len(comparison.cases) < 2 or rows.empty:
        return
    found = {(r["outcome"], r["element"], r["case"]): r for r in rows.to_dict("records")}
    drawn = rows["q95"].notna().any()
    note = "; median over members (and their 95 % quantile)" if drawn else ""
    console.print(f"{year}: regret, the loss against the best case here{note}", style="bold")
    for cases in _narrow(comparison.cases):
        beside = len(cases) <= REGRETS_BESIDE
        table = _grid("", cases, 14 if beside else 12)
        for name, element in [key for key in keys if (*key, cases[0]) in found]:
            mine = [found[name, element, case] for case in cases]
            outcome = _shown(name, mine[0]["unit"])
            unit = "pp" if outcome.difference == "points" else outcome.unit
            label, gap = _short(name, element, outcome), ", " if beside else "\n  "
            table.add_row(f"{label}{gap}{unit}", *(_lost(row, outcome, " " if beside else "\n") for row in mine))
        console.print(table)
        console.print()


def _lost(row: dict[Any, Any], outcome: Outcome, gap: str) -> str:
    median, high = (number(row[key], outcome) for key in ("median", "q95"))
    return f"{median}{gap}({high})" if np.isfinite(row["q95"]) else median


def _narrow(cases: Sequence[str]) -> list[list[str]]:
    return [list(cases[start : start + NARROW_A_BLOCK]) for start in range(0, len(cases), NARROW_A_BLOCK)]


def _grid(title: str, cases: Sequence[str], width: int) -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True)
    for case in cases:
        table.add_column(case_label(case), justify="right", vertical="top", max_width=width, overflow="fold")
    return table


def _shown(name: str, unit: str) -> Outcome:
    return shown_as(name, unit)


def _short(name: str, element: str, outcome: Outcome) -> str:
    return f"{outcome.short}, {ELEMENTS.get(element, element)}" if element else outcome.short


def _percent(share: float) -> str:
    if not np.isfinite(share):
        return "–"
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
