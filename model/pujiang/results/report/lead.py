"""The first paragraph of a report: what is asked answered, case by case, and the goals with their odds."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pujiang.presentation import Goal, presentation_of
from pujiang.results.explanation.names import called
from pujiang.results.explanation.paragraph import level_of, within_case
from pujiang.results.outcomes import signed
from pujiang.results.report.why import Why, asked_about
from pujiang.results.summary import ENOUGH, headline, in_percent
from pujiang.results.words import Words

if TYPE_CHECKING:
    from pujiang.results.compare import Comparison

GOALS = 3
CLEAR = 0.05
"""The difference of two odds from which it is told."""
ALONE = 3
"""Outcomes whose levels are told where there is one case alone."""


def lead(comparison: "Comparison", whys: Sequence[Why], year: int, question: str, say: Words) -> str:
    """The answer in one paragraph: of one case what it differs by and why, of several how they rank, of none levels."""
    if not whys:
        return say.sentences([_levels(comparison, year, question, say), _odds(comparison, say)])
    if len(whys) == 1:
        return say.sentences([whys[0].said, _odds(comparison, say)])
    return say.sentences([_ranked(comparison, whys, year, say), _odds(comparison, say)])


def _ranked(comparison: "Comparison", whys: Sequence[Why], year: int, say: Words) -> str:
    """The main outcome of the first case that has one, in every case, from high to low."""
    name = next((why.stories[0].scalar for why in whys if why.stories), "")
    if not name:
        return say("No main outcome differs by a thousandth.")
    outcome, found = say.outcome(name), comparison.scalars(year)
    measure, factor = ("percent", 0.01) if outcome.difference == "percent" else ("difference", 1.0)
    cases = [case for case in comparison.cases if case != comparison.reference]
    level = {case: float(found[name, case, "level"]["median"]) for case in comparison.cases}
    listed = []
    for case in sorted(cases, key=lambda case: -level[case]):
        change = float(found[name, case, measure]["median"]) * factor
        listed.append(
            say("{level} in {case} ({difference})", level=level_of(level[case], outcome), case=within_case(case, say),
                difference=signed(change, outcome))
        )  # fmt: skip
    return say(
        "{name} in {year}: {levels}; {base} in {reference}.",
        name=called(name, say), year=year, levels=say.listed(listed, say(" and ")),
        base=level_of(level[comparison.reference], outcome), reference=within_case(comparison.reference, say),
    )  # fmt: skip


def _levels(comparison: "Comparison", year: int, question: str, say: Words) -> str:
    """The levels of the outcomes that are asked about, or of those of goals."""
    shown, found = presentation_of(comparison.values.attrs), comparison.scalars(year)
    names = headline(comparison.values)
    goals = [goal.outcome for goal in shown.goals if goal.year == year]
    wanted = [name for name in (*asked_about(question, shown), *goals, *names) if name in names]
    parts = []
    for name in list(dict.fromkeys(wanted))[:ALONE]:
        row, outcome = found[name, comparison.reference, "level"], say.outcome(name)
        low, high = (level_of(float(row[key]), outcome) for key in ("q05", "q95"))
        band = say(" (90 % of the members: {low} to {high})", low=low, high=high) if math.isfinite(row["q05"]) else ""
        parts.append(
            say(
                "{name} {level}{band}", name=called(name, say), level=level_of(float(row["median"]), outcome), band=band
            )
        )
    return say("In {year}: {levels}.", year=year, levels=say.listed(parts)) if parts else ""


def open_goals(comparison: "Comparison", say: Words) -> list[tuple[str, int, list[str]]]:
    """The goals whose odds are open in some case, with the odds of every case: label, year, odds."""
    out = []
    for goal, rows in _rows(comparison):
        shares = [float(row["probability"]) for row in rows]
        if any(0.02 < share < 0.98 for share in shares):
            odds = [in_percent(share, int(row["members"])) for share, row in zip(shares, rows, strict=True)]
            out.append((say.label(goal.text), goal.year, odds))
    return out


def _rows(comparison: "Comparison") -> list[tuple[Goal, list[dict[Any, Any]]]]:
    """The goals that have odds, with the row of every case."""
    rows = comparison.tables.goals.by("goal", "case")
    out = []
    for goal in presentation_of(comparison.values.attrs).goals:
        own = [rows.get((goal.text, case)) for case in comparison.cases]
        known = [row for row in own if row is not None]
        enough = all(row["members"] >= ENOUGH and math.isfinite(row["probability"]) for row in known)
        if len(known) == len(own) and enough:
            out.append((goal, known))
    return out


def _odds(comparison: "Comparison", say: Words) -> str:
    """The goals whose odds the cases move most; where none is moved, those that are open."""
    parts = []
    for goal, rows in _rows(comparison):
        shares = [float(row["probability"]) for row in rows]
        parts.append((max(shares) - min(shares), any(0.02 < share < 0.98 for share in shares), goal, rows))
    moved = sorted((part for part in parts if part[0] >= CLEAR), key=lambda part: -part[0])[:GOALS]
    told = moved or [part for part in reversed(parts) if part[1]][:GOALS]
    listed = []
    for _, _, goal, rows in told:
        first, *others = [(row["case"], float(row["probability"]), int(row["members"])) for row in rows]
        odds = [
            say("{share} in {case}", share=in_percent(share, members), case=within_case(case, say))
            for case, share, members in sorted(others, key=lambda other: -other[1])
        ]
        odds.append(say("{share} in {case}", share=in_percent(*first[1:], bare=True), case=within_case(first[0], say)))
        listed.append(say("{goal} ({year}) {odds}", goal=say.label(goal.text), year=goal.year, odds=say.listed(odds)))
    if not listed:
        return ""
    return say("Odds of the goals: {goals}.", goals="; ".join(listed) if say.language == "en" else "；".join(listed))
