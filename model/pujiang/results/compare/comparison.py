"""Compare runs: differences, goals, ranks and regret by outcome and year, and what differs in the inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.errors import InputError, nearest
from pujiang.experiment.scenario import BASELINE
from pujiang.labelled import Array, Dataset, dataset_in_xarray
from pujiang.presentation import Goal, Presentation, presentation_of
from pujiang.reading import damaged
from pujiang.results.compare import cases as cases_of_runs
from pujiang.results.compare import inputs
from pujiang.results.compare.cases import ComparedCase, ComparedRun, Run, common_members
from pujiang.results.compare.goals import GOAL_COLUMNS, goal_rows
from pujiang.results.compare.ranks import RANK_COLUMNS, REGRET_COLUMNS, rank_rows, regret_rows
from pujiang.results.record import certificate_in
from pujiang.results.summary import draws, elements_of, ensemble_size, policy_from, quantiles
from pujiang.results.words import Message

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

# Draws are the same draws only where all of these are the same.
SAME_DRAWS = ("model_hash", "data_hash", "fit", "seed")
BANDS = ("q05", "q25", "median", "q75", "q95")
OutcomeKey = tuple[str, str, str]
"""Outcome, element ("" for a scalar one), unit."""


@dataclass(frozen=True)
class Note(Message):
    """What a reader must know before any number (a warning, or a failed run), or should (what is compared)."""

    kind: Literal["warning", "failed", "differences", "runs"] = "warning"


@dataclass(frozen=True)
class Comparison:
    """What `compare` finds. All tables are pandas DataFrames, a row an outcome, element, case and year or less.

    Attributes:
        reference: the case differences are from; the first of `cases`.
        cases: scenarios of runs, and points of sweeps.
        shared_members: whether each member is compared with itself. Without that, differences are of medians
            and central members, and bands, probabilities of ranks, and regret are not known.
        notes: what a reader must know first; different models or data in the first. As text a line each.
        inputs: what differs in the inputs, in words: case (or run), input, as the reference has it, here.
        values: the outcomes as they are compared, as the runs were read: our own arrays, or xarray's.
        annual: the same as xarray's, (case, member, year[, element]); where members are not
            shared, equal numbers are not equal draws.
        reached: the same with the errors of the model, as levels carry them.
        table: level, difference, percent, with unit, central, median, q05, q25, q75, q95.
        goals: a row a goal and case, for the goal's year: probability (share of the draws that reach it),
            reached_by_central, members; met_in (the first year by which half of the draws have), met_in_central.
        goals_by_year: see `goals.goal_rows`.
        ranks: see `ranks.rank_rows`; from the year on in which scenarios part.
        regret: see `ranks.regret_rows`; the same years, outcomes with a better direction.
        failed: whether a run failed its certificate.
    """

    reference: str
    cases: tuple[str, ...]
    shared_members: bool
    notes: tuple[Note, ...]
    inputs: "pd.DataFrame"
    values: Any = field(repr=False)
    reached: Any = field(repr=False)
    table: "pd.DataFrame"
    goals: "pd.DataFrame"
    goals_by_year: "pd.DataFrame"
    ranks: "pd.DataFrame"
    regret: "pd.DataFrame"
    failed: bool

    @cached_property
    def annual(self) -> "xr.Dataset":
        """The outcomes that are compared, as xarray's."""
        return _in_xarray(self.values)

    @cached_property
    def levels(self) -> "xr.Dataset":
        """`reached`, as xarray's."""
        return _in_xarray(self.reached)


def _in_xarray(found: Any) -> "xr.Dataset":
    made: xr.Dataset = dataset_in_xarray(found) if isinstance(found, Dataset) else found
    return made


