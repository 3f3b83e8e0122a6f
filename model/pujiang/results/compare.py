"""Compare runs: level, difference and percent by outcome and year, and the probability of each plan goal."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.results.outcomes import GOALS
from pujiang.results.summary import draws, goal_shares, quantiles, scalar_outcomes

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

BASELINE = "baseline"
# Draws are the same draws only where all of these are the same.
SAME_DRAWS = ("model_hash", "data_hash", "fit", "seed")
BANDS = ("q05", "q25", "median", "q75", "q95")


@dataclass(frozen=True)
class Comparison:
    """What `compare` finds.

    table: a row for each outcome, element, case, year and measure (level, difference, percent), with the
    columns unit, central, median, q05, q25, q75, q95. goals: a row a goal and case, with the share of the
    draws that reach it. Differences are from the case `reference`. `shared_members`: whether they are of each
    member with itself; without, only central and median are known, as differences of the two.
    `notes`: what a reader must know first, a line each.
    """

    reference: str
    cases: tuple[str, ...]
    shared_members: bool
    notes: tuple[str, ...]
    table: "pd.DataFrame"
    goals: "pd.DataFrame"


@dataclass(frozen=True)
class Case:
    """One scenario of one run."""

    label: str
    run: int
    scenario: str


def compare(
    *runs: "str | os.PathLike[str] | xr.DataTree",
    baseline: "str | os.PathLike[str] | xr.DataTree | None" = None,
    folder: Path = Path("runs"),
) -> Comparison:
    """Compare the scenarios of runs (folders, ids, "latest", or trees) with one of them.

    Differences are from the scenario "baseline" of the first run. `baseline` names another run: then they are
    from its only scenario besides "baseline", or from "baseline" where it has none or several. Where the
    ensembles are the same draws, each member is compared with itself; where they are not, the first note
    says so.
    """
    if not runs:
        raise InputError("compare needs at least one run: a folder, an id, or 'latest'")
    trees = [_tree(run, folder) for run in runs]
    chosen = 0 if baseline is None else _position(baseline, runs, trees, folder)
    if chosen == len(trees):  # a run that is only there to be compared with
        trees.append(_tree(baseline, folder))
    annuals = [tree["annual"].to_dataset() for tree in trees]
    reason = _why_not_shared(trees, annuals)
    cases = _cases(annuals, trees, shared=reason == "")
    reference = _reference(cases, chosen, named=baseline is not None)
    members = _common_members(annuals)
    frames = [annual.sel(member=members) if reason == "" else annual for annual in annuals]
    notes = [_note(reason, reference, len(members) - int(0 in members)), *_failures(trees)]
    return Comparison(
        reference=reference.label,
        cases=tuple(case.label for case in cases),
        shared_members=reason == "",
        notes=tuple(notes),
        table=_table(frames, cases, reference, shared=reason == ""),
        goals=_goals(frames, cases),
    )


def _tree(run: Any, folder: Path) -> "xr.DataTree":
    import xarray as xr

    from pujiang.results.run_folder import open as open_run

    return run if isinstance(run, xr.DataTree) else open_run(run, folder)


def _position(baseline: Any, runs: Sequence[Any], trees: "Sequence[xr.DataTree]", folder: Path) -> int:
    """Which of the runs `baseline` is; their number where it is none of them."""
    import xarray as xr

    from pujiang.results.run_folder import find

    for place, run in enumerate(runs):
        if run is baseline:
            return place
    if isinstance(baseline, xr.DataTree):
        return len(runs)
    path = str(find(baseline, folder))
    return next((i for i, tree in enumerate(trees) if tree.attrs.get("run") == path), len(runs))


def _why_not_shared(trees: "Sequence[xr.DataTree]", annuals: "Sequence[xr.Dataset]") -> str:
    """Why members of the runs cannot be compared one by one; empty where they can.

    Two proofs are asked for: the records agree, and the baselines, which every run carries, are the same.
    """
    first, annual = trees[0], annuals[0]
    for tree, other in zip(trees[1:], annuals[1:], strict=True):
        for key in SAME_DRAWS:
            facts = first.attrs.get(key), tree.attrs.get(key)
            if None not in facts and facts[0] != facts[1]:
                return f"the runs differ in {key.replace('_', ' ')}"
        members = _common_members([annual, other])
        if len(members) == 0:
            return "the runs have no member in common"
        for name in sorted(set(map(str, annual.data_vars)) & set(map(str, other.data_vars))):
            ours, theirs = (part[name].sel(scenario=BASELINE, member=members) for part in (annual, other))
            same = ours.shape == theirs.shape and np.allclose(
                ours.values, theirs.values, rtol=1e-9, atol=0, equal_nan=True
            )
            if not same:
                return f"the runs have different baselines ({name})"
    return ""


def _common_members(annuals: "Sequence[xr.Dataset]") -> NDArray[Any]:
    common = annuals[0]["member"].values
    for annual in annuals[1:]:
        common = np.intersect1d(common, annual["member"].values)
    return common


def _cases(annuals: "Sequence[xr.Dataset]", trees: "Sequence[xr.DataTree]", *, shared: bool) -> list[Case]:
    """Every scenario of every run; a shared baseline once. A name two runs use is told apart by the run."""
    found = [(run, str(name)) for run, annual in enumerate(annuals) for name in annual["scenario"].values]
    if shared:
        found = [(run, name) for run, name in found if name != BASELINE or run == 0]
    names = [name for _, name in found]
    runs = _run_names(trees)
    labels = (name if names.count(name) == 1 else f"{name} ({runs[run]})" for run, name in found)
    return [Case(label, run, name) for label, (run, name) in zip(labels, found, strict=True)]


def _run_names(trees: "Sequence[xr.DataTree]") -> list[str]:
    """The runs' ids; their places where they have none, or where a run comes twice."""
    ids = [Path(tree.attrs["run"]).name if "run" in tree.attrs else "" for tree in trees]
    return [
        name if name and ids.count(name) == 1 else f"run {place}{f': {name}' if name else ''}"
        for place, name in enumerate(ids, 1)
    ]


