"""What a report says, as plain values: gathered from the runs, their comparison and the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from pujiang.results.outcomes import TABLE, scenario_label
from pujiang.results.report.headline import Finding, Row, finding, goal_rows, goals_shown, headline_rows
from pujiang.results.report.record import RunPart, drawn, run_part
from pujiang.results.report.scenarios import DriverPart, ScenarioPart, driver_parts, scenario_parts
from pujiang.results.report.sources import Pack, SourceRow, source_rows
from pujiang.results.summary import ENOUGH

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.results.compare import Comparison


@dataclass(frozen=True)
class Content:
    """Everything a report says but its figures."""

    title: str
    question: str
    year: int
    warnings: tuple[str, ...]
    failed: bool
    reference: str
    cases: tuple[str, ...]
    shared: bool
    members: int
    note: str
    inputs: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]
    goals: tuple[str, ...]
    goal_rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    scenarios: tuple[ScenarioPart, ...]
    drivers: tuple[DriverPart, ...]
    runs: tuple[RunPart, ...]
    sources: tuple[SourceRow, ...]

    @property
    def gives_probabilities(self) -> bool:
        """Whether there are members enough to read a probability from."""
        return self.members >= ENOUGH


def gather(
    trees: "Sequence[xr.DataTree]",
    comparison: "Comparison",
    cases: Sequence[tuple[int, str]],
    packs: Sequence[Pack | None],
    levers: "Mapping[str, Lever]",
    *,
    title: str | None,
    question: str | None,
) -> Content:
    """What a report on `trees` says.

    `cases`: run and scenario of each case of the comparison, in its order. `packs` are the evidence of each run
    (None where it cannot be read). Titles and questions that are not given follow from the scenarios.
    """
    year = int(comparison.table["year"].max())
    configs = [_config(tree) for tree in trees]
    labels = [scenario_label(case) for case in comparison.cases]
    named = dict(zip(comparison.cases, labels, strict=True))
    scenarios = scenario_parts(cases, configs, labels, levers)
    others = [case for case in comparison.cases if case != comparison.reference]
    members = [drawn(tree) for tree in trees]
    runs = tuple(run_part(place, *parts) for place, parts in enumerate(zip(trees, configs, packs, strict=True), 1))
    listed = "\u00a0· ".join(named[case] for case in others) or named[comparison.reference]
    return Content(
        title=title or f"Shanghai to {year}: {listed}",
        question=question or _question(year, [named[case] for case in others], named[comparison.reference]),
        year=year,
        warnings=_warnings(comparison),
        failed=not all(run.passed for run in runs),
        reference=named[comparison.reference],
        cases=tuple(named[case] for case in others),
        shared=comparison.shared_members,
        members=min(members),
        note=next((note for note in comparison.notes if note.startswith("Differences from")), ""),
        inputs=_inputs(comparison),
        findings=tuple(finding(comparison, case, named[case], year) for case in others),
        rows=tuple(headline_rows(comparison, [comparison.reference, *others], year)),
        goals=tuple(f"{goal.year}: {goal.text}" for goal in goals_shown(comparison)),
        goal_rows=tuple(goal_rows(comparison, named)),
        scenarios=scenarios,
        drivers=tuple(driver_parts(trees, scenarios, year)),
        runs=runs,
        sources=_sources(packs),
    )


def _config(tree: "xr.DataTree") -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(str(tree.attrs.get("config", "")))
    except yaml.YAMLError:
        found = None
    return found if isinstance(found, Mapping) else {}


def _inputs(comparison: "Comparison") -> tuple[tuple[str, ...], ...]:
    """What differs between whole runs: run, input, as the reference has it, here; levers stand with scenarios."""
    frame = comparison.inputs[["case", "input", "reference", "here"]]
    return tuple(tuple(map(str, row)) for row in frame.to_numpy() if str(row[0]).startswith("run "))


def _question(year: int, others: Sequence[str], reference: str) -> str:
    if not others:
        return f"Where does Shanghai stand in {year} if policy rests where it is?"
    listed = " or ".join([", ".join(others[:-1]), others[-1]] if len(others) > 1 else others)
    return f"How would Shanghai differ in {year} under {listed}, compared with {reference}?"


def _warnings(comparison: "Comparison") -> tuple[str, ...]:
    """What a reader must know before any number: different models or data first, members not shared."""
    quiet = ("Differences from", "Runs: ")
    return tuple(note for note in comparison.notes if not note.startswith(quiet) and "FAILED" not in note)


def _sources(packs: Sequence[Pack | None]) -> tuple[SourceRow, ...]:
    rows: dict[str, SourceRow] = {}
    for pack in packs:
        for row in source_rows(pack, TABLE) if pack is not None else ():
            rows.setdefault(row.id, row)
    return tuple(rows.values())