@dataclass(frozen=True)
class Aligned:
    """Cases on the members, years and outcomes they have in common; without shared members, each on its own."""

    cases: tuple[ComparedCase, ...]
    shared: bool
    years: list[int]
    keys: tuple[OutcomeKey, ...]

    def members(self, case: ComparedCase) -> NDArray[Any]:
        """The numbers of a case's members; 0 is the central one."""
        numbers: NDArray[Any] = case.values["member"].values
        return numbers

    def values(self, case: ComparedCase, key: OutcomeKey) -> Floats:
        """One outcome of a case: (member, year)."""
        array = elements_of(case.values[key[0]])[key[1]]
        values: Floats = array.transpose("member", "year").values.astype(float)
        return values

    def levels(self, case: ComparedCase, key: OutcomeKey) -> Floats:
        """The same with the errors of the model, which differences do not carry."""
        values, scalar = self.values(case, key), ".".join(filter(None, key[:2]))
        if case.error is None or scalar not in case.error["outcome"].values.tolist():
            return values
        error = case.error["error"].sel(outcome=scalar, member=self.members(case), year=self.years)
        found: Floats = values * np.exp(error.values)
        return found


def compare(
    *runs: Run,
    baseline: "Run | None" = None,
    outcomes: Sequence[str] | None = None,
    folder: Path = Path("runs"),
    models: inputs.Models = MappingProxyType({}),
) -> Comparison:
    """Compare scenarios of runs, and points of sweeps, with one of them.

    Args:
        runs: folders, ids, "latest", each also with a selector after a colon: scenarios and axis values with
            commas between ("runs/A:exit_drought", "runs/S:fifteenth_plan,exit_window=0.4"); trees from
            `pujiang.run`, `sweep` or `open`; pairs of a tree and a selector.
        baseline: the case differences are from (default: "baseline" of the first run): a run with a selector;
            or a run, whose only scenario besides "baseline" is meant, or "baseline" where it has none or several.
        outcomes: those to compare, as "gdp" or "industry_output.ic" (default: all the runs have in common).
        folder: where ids are looked for.
        models: by its hash, the levers of a model that made runs; without it, where its levers rest is not told.

    Where the ensembles are the same draws, each member is compared with itself; where they are not, the first
    note says so. A baseline that all runs share is one case.

    Raises:
        InputError: for a run, scenario, axis value or outcome that does not exist, or nothing in common.
    """
    if not runs:
        raise InputError("compare needs at least one run: a folder, an id, or 'latest'")
    sources, picked = cases_of_runs.pick(runs, baseline, folder)
    reason, one_baseline = _alike(sources)
    cases = _cases(sources, picked, one_baseline=one_baseline)
    used = [source for place, source in enumerate(sources) if any(case.source == place for case in cases)]
    aligned = _aligned(cases, outcomes, shared=reason is None)
    failures = [
        Note("{run} FAILED ITS CERTIFICATE: do not use its numbers.", {"run": source.name}, "failed")
        for source in used
        if not _passed(source)
    ]
    notes = [Note(line.text, line.values) for line in inputs.warnings_of(used)]
    notes += [_note(reason, cases[0].label, ensemble_size(aligned.members(aligned.cases[0]))), *failures, *_where(used)]
    shown = presentation_of(sources[cases[0].source].plain.attrs)
    goals = _goals(aligned, shown.goals)
    ranks, regrets = _ranks(aligned, policy_from(sources[cases[0].source].plain), shown)
    values = _annual(aligned, shown.attributes())
    return Comparison(
        reference=cases[0].label,
        cases=tuple(case.label for case in cases),
        shared_members=aligned.shared,
        notes=tuple(notes),
        inputs=_frame(inputs.input_rows(sources, cases, models), inputs.INPUT_COLUMNS),
        values=values,
        reached=_reached(values, aligned),
        table=_table(aligned),
        goals=_at_goal_year(goals),
        goals_by_year=goals,
        ranks=ranks,
        regret=regrets,
        failed=bool(failures),
    )


# --- what can be compared with what ---------------------------------------------------------------------------


