"""The head of a report: its table of outcomes, the largest differences, and how likely the goals are reached."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pujiang.presentation import Goal, Outcome, presentation_of
from pujiang.results.outcomes import level_text, signed
from pujiang.results.summary import ENOUGH, headline, in_percent
from pujiang.results.words import Words

if TYPE_CHECKING:
    from pujiang.results.compare import Comparison


@dataclass(frozen=True)
class Number:
    """A number cut at its decimal point, so that a column of them can be aligned there."""

    whole: str
    fraction: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """One scenario of a row: level, difference from the reference, and the 5–95 % band of it ("" for none)."""

    level: Number
    difference: Number | None
    band: str


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome of the headline table."""

    label: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LargestDifferences:
    """Those of one scenario: (outcome, difference with its unit, band, whether it holds zero)."""

    case: str
    parts: tuple[tuple[str, str, str, bool], ...]


def headline_rows(comparison: "Comparison", cases: Sequence[str], year: int, say: Words) -> list[OutcomeRow]:
    """The headline outcomes in `year`: a cell a case, those after the reference with their difference."""
    found = comparison.scalars(year)
    rows = []
    for name in headline(comparison.values):
        outcome = say.outcome(name, str(found[name, comparison.reference, "level"]["unit"]))
        cells = []
        for case in cases:
            level = found[name, case, "level"]
            cut = cut_at_point(level_text(level["median"], outcome))
            if case == comparison.reference:
                cells.append(Cell(cut, None, _band(level, outcome, level_text, say)))
            else:
                difference = _difference(found, name, case, outcome)
                shown = cut_at_point(signed(difference["median"], outcome))
                cells.append(Cell(cut, shown, _band(difference, outcome, _bare, say)))
        rows.append(OutcomeRow(outcome.short, outcome.unit, tuple(cells)))
    return rows


def largest_differences(comparison: "Comparison", case: str, year: int, say: Words) -> LargestDifferences:
    """The four outcomes that differ most, of those that differ by half a percent or more."""
    found, shown = comparison.scalars(year), headline(comparison.values)
    sizes = {name: abs(row["median"]) for (name, of, measure), row in found.items()
             if of == case and measure == "percent" and name in shown and math.isfinite(row["median"])}  # fmt: skip
    largest = sorted((name for name in sizes if sizes[name] >= 0.5), key=lambda name: -sizes[name])[:4]
    parts = []
    for name in largest:
        outcome = say.outcome(name, str(found[name, case, "level"]["unit"]))
        row = _difference(found, name, case, outcome)
        unit = f" {outcome.unit}" if outcome.difference == "number" and outcome.unit != "number" else ""
        holds_zero = bool(row["q05"] < 0 < row["q95"])
        parts.append(
            (outcome.short, signed(row["median"], outcome) + unit, _band(row, outcome, _bare, say), holds_zero)
        )
    return LargestDifferences(say.case(case), tuple(parts))


def goals_shown(comparison: "Comparison") -> list[Goal]:
    """The goals the comparison speaks of, in their own order."""
    texts = set(comparison.tables.goals["goal"].tolist())
    return [goal for goal in presentation_of(comparison.values.attrs).goals if goal.text in texts]


def goal_table(comparison: "Comparison", say: Words) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """A row a case: for each goal how likely it is reached, and the year by which half of the draws have."""
    found = comparison.tables.goals.by("case", "goal")
    goals = goals_shown(comparison)
    rows = []
    for case in comparison.cases:
        mine = [found[case, goal.text] for goal in goals if (case, goal.text) in found]
        if mine and len(mine) == len(goals):
            cells = ((_share(row, say), "" if math.isnan(row["met_in"]) else f"{row['met_in']:.0f}") for row in mine)
            rows.append((say.case(case), tuple(cells)))
    return rows


def _difference(found: Mapping[Any, Any], name: str, case: str, outcome: Outcome) -> dict[str, float]:
    """The difference as `signed` reads it: relative where that reads best, else in the stored unit."""
    percent = outcome.difference == "percent"
    row = found[name, case, "percent" if percent else "difference"]
    return {key: row[key] * (0.01 if percent else 1.0) for key in ("q05", "median", "q95")}


def _band(row: Mapping[str, float], outcome: Outcome, text: Any, say: Words) -> str:
    low, high = row["q05"], row["q95"]
    if not (math.isfinite(low) and math.isfinite(high)) or text(low, outcome) == text(high, outcome):
        return ""
    return say("{low} to {high}", low=text(low, outcome), high=text(high, outcome))


def _bare(value: float, outcome: Outcome) -> str:
    return signed(value, outcome).removesuffix(" %").removesuffix(" pp")


def cut_at_point(text: str) -> Number:
    """A number in words, cut at its decimal point."""
    value, _, unit = text.partition(" ")
    whole, point, fraction = value.partition(".")
    return Number(whole, point + fraction, unit)


def _share(row: Mapping[Any, Any], say: Words) -> str:
    share = float(row["probability"])
    if math.isfinite(share) and row["members"] >= ENOUGH:
        return in_percent(share, int(row["members"]))
    return say("yes") if row["reached_by_central"] else say("no")
