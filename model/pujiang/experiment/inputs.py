"""Data inputs as paths over time, and the levers of a scenario with the history they continue."""

from collections.abc import Mapping
from functools import lru_cache

from pujiang.engine.paths import Path, line, steps
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.evidence import Evidence
from pujiang.experiment.levers import LeverSetting, companion_path, fitted, lever_path


def series_paths(evidence: Evidence) -> dict[str, Path]:
    """The path of every input series: steps or straight lines between its figures, as the evidence says."""
    return {
        name: (steps if series.interpolation == "step" else line)(zip(series.times, series.values, strict=True))
        for name, series in evidence.inputs.items()
    }


_lever_path = lru_cache(maxsize=1024)(lever_path)  # most levers of a run are those of the run before


def lever_paths(
    system: System, settings: Mapping[str, LeverSetting], series: Mapping[str, Path], dt: float
) -> dict[str, Path]:
    """The path of every lever of a system (and of the companions of those without a default).

    Raises:
        InputError: if a setting names no lever, a date is off the grid, or the evidence lacks a history.
    """
    for name in settings:
        if name not in system.levers:
            raise InputError(f"levers: there is no '{name}'{nearest(name, system.levers)}")
    paths = {}
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
        paths[name] = _lever_path(lever, setting, history, dt, system.calendar)
        if lever.default is None:
            paths[f"{name}_set"] = companion_path(setting)
    return paths
