"""What a report says, as plain values: gathered from the runs, their comparison and the evidence."""

import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from pujiang.results.compare_inputs import setting_in_words
from pujiang.results.outcomes import GOALS, TABLE, Outcome, number, scenario_label, shown_as, signed
from pujiang.results.report.drivers import Driver, drivers
from pujiang.results.report.sources import FitRow, Pack, SourceRow, fit_rows, source_rows
from pujiang.results.report.words import unit_in_words
from pujiang.results.summary import ENOUGH

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.results.compare import Comparison

DRIVER_YEARS = (2026, 2028, 2030)


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
class Row:
    """An outcome of the headline table."""

    label: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Finding:
    """The largest differences of one scenario: (outcome, difference, unit, band, whether it holds zero)."""

    case: str
    parts: tuple[tuple[str, str, str, str, bool], ...]


@dataclass(frozen=True)
class LeverRow:
    """A lever as a scenario sets it."""

    name: str
    meaning: str
    setting: str
    unit: str


@dataclass(frozen=True)
class ScenarioPart:
    """A scenario in words."""

    name: str
    label: str
    title: str
    meaning: str
    run: int
    levers: tuple[LeverRow, ...]
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DriverPart:
    """What moves in one scenario."""

    label: str
    rows: tuple[tuple[Driver, str, tuple[Number, ...]], ...]


@dataclass(frozen=True)
class RunPart:
    """The record of one run, its certificate, and how the evidence compares."""

    place: int
    id: str
    passed: bool
    failures: tuple[str, ...]
    step_errors: tuple[tuple[str, str, str], ...]
    conservation: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]
    ensemble: str
    members: int
    facts: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    fit: tuple[FitRow, ...]
    same_evidence: bool


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
    scenarios = _scenarios(cases, configs, labels, levers)
    others = [case for case in comparison.cases if case != comparison.reference]
    members = [_drawn(tree) for tree in trees]
    runs = tuple(_run(place, *parts) for place, parts in enumerate(zip(trees, configs, packs, strict=True), 1))
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
        findings=tuple(_finding(comparison, case, named[case], year) for case in others),
        rows=tuple(_rows(comparison, [comparison.reference, *others], year)),
        goals=tuple(f"{goal.year}: {goal.text}" for goal in _goals_shown(comparison)),
        goal_rows=tuple(_goal_rows(comparison, named)),
        scenarios=scenarios,
        drivers=tuple(_drivers(trees, scenarios, year)),
        runs=runs,
        sources=_sources(packs),
    )


def _drawn(tree: "xr.DataTree") -> int:
    """Members beside the central one."""
    return int(np.count_nonzero(tree["annual"].to_dataset()["member"].values))


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


# --- the headline ------------------------------------------------------------------------------------------


def _found(comparison: "Comparison", year: int) -> dict[tuple[str, str, str], dict[Any, Any]]:
    frame = comparison.table
    rows = frame[(frame["year"] == year) & (frame["element"] == "")]
    return {(row["outcome"], row["case"], row["measure"]): row for row in rows.to_dict("records")}


def _rows(comparison: "Comparison", cases: Sequence[str], year: int) -> list[Row]:
    found = _found(comparison, year)
    rows = []
    for name in [name for name in TABLE if (name, comparison.reference, "level") in found]:
        outcome = shown_as(name, str(found[name, comparison.reference, "level"]["unit"]))
        cells = []
        for case in cases:
            level = found[name, case, "level"]
            cut = _cut(number(level["median"], outcome))
            if case == comparison.reference:
                cells.append(Cell(cut, None, _band(level, outcome, number)))
            else:
                difference = _difference(found, name, case, outcome)
                cells.append(Cell(cut, _cut(signed(difference["median"], outcome)), _band(difference, outcome, _bare)))
        rows.append(Row(outcome.short, outcome.unit, tuple(cells)))
    return rows


def _difference(found: Mapping[Any, Any], name: str, case: str, outcome: Outcome) -> dict[str, float]:
    """The difference as `signed` reads it: relative where that reads best, else in the stored unit."""
    percent = outcome.difference == "percent"
    row = found[name, case, "percent" if percent else "difference"]
    return {key: row[key] * (0.01 if percent else 1.0) for key in ("q05", "median", "q95")}


def _band(row: Mapping[str, float], outcome: Outcome, text: Any) -> str:
    low, high = row["q05"], row["q95"]
    if not (math.isfinite(low) and math.isfinite(high)) or text(low, outcome) == text(high, outcome):
        return ""
    return f"{text(low, outcome)} to {text(high, outcome)}"


def _bare(value: float, outcome: Outcome) -> str:
    return signed(value, outcome).removesuffix(" %").removesuffix(" pp")


