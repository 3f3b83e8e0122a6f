"""Levels as they may come to be: what the model makes of an outcome, times the error of the model in each member.

Differences between scenarios, ranks and what explains them are of the model alone: its errors are common to all.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pujiang.labelled import Array, Dataset, Tree, from_xarray

if TYPE_CHECKING:
    import xarray as xr

MODEL_ERROR = "model_error"


def error_of(tree: "Tree | xr.DataTree") -> Dataset | None:
    """The errors of the model a run was made with; None where it has none."""
    if MODEL_ERROR not in tree.children:
        return None
    return from_xarray(tree[MODEL_ERROR].to_dataset())


def levels(annual: "Dataset | xr.Dataset", error: Dataset | None) -> Dataset:
    """Outcomes (scenario, member, year[, element]) with the errors of the model; member 0 is left as it is."""
    found = from_xarray(annual)
    if error is None:
        return found
    part = error.sel(member=found["member"].values, year=found["year"].values)["error"].values
    of_scalar = dict(zip(error["outcome"].values.tolist(), np.exp(part), strict=True))
    for name, array in found.arrays.items():
        if {"member", "year"} <= set(array.dims):
            values = array.values * _factor(name, array.dims, found.coords, of_scalar)
            found.arrays[name] = replace(array, values=values)
    return found


def _factor(
    name: str, dims: tuple[str, ...], coords: Mapping[str, Array], of_scalar: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """What the members of an outcome are multiplied by, over its dimensions; 1 where the model has no error.

    Args:
        of_scalar: (member, year) by scalar name.
    """
    over = next((d for d in dims if d not in ("scenario", "case", "member", "year")), "")
    names = [f"{name}.{element}" for element in coords[over].values] if over else [name]
    none = np.ones((len(coords["member"].values), len(coords["year"].values)))
    stacked = np.stack([of_scalar.get(n, none) for n in names])
    order = [d for d in dims if d in ("member", "year", over)]
    have = [over, "member", "year"] if over else ["member", "year"]
    found = (stacked if over else stacked[0]).transpose([have.index(d) for d in order])
    factor: NDArray[np.float64] = found.reshape([found.shape[order.index(d)] if d in order else 1 for d in dims])
    return factor
