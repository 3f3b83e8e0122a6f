"""The labelled form of results: names, units and meaning on every variable."""

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.engine.central import Trajectories
from pujiang.engine.profiles import Profile
from pujiang.engine.shown import annual_unit, display_facts
from pujiang.engine.system import System
from pujiang.labelled import Array, Dataset, Tree
from pujiang.plain_values import plain

MEANING = {
    "member": "member of the ensemble; 0 is the central one, and no draw",
    "year": "calendar year",
    "time": "date, in decimal years",
}
"""What the coordinates of results are."""


def annual(
    system: System,
    values: Mapping[str, Floats],
    scenarios: Sequence[str],
    members: int,
    years: NDArray[np.int64],
) -> Dataset:
    """Annual outcomes (scenario, member, year[, element]) from (year, run) arrays by scalar name."""
    data = {}
    for name in system.outcomes:
        parts = [values[s].reshape(len(years), len(scenarios), members) for s in system.scalar_names(name)]
        data[name] = _stacked(parts).swapaxes(0, 1).swapaxes(1, 2)
    return _annual_frame(system, tuple(scenarios), members, tuple(years.tolist())).filled(data)


def trajectories(
    system: System,
    central: Trajectories,
    cases: Mapping[str, Mapping[str, Profile]],
    series: Mapping[str, Profile],
    times: Floats,
    every: int,
) -> Dataset:
    """Every variable (scenario, time[, element]) of the central runs, every so many steps; and what drove them:
    every lever (scenario, time), not a number where it is not set, and every series (time)."""
    saved = times[::every]
    values = np.ascontiguousarray(central.snapshots[::every].transpose(2, 0, 1))
    data, start = {}, 0
    for name, variable in system.variables.items():
        stop = start + len(system.scalar_names(name))
        data[name] = values[..., start] if variable.over is None else values[..., start:stop]
        start = stop
    read = cache(lambda profile: profile.from_right(saved))  # most cases share most profiles
    for name in system.levers:
        courses = [read(profiles[name]) for profiles in cases.values()]
        kept = [read(p[f"{name}_set"]) > 0 if f"{name}_set" in p else True for p in cases.values()]
        data[name] = np.array([np.where(mask, course, np.nan) for mask, course in zip(kept, courses, strict=True)])
    for name in system.series:
        data[name] = series[name].from_right(saved)
    return _trajectories_frame(system, tuple(cases), tuple(saved.tolist())).filled(data)


def parameters(system: System, values: Floats) -> Dataset:
    """Parameter values (parameter, member) by scalar name, with the unit of each."""
    frame = _parameters_frame(system, values.shape[1])
    return frame.filled({"value": values, "unit": frame["unit"].values})


def tree(system: System, yearly: Dataset, courses: Dataset, drawn: Dataset, certificate: Mapping[str, Any]) -> Tree:
    """The datasets as one tree, with the hash of the model and the certificate (JSON) as attributes."""
    text = json.dumps(plain(certificate), allow_nan=False)
    parts = {"annual": yearly, "trajectories": courses, "parameters": drawn}
    return Tree(parts, {"model_hash": system.hash, "certificate": text})


# Labels take longer to make than the numbers of a short run: they are made once for runs of one form, and the
# numbers put in.


@lru_cache(maxsize=8)
def _annual_frame(system: System, scenarios: tuple[str, ...], members: int, years: tuple[int, ...]) -> Dataset:
    own = {"member": np.arange(members), "year": np.array(years)}
    facts: dict[str, Mapping[str, Any]] = {}
    for name in system.outcomes:
        variable = system.variables[name]
        kind = variable.annual if isinstance(variable.annual, str) else "ratio"
        unit = annual_unit(variable)
        facts[name] = {**_facts(system, name, unit), "annual": kind, **display_facts(variable, unit, system.units)}
    return _frame(system, scenarios, own, facts, system.presentation.attributes())


@lru_cache(maxsize=8)
def _trajectories_frame(system: System, scenarios: tuple[str, ...], times: tuple[float, ...]) -> Dataset:
    facts = {name: _facts(system, name, variable.unit) for name, variable in system.variables.items()}
    frame = _frame(system, scenarios, {"time": np.array(times)}, facts)
    sizes = {"scenario": len(scenarios), "time": len(times)}
    for name in (*system.levers, *system.series):
        dims = ("scenario", "time") if name in system.levers else ("time",)
        zeros = np.broadcast_to(0.0, [sizes[dim] for dim in dims])
        frame.arrays[name] = Array(dims, zeros, _driver_facts(system, name))
    return frame


def _driver_facts(system: System, name: str) -> dict[str, str]:
    found = system.levers.get(name) or system.series[name]
    kind = "lever" if name in system.levers else "series"
    return {"units": found.unit, "long_name": found.doc, "sector": system.sector_of[name], "kind": kind}


@lru_cache(maxsize=8)
def _parameters_frame(system: System, members: int) -> Dataset:
    names = list(system.parameter_names)
    units = [system.parameters[name.partition(".")[0]].unit for name in names]
    facts = {"long_name": "Value of each parameter in each member."}
    value = Array(("parameter", "member"), np.broadcast_to(0.0, (len(names), members)), facts)
    return Dataset(
        {"value": value, "unit": Array(("parameter",), _words(units))},
        {
            "parameter": Array(("parameter",), _words(names)),
            "member": Array(("member",), np.arange(members), {"long_name": MEANING["member"]}),
        },
    )


def _frame(
    system: System,
    scenarios: Sequence[str],
    own: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    said: Mapping[str, Any] = MappingProxyType({}),
) -> Dataset:
    """A dataset of zeros that take no room: variables by name with their facts, over scenarios and `own`."""
    data = {}
    for name, known in facts.items():
        over = system.variables[name].over
        shape = (len(scenarios), *map(len, own.values()), *([] if over is None else [len(over.elements)]))
        dims = ("scenario", *own, *([] if over is None else [over.name]))
        data[name] = Array(dims, np.broadcast_to(0.0, shape), dict(known))
    axes = {name: Array((name,), values, {"long_name": MEANING[name]}) for name, values in own.items()}
    return Dataset(data, {**_coordinates(system, scenarios), **axes}, dict(said))


def _stacked(parts: list[Floats]) -> Floats:
    return parts[0] if len(parts) == 1 else np.stack(parts, axis=-1)


def _facts(system: System, name: str, unit: str) -> dict[str, str]:
    variable = system.variables[name]
    facts = {"units": unit, "long_name": variable.doc, "sector": variable.sector, "kind": variable.kind}
    if variable.over is not None:
        labels = (f"{element}: {variable.over.label(element)}" for element in variable.over.elements)
        facts["element_labels"] = "; ".join(labels)
    return facts


def _coordinates(system: System, scenarios: Sequence[str]) -> dict[str, Array]:
    dimensions = {v.over.name: v.over.elements for v in system.variables.values() if v.over is not None}
    return {name: Array((name,), _words(words)) for name, words in {"scenario": scenarios, **dimensions}.items()}


def _words(words: Sequence[str]) -> NDArray[np.object_]:
    """Words of any length: Zarr has no specification of those that are all as long as the longest."""
    return np.array(words, dtype=object)