def _cut(text: str) -> Number:
    value, _, unit = text.partition(" ")
    whole, point, fraction = value.partition(".")
    return Number(whole, point + fraction, unit)


def _finding(comparison: "Comparison", case: str, label: str, year: int) -> Finding:
    """The four outcomes that differ most, of those that differ by half a percent or more."""
    found = _found(comparison, year)
    sizes = {name: abs(row["median"]) for (name, of, measure), row in found.items()
             if of == case and measure == "percent" and name in TABLE and math.isfinite(row["median"])}  # fmt: skip
    largest = sorted((name for name in sizes if sizes[name] >= 0.5), key=lambda name: -sizes[name])[:4]
    parts = []
    for name in largest:
        outcome = shown_as(name, str(found[name, case, "level"]["unit"]))
        row = _difference(found, name, case, outcome)
        unit = outcome.unit if outcome.difference == "number" and outcome.unit != "number" else ""
        holds_zero = bool(row["q05"] < 0 < row["q95"])
        parts.append((outcome.short, signed(row["median"], outcome), unit, _band(row, outcome, _bare), holds_zero))
    return Finding(label, tuple(parts))


def _goals_shown(comparison: "Comparison") -> list[Any]:
    texts = set(comparison.goals["goal"]) if len(comparison.goals) else set()
    return [goal for goal in GOALS if goal.text in texts]


