"""Compose: lay scenario, shock and the user's changes over each other, and check all of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pujiang.configuration import folders as files_of
from pujiang.configuration import levers
from pujiang.configuration.composing import composed as composed_files
from pujiang.configuration.folders import Folders
from pujiang.configuration.keys import GROUPS, flat, option_of
from pujiang.configuration.scenario_file import told
from pujiang.configuration.settings import settings
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.scenario import RunConfig, Scenario
from pujiang.options import Where
from pujiang.values import shown

CHANGED = "baseline_changed"
"""The name of the baseline with the user's changes, beside the untouched one."""


def compose(changes: Mapping[str, Any], system: System, folders: Folders) -> RunConfig:
    """The checked configuration of a run.

    Args:
        changes: what the user sets, by dotted key (`parse`, `flat`).
        system: the model whose levers and parameters may be set.
        folders: the folders searched for files, in order.

    The baseline is always the first scenario and stays as it is; changes, and a shock, apply to every other
    scenario named. Where the baseline alone is named, they make a second scenario, `baseline_changed`.

    Raises:
        InputError: one line on the first fault found.
    """
    for key in changes:
        option_of(key, key, system)
    main_file = files_of.read_yaml(files_of.main_file(folders))
    chosen = {**files_of.default_choices(main_file), **{k: v for k, v in changes.items() if v is not None}}
    names, shock = _scenario_names(chosen["scenario"]), chosen["shock"]
    files = {name: files_of.read_group_file("scenario", name, folders) for name in dict.fromkeys(["baseline", *names])}
    shock_file = files_of.read_group_file("shock", shock, folders)
    choices = [{"scenario": name, "shock": shock} for name in files]
    composed = dict(zip(files, composed_files(choices, folders), strict=True))

    written = flat({key: value for key, value in composed["baseline"].items() if key not in GROUPS})
    written = {key: value for key, value in written.items() if value is not None or "." in key}
    for key in written:
        option_of(key, main_file.where(*key.split(".")), system)
    values = written | {key: value for key, value in changes.items() if key not in GROUPS}
    where = _where(changes, main_file.where)
    config = settings(values, where, system)

    set_levers = [key for key in values if key.startswith("levers.")]
    set_parameters = [key for key, value in values.items() if key.startswith("parameters.") and value is not None]
    fixed = {}
    for key in set_parameters:
        place = where(*key.split("."))
        fixed[key.removeprefix("parameters.")] = option_of(key, place, system).check(values[key], place)

    shocked = told(shock, shock_file, composed["baseline"].get("shock"), system)
    changed = bool(set_levers or fixed or shock != "none")
    how = f" under {shocked.title}" if shock != "none" else ""
    how += changes_told({key: values[key] for key in (*set_levers, *set_parameters)})
    scenarios = []
    for name, file in files.items():
        found = told(name, file, composed[name].get("scenario"), system)
        if name == "baseline":
            at_rest = levers.all_checked(found.layer, system, config.simulation.dt)
            scenarios.append(Scenario(name, found.title, found.meaning, at_rest))
            if not changed or names != ["baseline"]:
                continue
        layer = {**found.layer, **shocked.layer}
        for key in set_levers:
            lever, _, part = key.removeprefix("levers.").partition(".")
            before, beneath = layer.get(lever, ({}, main_file.where))
            layer[lever] = (levers.laid(before, part, values[key]), _where(changes, beneath))
        label = CHANGED if name == "baseline" else name
        checked = levers.all_checked(layer, system, config.simulation.dt)
        scenarios.append(Scenario(label, found.title + how, found.meaning, checked, fixed))
    return replace(config, scenarios=tuple(scenarios))


def _scenario_names(found: Any) -> list[str]:
    names = [found] if isinstance(found, str) else found
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise InputError(f"scenario: found {shown(found)}, needs a name, or names with commas between them")
    twice = next((name for name in names if list(names).count(name) > 1), None)
    if twice is not None:
        raise InputError(f"scenario: found '{twice}' twice, each scenario runs once")
    return list(names)


def _where(changes: Mapping[str, Any], beneath: Where) -> Where:
    """Names a value by its key where the user set it or a part of it, else by its place in the file beneath."""

    def where(*keys: str | int) -> str:
        dotted = ".".join(map(str, keys))
        ours = any(f"{dotted}.".startswith(f"{key}.") or key.startswith(f"{dotted}.") for key in changes)
        return dotted if ours else beneath(*keys)

    return where


def changes_told(changed: Mapping[str, Any]) -> str:
    """ " with a = 1, b = 2" for a title, three changes at most."""
    parts = [f"{key.partition('.')[2]} = {shown(value)}" for key, value in changed.items()]
    more = [f"{len(parts) - 3} more"] if len(parts) > 3 else []
    return f" with {', '.join([*parts[:3], *more])}" if parts else ""
