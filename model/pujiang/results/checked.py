"""Is a tree of results what a run leaves? Checked where one comes in: from a run folder, or from a caller."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from pujiang.annotations import check
from pujiang.errors import InputError
from pujiang.labelled import Dataset, Tree
from pujiang.presentation import Goal, Outcome, Presentation, TrackRecord, Translation, presentation_of
from pujiang.reading import damaged
from pujiang.results.record import Manifest, certificate_of, config_of

if TYPE_CHECKING:
    import xarray as xr

ANNUAL = ("scenario", "member", "year")
KINDS = {
    "annual": ANNUAL,
    "reference": ANNUAL,
    "quantiles": ("scenario", "statistic", "year"),
    "trajectories": ("scenario", "time"),
}
"""The dimensions each part of a tree has."""


def check_tree(tree: "Tree | xr.DataTree", where: str) -> None:
    """Raise InputError where a tree cannot be compared, shown or written; `where` names it.

    `/annual` (scenario, member, year, and more), `/trajectories` (scenario, time, and more) and `/reference`, each
    with labels that are told apart; attributes that are what a manifest, a configuration and a certificate hold.
    """
    facts: Mapping[str, Any] = {str(key): value for key, value in tree.attrs.items()}
    for key in ("config", "certificate"):
        check(facts.get(key, ""), str, f"{where}: its {key}")
    if facts.get("config"):
        config_of(facts["config"], f"{where}: its configuration")
    if facts.get("certificate"):
        certificate_of(facts["certificate"], f"{where}: its certificate")
    own = {key: value for key, value in facts.items() if key not in ("config", "certificate", "files")}
    check({**own, "files": {}}, Manifest, f"{where}: its facts")
    if not {"annual", "quantiles"} & set(tree.children):
        raise InputError(f"{where}: has no /annual")
    for name, needed in KINDS.items():
        if name in tree.children:
            check_dataset(tree[name].to_dataset(), f"{where}: /{name}", needed)
    plain = tree["reference" if "reference" in tree.children else "annual"]
    if "baseline" not in plain.to_dataset()["scenario"].values.tolist():
        raise InputError(f"{where}: holds no scenario 'baseline', which all others are held against")


def check_dataset(dataset: "Dataset | xr.Dataset", where: str, needed: tuple[str, ...]) -> None:
    """Raise InputError where a dataset has no outcomes, or these are not numbers over the dimensions needed."""
    variables: Mapping[Any, Any] = dataset.variables
    for name in dataset.dims:
        if name in dataset.coords:
            _check_labels(variables[name], f"{where}: {name}")
    for name in needed:
        if name not in dataset.dims or name not in dataset.coords:
            raise InputError(f"{where}: has no dimension '{name}'")
        kinds, what = ("UO", "names") if name in ("scenario", "statistic") else ("fiu", "numbers")
        if name in ("member", "year"):
            kinds, what = "iu", "whole numbers"
        if variables[name].dtype.kind not in kinds:
            raise InputError(f"{where}: {name}: needs {what}")
    if not dataset.data_vars:
        raise InputError(f"{where}: holds no outcome")
    for name in dataset.data_vars:
        array = variables[name]
        # What the data say is the same in every scenario.
        own = needed[1:] if array.attrs.get("kind") == "series" and needed[0] == "scenario" else needed
        missing = next((dim for dim in own if dim not in array.dims), None)
        if missing is not None or array.dtype.kind not in "fiu":
            what = f"over {missing}" if missing else "of numbers"
            raise InputError(f"{where}: {name}: is not {what}")
        order = [array.dims.index(dim) for dim in own]
        if order != sorted(order):
            raise InputError(f"{where}: {name}: needs its dimensions in the order {', '.join(own)}")
        unlabelled = next((dim for dim in array.dims if dim not in dataset.coords and dim != "point"), None)
        if unlabelled is not None:
            raise InputError(f"{where}: {name}: its dimension '{unlabelled}' has no labels")
        if not all(isinstance(array.attrs.get(key, ""), str) for key in ("units", "long_name", "sector", "kind")):
            raise InputError(f"{where}: {name}: needs attributes that are text")
    _check_presentation(dataset.attrs, where)


def _check_labels(labels: Any, where: str) -> None:
    values = labels.values
    if values.size == 0:
        raise InputError(f"{where}: is empty")
    texts = values.dtype.kind in "UO"
    if texts and not all(isinstance(value, str) for value in values):
        raise InputError(f"{where}: needs names, or numbers")
    if not texts and (values.dtype.kind not in "fiu" or not np.isfinite(values).all()):
        raise InputError(f"{where}: needs names, or numbers")
    if len(set(values.tolist())) < len(values):
        raise InputError(f"{where}: has a label twice")


def _check_presentation(attributes: Mapping[Any, Any], where: str) -> None:
    with damaged(f"{where}: its presentation is damaged"):
        found = presentation_of(attributes)
        hints: dict[type, dict[str, Any]] = {
            kind: get_type_hints(kind) for kind in (Presentation, Goal, Outcome, Translation, TrackRecord)
        }
        for part in [
            found,
            *found.goals,
            *found.shown.values(),
            *found.translations.values(),
            *found.records.values(),
        ]:
            for key, hint in hints[type(part)].items():
                check(getattr(part, key), hint, f"{where}: its presentation: {key}")
            if isinstance(part, Outcome) and not (0 <= part.decimals <= 12 and part.difference in DIFFERENCES):
                raise InputError(f"{where}: its presentation: decimals {part.decimals}, difference {part.difference}")


DIFFERENCES = ("percent", "points", "number")
