"""The configuration of a sweep: from `key=values` words, or mappings, to a checked plan.

hydra reads the words (`a=1,2`, `a=range(0,1,0.1)`, `a=interval(0,1)`). The words `prior` and `bounds` in the
place of a value mean all a parameter's prior, or all within the bounds, allows. `parameters=prior` varies
every uncertain parameter.
"""

import csv
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.configuration import settings
from pujiang.configuration.compose import compose
from pujiang.configuration.overrides import as_path, check_key, flat, parse
from pujiang.configuration.read import read as read_config
from pujiang.configuration.sections import Bounds
from pujiang.configuration.values import choice, number, shown, text, whole
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.axes import (
    DATES,
    Axis,
    Interval,
    PriorWithin,
    Spread,
    Values,
    axis_as_mapping,
    named,
)
from pujiang.experiment.designs import KINDS, Design, Floats, check_size
from pujiang.experiment.fit import uncertain
from pujiang.experiment.levers import LEVERS_ACT_FROM, SHAPES, LeverSetting
from pujiang.experiment.scenario import RunConfig, Scenario, setting_as_mapping
from pujiang.experiment.sweep import Case, Plan, check_dates

OWN_KEYS = ("design", "design.size", "design.seed", "design.file", "output.outcomes", "output.precision")
PRECISIONS = ("float64", "float32")
MOST_POINTS = 20_000_000
MOST_VALUES = 10_000_000
MOST_IN_MEMORY = 100_000_000
"""Coordinates of the designs that must be drawn whole."""

PLAN_FILE = "sweep.yaml"
POINTS_FILE = "points.csv"


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes:
        settings: single values by dotted key, as for a run.
        choices: what varies by name (scenario, shock, a lever's shape).
        axes: what varies by number: a tuple of values, ("interval", low, high), "prior" or "bounds".
        own: settings of the sweep itself, by OWN_KEYS.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axes: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


# --- reading words ------------------------------------------------------------------------------------------


def parse_sweep(words: Iterable[str]) -> Request:
    """Read words in hydra's grammar.

    Raises:
        InputError: a word that cannot be read, or that sweeps what cannot be swept.
    """
    request = Request({}, {}, {}, {})
    for word in words:
        request = _joined(request, _read_word(word))
    return request


def request(axes: Mapping[str, Any], changes: Mapping[str, Any], own: Mapping[str, Any]) -> Request:
    """What Python callers ask for: axes as words ("range(0,1,0.1)", "prior") or as lists of numbers."""
    made = Request({}, {}, {}, own)
    for key, value in flat(dict(axes)).items():
        if isinstance(value, str):
            made = _joined(made, _read_word(f"{key}={value}"))
            continue
        values = np.asarray(value).tolist() if not isinstance(value, list | tuple) else list(value)
        made = _joined(made, _of_values(key, values if isinstance(values, list) else [values]))
    return _joined(made, Request(changes))


def _joined(a: Request, b: Request) -> Request:
    pairs = ((getattr(a, name), getattr(b, name)) for name in ("settings", "choices", "axes", "own"))
    return Request(*({**dict(first), **dict(second)} for first, second in pairs))


def _read_word(word: str) -> Request:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, RangeSweep
    from hydra.errors import HydraException

    key = word.partition("=")[0]
    if "=" not in word or word.startswith(("~", "+")):
        return Request(parse([word]))  # says what is wrong with it
    path = as_path(word)
    if path is not None:
        return Request(own=path) if key in OWN_KEYS else Request(path)
    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"'{word}': cannot be read ({reason}); write key=value, in quotes") from error
    value = override.value()
    if isinstance(value, IntervalSweep):
        _sweepable(key)
        return Request(axes={key: ("interval", value.start, value.end)})
    if isinstance(value, RangeSweep):
        return _of_values(key, _range_values(key, value))
    if isinstance(value, ChoiceSweep):
        if value.shuffle:
            raise InputError(f"{key}: found shuffle(), an axis has its values in order")
        return _of_values(key, list(override.sweep_iterator(transformer=lambda found: found)))
    if override.is_sweep_override():
        raise InputError(f"{key}: found {shown(word.partition('=')[2])}, allowed: a,b,c, range() or interval()")
    if value in ("prior", "bounds") and key.partition(".")[0] in ("levers", "parameters"):
        return Request(axes={key: value})
    found = parse([word])
    own = {key: value for key, value in found.items() if key in OWN_KEYS}
    return Request({key: value for key, value in found.items() if key not in own}, own=own)