def _goal_rows(comparison: "Comparison", named: Mapping[str, str]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """A row a case: for each goal how likely it is reached, and the year by which half of the draws have."""
    found = {(row["case"], row["goal"]): row for row in comparison.goals.to_dict("records")}
    goals = _goals_shown(comparison)
    rows = []
    for case, label in named.items():
        mine = [found[case, goal.text] for goal in goals if (case, goal.text) in found]
        if mine and len(mine) == len(goals):
            rows.append(
                (label, tuple((_share(row), "" if _missing(row["met_in"]) else str(row["met_in"])) for row in mine))
            )
    return rows


def _missing(value: Any) -> bool:
    return not isinstance(value, int | np.integer)


def _share(row: Mapping[Any, Any]) -> str:
    share = float(row["probability"])
    if not math.isfinite(share) or row["members"] < ENOUGH:
        return "yes" if row["reached_by_central"] else "no"
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


# --- scenarios and what moves in them ----------------------------------------------------------------------


def _scenarios(
    cases: Sequence[tuple[int, str]],
    configs: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    levers: "Mapping[str, Lever]",
) -> tuple[ScenarioPart, ...]:
    """The cases in the order of the comparison, with what the configuration of their run says of them."""
    parts = []
    for (run, name), label in zip(cases, labels, strict=True):
        listed = configs[run].get("scenarios")
        told = {entry["name"]: entry for entry in listed if "name" in entry} if isinstance(listed, list) else {}
        entry = told.get(name, {})
        rows = [_lever_row(lever, setting, levers) for lever, setting in (entry.get("levers") or {}).items()]
        fixed = [(str(key), f"{value:.6g}") for key, value in (entry.get("parameters") or {}).items()]
        title = str(entry.get("title") or "") or scenario_label(name)
        meaning = " ".join(str(entry.get("meaning") or "").split())
        parts.append(ScenarioPart(name, label, title, meaning, run, tuple(rows), tuple(fixed)))
    return tuple(parts)


def _lever_row(name: str, setting: Any, levers: "Mapping[str, Lever]") -> LeverRow:
    known = levers.get(name)
    words = name.replace("_", " ").capitalize()
    if known is None:
        return LeverRow(words, "", setting_in_words(setting), "")
    resting = "not set" if known.default is None else f"{known.default:g}"
    return LeverRow(words, known.doc, setting_in_words(setting, resting), unit_in_words(known.unit))


def _drivers(trees: "Sequence[xr.DataTree]", scenarios: Sequence[ScenarioPart], last: int) -> list[DriverPart]:
    years = [year for year in DRIVER_YEARS if year <= last]
    parts = []
    for scenario in scenarios:
        if scenario.name == "baseline":
            continue
        trajectories = trees[scenario.run]["trajectories"].to_dataset()
        found = drivers(trajectories, scenario.name, tuple(year + 1.0 for year in years))
        rows = [
            (driver, f"{int(driver.since)} Q{1 + int(4 * (driver.since % 1))}", tuple(map(_relative, driver.changes)))
            for driver in found
        ]
        parts.append(DriverPart(scenario.label, tuple(rows)))
    return parts


def _relative(change: float) -> Number:
    outcome = Outcome("", "", "", 1.0, 1, "percent")
    return _cut(signed(change, outcome)) if abs(change) < 10 else _cut(f"×{1 + change:,.0f}".replace("-", "−"))


# --- the record --------------------------------------------------------------------------------------------


def _run(place: int, tree: "xr.DataTree", config: Mapping[str, Any], pack: Pack | None) -> RunPart:
    facts, certificate = tree.attrs, json.loads(str(tree.attrs.get("certificate", "{}")))
    name = Path(str(facts.get("run", f"run {place}"))).name
    ensemble = config.get("ensemble")
    kind = str(ensemble.get("kind", "")) if isinstance(ensemble, Mapping) else ""
    observations = [] if pack is None else list(pack.observations)
    return RunPart(
        place=place,
        id=name,
        passed=bool(facts.get("certificate_passed", certificate.get("passed", False))),
        failures=tuple(map(str, certificate.get("failures", ()))),
        step_errors=tuple(_step_errors(certificate.get("step_halving", {}))),
        conservation=tuple(
            (family.replace("_", " "), f"{float(residual):.1e}".replace("-", "−"))
            for family, residual in certificate.get("conservation", {}).items()
        ),
        remarks=tuple(_remarks(certificate)),
        ensemble=kind,
        members=_drawn(tree),
        facts=tuple(_facts(name, facts)),
        versions=tuple((key, str(value)) for key, value in dict(facts.get("versions", {})).items()),
        files=tuple(_files(facts)),
        fit=tuple(fit_rows(tree["annual"].to_dataset(), observations)),
        same_evidence=pack is not None and pack.sha256 == facts.get("data_hash"),
    )


def _step_errors(halving: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The five outcomes of the largest error: label, central member, worst member."""
    pairs = {
        name: (float(entry.get("central", np.nan)), float(entry.get("worst", np.nan)))
        if isinstance(entry, Mapping) else (float(entry), float(entry))
        for name, entry in halving.items()
    }  # fmt: skip
    largest = sorted(pairs, key=lambda name: -max(pairs[name]))[:5]
    rows = []
    for name in largest:
        central, worst = (f"{value:.1e}".replace("-", "−") for value in pairs[name])
        rows.append((shown_as(name).label, central, worst))
    return rows


def _remarks(certificate: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The other entries of a certificate: what was looked for, and the names found ("none" where none)."""
    remarks = []
    for key, words in (
        ("non_finite", "Values that are not finite"),
        ("negative_stocks", "Stocks below zero"),
        ("tables_left", "Tables left at an end"),
        ("bounds_touched", "Parameters drawn onto a bound, with the share of members"),
    ):
        found = certificate.get(key) or {}
        if isinstance(found, Mapping):
            listed = [
                f"{name} ({100 * value:.1f} %)" if key == "bounds_touched" and isinstance(value, float) else str(name)
                for name, value in sorted(found.items())
            ]
        else:
            listed = list(map(str, found))
        remarks.append((words, ", ".join(listed) or "none"))
    return remarks


def _facts(name: str, facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    commit = facts.get("commit")
    if isinstance(commit, Mapping):
        changed = ", with uncommitted changes" if commit.get("changed") else ""
        code = f"{commit.get('hash', '')}{changed}"
    else:
        code = "not recorded: an installed package"
    argv = facts.get("argv")
    made = [
        ("Run", name),
        ("Started", facts.get("started")),
        ("Finished", facts.get("finished")),
        ("Made by", f"pujiang {shlex.join(map(str, argv))}" if isinstance(argv, list) and argv else "Python"),
        ("To repeat it", f"pujiang run --from runs/{name}"),
        ("Repeats", facts.get("parent")),
        ("Members", facts.get("members")),
        ("Seed", facts.get("seed")),
        ("Fit", facts.get("fit")),
        ("Commit", code),
        ("Model hash", facts.get("model_hash")),
        ("Data hash", facts.get("data_hash")),
        ("Configuration hash", facts.get("config_hash")),
    ]
    return [(key, str(value)) for key, value in made if value not in (None, "")]


def _files(facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """SHA-256 of the files of the run, but for its figures."""
    from pujiang.results.run_folder import read_manifest

    if "run" not in facts:
        return []
    listed = read_manifest(Path(str(facts["run"])))["files"]
    return [(name, listed[name]) for name in sorted(listed) if not name.startswith("figures/")]


def _sources(packs: Sequence[Pack | None]) -> tuple[SourceRow, ...]:
    rows: dict[str, SourceRow] = {}
    for pack in packs:
        for row in source_rows(pack, TABLE) if pack is not None else ():
            rows.setdefault(row.id, row)
    return tuple(rows.values())
