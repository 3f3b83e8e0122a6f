"""The keys of the configuration, each with its option: what the dataclasses declare, within the model's own bounds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pujiang.engine.simulate import COARSEST, FINEST, Simulation
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.cluster_options import Cluster
from pujiang.experiment.designs import Design
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import RunConfig, SweepOutput
from pujiang.options import FILE_KINDS, Option, options_of, shorts
from pujiang.values import shown

GROUPS = {
    group: Option(group, "text", default, doc)
    for group, default, doc in (
        ("scenario", "baseline", "the futures to run, with commas between them; the baseline always comes along"),
        ("shock", "none", "a file of levers laid over each scenario named, never over the baseline"),
    )
}
RUN = options_of(RunConfig)
SECTIONS = tuple(dict.fromkeys(key.partition(".")[0] for key in RUN))
LEVER = options_of(LeverSetting)
SWEEP = {**options_of(Design, "design."), **options_of(SweepOutput, "output.")}
"""What a sweep takes beside the keys of a run."""

CLUSTER = options_of(Cluster, "cluster.")
"""Where a sweep or a study runs; beside its settings, for it changes nothing of what is found."""

SHORT = shorts({**RUN, **SWEEP})
PATHS = tuple(key for key, option in {**RUN, **SWEEP}.items() if option.kind in FILE_KINDS)
"""Keys whose values are names of files: in words they are taken as they stand, for a name may hold any character."""

DEEPEST = 10
"""Levels of nested mappings; no key has as many."""

TOP = (*GROUPS, "levers", "parameters", *SECTIONS)


def run_options(system: System) -> dict[str, Option]:
    """The options of a run, its years those of the system."""
    calendar = system.calendar
    steps, lasts = 1 / calendar.dt, (max(calendar.first_year, calendar.policy_from), calendar.latest_year)
    bounds = {"first_year": (calendar.first_year,) * 2, "last_year": lasts, "dt": (min(COARSEST, steps), FINEST)}
    found = dict(RUN)
    for name, default in zip(options_of(Simulation), calendar.run, strict=True):
        of = found[f"simulation.{name}"]
        found[f"simulation.{name}"] = of.within(bounds.get(name, (of.low, of.high)), default=default)
    return found


def lever_options(system: System, name: str) -> dict[str, Option]:
    """The options of a lever's setting; without a name, of every lever's."""
    dates, bounds = system.calendar.lever_dates, system.levers[name].bounds if name else None
    limits = {"date": dates, "number": bounds}
    found = {key: option.within(limits.get(option.kind)) for key, option in LEVER.items()}
    return {**found, "start": replace(found["start"], default=dates[0])}


def parameter_option(system: System, name: str) -> Option:
    """The option that fixes a parameter, or one of its elements; without a name, any."""
    bounds = system.parameters[name.partition(".")[0]].bounds if name else None
    doc = "the value in every member, in place of what the fit gives"
    return Option(name, "number", None, doc, allowed="the parameter's bounds").within(bounds)


def option_of(key: str, where: str, system: System) -> Option:
    """The option a dotted key stands for.

    Raises:
        InputError: for a key that nothing is called by, with the nearest there is.
    """
    head, _, rest = key.partition(".")
    if head == "levers":
        name, _, part = rest.partition(".")
        _known(name, where, "lever", system.levers)
        options = lever_options(system, name)
        return options[_known(part or "target", where, f"key of lever '{name}'", options, show=True)]
    if head == "parameters":
        names = system.parameter_names
        elements = [name.partition(".")[2] for name in names if name.startswith(f"{rest}.")]
        if rest not in names and elements:
            raise InputError(f"{where}: needs an element; write {key}.{elements[0]}, of: {', '.join(elements)}")
        return parameter_option(system, _known(rest, where, "parameter", names))
    if head in SECTIONS:
        options, key = run_options(system), SHORT.get(key, key)
        if key not in options:
            parts = [known.partition(".")[2] for known in options if known.startswith(f"{head}.")]
            if not rest and parts:
                raise InputError(f"{where}: needs a mapping of keys to values; allowed: {', '.join(parts)}")
            _known(rest, where, f"key of '{head}'", parts, show=True)
        return options[key]
    if rest or head not in GROUPS:
        names = (
            *TOP,
            *(f"levers.{name}" for name in system.levers),
            *(f"parameters.{n}" for n in system.parameter_names),
        )
        raise InputError(f"{where}: unknown key; allowed: {', '.join(TOP)}{nearest(key, names)}")
    return GROUPS[head]


def _known(name: str, where: str, kind: str, names: Iterable[str], *, show: bool = False) -> str:
    names = list(names)
    if name not in names:
        allowed = f"; allowed: {', '.join(names) or 'none'}" if show else f" (see 'pujiang list {kind}s')"
        raise InputError(f"{where}: unknown {kind} {shown(name)}{allowed}{nearest(name, names)}")
    return name


def known_keys(content: Mapping[str, Any], where: Any, allowed: Iterable[str]) -> None:
    """Refuse a mapping of a file that has other keys than those allowed."""
    names = list(allowed)
    for key in content:
        if key not in names:
            raise InputError(f"{where(key)}: unknown key; allowed: {', '.join(names)}{nearest(key, names)}")


def flat(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted keys, none short: {"ensemble": 3, "levers": {"x": {"target": 1}}} is
    {"ensemble.size": 3, "levers.x.target": 1}."""
    found: dict[str, Any] = {}
    if prefix.count(".") > DEEPEST:
        raise InputError(f"{prefix.partition('.')[0]}: found mappings more than {DEEPEST} deep")
    for key, value in nested.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{dotted}.")
        else:
            found[SHORT.get(dotted, dotted)] = value
    return found
