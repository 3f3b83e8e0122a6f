"""The labelled form of results: names, units and meaning on every variable."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.engine.central import Trajectories
from pujiang.engine.shown import shown
from pujiang.engine.system import System
from pujiang.plain_values import plain
from pujiang.units import YEAR, parse_unit

if TYPE_CHECKING:
    import xarray as xr


def annual(
    system: System,
    values: Mapping[str, Floats],
    scenarios: Sequence[str],
    members: int,
    years: NDArray[np.int64],
) -> "xr.Dataset":
    """Annual outcomes (scenario, member, year[, element]) from (year, run) arrays by scalar name."""
    import xarray as xr

    data: dict[str, Any] = {}
    for name in system.outcomes:
        variable = system.variables[name]
        parts = [values[s].reshape(len(years), len(scenarios), members) for s in system.scalar_names(name)]
        kind = variable.annual if isinstance(variable.annual, str) else "ratio"
        unit = str(parse_unit(variable.unit) * YEAR) if kind == "integral" else variable.unit
        dims, array = _stacked(variable.over, parts, ("year", "scenario", "member"))
        data[name] = (dims, array, {**_facts(system, name, unit), "annual": kind, **shown(system, name, unit)})
    dataset = xr.Dataset(data, coords=_coordinates(system, scenarios))
    dataset = dataset.assign_coords(member=np.arange(members), year=years)
    return dataset.transpose("scenario", "member", "year", ...)


def trajectories(
    system: System, central: Trajectories, scenarios: Sequence[str], times: Floats, every: int
) -> "xr.Dataset":
    """Every variable (scenario, time[, element]) of the central runs, every so many steps."""
    import xarray as xr

    data: dict[str, Any] = {}
    for name, variable in system.variables.items():
        parts = [central.values[s][::every] for s in system.scalar_names(name)]
        dims, array = _stacked(variable.over, parts, ("time", "scenario"))
        data[name] = (dims, array, _facts(system, name, variable.unit))
    dataset = xr.Dataset(data, coords=_coordinates(system, scenarios)).assign_coords(time=times[::every])
    return dataset.transpose("scenario", "time", ...)


def parameters(system: System, values: Floats) -> "xr.Dataset":
    """Parameter values (parameter, member) by scalar name, with the unit of each."""
    import xarray as xr

    names = list(system.parameter_names)
    units = [system.parameters[name.partition(".")[0]].unit for name in names]
    facts = {"long_name": "Value of each parameter in each member."}
    data = {"value": (("parameter", "member"), values, facts), "unit": ("parameter", _words(units))}
    return xr.Dataset(data, coords={"parameter": _words(names), "member": np.arange(values.shape[1])})


def tree(
    system: System,
    yearly: "xr.Dataset",
    courses: "xr.Dataset",
    drawn: "xr.Dataset",
    certificate: Mapping[str, Any],
) -> "xr.DataTree":
    """The datasets as one tree, with the hash of the model and the certificate (JSON) as attributes."""
    import xarray as xr

    text = json.dumps(plain(certificate), allow_nan=False)
    facts = xr.Dataset(attrs={"model_hash": system.hash, "certificate": text})
    return xr.DataTree.from_dict({"/": facts, "/annual": yearly, "/trajectories": courses, "/parameters": drawn})


def _stacked(over: Any, parts: list[Floats], dims: tuple[str, ...]) -> tuple[tuple[str, ...], Floats]:
    if over is None:
        return dims, parts[0]
    return (*dims, over.name), np.stack(parts, axis=-1)


def _facts(system: System, name: str, unit: str) -> dict[str, str]:
    variable = system.variables[name]
    facts = {"units": unit, "long_name": variable.doc, "sector": variable.sector, "kind": variable.kind}
    if variable.over is not None:
        labels = (f"{element}: {variable.over.label(element)}" for element in variable.over.elements)
        facts["element_labels"] = "; ".join(labels)
    return facts


def _coordinates(system: System, scenarios: Sequence[str]) -> dict[str, Any]:
    dimensions = {v.over.name: _words(v.over.elements) for v in system.variables.values() if v.over is not None}
    return {"scenario": _words(scenarios), **dimensions}


def _words(words: Sequence[str]) -> NDArray[np.object_]:
    """Words of any length: Zarr has no specification of those that are all as long as the longest."""
    return np.array(words, dtype=object)
