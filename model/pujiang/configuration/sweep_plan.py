"""The checked plan of a sweep, from what a user asks for or from a scenario of a run."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from pujiang.configuration.compose import compose
from pujiang.configuration.sections import Bounds
from pujiang.configuration.sweep_axes import (
    all_uncertain,
    axes_from_csv,
    check_grid_values,
    everything,
    named_axes,
    placeholder,
    spread_of,
)
from pujiang.configuration.sweep_words import OWN_KEYS, Request
from pujiang.configuration.values import choice, shown, text, whole
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.axes import Axis
from pujiang.experiment.designs import KINDS, Design, Floats, check_size
from pujiang.experiment.levers import SHAPES, LeverSetting
from pujiang.experiment.scenario import RunConfig, Scenario
from pujiang.experiment.sweep import Case, Plan, check_dates

PRECISIONS = ("float64", "float32")
MOST_POINTS = 20_000_000
MOST_IN_MEMORY = 100_000_000
"""Coordinates of the designs that must be drawn whole."""


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
    design, file = design_of(asked.own)
    given = all_uncertain(asked.axes, system, design.kind)
    table: Floats | None = None
    if design.kind == "csv":
        if given:
            raise InputError(f"{next(iter(given))}: found beside design=csv; the axes come from its file")
        spreads, table = axes_from_csv(Path(file), system, parameters, dt)
    else:
        spreads = {key: spread_of(key, value, system, parameters, dt) for key, value in given.items()}
    if not spreads and not any(len(values) > 1 for values in asked.choices.values()):
        raise InputError("sweep: needs an axis, such as 'levers.exit_window.target=range(0,1.01,0.05)'")
    if not spreads and design.kind != "grid":
        raise InputError(f"design={design.kind}: needs an axis of numbers, such as parameters=prior")
    axes = named_axes(spreads, system)
    outcomes = outcomes_of(asked.own.get("output.outcomes"), system)
    precision = choice(asked.own.get("output.precision", "float64"), "output.precision", PRECISIONS)
    reference, choices, cases = _cases(asked, axes, system, parameters, config_dir)
    made = Plan(reference, choices, cases, axes, design, table, outcomes, precision)
    if design.kind == "grid":
        for axis in axes:
            check_grid_values(axis)
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
    asked = all_uncertain(everything(system, paths), system, "saltelli")
    fixed = [key for key in asked if key.partition(".")[2] in chosen.parameters]
    spreads = {
        key: spread_of(key, value, system, parameters, config.simulation.dt)
        for key, value in asked.items()
        if key not in fixed
    }
    axes = named_axes(spreads, system)
    templates = {
        axis.input: chosen.levers.get(axis.input, LeverSetting(target=placeholder(axis)))
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


def design_of(own: Mapping[str, Any]) -> tuple[Design, str]:
    """The design among the settings of a sweep, and its file of points ("" for none)."""
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


def outcomes_of(asked: Any, system: System) -> tuple[str, ...]:
    """The outcomes asked for, in the order of the model: all of them by default."""
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
    # In the order given: a set's differs from process to process, and with it the files and their checksums.
    levers = dict.fromkeys(axis.input for axis in axes if axis.kind == "lever")
    levers |= dict.fromkeys(key.split(".")[1] for key in options if key.startswith("levers."))
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
        swept = {axis.key: placeholder(axis) for axis in axes if axis.kind == "lever"}
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
