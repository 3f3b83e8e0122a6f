"""What can be compared with what: cases on the members, years and outcomes they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.errors import InputError, nearest
from pujiang.experiment.scenario import BASELINE
from pujiang.labelled import Array, Dataset, from_xarray
from pujiang.reading import damaged
from pujiang.results.compare import inputs
from pujiang.results.compare.cases import ComparedCase, ComparedRun, common_members, relabelled
from pujiang.results.levels import levels
from pujiang.results.summary import elements_of
from pujiang.results.words import Message

if TYPE_CHECKING:
    import xarray as xr

# Draws are the same draws only where all of these are the same.
SAME_DRAWS = ("model_hash", "data_hash", "fit", "seed")
OutcomeKey = tuple[str, str, str]
"""Outcome, element ("" for a scalar one), unit."""


@dataclass(frozen=True)
class AlignedCase:
    """One case of a comparison.

    Attributes:
        members: the numbers of its members; 0 is the central one.
        annual: its outcomes (member, year[, element]); `reached` the same with the errors of the model.
        values: the outcomes that are compared (outcome, member, year); `levels` the same with the errors of the
            model, which differences do not carry.
    """

    label: str
    members: NDArray[Any]
    annual: Dataset
    reached: Dataset
    values: Floats
    levels: Floats


@dataclass(frozen=True)
class Aligned:
    """Cases on the members, years and outcomes they have in common; without shared members, each on its own."""

    cases: tuple[AlignedCase, ...]
    shared: bool
    years: list[int]
    keys: tuple[OutcomeKey, ...]

    @property
    def labels(self) -> list[str]:
        """The labels of the cases."""
        return [case.label for case in self.cases]

    def column(self, part: int) -> NDArray[Any]:
        """One part of the keys, an outcome a place."""
        return np.array([key[part] for key in self.keys])


def alike(sources: Sequence[ComparedRun]) -> tuple[Message | None, bool]:
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


def once(
    sources: Sequence[ComparedRun], picked: Sequence[ComparedCase], *, one_baseline: bool
) -> tuple[ComparedCase, ...]:
    """The cases, with the baseline that all runs share once."""
    kept: list[ComparedCase] = []
    for case in picked:
        if not (one_baseline and case.is_baseline and any(other.is_baseline for other in kept)):
            kept.append(case)
    return tuple(relabelled(kept, sources))


def align(cases: Sequence[ComparedCase], outcomes: Sequence[str] | None, *, shared: bool) -> Aligned:
    """The cases on what they have in common; `outcomes`: those to compare, as "gdp" or "industry_output.ic".

    Raises:
        InputError: where they have nothing in common, or lack an outcome.
    """
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
        loaded = [from_xarray((part.sel(member=members) if shared else part).load()) for part in parts]
    return Aligned(tuple(_aligned(*each, keys) for each in zip(cases, loaded, strict=True)), shared, years, tuple(keys))


def _aligned(case: ComparedCase, annual: Dataset, keys: Sequence[OutcomeKey]) -> AlignedCase:
    values = _block(annual, keys)
    if case.error is None:
        return AlignedCase(case.label, annual["member"].values, annual, annual, values, values)
    reached = levels(annual, case.error)
    return AlignedCase(case.label, annual["member"].values, annual, reached, values, _block(reached, keys))


def _block(annual: Dataset, keys: Sequence[OutcomeKey]) -> Floats:
    """Outcomes, elements among them, as one block (outcome, member, year)."""
    by_name: dict[str, Mapping[str, Any]] = {name: elements_of(annual[name]) for name, *_ in keys}
    return np.stack([by_name[key[0]][key[1]].transpose("member", "year").values.astype(float) for key in keys])


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


def stacked(parts: Sequence[Dataset], labels: Sequence[str], attributes: Mapping[str, Any]) -> Dataset:
    """The outcomes of cases as one dataset (case, member, year[, element]); NaN where a case has no such member."""
    first = parts[0]
    labelled = {n: [part.coords[n].values for part in parts] for n, label in first.coords.items() if label.dims == (n,)}
    alike = all(np.array_equal(own[0], other) for own in labelled.values() for other in own[1:])
    coords = first.coords if alike else {n: replace(first.coords[n], values=_union(own)) for n, own in labelled.items()}
    arrays = {}
    for name, array in first.arrays.items():
        dims = sorted(array.dims, key=lambda dim: dim not in ("member", "year"))
        blocks = [part.arrays[name].transpose(*dims).values for part in parts]
        if alike:
            whole = np.stack(blocks)
        else:
            whole = np.full((len(parts), *(len(coords[dim]) for dim in dims)), np.nan)
            for case, (part, block) in enumerate(zip(parts, blocks, strict=True)):
                places = (_places(part.coords[dim].values, coords[dim].values) for dim in dims)
                whole[np.ix_([case], *places)] = block
        arrays[name] = replace(array, dims=("case", *dims), values=whole)
    coords = {"case": Array(("case",), np.array(labels, dtype=object)), **coords}
    return Dataset(arrays, coords, {**first.attrs, **attributes})


def _union(labels: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Labels as they are where all are the same, else all there are, sorted."""
    first, *others = labels
    same = all(np.array_equal(first, other) for other in others)
    return first if same else np.unique(np.concatenate([first, *others]))


def _places(labels: NDArray[Any], among: NDArray[Any]) -> list[int]:
    at = {label: place for place, label in enumerate(among.tolist())}
    return [at[label] for label in labels.tolist()]
