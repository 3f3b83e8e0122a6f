"""Data inputs as profiles over time, and the levers of a scenario with the history they continue."""

from collections.abc import Mapping
from functools import lru_cache

from pujiang.engine.profiles import Profile, line, steps
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.evidence import Evidence
from pujiang.experiment.levers import LeverSetting, companion_profile, fitted, lever_profile


def series_profiles(evidence: Evidence) -> dict[str, Profile]:
    """The profile of every input series: steps or straight lines between its figures, as the evidence says."""
    return {
        name: (steps if series.interpolation == "step" else line)(zip(series.times, series.values, strict=True))
        for name, series in evidence.inputs.items()
    }


_lever_profile = lru_cache(maxsize=1024)(lever_profile)  # most levers of a run are those of the run before


def lever_profiles(
    system: System, settings: Mapping[str, LeverSetting], series: Mapping[str, Profile], dt: float
) -> dict[str, Profile]:
    """The profile of every lever of a system (and of the companions of those without a default).

    Raises:
        InputError: if a setting names no lever, a date is off the grid, or the evidence lacks a history.
    """
    for name in settings:
        if name not in system.levers:
            raise InputError(f"levers: there is no '{name}'{nearest(name, system.levers)}")
    profiles = {}
    for name, lever in system.levers.items():
        setting = settings.get(name)
        if setting is not None and setting.target is None and setting.path is None:
            setting = None  # the target of a lever without a default may be null: not set
        if lever.history is not None and lever.history not in series:
            raise InputError(f"evidence: no input series '{lever.history}', the history of levers.{name}")
        history = None if lever.history is None else series[lever.history]
        if setting is not None:
            setting = fitted(
                setting, lambda *keys, of=name: ".".join(("levers", of, *keys)), lever, dt, system.calendar
            )
        profiles[name] = _lever_profile(lever, setting, history, dt, system.calendar)
        if lever.default is None:
            profiles[f"{name}_set"] = companion_profile(setting)
    return profiles