def _reference(cases: Sequence[Case], run: int, *, named: bool) -> Case:
    own = [case for case in cases if case.run == run and case.scenario != BASELINE]
    if named and len(own) == 1:
        return own[0]
    baselines = [case for case in cases if case.scenario == BASELINE]
    return next((case for case in baselines if case.run == run), baselines[0])


def _note(reason: str, reference: Case, members: int) -> str:
    if reason:
        differences = f"Differences from {reference.label} are of medians and have no bands."
        return f"Members are NOT shared: {reason}. {differences}"
    drawn = f"{members:,} shared members, each with itself" if members else "the central member"
    return f"Differences from {reference.label}, over {drawn}."


def _failures(trees: "Sequence[xr.DataTree]") -> list[str]:
    return [
        f"{name} FAILED ITS CERTIFICATE: do not use its numbers."
        for name, tree in zip(_run_names(trees), trees, strict=True)
        if not _passed(tree)
    ]


def _passed(tree: "xr.DataTree") -> bool:
    """Whether the run passed its certificate: by its manifest or, before it has one, its certificate."""
    certificate = json.loads(tree.attrs.get("certificate", "{}"))
    return bool(tree.attrs.get("certificate_passed", certificate.get("passed", True)))


def _table(annuals: "Sequence[xr.Dataset]", cases: Sequence[Case], reference: Case, *, shared: bool) -> "pd.DataFrame":
    import pandas as pd

    values: list[Mapping[tuple[str, str], xr.DataArray]] = [
        {(name, element): array for name, element, array in scalar_outcomes(annual)} for annual in annuals
    ]
    keys = [key for key in values[0] if all(key in other for other in values)]
    years = sorted(set.intersection(*(set(annual["year"].values.tolist()) for annual in annuals)))
    blocks = []
    for name, element in keys:
        unit = values[0][name, element].attrs.get("units", "")

        def level(case: Case, key: tuple[str, str] = (name, element)) -> NDArray[np.float64]:
            return values[case.run][key].sel(scenario=case.scenario, year=years).values  # (member, year)

        base = level(reference)
        for case in cases:
            own = level(case)
            members = annuals[case.run]["member"].values
            measures = [("level", unit, _statistics(own, members))]
            if shared:
                with np.errstate(divide="ignore", invalid="ignore"):
                    difference = own - base
                    percent = 100 * difference / base
                measures += [
                    ("difference", unit, _statistics(difference, members)),
                    ("percent", "%", _statistics(percent, members)),
                ]
            else:
                against = _statistics(base, annuals[reference.run]["member"].values)
                measures += _unpaired(measures[0][2], against, unit)
            for measure, measured_in, statistics in measures:
                head = {"outcome": name, "element": element, "case": case.label, "year": years}
                blocks.append(pd.DataFrame({**head, "measure": measure, "unit": measured_in, **statistics}))
    return pd.concat(blocks, ignore_index=True)


def _statistics(values: NDArray[np.float64], members: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """central, median and quantiles by year of values (member, year)."""
    central = np.flatnonzero(members == 0)
    bands = dict(zip(BANDS, quantiles(draws(values, members, 0), 0), strict=True))
    return {"central": values[central[0] if len(central) else 0], **bands}


def _unpaired(
    own: Mapping[str, NDArray[np.float64]], base: Mapping[str, NDArray[np.float64]], unit: str
) -> list[tuple[str, str, dict[str, NDArray[np.float64]]]]:
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


def _goals(annuals: "Sequence[xr.Dataset]", cases: Sequence[Case]) -> "pd.DataFrame":
    import pandas as pd

    rows = []
    for goal in GOALS:
        for case in cases:
            annual = annuals[case.run]
            if goal.outcome not in annual.data_vars or goal.year not in annual["year"].values:
                continue
            place = annual["scenario"].values.tolist().index(case.scenario)
            central = annual[goal.outcome].sel(scenario=case.scenario, year=goal.year).values[0]
            drawn = int((annual["member"].values != 0).sum())
            rows.append(
                {
                    "goal": goal.text,
                    "year": goal.year,
                    "case": case.label,
                    "probability": goal_shares(annual, goal)[place] if drawn else np.nan,
                    "reached_by_central": bool(central >= goal.value),
                    "members": drawn,
                }
            )
    columns = ["goal", "year", "case", "probability", "reached_by_central", "members"]
    return pd.DataFrame(rows, columns=columns)