def _alike(sources: Sequence[ComparedRun]) -> tuple[Message | None, bool]:
    """Why members of the runs cannot be compared one by one, None where they can; whether baselines are equal.

    Two proofs are asked for: the records agree, and the baselines, which every run carries, are the same. Runs
    of different steps have baselines of different accuracy; there, complete records are proof enough.
    """
    first = sources[0]
    for other in sources[1:]:
        facts = {key: (first.facts.get(key), other.facts.get(key)) for key in SAME_DRAWS}
        for key, pair in facts.items():
            if None not in pair and pair[0] != pair[1]:
                return Message("the runs differ in {what}", {"what": Message(key.replace("_", " "))}), False
        if len(common_members([first.plain, other.plain])) == 0:
            return Message("the runs have no member in common"), False
        different = _different_baselines(first.plain, other.plain)
        recorded = all(None not in pair for pair in facts.values())
        if different and inputs.differ_in_step([first, other]) and recorded:
            return None, False
        if different:
            return Message("the runs have different baselines ({outcome})", {"outcome": different}), False
    return None, True


def _different_baselines(first: "xr.Dataset", other: "xr.Dataset") -> str:
    """An outcome in which the baselines of two runs differ by more than rounding; empty where there is none."""
    members = common_members([first, other])
    years = np.intersect1d(first["year"].values, other["year"].values)
    for name in sorted(set(map(str, first.data_vars)) & set(map(str, other.data_vars))):
        ours, theirs = (d[name].sel(scenario=BASELINE.name, member=members, year=years) for d in (first, other))
        if ours.shape != theirs.shape:
            return name
        # Engines agree to rounding relative to the largest value of a variable, not to each.
        scale = float(np.nanmax(np.abs(ours.values), initial=0.0))
        if not np.allclose(ours.values, theirs.values, rtol=0, atol=1e-9 * scale, equal_nan=True):
            return name
    return ""


def _cases(
    sources: Sequence[ComparedRun], picked: Sequence[ComparedCase], *, one_baseline: bool
) -> tuple[ComparedCase, ...]:
    """The cases, with the baseline that all runs share once."""
    kept: list[ComparedCase] = []
    for case in picked:
        if not (one_baseline and case.is_baseline and any(other.is_baseline for other in kept)):
            kept.append(case)
    return tuple(cases_of_runs.relabelled(kept, sources))


def _aligned(cases: Sequence[ComparedCase], outcomes: Sequence[str] | None, *, shared: bool) -> Aligned:
    years = sorted(set.intersection(*(set(case.values["year"].values.tolist()) for case in cases)))
    if not years:
        raise InputError("compare: the runs have no year in common")
    known = [_keys(case.values) for case in cases]
    keys = [key for key in known[0] if all(key in other for other in known[1:])]
    if not keys:
        raise InputError("compare: the runs have no outcome in common")
    if outcomes is not None:
        keys = [key for name in dict.fromkeys(outcomes) for key in _chosen(name, keys)]
    names = list(dict.fromkeys(name for name, *_ in keys))
    members = common_members(case.values for case in cases)
    if shared and len(members) == 0:
        raise InputError("compare: the cases have no member in common")
    parts = [case.values[names].sel(year=years) for case in cases]
    with damaged("compare: the outcomes cannot be read from the run"):
        loaded = [(part.sel(member=members) if shared else part).load() for part in parts]
    aligned = tuple(replace(case, values=part) for case, part in zip(cases, loaded, strict=True))
    return Aligned(aligned, shared, years, tuple(keys))


def _keys(annual: "xr.Dataset") -> list[OutcomeKey]:
    """Outcomes by element, with their units: what is called the same but measured otherwise is not the same."""
    return [
        (str(name), element, str(array.attrs.get("units", "")))
        for name, array in annual.data_vars.items()
        for element in elements_of(array)
    ]


def _chosen(name: str, keys: Sequence[OutcomeKey]) -> list[OutcomeKey]:
    """The outcome, or element of one, a user names."""
    chosen = [key for key in keys if name in (key[0], f"{key[0]}.{key[1]}")]
    if not chosen:
        allowed = list(dict.fromkeys(key[0] for key in keys))
        raise InputError(f"--outcome: no outcome '{name}' in all of the runs{nearest(name, allowed)}")
    return chosen


