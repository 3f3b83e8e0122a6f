"""The axes of a sweep: from what is asked of each key, or from a file of points, checked against the model."""

import csv
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.configuration import settings
from pujiang.configuration.overrides import check_key
from pujiang.configuration.sections import Bounds
from pujiang.configuration.sweep_words import check_sweepable
from pujiang.configuration.values import number, shown
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.axes import DATES, Axis, Interval, PriorWithin, Spread, Values, named
from pujiang.experiment.designs import Floats
from pujiang.experiment.fit import uncertain
from pujiang.experiment.levers import LEVERS_ACT_FROM


def everything(system: System, skip: Iterable[str] = ()) -> dict[str, Any]:
    """Axes over every lever (its target, within its bounds) and every uncertain parameter (its prior)."""
    left_out = set(skip)
    levers = {f"levers.{name}.target": "bounds" for name in system.levers if name not in left_out}
    return {**levers, "parameters": "prior"}


def all_uncertain(axes: Mapping[str, Any], system: System, kind: str) -> dict[str, Any]:
    """The axes, with every uncertain parameter in the place of `parameters=prior`."""
    found = dict(axes)
    word = found.pop("parameters", None)
    if word is None and not found and kind not in ("grid", "csv"):
        word = "prior"
    if word is None:
        return found
    if word not in ("prior", "bounds"):
        raise InputError(f"parameters: found {shown(word)}, allowed: prior, bounds, or parameters.<name>=...")
    return {**{f"parameters.{name}": word for name in uncertain(system)}, **found}


def spread_of(key: str, value: Any, system: System, parameters: Mapping[str, Bounds], dt: float) -> Spread:
    """The checked values, interval or prior of one axis; an InputError names what is wrong with it."""
    check_key(key, key, system.levers, parameters)
    low, high = _limits(key, system, parameters, dt)
    date = key.startswith("levers.") and key.rpartition(".")[2] in DATES
    if value == "prior":
        prior = uncertain(system).get(key.partition(".")[2]) if key.startswith("parameters.") else None
        if prior is None:
            raise InputError(f"{key}: has no prior; give values, or interval(low,high)")
        return PriorWithin(prior, low, high)
    if value == "bounds":
        if not (math.isfinite(low) and math.isfinite(high)):
            raise InputError(f"{key}: has no bounds; give values, or interval(low,high)")
        return Interval(low, high, dt if date else None)
    if value[0] == "interval":
        first, last = (number(end, key, low, high) for end in value[1:])
        if not first < last:
            raise InputError(f"{key}: interval({first:g},{last:g}) is empty")
        if date:
            _check_dates_on_grid(key, [first, last], dt)
        return Interval(first, last, dt if date else None)
    checked = tuple(number(part, key, low, high) for part in value)
    twice = next((part for part in checked if checked.count(part) > 1), None) if len(checked) < 10_000 else None
    if twice is not None or len(set(checked)) < len(checked):
        raise InputError(f"{key}: found {'a value' if twice is None else f'{twice:g}'} twice")
    if date:
        _check_dates_on_grid(key, checked, dt)
    return Values(checked)


def _limits(key: str, system: System, parameters: Mapping[str, Bounds], dt: float) -> tuple[float, float]:
    head, _, rest = key.partition(".")
    if head == "parameters":
        return parameters[rest] or (-math.inf, math.inf)
    name, _, part = rest.partition(".")
    if part in DATES:
        return LEVERS_ACT_FROM, settings.LATEST_DATE
    return system.levers[name].bounds


def _check_dates_on_grid(key: str, dates: Iterable[float], dt: float) -> None:
    for date in dates:
        step = date / dt
        if abs(step - round(step)) > 1e-6:
            low, high = (f"{(math.floor(step) + k) * dt:.10g}" for k in (0, 1))
            raise InputError(f"{key}: {date:.10g} is not on the grid of steps of {dt:g} year; nearest: {low}, {high}")


def check_grid_values(axis: Axis) -> None:
    """An InputError unless the axis has values, as a grid needs."""
    if not isinstance(axis.spread, Values):
        raise InputError(
            f"{axis.key}: a grid needs values, such as range(0,1,0.1) or 0,0.5,1; an interval or a prior goes "
            "with design=lhs, sobol, saltelli or morris"
        )


def named_axes(spreads: Mapping[str, Spread], system: System) -> tuple[Axis, ...]:
    """The axes under short names no outcome or dimension has; an InputError where one is swept twice."""
    taken = {
        *system.outcomes, "scenario", "shock", "point", "member", "year",
        *(v.over.name for v in system.variables.values() if v.over is not None),
    }  # fmt: skip
    names = named(spreads, taken)
    axes = tuple(Axis(key, names[key], spread) for key, spread in spreads.items())
    inputs = [(axis.input, axis.part or "target") for axis in axes if axis.kind == "lever"]
    for axis in axes:
        if axis.kind == "lever" and inputs.count((axis.input, axis.part or "target")) > 1:
            raise InputError(f"{axis.key}: swept twice, as levers.{axis.input} and levers.{axis.input}.target")
    return axes


def placeholder(axis: Axis) -> float:
    """A value to check the rest of a lever's setting with: as early a start, as late an end as there is."""
    spread = axis.spread
    if isinstance(spread, Values):
        return max(spread.values) if axis.part == "end" else min(spread.values)
    return spread.high if axis.part == "end" else spread.low


def axes_from_csv(
    path: Path, system: System, parameters: Mapping[str, Bounds], dt: float
) -> tuple[dict[str, Spread], Floats]:
    """Axes and points of a file whose columns are keys and whose rows are points.

    Raises:
        InputError: naming file and line of the first fault.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"design.file: '{path}' cannot be read: {reason}") from error
    lines = [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if len(lines) < 2:
        raise InputError(f"{path}: found {max(len(lines) - 1, 0)} points, needs a line of keys and one a point")
    keys = [cell.strip() for cell in lines[0][1]]
    limits = []
    for key in keys:
        where = f"{path}:{lines[0][0]}: {key or 'column without a name'}"
        if keys.count(key) > 1:
            raise InputError(f"{where}: found twice")
        try:
            check_sweepable(key)
        except InputError:
            check_key(key, where, system.levers, parameters)
            raise InputError(f"{where}: cannot be swept; columns are levers and parameters") from None
        check_key(key, where, system.levers, parameters)
        limits.append(_limits(key, system, parameters, dt))
    points = np.empty((len(keys), len(lines) - 1))
    for place, (line, row) in enumerate(lines[1:]):
        if len(row) != len(keys):
            raise InputError(f"{path}:{line}: found {len(row)} values, needs {len(keys)}")
        for column, (key, cell) in enumerate(zip(keys, row, strict=True)):
            where = f"{path}:{line}: {key}"
            try:
                value = float(cell)
            except ValueError:
                raise InputError(f"{where}: found {shown(cell.strip())}, needs a number") from None
            points[column, place] = number(value, where, *limits[column])
            if key.startswith("levers.") and key.rpartition(".")[2] in DATES:
                _check_dates_on_grid(where, [value], dt)
    spreads: dict[str, Spread] = {
        key: Interval(float(column.min()), float(column.max())) for key, column in zip(keys, points, strict=True)
    }
    return spreads, points
