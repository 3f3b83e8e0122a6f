"""The axes of a sweep: from what is asked of each key, or from a file of points, checked against the model."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pujiang import delimited
from pujiang.configuration.keys import option_of
from pujiang.configuration.sweep_words import NUMBERS
from pujiang.configuration.words import Between
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.axes import Axis, Interval, ListedValues, PriorWithin, Spread, named
from pujiang.experiment.designs import Floats
from pujiang.experiment.fit import prior_of, uncertain
from pujiang.experiment.levers import lever_date
from pujiang.options import Option
from pujiang.reading import damaged, read_text
from pujiang.values import shown


def everything(system: System, skip: Iterable[str] = ()) -> dict[str, Any]:
    """Axes over every lever (its target, within its bounds) and every uncertain parameter (its prior)."""
    left_out = set(skip)
    levers = {f"levers.{name}.target": "bounds" for name in system.levers if name not in left_out}
    return {**levers, "parameters": "prior"}


def all_uncertain(axes: Mapping[str, Any], system: System, kind: str) -> dict[str, Any]:
    """The axes, with every uncertain parameter in the place of `parameters=prior`, every lever in that of
    `levers=bounds`."""
    found = dict(axes)
    of_levers = found.pop("levers", None)
    if of_levers is not None:
        if of_levers != "bounds":
            raise InputError(f"levers: found {shown(of_levers)}, allowed: bounds, or levers.<name>=...")
        given = {key.split(".")[1] for key in found if key.startswith("levers.")}
        every = (name for name, lever in system.levers.items() if lever.bounds is not None and name not in given)
        found = {**{f"levers.{name}.target": "bounds" for name in every}, **found}
    word = found.pop("parameters", None)
    if word is None and not found and kind not in ("grid", "csv"):
        word = "prior"
    if word is None:
        return found
    if word not in ("prior", "bounds"):
        raise InputError(f"parameters: found {shown(word)}, allowed: prior, bounds, or parameters.<name>=...")
    return {**{f"parameters.{name}": word for name in uncertain(system)}, **found}


def spread_of(key: str, value: Any, system: System, dt: float) -> Spread:
    """The checked values, interval or prior of one axis; an InputError names what is wrong with it."""
    option = axis_option(key, key, system)
    step = dt if option.kind == "date" else None
    if value == "prior":
        prior = prior_of(system, key.partition(".")[2]) if key.startswith("parameters.") else None
        if prior is None:
            raise InputError(f"{key}: has no prior; give values, or interval(low,high)")
        return PriorWithin(prior, option.low, option.high)
    if value == "bounds":
        if not (math.isfinite(option.low) and math.isfinite(option.high)):
            raise InputError(f"{key}: has no bounds; give values, or interval(low,high)")
        return Interval(option.low, option.high, step)
    if isinstance(value, Between):
        first, last = (axis_value(option, end, key, system, dt) for end in (value.low, value.high))
        if not first < last:
            raise InputError(f"{key}: interval({first:g},{last:g}) is empty")
        return Interval(first, last, step)
    checked = tuple(axis_value(option, part, key, system, dt) for part in value)
    if len(set(checked)) < len(checked):
        raise InputError(f"{key}: found {Counter(checked).most_common(1)[0][0]:g} twice")
    return ListedValues(checked)


def axis_option(key: str, where: str, system: System) -> Option:
    """The option an axis varies; an InputError where a sweep cannot vary the key by number."""
    option = option_of(key, where, system)
    if option.kind not in NUMBERS or key.partition(".")[0] not in ("levers", "parameters"):
        raise InputError(f"{where}: cannot be swept; axes are levers and parameters")
    return option


def axis_value(option: Option, value: Any, where: str, system: System, dt: float) -> float:
    """A value of an axis, a date exactly on the grid of steps."""
    if option.kind == "date":
        return lever_date(value, where, dt, system.calendar)
    return float(option.check(value, where))


def check_grid_values(axis: Axis) -> None:
    """An InputError unless the axis has values, as a grid needs."""
    if not isinstance(axis.spread, ListedValues):
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
    if isinstance(spread, ListedValues):
        return max(spread.values) if axis.part == "end" else min(spread.values)
    return spread.high if axis.part == "end" else spread.low


def axes_from_csv(path: Path, system: System, dt: float) -> tuple[dict[str, Spread], Floats]:
    """Axes and points of a file whose columns are keys and whose rows are points.

    Raises:
        InputError: naming file and line of the first fault.
    """
    text = read_text(path, called=f"design.file '{path}'").removeprefix("\ufeff")
    with damaged(f"design.file: '{path}' cannot be read"):
        lines = list(delimited.rows(text))
    if len(lines) < 2:
        raise InputError(f"{path}: found {max(len(lines) - 1, 0)} points, needs a line of keys and one a point")
    keys = [cell.strip() for cell in lines[0][1]]
    options = []
    for key in keys:
        where = f"{path}:{lines[0][0]}: {key or 'column without a name'}"
        if keys.count(key) > 1:
            raise InputError(f"{where}: found twice")
        options.append(axis_option(key, where, system))
    points = np.empty((len(keys), len(lines) - 1))
    for place, (line, row) in enumerate(lines[1:]):
        if len(row) != len(keys):
            raise InputError(f"{path}:{line}: found {len(row)} values, needs {len(keys)}")
        for column, (option, cell) in enumerate(zip(options, row, strict=True)):
            where = f"{path}:{line}: {keys[column]}"
            points[column, place] = axis_value(option, _number_in(cell), where, system, dt)
    spreads: dict[str, Spread] = {
        key: Interval(float(column.min()), float(column.max())) for key, column in zip(keys, points, strict=True)
    }
    return spreads, points


def _number_in(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell.strip()
