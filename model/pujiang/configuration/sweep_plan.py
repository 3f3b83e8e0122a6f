"""The checked plan of a sweep, from what a user asks for or from a scenario of a run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from pujiang.configuration.compose import compose
from pujiang.configuration.folders import Folders
from pujiang.configuration.keys import GROUPS, SWEEP, known_keys, option_of
from pujiang.configuration.sweep_axes import (
    all_uncertain,
    axes_from_csv,
    check_grid_values,
    everything,
    named_axes,
    placeholder,
    spread_of,
)
from pujiang.configuration.sweep_words import Request
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.axes import Axis
from pujiang.experiment.designs import MOST_POINTS, Design, Floats, check_size
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.reduction import mapping
from pujiang.experiment.scenario import RunConfig, Scenario, SweepOutput
from pujiang.experiment.sweep import Case, Plan, check_dates
from pujiang.options import made, section
from pujiang.values import choice, shown

MOST_IN_MEMORY = 100_000_000
"""Coordinates of the designs that must be drawn whole."""

USUAL_SIZE = {"saltelli": 512, "morris": 20}
"""Of designs whose size is no number of points."""


def plan(asked: Request, system: System, folders: Folders) -> Plan:
    """The checked plan of a sweep.

    Raises:
        InputError: one line on the first fault found.
    """
    plain = {key: value for key, value in asked.settings.items() if key.partition(".")[0] == "simulation"}
    dt = compose(plain, system, folders).simulation.dt
    design, kept = design_of(asked.own), kept_of(asked.own, system)
    given = all_uncertain(asked.axes, system, design.kind)
    table: Floats | None = None
    if design.kind == "csv":
        if given:
            raise InputError(f"{next(iter(given))}: found beside design=csv; the axes come from its file")
        spreads, table = axes_from_csv(Path(str(design.file)), system, dt)
    else:
        spreads = {key: spread_of(key, value, system, dt) for key, value in given.items()}
    if not spreads and not any(len(values) > 1 for values in asked.choices.values()):
        raise InputError("sweep: needs an axis, such as 'levers.exit_window.target=range(0,1.01,0.05)'")
    if not spreads and design.kind != "grid":
        raise InputError(f"design={design.kind}: needs an axis of numbers, such as parameters=prior")
    axes = named_axes(spreads, system)
    reference, choices, cases = _cases(asked, axes, system, folders)
    if kept.keep != "all":
        mapping()  # told before anything is run
    found = Plan(reference, choices, cases, axes, design, table, kept.outcomes or (), kept.precision, kept.keep)
    if design.kind == "grid":
        for axis in axes:
            check_grid_values(axis)
    else:
        check_size(design)
        drawn = 2 * design.size if design.kind == "saltelli" else found.points
        if design.kind not in ("sobol", "csv") and drawn * len(axes) > MOST_IN_MEMORY:
            raise InputError(
                f"design.size: {drawn:,} points of {len(axes)} inputs are too many for design={design.kind}, "
                f"allowed: up to {MOST_IN_MEMORY:,} numbers; design=sobol has no such limit"
            )
    if found.points > MOST_POINTS:
        raise InputError(f"sweep: {found.points:,} points; allowed: up to {MOST_POINTS:,}")
    check_dates(found)
    return found


def plan_of_run(config: RunConfig, scenario: str | None, system: System) -> Plan:
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
        key: spread_of(key, value, system, config.simulation.dt) for key, value in asked.items() if key not in fixed
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
    design = design_of({"design.kind": "saltelli"})
    return Plan(reference, (("scenario", (name,)),), (case,), axes, design, None, system.outcomes)


def design_of(own: Mapping[str, Any]) -> Design:
    """The design among the settings of a sweep."""
    known_keys(own, _dotted, SWEEP)
    kind = own.get("design.kind", Design().kind)
    found = made(Design, section(SWEEP, "design"), {"design.size": USUAL_SIZE.get(str(kind)), **own}, _dotted)
    for key in ("design.size", "design.seed"):
        if key in own and found.kind in ("grid", "csv"):
            raise InputError(f"{key}: found beside design={found.kind}, which has none")
    if (found.file is not None) != (found.kind == "csv"):
        raise InputError(
            "design.file: missing; design=csv needs a file of points"
            if found.file is None
            else f"design.file: found beside design={found.kind}; set design=csv"
        )
    return found


def kept_of(own: Mapping[str, Any], system: System) -> SweepOutput:
    """What a sweep keeps, its outcomes in the order of the model."""
    found = made(SweepOutput, section(SWEEP, "output"), own, _dotted)
    for name in found.outcomes or ():
        if name not in system.outcomes:
            raise InputError(
                f"output.outcomes: found {shown(name)}, which is no reported outcome (see 'pujiang list "
                f"outcomes'){nearest(name, system.outcomes)}"
            )
    chosen = found.outcomes or system.outcomes
    return replace(found, outcomes=tuple(name for name in system.outcomes if name in chosen))


def _dotted(*keys: str | int) -> str:
    key = ".".join(map(str, keys))
    return "design" if key == "design.kind" else key  # as it is mostly written


def _cases(
    asked: Request,
    axes: tuple[Axis, ...],
    system: System,
    folders: Folders,
) -> tuple[RunConfig, tuple[tuple[str, tuple[str, ...]], ...], tuple[Case, ...]]:
    """The scenarios without axes, what varies by name, and the cases."""
    fixed = dict(asked.settings)
    options = dict(asked.choices)
    options.setdefault("scenario", (str(fixed.pop("scenario", "baseline")),))
    options = {"scenario": options["scenario"], **options}
    for key, values in options.items():
        for value in values:
            option_of(key, key, system).check(value, key)
        if len(set(values)) < len(values):
            raise InputError(f"{key}: found '{next(v for v in values if values.count(v) > 1)}' twice")
    fixed.setdefault("ensemble.size", 0)
    # In the order given: a set's differs from process to process, and with it the files and their checksums.
    levers = dict.fromkeys(axis.input for axis in axes if axis.kind == "lever")
    levers |= dict.fromkeys(key.split(".")[1] for key in options if key.startswith("levers."))
    kept = {key: value for key, value in fixed.items() if not _of_lever(key, levers)}
    scenarios: list[Scenario] = []
    cases: list[Case] = []
    config: RunConfig | None = None

    for combination in product(*options.values()):
        named_ = dict(zip(options, combination, strict=True))
        groups = {key: value for key, value in named_.items() if key in GROUPS}
        config = compose({**kept, **groups}, system, folders)
        if not scenarios:
            scenarios.append(config.scenarios[0])
        plain = _renamed(config.scenarios[-1], groups)
        if plain not in scenarios:
            scenarios.append(plain)
        swept = {axis.key: placeholder(axis) for axis in axes if axis.kind == "lever"}
        shaped = {key: value for key, value in named_.items() if key.startswith("levers.")}
        whole_ = compose({**fixed, **groups, **shaped, **swept}, system, folders) if swept or shaped else config
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
    group, _, rest = key.partition(".")
    return group == "levers" and rest.partition(".")[0] in levers


def _choice_name(key: str) -> str:
    return key if key in GROUPS else key.removeprefix("levers.").replace(".", "_")
