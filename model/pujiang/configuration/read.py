"""Read back the resolved configuration of a run folder, with the same checks."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pujiang.configuration import folders, levers
from pujiang.configuration.keys import SECTIONS, flat, known_keys, option_of
from pujiang.configuration.settings import settings
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.scenario import RunConfig, Scenario
from pujiang.options import Where
from pujiang.reading import LARGEST
from pujiang.values import mapping, shown, text

SCENARIO_KEYS = ("name", "title", "meaning", "levers", "parameters")


def read(path: Path, system: System) -> RunConfig:
    """The configuration a run folder (or a `config.yaml`) holds; a repetition goes beside the original.

    Raises:
        InputError: naming file and line of the first fault found.
    """
    file = path / "config.yaml" if path.is_dir() else path
    if not file.is_file():
        raise InputError(f"'{path}': not a run folder, it has no config.yaml")
    beside = {"output.folder": str(path.resolve().parent)} if path.is_dir() else {}
    return _read(folders.read_yaml(file, LARGEST), beside, system)


def read_text(text: str, name: str, system: System) -> RunConfig:
    """The configuration a text holds, as `config.yaml` of a run folder; `name` stands for the file in messages."""
    return _read(folders.parsed(Path(name), text), {}, system)


def _read(written: folders.YamlFile, beside: Mapping[str, Any], system: System) -> RunConfig:
    where, raw = written.where, dict(written.content)
    known_keys(raw, where, ("scenarios", *SECTIONS))
    listed = raw.pop("scenarios", None)
    if not isinstance(listed, list) or not listed:
        raise InputError(f"{where('scenarios')}: found {shown(listed)}, needs a list of scenarios")
    values = flat(raw)
    for key in values:
        option_of(key, where(*key.split(".")), system)
    config = settings({**beside, **values}, where, system)
    dt = config.simulation.dt
    scenarios = tuple(_scenario(entry, _within(where, i), dt, system) for i, entry in enumerate(listed))
    if scenarios[0].name != "baseline":
        raise InputError(f"{where('scenarios', 0)}: found '{scenarios[0].name}'; the first must be 'baseline'")
    return replace(config, scenarios=scenarios)


def _within(where: Where, i: int) -> Where:
    return lambda *keys: where("scenarios", i, *keys)


def _scenario(raw: Any, where: Where, dt: float, system: System) -> Scenario:
    entry: Mapping[str, Any] = mapping(raw, where())
    known_keys(entry, where, SCENARIO_KEYS)
    layer = {name: (found, where) for name, found in levers.from_file(entry.get("levers"), where, system).items()}
    fixed = {}
    for name, value in mapping(entry.get("parameters"), where("parameters")).items():
        place = where("parameters", name)
        fixed[name] = option_of(f"parameters.{name}", place, system).check(value, place)
    title, meaning = (str(entry.get(key) or "") for key in ("title", "meaning"))
    return Scenario(
        text(entry.get("name"), where("name")), title, meaning, levers.all_checked(layer, system, dt), fixed
    )
