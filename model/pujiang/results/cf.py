"""Results as netCDF files carry them: by the CF conventions, in units that UDUNITS and pint read.

Neither knows yuan or firms: what is counted, and money, goes as a number, with its scale. The words of the model stand
beside it, as `unit`, and take their place again when a run is read.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pujiang.labelled import Array, Dataset
from pujiang.measures import measure
from pujiang.presentation import presentation_of
from pujiang.units import UnitError

if TYPE_CHECKING:
    import xarray as xr

CONVENTIONS = "CF-1.11"
MADE_WITH = ("config_hash", "model_hash", "data_hash", "fit", "seed")
"""What a file says of how it was made: nothing of the occasion, so that a repetition has the same bytes. The run's id
is that of its folder, and among the attributes of a tree that was read."""
OF_FILE = "attributes_of_the_file"
"""The attribute that names those a dataset does not have outside a file."""
PHYSICAL = {"year": "year", "m2": "m^2"}
"""Bases that are units to everybody."""


def in_cf(dataset: "Dataset | xr.Dataset", facts: Mapping[str, Any]) -> Dataset:
    """A dataset as a file shall hold it: conventions, title, the facts, and units that others read."""
    variables: Mapping[Any, Any] = dataset.variables
    data = {str(name): _in_cf(variables[name]) for name in dataset.data_vars}
    coords = {str(name): _array(variables[name]) for name in dataset.coords}
    place = presentation_of(dataset.attrs).place
    names = ", ".join(map(str, coords["scenario"].values)) if "scenario" in coords else ""
    title = ": ".join(filter(None, (place, names))) or "Pujiang"
    own = {"Conventions": CONVENTIONS, "title": title, "source": "Pujiang", **facts}
    own = {name: value for name, value in own.items() if name not in dataset.attrs}
    return Dataset(data, coords, {**own, **dataset.attrs, OF_FILE: " ".join(own)})


def _array(found: "Array | xr.Variable") -> Array:
    return Array(tuple(map(str, found.dims)), found.values, dict(found.attrs))


def _in_cf(found: "Array | xr.Variable") -> Array:
    array = _array(found)
    if "units" in array.attrs:
        words = str(array.attrs["units"])
        array.attrs.update(units=cf_unit(words), unit=words)
    return array


def from_cf(dataset: Dataset) -> Dataset:
    """A dataset as it was before it was written; changed in place. What the file says of itself, the tree says too."""
    for name in str(dataset.attrs.pop(OF_FILE, "")).split():
        dataset.attrs.pop(name, None)
    for variable in dataset.variables.values():
        if "unit" in variable.attrs:
            variable.attrs["units"] = variable.attrs.pop("unit")
    return dataset


def cf_unit(words: str) -> str:
    """A unit of the model as UDUNITS and pint read it: "billion_yuan/year" is "1e9/year"."""
    try:
        factor, unit = measure(words)
    except UnitError:
        return "1"
    powers = [(PHYSICAL[base], power) for base, power in unit.powers if base in PHYSICAL]
    top = [_power(base, power) for base, power in powers if power > 0]
    bottom = [_power(base, -power) for base, power in powers if power < 0]
    size = [] if factor == 1 and top else [f"{factor:g}".replace("e+0", "e").replace("e-0", "e-")]
    return "/".join(["*".join([*size, *top]), *bottom])


def _power(base: str, power: Any) -> str:
    if base == "m^2":
        return f"m^{2 * float(power):g}"
    return base if power == 1 else f"{base}^{float(power):g}"