def _range_values(key: str, found: Any) -> list[float]:
    start, stop, step = (float(getattr(found, name)) for name in ("start", "stop", "step"))
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise InputError(f"{key}: found range({start:g},{stop:g},{step:g}), needs finite numbers and a step")
    if (stop - start) / step > MOST_VALUES:
        raise InputError(f"{key}: found range({start:g},{stop:g},{step:g}), allowed: up to {MOST_VALUES:,} values")
    # Rounded to what was meant: 3 * 0.05 is 0.15000000000000002.
    values = [float(f"{value:.12g}") for value in found.range()]
    if not values:
        raise InputError(f"{key}: range({start:g},{stop:g},{step:g}) holds no value")
    return values


def _of_values(key: str, values: list[Any]) -> Request:
    by_name = key in ("scenario", "shock") or key.endswith(".shape")
    if by_name:
        return Request(choices={key: tuple(text(value, key) for value in values)})
    _sweepable(key)
    if not values:
        raise InputError(f"{key}: no value is given")
    return Request(axes={key: tuple(number(value, key) for value in values)})


def _sweepable(key: str) -> None:
    head, _, rest = key.partition(".")
    if head not in ("levers", "parameters") or not rest or key.endswith(".shape") or key.endswith(".path"):
        raise InputError(
            f"{key}: cannot be swept; allowed: scenario, shock, a lever's target, from, start, end or shape, "
            f"and parameters{nearest(key, ('scenario', 'shock', 'levers', 'parameters'))}"
        )


# --- planning -----------------------------------------------------------------------------------------------


def plan(
    asked: Request,
    system: System,
    parameters: Mapping[str, Bounds],
    config_dir: str | os.PathLike[str] | None = None,
) -> Plan:
    """The checked plan of a sweep.

    Raises:
        InputError: one line on the first fault found.
    """
    dt = _dt(asked, system, parameters, config_dir)
    design, file = _design(asked.own)
    given = _all_uncertain(asked.axes, system, design.kind)
    table: Floats | None = None
    if design.kind == "csv":
        if given:
            raise InputError(f"{next(iter(given))}: found beside design=csv; the axes come from its file")
        spreads, table = _from_csv(Path(file), system, parameters, dt)
    else:
        spreads = {key: _spread(key, value, system, parameters, dt) for key, value in given.items()}
    if not spreads and not any(len(values) > 1 for values in asked.choices.values()):
        raise InputError("sweep: needs an axis, such as 'levers.exit_window.target=range(0,1.01,0.05)'")
    if not spreads and design.kind != "grid":
        raise InputError(f"design={design.kind}: needs an axis of numbers, such as parameters=prior")
    axes = _named_axes(spreads, system)
    outcomes = _outcomes(asked.own.get("output.outcomes"), system)
    precision = choice(asked.own.get("output.precision", "float64"), "output.precision", PRECISIONS)
    reference, choices, cases = _cases(asked, axes, system, parameters, config_dir)
    made = Plan(reference, choices, cases, axes, design, table, outcomes, precision)
    if design.kind == "grid":
        for axis in axes:
            _grid_values(axis)
    else:
        check_size(design)
        if design.kind in ("lhs", "morris") and made.points * len(axes) > MOST_IN_MEMORY:
            raise InputError(
                f"design.size: {made.points:,} points of {len(axes)} inputs are too many for design={design.kind}, "
                f"allowed: up to {MOST_IN_MEMORY:,} numbers; design=sobol has no such limit"
            )
    if made.points > MOST_POINTS:
        raise InputError(f"sweep: {made.points:,} points; allowed: up to {MOST_POINTS:,}")
    check_dates(made)
    return made


