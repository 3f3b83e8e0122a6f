"""Datasets as netCDF files: the same data give the same bytes, and a broken file is one line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.errors import InputError
from pujiang.labelled import Array, Dataset
from pujiang.reading import damaged
from pujiang.results.record import to_json

SMALL = 32_768
"""Bytes of a variable below which packing it costs more room than it saves."""


def write_netcdf(path: Path, dataset: Dataset) -> None:
    """NetCDF-4; the library keeps no time stamps, so the same data give the same bytes.

    Trajectories are compressed, but for short ones, which would only grow by it. Values by member are not: what
    differs at random hardly shrinks, and a large ensemble would take longer to pack than to simulate.
    """
    write_groups(path, {"/": dataset})


def write_groups(path: Path, datasets: Mapping[str, Dataset]) -> None:
    """The same of several datasets, each a group of the file by its path ("/" is the file itself)."""
    import netCDF4

    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        file.set_fill_off()
        file.set_auto_maskandscale(False)  # nothing is masked or scaled, and looking for it takes a fifth of the time
        # All is declared before anything is written: changing between the two costs more than either.
        groups = {name: file if name == "/" else file.createGroup(name) for name in datasets}
        for name, group in groups.items():
            _declare(group, datasets[name])
        for name, group in groups.items():
            for key, variable in datasets[name].variables.items():
                group[key][...] = variable.values if _is_number(variable) else variable.values.astype(object)


def _is_number(variable: Array) -> bool:
    return variable.dtype.kind in "biuf"


def _declare(group: Any, dataset: Dataset) -> None:
    beside = sorted(map(str, set(dataset.coords) - set(dataset.sizes)))
    group.setncatts(_netcdf_attributes(dataset.attrs) | ({"coordinates": " ".join(beside)} if beside else {}))
    for name, size in dataset.sizes.items():
        group.createDimension(str(name), size)
    for name, variable in dataset.variables.items():
        number, truth = _is_number(variable), variable.dtype.kind == "b"
        packed = number and variable.nbytes > SMALL and name in dataset.arrays and "member" not in variable.dims
        kind: Any = "i1" if truth else variable.dtype if number else str
        written = group.createVariable(
            str(name), kind, [str(dim) for dim in variable.dims], zlib=packed, complevel=4, shuffle=packed
        )
        written.setncatts(_netcdf_attributes(variable.attrs) | ({"dtype": "bool"} if truth else {}))


def _netcdf_attributes(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    """Attributes netCDF can hold: what is neither text nor number is written as JSON."""

    def stored(value: Any) -> Any:
        simple = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        return value if simple else to_json(value).rstrip("\n")

    return {str(key): stored(value) for key, value in attributes.items()}


def read_netcdf(path: Path) -> Dataset:
    """A netCDF file, in memory; InputError where it is missing or broken."""
    import netCDF4

    if not path.is_file():
        raise InputError(f"'{path}' is missing from the run")
    with (
        damaged(f"'{path}' is damaged: not a netCDF file that can be read"),
        netCDF4.Dataset(path) as file,
    ):
        file.set_auto_maskandscale(False)
        beside, attrs = _read_attributes(file)
        arrays: dict[str, Array] = {}
        for name, variable in file.variables.items():
            named, own = _read_attributes(variable)
            beside |= named
            arrays[name] = Array(variable.dimensions, np.asarray(variable[...]), own)
        labels = {*file.dimensions, *beside}
        data, coords = (
            {name: array for name, array in arrays.items() if (name in labels) is known} for known in (False, True)
        )
        return Dataset(data, coords, attrs)


def _read_attributes(found: Any) -> tuple[set[str], dict[str, Any]]:
    """The labels a file or a variable names beside its dimensions; and what else is said of it."""
    attributes = found.__dict__
    own = {name: value for name, value in attributes.items() if name not in ("coordinates", "_FillValue")}
    return set(str(attributes.get("coordinates", "")).split()), own
