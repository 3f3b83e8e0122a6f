"""From what a scenario says about a lever to the profile the lever follows over time.

Before the calendar's first year of policy a lever follows its history, or its default where it has none; from
then on it is at its default until the setting starts.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pujiang.calendar import Calendar
from pujiang.declare import Lever
from pujiang.engine.profiles import Profile, constant, on_grid
from pujiang.errors import InputError
from pujiang.options import Where, option
from pujiang.values import choice, date

Shape = Literal["step", "ramp", "pulse"]
SHAPES: tuple[str, ...] = get_args(Shape)


@dataclass(frozen=True)
class LeverSetting:
    """What a scenario says about one lever: a target with a shape, or a path.

    step: `target` from `start` on. ramp: straight from `origin` at `start` to `target` at `end`, then held.
    pulse: `target` from `start` to `end`, then back to `origin`. path: straight between (time, value) points,
    from the first point's time on. `origin` (called `from` in files) is, unless given, the value just before
    `start`, and `start` the date from which policy acts. Times are decimal years, values in the lever's unit.
    """

    target: float | None = option(
        None,
        short=True,
        allowed="the lever's bounds",
        doc="the value the lever is set to; of a lever without default, null leaves it not set",
    )
    start: float | None = option(None, kind="date", doc="when the setting begins; on the grid of steps")
    end: float | None = option(
        None, kind="date", doc="when a ramp has arrived, or a pulse ends; later than the start; a step has none"
    )
    shape: Shape = option(
        "step", doc="step: at once. ramp: straight from start to end, then held. pulse: from start to end only"
    )
    origin: float | None = option(
        None,
        key="from",
        allowed="the lever's bounds",
        doc="the value a ramp starts from or a pulse returns to; by default the value just before the start",
    )
    path: tuple[tuple[float, float], ...] | None = option(
        None,
        kind="list of {time, value}",
        allowed="times that increase; values within the bounds",
        doc="straight between points, in place of all else: [{time: YEAR, value: NUMBER}, ...]",
    )


def lever_profile(
    lever: Lever, setting: LeverSetting | None, history: Profile | None, dt: float, calendar: Calendar
) -> Profile:
    """The value of a lever over time.

    Args:
        lever: its declaration.
        setting: what the scenario says, as `fitted` gives it; None leaves the lever at its default.
        history: the data series it follows before policy acts, where it has one.
        dt: the step, year; history is moved to its grid.

    A lever without a default holds its last historical value (0 without history) until it is set; whether it
    is set, `companion_profile` says.
    """
    acts_from = calendar.lever_dates[0]
    held = _at_rest(lever, history, acts_from)
    future = constant(held, acts_from) if setting is None else _set_profile(setting, held)
    past = history.snapped(dt) if history is not None else constant(held)
    return _without_idle_knots(past.until(acts_from, future))


def companion_profile(setting: LeverSetting | None) -> Profile:
    """1 while a scenario sets a lever that has no default, else 0: the equations' `<name>_set`."""
    if setting is None:
        return constant(0.0)
    profile = _set_profile(setting, 0.0)
    if setting.shape == "pulse" and setting.origin is None and setting.path is None:
        return Profile(profile.times, (0.0, 1.0), (1.0, 0.0))
    return Profile(profile.times[:1], (0.0,), (1.0,))


def lever_date(value: Any, where: str, dt: float, calendar: Calendar) -> float:
    """A date at which a lever may change: a decimal year, or YYYY-MM, put exactly on the grid of steps.

    Raises:
        InputError: for what is no date, before policy acts, after the last year there is, or off the grid.
    """
    return on_grid(where, date(value, where, *calendar.lever_dates), dt)


def fitted(setting: LeverSetting, where: Where, lever: Lever, dt: float, calendar: Calendar) -> LeverSetting:
    """The setting with its start given and its dates on the grid; `where` names the place of a key in a message.

    Raises:
        InputError: one line on parts that do not fit together: the key, what was found, what is allowed.
    """
    if setting.path is not None:
        path = []
        for i, (time, value) in enumerate(setting.path):
            place = where("path", str(i), "time")
            path.append((lever_date(time, place, dt, calendar), value))
            if i and path[i][0] <= path[i - 1][0]:
                raise InputError(f"{place}: found {time:g} after {path[i - 1][0]:g}; times must increase")
        return replace(setting, path=tuple(path))
    if setting.target is None:
        raise InputError(f"{where()}: neither target nor path is given; one of them is needed")
    choice(setting.shape, where("shape"), SHAPES)
    given = calendar.lever_dates[0] if setting.start is None else setting.start
    start = lever_date(given, where("start"), dt, calendar)
    if setting.shape == "step":
        for key, found in (("end", setting.end), ("from", setting.origin)):
            if found is not None:
                change = f"set shape to ramp or pulse, or {key} to null"
                raise InputError(f"{where(key)}: found {found:g}, but a step has none; {change}")
        return replace(setting, start=start)
    if setting.end is None:
        raise InputError(f"{where('end')}: missing; a {setting.shape} needs the date of its end")
    end = lever_date(setting.end, where("end"), dt, calendar)
    if end <= start:
        raise InputError(f"{where('end')}: found {end:.10g}, must be later than the start, {start:.10g}")
    if setting.shape == "ramp" and setting.origin is None and lever.default is None and lever.history is None:
        raise InputError(f"{where('from')}: missing; the lever has no value before it is set, so a ramp needs one")
    return replace(setting, start=start, end=end)


def _at_rest(lever: Lever, history: Profile | None, acts_from: float) -> float:
    """The value of an unset lever from the first date of policy on."""
    if lever.default is not None:
        return lever.default
    return 0.0 if history is None else float(history.from_left(acts_from))


def _set_profile(setting: LeverSetting, held: float) -> Profile:
    """The future of a lever that rests at `held` until it is set."""
    if setting.path is not None:
        times, values = zip(*setting.path, strict=True)
        return Profile(times, (held, *values[1:]), values)
    start, end, target = setting.start, setting.end, setting.target
    origin = held if setting.origin is None else setting.origin
    assert start is not None
    assert target is not None
    if setting.shape == "step":
        return Profile((start,), (held,), (target,))
    assert end is not None
    if setting.shape == "ramp":
        return Profile((start, end), (held, target), (origin, target))
    return Profile((start, end), (held, target), (target, origin))


def _without_idle_knots(profile: Profile) -> Profile:
    """The same profile without knots in the middle of a level stretch: equal profiles then look equal."""
    knots = list(zip(profile.times, profile.before, profile.after, strict=True))
    kept = knots[:1]
    for i, (time, before, after) in enumerate(knots[1:], start=1):
        following = knots[i + 1][1] if i + 1 < len(knots) else after
        if not kept[-1][2] == before == after == following:
            kept.append((time, before, after))
    first = kept[0]
    if len(kept) > 1 and first[1] == first[2] == kept[1][1]:
        kept = kept[1:]
    times, befores, afters = zip(*kept, strict=True)
    return replace(profile, times=times, before=befores, after=afters)
