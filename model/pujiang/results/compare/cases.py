"""What is compared: scenarios of runs and slices of sweeps, picked by words such as `runs/A:exit_drought`."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError, nearest
from pujiang.experiment.scenario import BASELINE
from pujiang.experiment.sweep import POINT
from pujiang.labelled import Dataset, Tree
from pujiang.results.checked import check_tree
from pujiang.results.levels import error_of
from pujiang.results.record import config_in
from pujiang.values import is_folder

if TYPE_CHECKING:
    import xarray as xr

Run: TypeAlias = "str | os.PathLike[str] | xr.DataTree | tuple[str | os.PathLike[str] | xr.DataTree, str]"
"""A folder, an id or "latest", each also with a selector (`A:exit_drought`); a tree; or (run, selector)."""


MOST_CASES = 24
"""More than a reader tells apart: an axis of a sweep was left open by mistake."""


@dataclass(frozen=True)
class ComparedRun:
    """A run, or a sweep, that cases come from.

    Attributes:
        name: a short name, told apart from those of the other runs.
        path: its folder; empty where it is a tree that was never written.
        facts: what its manifest or attributes say of it.
        config: its resolved configuration; empty where there is none.
        plain: the scenarios as they are (scenario, member, year), the baseline among them.
        cube: what is selected from: of a run the same, of a sweep the cube.
        error: the errors of the model that levels carry; None where there are none.
    """

    name: str
    path: str
    facts: Mapping[Any, Any]
    config: Mapping[str, Any]
    plain: "xr.Dataset"
    cube: "xr.Dataset"
    error: Dataset | None = None

    @property
    def axes(self) -> list[str]:
        """Dimensions of the cube that cases are picked by: those before `member`."""
        dims = [str(name) for name in next(iter(self.cube.data_vars.values())).dims]
        return dims[: dims.index("member")]


@dataclass(frozen=True)
class ComparedCase:
    """One scenario of one run, or one point of a sweep: its outcomes (member, year), and where they are from."""

    label: str
    source: int
    scenario: str
    point: Mapping[str, Any]
    values: "xr.Dataset"
    error: Dataset | None = None

    @property
    def is_baseline(self) -> bool:
        """Whether it is the baseline as it is, which every run carries."""
        return self.scenario == BASELINE.name and not self.point


def pick(runs: Sequence[Run], baseline: "Run | None", folder: Path) -> tuple[list[ComparedRun], list[ComparedCase]]:
    """The runs, each read once, and the cases, the one to compare with first.

    Without `baseline`, that is the first run's scenario "baseline". With it, it is the scenario it selects;
    of a run without selector its only scenario besides "baseline", or "baseline" if there are none or several.

    Raises:
        InputError: for a run, scenario, axis or value that does not exist, or too many cases.
    """
    words = [parted(run) for run in (*runs, *(() if baseline is None else (baseline,)))]
    sources, places = _read([run for run, _ in words], folder)
    asked = words if baseline is None else words[:-1]
    reference = _baseline(sources, places[0]) if baseline is None else _reference(sources, places[-1], words[-1][1])
    cases = [reference]
    for place, (_, selector) in zip(places, asked, strict=False):
        cases += select_cases(sources[place], place, selector)
    return sources, [replace(c, error=sources[c.source].error) for c in _labelled(_once(cases), sources)]


def select_cases(source: ComparedRun, place: int, selector: str) -> list[ComparedCase]:
    """The cases of a run that a selector names: scenarios and `axis=value`, with commas between; all if empty.

    Raises:
        InputError: naming what there is.
    """
    cube, scenarios = source.cube, []
    known = [str(value) for value in source.cube["scenario"].values]
    # A scenario may be called anything: what is the name of one as a whole is that one.
    words = [selector] if selector in known else [word.strip() for word in selector.split(",") if word.strip()]
    for word in words:
        name, equals, value = word.partition("=")
        if equals and word not in known:
            cube = _at(source, cube, name.strip(), value.strip())
        else:
            if word not in known:
                hint = nearest(word, known)
                raise InputError(
                    f"'{source.name}:{selector}': no scenario '{word}' in this run; it has {_some(known)}{hint}"
                )
            scenarios.append(word)
    if scenarios:
        cube = cube.sel(scenario=list(dict.fromkeys(scenarios)))
    axes = source.axes
    count = int(np.prod([cube.sizes[name] for name in axes]))
    if count > MOST_CASES:
        open_axes = ", ".join(f"{name} ({cube.sizes[name]:,})" for name in axes if cube.sizes[name] > 1)
        raise InputError(
            f"'{source.name}{':' + selector if selector else ''}': {count:,} cases are too many to compare (at most "
            f"{MOST_CASES}); pick values of {open_axes}, as in {_example(source)}"
        )
    return [_case(cube, axes, indices, place) for indices in product(*(range(cube.sizes[name]) for name in axes))]


def common_members(datasets: "Iterable[xr.Dataset]") -> NDArray[Any]:
    """The numbers of the members all have."""
    first, *others = (dataset["member"].values for dataset in datasets)
    for members in others:
        first = np.intersect1d(first, members)
    return first


def parted(run: Run) -> tuple[Any, str]:
    """A run and its selector."""
    if isinstance(run, tuple):
        return run
    if _is_tree(run):
        return run, ""
    text = os.fspath(run)
    head, colon, selector = text.rpartition(":")
    # A colon may also be part of a path, as in C:\runs.
    if not colon or not head or is_folder(text) or any(mark in selector for mark in "/\\"):
        return text, ""
    return head, selector


def _read(runs: Sequence[Any], folder: Path) -> tuple[list[ComparedRun], list[int]]:
    """Each run once, and for each word the place of its run."""
    from pujiang.results import run_folder

    keys = [run if _is_tree(run) else str(run_folder.find(run, folder, run_folder.holds_scenarios)) for run in runs]
    trees: list[Tree | xr.DataTree] = []
    known: list[Any] = []
    places = []
    for key in keys:
        place = next((i for i, other in enumerate(known) if other is key or (_text(key) and other == key)), None)
        if place is None:
            place = len(known)
            known.append(key)
            trees.append(run_folder.read(key, parts=("annual",)) if isinstance(key, str) else key)
            if not isinstance(key, str):
                check_tree(key, "compare: the tree")
        places.append(place)
    names = _names(trees)
    return [_source(tree, name) for tree, name in zip(trees, names, strict=True)], places


def _is_tree(run: Any) -> bool:
    """Whether it is results themselves, and no word for them."""
    return hasattr(run, "children")


def _text(key: Any) -> bool:
    return isinstance(key, str)


def _source(tree: "Tree | xr.DataTree", name: str) -> ComparedRun:
    cube: Any = tree["annual"].to_dataset()
    if POINT in cube.dims and POINT not in cube.coords:
        cube = cube.assign_coords({POINT: np.arange(cube.sizes[POINT])})  # so that a part of it keeps its numbers
    plain: Any = tree["reference"].to_dataset() if "reference" in tree.children else cube
    config = config_in(tree.attrs, f"{name}: its configuration")
    return ComparedRun(name, str(tree.attrs.get("run", "")), tree.attrs, config, plain, cube, error_of(tree))


def _names(trees: "Sequence[Tree | xr.DataTree]") -> list[str]:
    """The end of a run's id where it tells the runs apart, else its id, else its place."""
    ids = [Path(str(tree.attrs.get("run", ""))).name for tree in trees]
    for names in ([name.rpartition("-")[2] for name in ids], ids):
        if len(set(names)) == len(names) and all(names):
            return names
    return [f"run {place}{f': {name}' if name else ''}" for place, name in enumerate(ids, 1)]