def _note(reason: Message | None, reference: str, members: int) -> Note:
    if reason is not None:
        return Note(
            "Members are NOT shared: {reason}. Differences from the reference are of medians and have no bands.",
            {"reason": reason},
        )
    if not members:
        return Note("Differences from {reference}, over the central member.", {"reference": reference}, "differences")
    return Note(
        "Differences from {reference}, over {members:,} shared members, each with itself.",
        {"reference": reference, "members": members},
        "differences",
    )


def _where(sources: Sequence[ComparedRun]) -> list[Note]:
    if len(sources) < 2 or not all(source.path for source in sources):
        return []
    listed = ", ".join(f"{source.name} = {Path(source.path).name}" for source in sources)
    return [Note("Runs: {runs}.", {"runs": listed}, "runs")]


def _passed(source: ComparedRun) -> bool:
    """Whether the run passed its certificate: by its manifest or, before it has one, its certificate."""
    certificate = certificate_in(source.facts, source.name)
    return bool(source.facts.get("certificate_passed", certificate.get("passed", True)))


# --- tables -----------------------------------------------------------------------------------------------------


def _annual(aligned: Aligned, attributes: Mapping[str, Any]) -> Any:
    """The outcomes over (case, member, year[, element])."""
    parts: list[Any] = [case.values for case in aligned.cases]
    labels = [case.label for case in aligned.cases]
    if aligned.shared and all(isinstance(part, Dataset) for part in parts):
        first, arrays = parts[0], {}
        for name, array in first.arrays.items():
            if all(name in part.arrays for part in parts):
                stacked = np.stack([part.arrays[name].transpose(*array.dims).values for part in parts])
                arrays[name] = replace(array, dims=("case", *array.dims), values=stacked)
        return Dataset(
            arrays, {"case": Array(("case",), np.array(labels, dtype=object)), **first.coords}, {**attributes}
        )
    import xarray as xr

    whole = xr.concat(
        [dataset_in_xarray(part) if isinstance(part, Dataset) else part for part in parts],
        dim=xr.DataArray(labels, dims="case", name="case"),
        join="outer",
        coords="minimal",
        compat="override",
        combine_attrs="override",
    )
    return whole.assign_attrs({}).assign_attrs(attributes)


def _reached(values: Any, aligned: Aligned) -> Any:
    """The outcomes with the errors of the model."""
    if all(case.error is None for case in aligned.cases):
        return values
    if isinstance(values, Dataset):
        found: Any = replace(values, arrays={n: replace(a, values=a.values.copy()) for n, a in values.arrays.items()})
    else:
        found = values.transpose("case", "member", "year", ...).copy(deep=True)
    for key in aligned.keys:
        part, place = found[key[0]].values, list(elements_of(values[key[0]])).index(key[1])
        for i, case in enumerate(aligned.cases):
            members = np.searchsorted(found["member"].values, aligned.members(case))
            where = (i, members) if part.ndim == 3 else (i, members, slice(None), place)
            part[where] = aligned.levels(case, key)
    return found


def _table(aligned: Aligned) -> "pd.DataFrame":
    import pandas as pd

    reference = aligned.cases[0]
    heads: list[tuple[str, ...]] = []
    found: list[Mapping[str, Floats]] = []
    for key in aligned.keys:
        name, element, unit = key
        base = aligned.values(reference, key)
        for case in aligned.cases:
            own, members = aligned.values(case, key), aligned.members(case)
            measures = [("level", unit, _statistics(aligned.levels(case, key), members))]
            if aligned.shared:
                with np.errstate(divide="ignore", invalid="ignore"):
                    difference = own - base
                    percent = 100 * difference / base
                measures += [
                    ("difference", unit, _statistics(difference, members)),
                    ("percent", "%", _statistics(percent, members)),
                ]
            else:
                against = _statistics(base, aligned.members(reference))
                measures += _unpaired(_statistics(own, members), against, unit)
            for measure, measured_in, statistics in measures:
                heads.append((name, element, case.label, measure, measured_in))
                found.append(statistics)
    # One table of whole columns: one a block would take long to make.
    of_head = zip(("outcome", "element", "case", "measure", "unit"), zip(*heads, strict=True), strict=True)
    words = {column: [word for word in each for _ in aligned.years] for column, each in of_head}
    numbers = {column: np.concatenate([one[column] for one in found]) for column in ("central", *BANDS)}
    made = pd.DataFrame({**words, "year": aligned.years * len(heads), **numbers})
    return made[["outcome", "element", "case", "year", "measure", "unit", *numbers]]


