"""Simulate a model as it is declared."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.annotations import check
from pujiang.api.loaded import Loaded
from pujiang.errors import InputError
from pujiang.values import number, shown

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from pujiang.engine.profiles import Profile
    from pujiang.engine.simulate import Simulation


def simulate(
    model: Loaded,
    /,
    parameters: Mapping[str, Any] | None = None,
    levers: Mapping[str, Any] | None = None,
    *,
    series: "Mapping[str, Profile] | None" = None,
    scenarios: Mapping[str, Mapping[str, Any]] | None = None,
    simulation: "Simulation | None" = None,
    engine: str = "auto",
) -> "xr.DataTree":
    """Run a model as it is declared, without configuration, fit or ensemble.

    Args:
        parameters: a number or an array (member,) by name; the rest have their declared values.
        levers: by name, a number (a step from the first year of policy), a `LeverSetting`, or a `Profile` for the
            whole run; switches may be given as paths. Or `scenarios`: such levers by scenario, side by side.
        series: the data inputs as paths; by default those of the project's evidence.
        simulation: years, step, method.

    Returns:
        `/annual`, `/trajectories` and `/parameters`, as `engine.simulate.simulate` says.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    from pujiang.engine.profiles import Profile
    from pujiang.engine.simulate import Simulation
    from pujiang.engine.simulate import simulate as run_system
    from pujiang.experiment.inputs import lever_profiles, series_profiles
    from pujiang.experiment.levers import LeverSetting

    inputs = series_profiles(model.evidence()) if series is None else series
    for name, profile in inputs.items():
        _whole(profile, f"series.{name}")
    values = {name: _values(value, f"parameters.{name}") for name, value in (parameters or {}).items()}
    how = Simulation(*model.system.calendar.run) if simulation is None else simulation

    def profiles(given: Mapping[str, Any]) -> "dict[str, Profile]":
        for name, value in given.items():
            check(value, float | LeverSetting | Profile, f"levers.{name}")
        whole = {name: _whole(value, f"levers.{name}") for name, value in given.items() if isinstance(value, Profile)}
        settings = {
            name: value if isinstance(value, LeverSetting) else LeverSetting(target=number(value, f"levers.{name}"))
            for name, value in given.items()
            if name not in whole
        }
        return {**lever_profiles(model.system, settings, inputs, how.dt), **whole}

    cases = {"run": levers or {}} if scenarios is None else scenarios
    laid = {name: profiles(given) for name, given in cases.items()}
    return run_system(model.system, values, series=inputs, scenarios=laid, simulation=how, engine=engine)


def _whole(profile: "Profile", where: str) -> "Profile":
    """A profile that can be read: as many values as times, and times that increase."""
    for key in ("times", "before", "after"):
        check(getattr(profile, key), tuple[float, ...], f"{where}: {key}")
    times = profile.times
    if not len(times) == len(profile.before) == len(profile.after) > 0:
        raise InputError(f"{where}: needs as many values before and after as times, and one at least")
    numbers = np.array([times, profile.before, profile.after], dtype=float)
    if not np.isfinite(numbers).all() or not (np.diff(numbers[0]) > 0).all():
        raise InputError(f"{where}: needs finite numbers, and times that increase")
    return profile


def _values(given: Any, where: str) -> "NDArray[np.float64]":
    """One number, or one a member."""
    try:
        found = np.asarray(given)
    except (ValueError, TypeError):
        found = np.array(None)
    if found.dtype.kind not in "iuf" or found.ndim > 1 or found.size == 0:
        raise InputError(f"{where}: found {shown(given)}, needs a number, or one a member")
    return found