def _reference(sources: Sequence[ComparedRun], place: int, selector: str) -> ComparedCase:
    found = select_cases(sources[place], place, selector)
    if selector:
        if len(found) > 1:
            raise InputError(
                f"--baseline: '{selector}' picks {len(found)} cases of {sources[place].name}; it must pick one"
            )
        return found[0]
    own = [case for case in found if not case.is_baseline]
    if len(own) == 1:
        return own[0]
    return _baseline(sources, place)


def _baseline(sources: Sequence[ComparedRun], place: int) -> ComparedCase:
    """The baseline of a run, as it is."""
    return ComparedCase("", place, BASELINE.name, {}, sources[place].plain.sel(scenario=BASELINE.name, drop=True))


def _at(source: ComparedRun, cube: "xr.Dataset", name: str, value: str) -> "xr.Dataset":
    """The part of a cube where an axis, or a choice by name, has a value."""
    along = [str(c) for c in source.cube.coords if source.cube[c].dims == (POINT,)]
    known = list(dict.fromkeys([*source.axes, *along]))
    if name not in known:
        raise InputError(
            f"'{source.name}:{name}={value}': no axis '{name}'; it has {_some(known)}{nearest(name, known)}"
        )
    values = source.cube[name].values
    if values.dtype.kind in "fiu":
        try:
            wanted = float(value)
        except ValueError:
            raise InputError(f"'{source.name}:{name}={value}': found '{value}', needs a number") from None
        found = np.isclose(cube[name].values, wanted, rtol=1e-9, atol=1e-12)
        if not found.any():
            near = np.unique(values)[np.argsort(np.abs(np.unique(values) - wanted))[:2]]
            listed = ", ".join(f"{number:.10g}" for number in sorted(near))
            raise InputError(f"'{source.name}:{name}={value}': the sweep has no such value; nearest: {listed}")
    else:
        found = cube[name].values.astype(str) == value
        if not found.any():
            allowed = [str(choice) for choice in values]
            raise InputError(
                f"'{source.name}:{name}={value}': no such value; it has {_some(allowed)}{nearest(value, allowed)}"
            )
    return cube.isel({cube[name].dims[0]: np.flatnonzero(found)})