def everything(system: System, skip: Iterable[str] = ()) -> dict[str, Any]:
    """Axes over every lever (its target, within its bounds) and every uncertain parameter (its prior)."""
    left_out = set(skip)
    levers = {f"levers.{name}.target": "bounds" for name in system.levers if name not in left_out}
    return {**levers, "parameters": "prior"}


def plan_of_run(config: RunConfig, scenario: str | None, system: System, parameters: Mapping[str, Bounds]) -> Plan:
    """A plan over everything, from one scenario of a run: by default its last one.

    Levers the scenario sets keep their dates and shape; one that follows a path of points is left as it is.

    Raises:
        InputError: if the run has no such scenario.
    """
    names = [found.name for found in config.scenarios]
    name = names[-1] if scenario is None else choice(scenario, "scenario", names)
    chosen = config.scenarios[names.index(name)]
    paths = [lever for lever, setting in chosen.levers.items() if setting.path is not None]
    asked = _all_uncertain(everything(system, paths), system, "saltelli")
    fixed = [key for key in asked if key.partition(".")[2] in chosen.parameters]
    spreads = {
        key: _spread(key, value, system, parameters, config.simulation.dt)
        for key, value in asked.items()
        if key not in fixed
    }
    axes = _named_axes(spreads, system)
    templates = {
        axis.input: chosen.levers.get(axis.input, LeverSetting(target=_placeholder(axis)))
        for axis in axes
        if axis.kind == "lever"
    }
    scenarios = (config.scenarios[0],) if name == names[0] else (config.scenarios[0], chosen)
    reference = replace(config, scenarios=scenarios, ensemble=replace(config.ensemble, size=0))
    case = Case(len(scenarios) - 1, templates)
    design = Design("saltelli", 512)
    return Plan(reference, (("scenario", (name,)),), (case,), axes, design, None, system.outcomes)


def _dt(asked: Request, system: System, parameters: Mapping[str, Bounds], config_dir: Any) -> float:
    plain = {key: value for key, value in asked.settings.items() if key.partition(".")[0] == "simulation"}
    return compose(plain, levers=system.levers, parameters=parameters, config_dir=config_dir).simulation.dt


def _design(own: Mapping[str, Any]) -> tuple[Design, str]:
    for key in own:
        if key not in OWN_KEYS:
            raise InputError(f"{key}: unknown key; allowed: {', '.join(OWN_KEYS)}{nearest(key, OWN_KEYS)}")
    kind: Any = choice(own.get("design", "grid"), "design", KINDS)
    default = {"saltelli": 512, "morris": 20}.get(kind, Design().size)
    size = whole(own.get("design.size", default), "design.size", 1, MOST_POINTS)
    seed = whole(own.get("design.seed", Design().seed), "design.seed", 0, 2**32 - 1)
    file = own.get("design.file")
    for key in ("design.size", "design.seed"):
        if key in own and kind in ("grid", "csv"):
            raise InputError(f"{key}: found beside design={kind}, which has none")
    if (file is not None) != (kind == "csv"):
        raise InputError(
            "design.file: missing; design=csv needs a file of points"
            if file is None
            else f"design.file: found beside design={kind}; set design=csv"
        )
    return Design(kind, size, seed), "" if file is None else text(file, "design.file")


def _all_uncertain(axes: Mapping[str, Any], system: System, kind: str) -> dict[str, Any]:
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


def _spread(key: str, value: Any, system: System, parameters: Mapping[str, Bounds], dt: float) -> Spread:
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


