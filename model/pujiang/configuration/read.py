"""Read back the resolved configuration of a run folder, with the same checks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pujiang.configuration import folders, sections, settings
from pujiang.configuration.overrides import KEYS, check_key, flat
from pujiang.configuration.sections import Bounds
from pujiang.configuration.values import mapping, shown, text
from pujiang.declare import Lever
from pujiang.errors import InputError, nearest
from pujiang.experiment.levers import Where
from pujiang.experiment.scenario import Output, RunConfig, Scenario

SCENARIO_KEYS = ("name", "title", "meaning", "levers", "parameters")


def read(path: Path, *, levers: Mapping[str, Lever], parameters: Mapping[str, Bounds]) -> RunConfig:
    """The configuration a run folder (or a `config.yaml`) holds; a repetition goes beside the original.

    Raises:
        InputError: naming file and line of the first fault found.
    """
    file = path / "config.yaml" if path.is_dir() else path
    if not file.is_file():
        raise InputError(f"'{path}': not a run folder, it has no config.yaml")
    written = folders.read_yaml(file)
    where, raw = written.where, dict(written.content)
    listed = raw.pop("scenarios", None)
    if not isinstance(listed, list) or not listed:
        raise InputError(f"{where('scenarios')}: found {shown(listed)}, needs a list of scenarios")
    values = flat(raw)
    for key in values:
        keys = key.split(".")
        if keys[0] not in KEYS:
            raise InputError(
                f"{where(*keys)}: unknown key; allowed: scenarios, {', '.join(KEYS)}{nearest(keys[0], KEYS)}"
            )
        check_key(key, where(*keys), levers, parameters)
    simulation = sections.simulation(values, where)
    scenarios = tuple(
        _scenario(entry, _within(where, i), simulation.dt, levers, parameters) for i, entry in enumerate(listed)
    )
    if scenarios[0].name != "baseline":
        raise InputError(f"{where('scenarios', 0)}: found '{scenarios[0].name}'; the first must be 'baseline'")
    folder = str(path.resolve().parent) if path.is_dir() else Output().folder
    return RunConfig(scenarios, simulation, **sections.rest({"output.folder": folder, **values}, where))


def _within(where: Where, i: int) -> Where:
    return lambda *keys: where("scenarios", i, *keys)


def _scenario(
    raw: Any, where: Where, dt: float, levers: Mapping[str, Lever], parameters: Mapping[str, Bounds]
) -> Scenario:
    entry = mapping(raw, where())
    for key in entry:
        if key not in SCENARIO_KEYS:
            hint = nearest(key, SCENARIO_KEYS)
            raise InputError(f"{where(key)}: unknown key; allowed: {', '.join(SCENARIO_KEYS)}{hint}")
    given = {}
    for name, setting in settings.from_file(entry.get("levers"), where, levers).items():
        typed = settings.checked(name, setting, where, levers[name], dt)
        if typed is not None:
            given[name] = typed
    fixed = {}
    for name, value in mapping(entry.get("parameters"), where("parameters")).items():
        check_key(f"parameters.{name}", where("parameters", name), levers, parameters)
        fixed[name] = sections.parameter(name, value, where("parameters", name), parameters)
    told = [str(entry.get(key) or "") for key in ("title", "meaning")]
    return Scenario(text(entry.get("name"), where("name")), told[0], told[1], given, fixed)
