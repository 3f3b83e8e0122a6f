"""Lever settings: layers laid over each other, then checked against the lever's declaration."""

from collections.abc import Mapping
from typing import Any

from pujiang.configuration.overrides import LEVER_KEYS
from pujiang.configuration.values import choice, mapping, number, shown
from pujiang.declare import Lever
from pujiang.errors import InputError, nearest
from pujiang.experiment.levers import LEVERS_ACT_FROM, SHAPES, LeverSetting, Where, check_setting

LATEST_DATE = 2061.0
"""The end of the last year that can be simulated; a later date is a slip of the pen."""


def from_file(raw: Any, where: Where, levers: Mapping[str, Lever]) -> dict[str, dict[str, Any]]:
    """The `levers` of a scenario or shock file, each as a mapping of its keys, not yet checked for values."""
    settings: dict[str, dict[str, Any]] = {}
    for name, setting in mapping(raw, where("levers")).items():
        if name not in levers:
            raise InputError(
                f"{where('levers', name)}: unknown lever (see 'pujiang list levers'){nearest(name, levers)}"
            )
        if not isinstance(setting, Mapping):
            settings[name] = {"target": setting}
            continue
        for key in mapping(setting, where("levers", name)):
            if key not in LEVER_KEYS:
                hint = nearest(key, LEVER_KEYS)
                raise InputError(f"{where('levers', name, key)}: unknown key; allowed: {', '.join(LEVER_KEYS)}{hint}")
        beside = [key for key in setting if key != "path" and setting[key] is not None]
        if setting.get("path") is not None and beside:
            raise InputError(f"{where('levers', name, 'path')}: found beside '{beside[0]}'; a path stands alone")
        settings[name] = dict(setting)
    return settings


def laid(setting: Mapping[str, Any] | None, key: str, value: Any) -> dict[str, Any]:
    """A setting after `levers.<name>.<key>=<value>`; the empty key is the lever itself.

    A bare number replaces the setting by a step from 2026; a target drops a path, and a path all else.
    """
    if not key:
        return {"target": value}
    if key == "path" and value is not None:
        return {"path": value}
    kept = {k: v for k, v in (setting or {}).items() if k != "path"}
    return {**kept, key: value}


def checked(name: str, raw: Mapping[str, Any], where: Where, lever: Lever, dt: float) -> LeverSetting | None:
    """The typed setting of a lever; None where it is explicitly not set (target: null).

    Raises:
        InputError: a wrong type, a value out of bounds, a date off the grid.
    """
    given = {key: value for key, value in raw.items() if value is not None}

    def value_at(value: Any, *keys: str | int) -> float:
        return number(value, where("levers", name, *keys), *lever.bounds)

    def date_at(value: Any, *keys: str | int) -> float:
        return number(value, where("levers", name, *keys), LEVERS_ACT_FROM, LATEST_DATE)

    if "path" in given:
        points = given["path"]
        if not isinstance(points, list | tuple) or not points:
            raise InputError(f"{where('levers', name, 'path')}: found {shown(points)}, needs a list of {{time, value}}")
        path = []
        for i, point in enumerate(points):
            if not isinstance(point, Mapping) or set(point) != {"time", "value"}:
                place = where("levers", name, "path", i)
                raise InputError(f"{place}: found {shown(point)}, needs {{time: year, value: number}}")
            path.append((date_at(point["time"], "path", i, "time"), value_at(point["value"], "path", i, "value")))
        setting = LeverSetting(path=tuple(path))
    elif "target" in given:
        shape: Any = choice(given.get("shape", "step"), where("levers", name, "shape"), SHAPES)
        setting = LeverSetting(
            target=value_at(given["target"], "target"),
            start=date_at(given.get("start", LEVERS_ACT_FROM), "start"),
            end=date_at(given["end"], "end") if "end" in given else None,
            shape=shape,
            origin=value_at(given["from"], "from") if "from" in given else None,
        )
    elif "target" in raw or not given:
        return None
    else:
        raise InputError(f"{where('levers', name, next(iter(given)))}: needs a target or a path beside it")
    check_setting(lambda *keys: where("levers", name, *keys), lever, setting, dt)
    return setting