def _grid_values(axis: Axis) -> None:
    if not isinstance(axis.spread, Values):
        raise InputError(
            f"{axis.key}: a grid needs values, such as range(0,1,0.1) or 0,0.5,1; an interval or a prior goes "
            "with design=lhs, sobol, saltelli or morris"
        )


def _named_axes(spreads: Mapping[str, Spread], system: System) -> tuple[Axis, ...]:
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


def _outcomes(asked: Any, system: System) -> tuple[str, ...]:
    if asked is None:
        return system.outcomes
    names = [asked] if isinstance(asked, str) else asked
    if not isinstance(names, list | tuple) or not names:
        raise InputError(f"output.outcomes: found {shown(asked)}, needs names, as in [gdp,star_listings]")
    for name in names:
        if name not in system.outcomes:
            raise InputError(
                f"output.outcomes: found {shown(name)}, which is no reported outcome (see 'pujiang list "
                f"outcomes'){nearest(str(name), system.outcomes)}"
            )
    return tuple(name for name in system.outcomes if name in names)


def _cases(
    asked: Request,
    axes: tuple[Axis, ...],
    system: System,
    parameters: Mapping[str, Bounds],
    config_dir: str | os.PathLike[str] | None,
) -> tuple[RunConfig, tuple[tuple[str, tuple[str, ...]], ...], tuple[Case, ...]]:
    """The scenarios without axes, what varies by name, and the cases."""
    fixed = dict(asked.settings)
    options = dict(asked.choices)
    options.setdefault("scenario", (str(fixed.pop("scenario", "baseline")),))
    options = {"scenario": options["scenario"], **options}
    for key, values in options.items():
        if key.endswith(".shape"):
            for value in values:
                choice(value, key, SHAPES)
        if len(set(values)) < len(values):
            raise InputError(f"{key}: found '{next(v for v in values if values.count(v) > 1)}' twice")
    if "ensemble" not in fixed and "ensemble.size" not in fixed:
        fixed["ensemble.size"] = 0
    levers = {axis.input for axis in axes if axis.kind == "lever"}
    levers |= {key.split(".")[1] for key in options if key.startswith("levers.")}
    kept = {key: value for key, value in fixed.items() if not _of_lever(key, levers)}
    scenarios: list[Scenario] = []
    cases: list[Case] = []
    config: RunConfig | None = None

    def composed(changes: Mapping[str, Any]) -> RunConfig:
        return compose(changes, levers=system.levers, parameters=parameters, config_dir=config_dir)

    for combination in product(*options.values()):
        named_ = dict(zip(options, combination, strict=True))
        groups = {key: value for key, value in named_.items() if key in ("scenario", "shock")}
        config = composed({**kept, **groups})
        if not scenarios:
            scenarios.append(config.scenarios[0])
        plain = _renamed(config.scenarios[-1], groups)
        if plain not in scenarios:
            scenarios.append(plain)
        swept = {axis.key: _placeholder(axis) for axis in axes if axis.kind == "lever"}
        shaped = {key: value for key, value in named_.items() if key.startswith("levers.")}
        whole_ = composed({**fixed, **groups, **shaped, **swept}) if swept or shaped else config
        templates = {name: whole_.scenarios[-1].levers[name] for name in levers}
        cases.append(Case(scenarios.index(plain), templates))
    assert config is not None
    choices = tuple((_choice_name(key), values) for key, values in options.items())
    return replace(config, scenarios=tuple(scenarios)), choices, tuple(cases)


def _renamed(scenario: Scenario, groups: Mapping[str, str]) -> Scenario:
    """A scenario under a name that no other has: that of its shock goes with it."""
    shock = groups.get("shock", "none")
    return scenario if shock == "none" else replace(scenario, name=f"{groups['scenario']}_{shock}")


def _of_lever(key: str, levers: Iterable[str]) -> bool:
    parts = key.split(".")
    return parts[0] == "levers" and parts[1] in levers


