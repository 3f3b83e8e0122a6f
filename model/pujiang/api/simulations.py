"""Simulate a model as it is declared."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pujiang.api.loaded import Loaded

if TYPE_CHECKING:
    import xarray as xr

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
    from pujiang.engine.simulate import Simulation
    from pujiang.engine.simulate import simulate as run_system
    from pujiang.experiment.inputs import lever_profiles, series_profiles
    from pujiang.experiment.levers import LeverSetting

    inputs = series_profiles(model.evidence()) if series is None else series
    how = Simulation(*model.system.calendar.run) if simulation is None else simulation

    def profiles(given: Mapping[str, Any]) -> "dict[str, Profile]":
        whole = {name: value for name, value in given.items() if hasattr(value, "from_right")}
        settings = {
            name: value if isinstance(value, LeverSetting) else LeverSetting(target=float(value))
            for name, value in given.items()
            if name not in whole
        }
        return {**lever_profiles(model.system, settings, inputs, how.dt), **whole}

    cases = {"run": levers or {}} if scenarios is None else scenarios
    laid = {name: profiles(given) for name, given in cases.items()}
    return run_system(model.system, parameters, series=inputs, scenarios=laid, simulation=how, engine=engine)
