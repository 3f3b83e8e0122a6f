"""Running a configuration: model, evidence, fit and scenarios joined into one batch."""

from typing import TYPE_CHECKING, Any

from pujiang.engine.simulate import simulate, simulate_outcomes
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.ensemble import members
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    import xarray as xr


def run_scenarios(config: RunConfig, system: System, evidence: Evidence, fit: Fit) -> "xr.DataTree":
    """Run every scenario of a configuration with common members.

    Returns:
        `/annual` and `/trajectories` as `engine.simulate.simulate` gives them; scenario 0 is the baseline.

    Raises:
        InputError: for a setting that does not fit the model or the step grid.
    """
    return simulate(system, **inputs_of(config, system, evidence, fit))


def run_outcomes(config: RunConfig, system: System, evidence: Evidence, fit: Fit) -> "xr.Dataset":
    """`/annual` of `run`, and nothing else."""
    return simulate_outcomes(system, **inputs_of(config, system, evidence, fit))


def inputs_of(config: RunConfig, system: System, evidence: Evidence, fit: Fit) -> dict[str, Any]:
    """What a simulation is given: members, levers and data as profiles, and how."""
    series = series_profiles(evidence)
    return {
        "parameters": members(system, fit, config.ensemble.size, config.ensemble.seed, config.ensemble.kind),
        "series": series,
        "scenarios": {s.name: lever_profiles(system, s.levers, series, config.simulation.dt) for s in config.scenarios},
        "scenario_parameters": {s.name: s.parameters for s in config.scenarios},
        "simulation": config.simulation,
        "engine": config.engine,
    }