def _choice_name(key: str) -> str:
    return key if key in ("scenario", "shock") else key.removeprefix("levers.").replace(".", "_")


def _placeholder(axis: Axis) -> float:
    """A value to check the rest of a lever's setting with: as early a start, as late an end as there is."""
    spread = axis.spread
    if isinstance(spread, Values):
        return max(spread.values) if axis.part == "end" else min(spread.values)
    return spread.high if axis.part == "end" else spread.low


# --- points from a file -------------------------------------------------------------------------------------


def _from_csv(
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
            _sweepable(key)
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


# --- the plan in a file -------------------------------------------------------------------------------------


def plan_files(made: Plan) -> dict[str, str]:
    """The files of a plan: config.yaml (scenarios without axes), sweep.yaml (the rest), points of a csv design."""
    import yaml

    content = {
        "design": {"kind": made.design.kind, "size": made.design.size, "seed": made.design.seed},
        "choices": {name: list(values) for name, values in made.choices},
        "axes": [axis_as_mapping(axis) for axis in made.axes],
        "cases": [
            {
                "scenario": made.reference.scenarios[case.scenario].name,
                "levers": {name: setting_as_mapping(setting) for name, setting in case.levers.items()},
            }
            for case in made.cases
        ],
        "outcomes": list(made.outcomes),
        "precision": made.precision,
    }
    files = {
        "config.yaml": made.reference.as_yaml(),
        PLAN_FILE: yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100),
    }
    if made.table is not None:
        rows = [",".join(axis.key for axis in made.axes)]
        rows += [",".join(repr(float(value)) for value in column) for column in made.table.T]
        files[POINTS_FILE] = "\n".join(rows) + "\n"
    return files


def read_plan(folder: Path, system: System, parameters: Mapping[str, Bounds]) -> Plan:
    """The plan a sweep's folder holds, checked as if it were new.

    Raises:
        InputError: naming what is wrong with it.
    """
    from pujiang.configuration.folders import read_yaml

    reference = read_config(folder, levers=system.levers, parameters=parameters)
    if not (folder / PLAN_FILE).is_file():
        raise InputError(f"'{folder}' holds no sweep: it has no {PLAN_FILE}")
    file = read_yaml(folder / PLAN_FILE)
    content, dt = file.content, reference.simulation.dt
    try:
        kind = content["design"]["kind"]
        own = {"design": kind}
        if kind == "csv":
            own["design.file"] = str(folder / POINTS_FILE)
        elif kind != "grid":
            own |= {f"design.{key}": content["design"][key] for key in ("size", "seed")}
        design, _ = _design(own)
        table: Floats | None = None
        if kind == "csv":
            spreads, table = _from_csv(folder / POINTS_FILE, system, parameters, dt)
        else:
            spreads = {
                axis["key"]: _spread(axis["key"], _asked(axis), system, parameters, dt) for axis in content["axes"]
            }
        names = [scenario.name for scenario in reference.scenarios]
        cases = tuple(
            Case(names.index(case["scenario"]), _settings(case["levers"], file.where, system, dt))
            for case in content["cases"]
        )
        choices = tuple((name, tuple(values)) for name, values in content["choices"].items())
        outcomes = _outcomes(content["outcomes"], system)
        precision = choice(content["precision"], "precision", PRECISIONS)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file.where()}: damaged: {error!r}") from error
    return Plan(reference, choices, cases, _named_axes(spreads, system), design, table, outcomes, precision)


def _asked(axis: Mapping[str, Any]) -> Any:
    if "values" in axis:
        return tuple(axis["values"])
    return ("interval", *axis["interval"]) if "interval" in axis else "prior"


def _settings(raw: Mapping[str, Any], where: Any, system: System, dt: float) -> dict[str, LeverSetting]:
    found = {name: settings.checked(name, setting, where, system.levers[name], dt) for name, setting in raw.items()}
    return {name: setting for name, setting in found.items() if setting is not None}
