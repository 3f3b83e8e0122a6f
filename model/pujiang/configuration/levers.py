"""Lever settings: read from files, laid over each other, then checked against the lever's declaration."""

from collections.abc import Mapping
from typing import Any

from pujiang.configuration.keys import LEVER, known_keys, lever_options
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.levers import LeverSetting, fitted
from pujiang.options import Where, made
from pujiang.values import mapping, shown


def from_file(raw: Any, where: Where, system: System) -> dict[str, dict[str, Any]]:
    """The `levers` of a scenario or shock file, each as a mapping of its keys, not yet checked for values."""
    found: dict[str, dict[str, Any]] = {}
    for name, setting in mapping(raw, where("levers")).items():
        if name not in system.levers:
            hint = nearest(name, system.levers)
            raise InputError(f"{where('levers', name)}: unknown lever (see 'pujiang list levers'){hint}")
        if not isinstance(setting, Mapping):
            found[name] = {"target": setting}
            continue
        known_keys(mapping(setting, where("levers", name)), lambda key, of=name: where("levers", of, key), LEVER)
        beside = [key for key in setting if key != "path" and setting[key] is not None]
        if setting.get("path") is not None and beside:
            raise InputError(f"{where('levers', name, 'path')}: found beside '{beside[0]}'; a path stands alone")
        found[name] = dict(setting)
    return found


def laid(setting: Mapping[str, Any] | None, key: str, value: Any) -> dict[str, Any]:
    """A setting after `levers.<name>.<key>=<value>`; the empty key is the lever itself.

    A bare number replaces the setting by a step from the first date of policy; a target drops a path, and a
    path all else.
    """
    if not key:
        return {"target": value}
    if key == "path" and value is not None:
        return {"path": value}
    kept = {k: v for k, v in (setting or {}).items() if k != "path"}
    return {**kept, key: value}


def checked(name: str, raw: Mapping[str, Any], where: Where, system: System, dt: float) -> LeverSetting | None:
    """The typed setting of a lever; None where it is explicitly not set (target: null).

    Raises:
        InputError: a wrong type, a value out of bounds, a date off the grid.
    """
    given = {key: value for key, value in raw.items() if value is not None}
    options = lever_options(system, name)

    def place(*keys: str | int) -> str:
        return where("levers", name, *keys)

    if "path" in given:
        points = given["path"]
        if not isinstance(points, list | tuple) or not points:
            raise InputError(f"{place('path')}: found {shown(points)}, needs a list of {{time, value}}")
        path = []
        for i, point in enumerate(points):
            if not isinstance(point, Mapping) or set(point) != {"time", "value"}:
                raise InputError(f"{place('path', i)}: found {shown(point)}, needs {{time: year, value: number}}")
            time = options["start"].check(point["time"], place("path", i, "time"))
            path.append((time, options["target"].check(point["value"], place("path", i, "value"))))
        setting = LeverSetting(path=tuple(path))
    elif "target" in given:
        setting = made(LeverSetting, options, given, place)
    elif "target" in raw or not given:
        return None
    else:
        raise InputError(f"{place(next(iter(given)))}: needs a target or a path beside it")
    return fitted(setting, place, system.levers[name], dt, system.calendar)


def all_checked(
    layer: Mapping[str, tuple[Mapping[str, Any], Where]], system: System, dt: float
) -> dict[str, LeverSetting]:
    """The typed settings of the levers that are set; `layer` holds raw settings, each with its place."""
    found = {name: checked(name, raw, where, system, dt) for name, (raw, where) in layer.items()}
    return {name: setting for name, setting in found.items() if setting is not None}
