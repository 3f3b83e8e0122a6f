"""From what a scenario says about a lever to the path the lever follows over time.

Before 2026 a lever follows its history, or its default where it has none. From 2026 on it is at its default
until the setting starts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

from pujiang.declare import Lever
from pujiang.engine.paths import Path, constant
from pujiang.errors import InputError, nearest

LEVERS_ACT_FROM = 2026.0
"""No lever acts earlier: what lies before is history."""

Where = Callable[..., str]
"""Names a place, given the keys that lead there, for a message."""

Shape = Literal["step", "ramp", "pulse"]
SHAPES: tuple[str, ...] = get_args(Shape)


@dataclass(frozen=True)
class LeverSetting:
    """What a scenario says about one lever: a target with a shape, or a path.

    step: `target` from `start` on. ramp: straight from `origin` at `start` to `target` at `end`, then held.
    pulse: `target` from `start` to `end`, then back to `origin`. path: straight between (time, value) points,
    from the first point's time on. `origin` (called `from` in files) is, unless given, the value just before
    `start`. Times are decimal years, values in the lever's unit.
    """

    target: float | None = None
    start: float = LEVERS_ACT_FROM
    end: float | None = None
    shape: Shape = "step"
    origin: float | None = None
    path: tuple[tuple[float, float], ...] | None = None

    @property
    def dates(self) -> dict[str, float]:
        """The dates a user wrote, by the key they stand under."""
        if self.path is not None:
            return {f"path.{i}.time": time for i, (time, _) in enumerate(self.path)}
        dates = {"start": self.start, "end": self.end}
        return {key: date for key, date in dates.items() if date is not None}


def lever_path(name: str, lever: Lever, setting: LeverSetting | None, history: Path | None, dt: float) -> Path:
    """The value of a lever over time.

    Args:
        name: the lever's name, for messages.
        lever: its declaration.
        setting: what the scenario says; None leaves the lever at its default.
        history: the data series it follows before 2026, where it has one.
        dt: the step, year; history is moved to its grid, the dates of the setting must lie on it.

    A lever without a default holds its last historical value (0 without history) until it is set; whether it
    is set, `companion_path` says.

    Raises:
        InputError: a date that is off the grid, before 2026, or out of order; a ramp from nothing.
    """
    held = _at_rest(lever, history)
    if setting is None:
        future = constant(held, LEVERS_ACT_FROM)
    else:
        check_setting(lambda *key: ".".join(("levers", name, *key)), lever, setting, dt)
        future = _set_path(setting, held)
    past = history.snapped(dt) if history is not None else constant(held)
    return _without_idle_knots(past.until(LEVERS_ACT_FROM, future))


def companion_path(name: str, setting: LeverSetting | None) -> Path:
    """1 while a scenario sets a lever that has no default, else 0: the equations' `<name>_set`."""
    if setting is None:
        return constant(0.0)
    if setting.shape == "pulse" and setting.origin is None and setting.path is None:
        assert setting.end is not None, name
        return Path((setting.start, setting.end), (0.0, 1.0), (1.0, 0.0))
    start = setting.path[0][0] if setting.path is not None else setting.start
    return Path((start,), (0.0,), (1.0,))


def check_setting(where: Where, lever: Lever, setting: LeverSetting, dt: float) -> None:
    """Refuse a setting whose parts do not fit together; `where` names the place of a key in the message.

    Raises:
        InputError: one line: the key, what was found, what is allowed.
    """
    if setting.path is None and setting.target is None:
        raise InputError(f"{where()}: neither target nor path is given; one of them is needed")
    for key, date in setting.dates.items():
        _check_date(where(*key.split(".")), date, dt)
    for i, (before, after) in enumerate(pairwise(time for time, _ in setting.path or ())):
        if after <= before:
            place = where("path", str(i + 1), "time")
            raise InputError(f"{place}: found {after:g} after {before:g}; times must increase")
    if setting.path is not None:
        return
    if setting.shape not in SHAPES:
        hint = nearest(str(setting.shape), SHAPES)
        raise InputError(f"{where('shape')}: found '{setting.shape}', allowed: {', '.join(SHAPES)}{hint}")
    if setting.shape == "step":
        for key, value in (("end", setting.end), ("from", setting.origin)):
            if value is not None:
                change = f"set shape to ramp or pulse, or {key} to null"
                raise InputError(f"{where(key)}: found {value:g}, but a step has none; {change}")
        return
    if setting.end is None:
        raise InputError(f"{where('end')}: missing; a {setting.shape} needs the date of its end")
    if setting.end <= setting.start:
        raise InputError(f"{where('end')}: found {setting.end:g}, must be later than the start, {setting.start:g}")
    if setting.shape == "ramp" and setting.origin is None and lever.default is None and lever.history is None:
        raise InputError(f"{where('from')}: missing; the lever has no value before it is set, so a ramp needs one")


def _check_date(where: str, date: float, dt: float) -> None:
    if date < LEVERS_ACT_FROM:
        raise InputError(f"{where}: found {date:g}; levers act from {LEVERS_ACT_FROM:g} on")
    step = date / dt
    if abs(step - round(step)) > 1e-6:
        low, high = (f"{int(step + k) * dt:.10g}" for k in (0, 1))
        raise InputError(f"{where}: {date:.10g} is not on the grid of steps of {dt:g} year; nearest: {low}, {high}")


def _at_rest(lever: Lever, history: Path | None) -> float:
    """The value of an unset lever from 2026 on."""
    if lever.default is not None:
        return lever.default
    return 0.0 if history is None else float(history.from_left(LEVERS_ACT_FROM))


def _set_path(setting: LeverSetting, held: float) -> Path:
    """The path from 2026 on of a lever that rests at `held` until it is set."""
    start, end, target = setting.start, setting.end, setting.target
    origin = held if setting.origin is None else setting.origin
    if setting.path is not None:
        times, values = zip(*setting.path, strict=True)
        return Path(times, (held, *values[1:]), values)
    assert target is not None
    if setting.shape == "step":
        return Path((start,), (held,), (target,))
    assert end is not None
    if setting.shape == "ramp":
        return Path((start, end), (held, target), (origin, target))
    return Path((start, end), (held, target), (target, origin))


def _without_idle_knots(path: Path) -> Path:
    """The same path without knots in the middle of a level stretch: equal paths then look equal."""
    knots = list(zip(path.times, path.before, path.after, strict=True))
    kept = knots[:1]
    for i, (time, before, after) in enumerate(knots[1:], start=1):
        following = knots[i + 1][1] if i + 1 < len(knots) else after
        if not kept[-1][2] == before == after == following:
            kept.append((time, before, after))
    first = kept[0]
    if len(kept) > 1 and first[1] == first[2] == kept[1][1]:
        kept = kept[1:]
    times, befores, afters = zip(*kept, strict=True)
    return replace(path, times=times, before=befores, after=afters)
