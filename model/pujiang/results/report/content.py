"""What a report says, as plain values: gathered from the runs, their comparison and the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pujiang.evidence import Evidence
from pujiang.labelled import Tree
from pujiang.presentation import presentation_of
from pujiang.results.record import config_in
from pujiang.results.report.bands import BandRow, band_rows
from pujiang.results.report.headline import (
    LargestDifferences,
    OutcomeRow,
    goal_table,
    goals_shown,
    headline_rows,
    largest_differences,
)
from pujiang.results.report.lead import lead, open_goals
from pujiang.results.report.record import RunPart, run_part
from pujiang.results.report.scenarios import ScenarioPart, scenario_parts
from pujiang.results.report.sources import SourceRow, source_rows
from pujiang.results.report.why import Why, whys
from pujiang.results.summary import ENOUGH, headline
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.results.compare import Comparison


@dataclass(frozen=True)
class Content:
    """Everything a report says but its figures."""

    title: str
    question: str
    place: str
    year: int
    warnings: tuple[str, ...]
    failed: bool
    reference: str
    cases: tuple[str, ...]
    shared: bool
    members: int
    inputs: tuple[tuple[str, ...], ...]
    findings: tuple[LargestDifferences, ...]
    lead: str
    rows: tuple[OutcomeRow, ...]
    front_rows: tuple[OutcomeRow, ...]
    front_goals: tuple[tuple[str, int, list[str]], ...]
    goals: tuple[str, ...]
    goal_rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    scenarios: tuple[ScenarioPart, ...]
    whys: tuple[Why, ...]
    runs: tuple[RunPart, ...]
    sources: tuple[SourceRow, ...]
    bands: tuple[BandRow, ...]

    @property
    def gives_probabilities(self) -> bool:
        """Whether there are members enough to read a probability from."""
        return self.members >= ENOUGH


def gather(
    trees: "Sequence[xr.DataTree]",
    comparison: "Comparison",
    cases: Sequence[tuple[int, str]],
    evidence: Sequence[Evidence | None],
    levers: "Mapping[str, Lever]",
    say: Words,
    *,
    explanations: Mapping[str, Tree | None],
    title: str | None,
    question: str | None,
) -> Content:
    """What a report on `trees` says, in the language of `say`.

    `cases`: run and scenario of each case of the comparison, in its order. `evidence` of each run, None where it
    cannot be read. `explanations` by case, as far as there are. Titles and questions that are not given follow from
    the scenarios.
    """
    year = comparison.years[-1]
    configs = [config_in(tree.attrs) for tree in trees]
    named = {case: say.case(case) for case in comparison.cases}
    scenarios = scenario_parts(cases, configs, list(named.values()), levers, say)
    others = [case for case in comparison.cases if case != comparison.reference]
    parts = zip(trees, configs, evidence, strict=True)
    runs = tuple(run_part(number, *part, say) for number, part in enumerate(parts, 1))
    reference, listed = named[comparison.reference], [named[case] for case in others]
    city = presentation_of(comparison.values.attrs).place
    place = say.label(city) if city else say("the model")
    heading = say("{place} to {year}: {cases}", place=place, year=year, cases="\u00a0· ".join(listed) or reference)
    explained = tuple(whys(comparison, explanations, year, question or "", say))
    rows = headline_rows(comparison, [comparison.reference, *others], year, say)
    return Content(
        title=title or heading[:1].upper() + heading[1:],
        question=question or _question(place, year, listed, reference, say),
        place=place,
        year=year,
        warnings=tuple(say.message(note) for note in comparison.notes if note.kind == "warning"),
        failed=not all(run.passed for run in runs),
        reference=reference,
        cases=tuple(listed),
        shared=comparison.shared_members,
        members=min(run.members for run in runs),
        inputs=_inputs(comparison, say),
        findings=tuple(largest_differences(comparison, case, year, say) for case in others),
        lead=lead(comparison, explained, year, question or "", say),
        rows=tuple(rows),
        front_rows=tuple(rows[place] for place in _front(comparison, explained)),
        front_goals=tuple(own for own in open_goals(comparison, say) if own[1] == year)[:FRONT_GOALS],
        goals=tuple(
            say("{year}: {goal}", year=goal.year, goal=say.label(goal.text)) for goal in goals_shown(comparison)
        ),
        goal_rows=tuple(goal_table(comparison, say)),
        scenarios=scenarios,
        whys=explained,
        runs=runs,
        sources=_sources(evidence, headline(comparison.values), say),
        bands=band_rows(headline(comparison.values), say),
    )


FRONT = 5
"""Outcomes of the table on the first pages, beside the first of all and the cost."""
FRONT_GOALS = 4


def _front(comparison: "Comparison", explained: Sequence[Why]) -> list[int]:
    """The places of the headline outcomes that the first pages show: those that are told, the first, and the cost."""
    names = headline(comparison.values)
    told = list(dict.fromkeys(story.scalar for why in explained for story in why.stories))[:FRONT]
    cost = presentation_of(comparison.values.attrs).cost
    wanted = {*(told or names[:FRONT]), *names[:1], cost}
    return [place for place, name in enumerate(names) if name in wanted]


def _inputs(comparison: "Comparison", say: Words) -> tuple[tuple[str, ...], ...]:
    """What differs between whole runs: run, input, as the reference has it, here; levers stand with scenarios."""
    return tuple(
        (row["case"], say(row["input"]), row["reference"], row["here"])
        for row in comparison.tables.inputs.rows()
        if row["case"].startswith("run ")
    )


def _question(place: str, year: int, others: Sequence[str], reference: str, say: Words) -> str:
    if not others:
        return say("Where does {place} stand in {year} if policy rests where it is?", place=place, year=year)
    return say(
        "How would {place} differ in {year} under {cases}, compared with {reference}?",
        place=place, year=year, cases=say.listed(list(others), say(" or ")), reference=reference,
    )  # fmt: skip


def _sources(evidence: Sequence[Evidence | None], outcomes: Sequence[str], say: Words) -> tuple[SourceRow, ...]:
    rows: dict[str, SourceRow] = {}
    for own in evidence:
        for row in source_rows(own, outcomes, say) if own is not None else ():
            rows.setdefault(row.id, row)
    return tuple(rows.values())
