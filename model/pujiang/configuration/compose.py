"""Compose: lay scenario, shock and the user's changes over each other, and check all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pujiang.configuration import folders, sections, settings
from pujiang.configuration.composing import composed as composed_files
from pujiang.configuration.folders import Folders, YamlFile
from pujiang.configuration.overrides import GROUPS, check_key, flat
from pujiang.configuration.sections import Bounds
from pujiang.configuration.values import mapping, shown, text
from pujiang.declare import Lever
from pujiang.errors import InputError, nearest
from pujiang.experiment.levers import LeverSetting, Where
from pujiang.experiment.scenario import RunConfig, Scenario

FILE_KEYS = ("title", "meaning", "sources", "levers")
KEPT_OUT = ("parameters", "evidence", "fit")
CHANGED = "baseline_changed"
"""The name of the baseline with the user's changes, beside the untouched one."""

Layer = Mapping[str, tuple[Mapping[str, Any], Where]]
"""Raw lever settings by name, each with what names its place in a message."""


def compose(
    changes: Mapping[str, Any],
    *,
    levers: Mapping[str, Lever],
    parameters: Mapping[str, Bounds],
    config_dir: Folders,
) -> RunConfig:
    """The checked configuration of a run.

    Args:
        changes: what the user sets, by dotted key (`overrides.parse`, `overrides.flat`).
        levers: the model's levers.
        parameters: the names of the model's parameters (elements as "name.element") and their bounds.
        config_dir: the folders searched for files, in order.

    The baseline is always the first scenario and stays as it is; changes, and a shock, apply to every other
    scenario named. Where the baseline alone is named, they make a second scenario, `baseline_changed`.

    Raises:
        InputError: one line on the first fault found.
    """
    for key in changes:
        check_key(key, key, levers, parameters)
    main_file = folders.read_yaml(folders.main_file(config_dir))
    chosen = {**folders.default_choices(main_file), **{k: v for k, v in changes.items() if v is not None}}
    names, shock = _scenario_names(chosen["scenario"]), chosen["shock"]
    files = {
        name: folders.read_yaml(folders.option("scenario", name, config_dir))
        for name in dict.fromkeys(["baseline", *names])
    }
    shock_file = folders.read_yaml(folders.option("shock", shock, config_dir))
    choices = [{"scenario": name, "shock": shock} for name in files]
    composed = dict(zip(files, composed_files(choices, config_dir), strict=True))

    where = _where(changes, main_file.where)
    values = _values(changes, composed["baseline"], main_file, levers, parameters)
    simulation = sections.simulation(values, where)
    fixed = _fixed(values, where, parameters)
    setting = [key for key in values if key.startswith("levers.")]

    def checked(layer: Layer) -> dict[str, LeverSetting]:
        found = {
            lever: settings.checked(lever, raw, place, levers[lever], simulation.dt)
            for lever, (raw, place) in layer.items()
        }
        return {lever: setting for lever, setting in found.items() if setting is not None}

    shocked = _told(shock, shock_file, composed["baseline"].get("shock"), levers)
    changed = bool(setting or fixed or shock != "none")
    how = f" under {shocked.title}" if shock != "none" else ""
    how += _changes_told({key: values[key] for key in (*setting, *_parameter_keys(values))})
    scenarios = []
    for name, file in files.items():
        told = _told(name, file, composed[name].get("scenario"), levers)
        if name == "baseline":
            scenarios.append(Scenario(name, told.title, told.meaning, checked(told.layer)))
            if not changed or names != ["baseline"]:
                continue
        layer = {**told.layer, **shocked.layer}
        for key in setting:
            lever, _, part = key.removeprefix("levers.").partition(".")
            before, place = layer.get(lever, ({}, main_file.where))
            layer[lever] = (settings.laid(before, part, values[key]), _where(changes, place))
        label = CHANGED if name == "baseline" else name
        scenarios.append(Scenario(label, told.title + how, told.meaning, checked(layer), fixed))
    return RunConfig(tuple(scenarios), simulation, **sections.rest(values, where))


@dataclass(frozen=True)
class Told:
    """What a scenario or shock file tells."""

    title: str
    meaning: str
    layer: Layer


def _told(name: str, file: YamlFile, raw: Any, levers: Mapping[str, Lever]) -> Told:
    if raw is None:
        raise InputError(f"{file.where()}: not read as a group's file; remove its '# @package' line")
    content = mapping(raw, file.where())
    for key in content:
        if key not in FILE_KEYS:
            fault = "a scenario or shock file holds levers alone" if key in KEPT_OUT else "unknown key"
            hint = nearest(key, FILE_KEYS)
            raise InputError(f"{file.where(key)}: {fault}; allowed: {', '.join(FILE_KEYS)}{hint}")
    told = {k: text(content[k], file.where(k)) for k in ("title", "meaning") if content.get(k) is not None}
    for lever, source in mapping(content.get("sources"), file.where("sources")).items():
        text(source, file.where("sources", lever))
    raw_levers = settings.from_file(content.get("levers"), file.where, levers)
    layer = {lever: (setting, file.where) for lever, setting in raw_levers.items()}
    return Told(told.get("title", name), " ".join(told.get("meaning", "").split()), layer)


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


def _values(
    changes: Mapping[str, Any],
    composed: Mapping[str, Any],
    file: YamlFile,
    levers: Mapping[str, Lever],
    parameters: Mapping[str, Bounds],
) -> dict[str, Any]:
    """Every value of the main file by dotted key, keys checked, and the user's changes over it."""
    written = flat({key: value for key, value in composed.items() if key not in GROUPS})
    for key in written:
        check_key(key, file.where(*key.split(".")), levers, parameters)
    return written | {key: value for key, value in changes.items() if key not in GROUPS}


def _parameter_keys(values: Mapping[str, Any]) -> list[str]:
    return [key for key, value in values.items() if key.startswith("parameters.") and value is not None]


def _fixed(values: Mapping[str, Any], where: Where, parameters: Mapping[str, Bounds]) -> dict[str, float]:
    fixed = {}
    for key in _parameter_keys(values):
        name = key.removeprefix("parameters.")
        fixed[name] = sections.parameter(name, values[key], where("parameters", *name.split(".")), parameters)
    return fixed


def _changes_told(changed: Mapping[str, Any]) -> str:
    """ " with a = 1, b = 2" for a title, three changes at most."""
    parts = [f"{key.partition('.')[2]} = {shown(value)}" for key, value in changed.items()]
    more = [f"{len(parts) - 3} more"] if len(parts) > 3 else []
    return f" with {', '.join([*parts[:3], *more])}" if parts else ""