def _statistics(values: Floats, members: NDArray[Any]) -> dict[str, Floats]:
    """central, median and quantiles by year of values (member, year)."""
    central = np.flatnonzero(members == 0)
    bands = dict(zip(BANDS, quantiles(draws(values, members, 0), 0), strict=True))
    return {"central": values[central[0] if len(central) else 0], **bands}


def _unpaired(
    own: Mapping[str, Floats], base: Mapping[str, Floats], unit: str
) -> list[tuple[str, str, dict[str, Floats]]]:
    """Differences where members are not shared: of the central members and of the medians, without bands."""
    unknown = np.full_like(own["median"], np.nan)
    result = []
    for measure, measured_in in (("difference", unit), ("percent", "%")):
        statistics = dict.fromkeys(("central", *BANDS), unknown)
        for key in ("central", "median"):
            with np.errstate(divide="ignore", invalid="ignore"):
                difference = own[key] - base[key]
                statistics[key] = difference if measure == "difference" else 100 * difference / base[key]
        result.append((measure, measured_in, statistics))
    return result


def _goals(aligned: Aligned, goals: Sequence[Goal]) -> "pd.DataFrame":
    rows = []
    for goal in goals:
        name, _, element = goal.outcome.partition(".")
        for key in (key for key in aligned.keys if key[:2] == (name, element)):
            for case in aligned.cases:
                values, members = aligned.levels(case, key), aligned.members(case)
                if goal.base_year is not None:
                    if goal.base_year not in aligned.years:
                        continue
                    values = values / values[:, [list(aligned.years).index(goal.base_year)]]
                rows += goal_rows(goal, case.label, aligned.years, values, members)
    found = _frame([tuple(row.values()) for row in rows], GOAL_COLUMNS)
    return found.astype({"met_in": "Int64", "met_in_central": "Int64"})


def _at_goal_year(goals: "pd.DataFrame") -> "pd.DataFrame":
    found = goals[goals["year"] == goals["goal_year"]]
    columns = ["goal", "year", "case", "probability", "central", "members", "met_in", "met_in_central"]
    return found[columns].rename(columns={"central": "reached_by_central"}).reset_index(drop=True)


def _ranks(aligned: Aligned, first: int, shown: Presentation) -> "tuple[pd.DataFrame, pd.DataFrame]":
    import pandas as pd

    labels = [case.label for case in aligned.cases]
    first = min(first, aligned.years[-1])
    where = [place for place, year in enumerate(aligned.years) if year >= first]
    years = [aligned.years[place] for place in where]
    ranks, regrets = [], []
    for key in aligned.keys:
        own = [draws(aligned.values(case, key)[:, where], aligned.members(case), 0) for case in aligned.cases]
        medians = np.array([quantiles(values, 0)[2] for values in own])
        by_draw = np.array(own) if aligned.shared else None
        outcome = shown.outcome(key[0])
        ranks.append(rank_rows(*key, labels, years, medians, by_draw, outcome))
        if by_draw is not None and outcome.better:
            regrets.append(regret_rows(*key, labels, years, by_draw, outcome))
    no_regret = _frame([], REGRET_COLUMNS)
    return (
        pd.concat(ranks, ignore_index=True) if ranks else _frame([], RANK_COLUMNS),
        pd.concat(regrets, ignore_index=True) if regrets else no_regret,
    )


def _frame(rows: Sequence[Any], columns: Sequence[str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