def _case(cube: "xr.Dataset", axes: Sequence[str], indices: Sequence[int], place: int) -> ComparedCase:
    part = cube.isel(dict(zip(axes, indices, strict=True)))
    point: dict[str, Any] = {}
    if POINT in axes:
        own = [str(name) for name in cube.coords if cube[name].dims == (POINT,) and name != POINT]
        point = {POINT: int(part[POINT].values), **{name: float(part[name].values) for name in own}}
    else:
        point = {name: part[name].values.item() for name in axes if name != "scenario"}
    scenario = str(part["scenario"].values)
    return ComparedCase("", place, scenario, point, part.drop_vars([n for n in part.coords if part[n].ndim == 0]))


def _once(cases: Sequence[ComparedCase]) -> list[ComparedCase]:
    kept: dict[Any, ComparedCase] = {}
    for case in cases:
        kept.setdefault((case.source, case.scenario, tuple(case.point.items())), case)
    return list(kept.values())


def _labelled(cases: Sequence[ComparedCase], sources: Sequence[ComparedRun]) -> list[ComparedCase]:
    """A case goes by its scenario and point; what two runs call the same is told apart by the run."""
    names = [" ".join([case.scenario, *_point_words(case)]) for case in cases]
    return [
        replace(case, label=name if names.count(name) == 1 else f"{name} ({sources[case.source].name})")
        for case, name in zip(cases, names, strict=True)
    ]


def _point_words(case: ComparedCase) -> list[str]:
    """Where in a sweep a case is: its number among scattered points, else its value on each axis."""
    point = {POINT: case.point[POINT]} if POINT in case.point else case.point
    return [f"{axis}={_value(value)}" for axis, value in point.items()]


def relabelled(cases: Sequence[ComparedCase], sources: Sequence[ComparedRun]) -> list[ComparedCase]:
    """The same cases with labels as short as they can be, after some were left out."""
    return _labelled(cases, sources)


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:12])} and {len(names) - 12} more"


def _example(source: ComparedRun) -> str:
    parts: Iterator[str] = (
        f"{name}={_value(source.cube[name].values[0].item())}" for name in source.axes if name in source.cube.coords
    )
    return f"RUN:{','.join(part for part in parts if not part.startswith('scenario=')) or 'point=0'}"
