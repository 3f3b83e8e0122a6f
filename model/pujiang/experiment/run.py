"""Running a configuration: model, evidence, fit and scenarios joined into one batch."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pujiang.engine.simulate import simulate_outcomes, simulated
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.discrepancy import NONE, Discrepancy
from pujiang.experiment.ensemble import members
from pujiang.experiment.errors import error_dataset, variance_dataset
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.scenario import RunConfig
from pujiang.labelled import Dataset, Tree

if TYPE_CHECKING:
    import xarray as xr


def run_scenarios(
    config: RunConfig, system: System, evidence: Evidence, fit: Fit, discrepancy: Discrepancy = NONE
) -> Tree:
    """Run every scenario of a configuration with common members.

    Args:
        discrepancy: how far the model itself errs.

    Returns:
        `/annual` and `/trajectories` as `engine.simulate.simulated` gives them; scenario 0 is the baseline. With
        members, also `/model_error`, the errors of the model in each, and `/uncertainty`, what makes levels uncertain.

    Raises:
        InputError: for a setting that does not fit the model or the step grid.
    """
    given = inputs_of(config, system, evidence, fit)
    tree = simulated(system, **given)
    if tree["annual"]["member"].values.size == 1:  # none was asked for, or nothing has a prior to draw from
        return tree
    error = _errors(config, system, evidence, discrepancy, tree["annual"])
    if error is not None:
        tree.children["model_error"] = error
    tree.children["uncertainty"] = variance_dataset(
        system, evidence, given["parameters"], tree["annual"], error, config.simulation, config.engine
    )
    return tree


def errors_of(
    config: RunConfig, system: System, evidence: Evidence, given: Mapping[str, Any], discrepancy: Discrepancy
) -> Dataset | None:
    """The errors of the model in each member of a run: its `/model_error`, without the run.

    Args:
        given: what `inputs_of` gives.
    """
    if config.ensemble.size == 0:
        return None
    baseline = next(iter(given["scenarios"]))
    alone = {**given, "scenarios": {baseline: given["scenarios"][baseline]}, "scenario_parameters": {}}
    return _errors(config, system, evidence, discrepancy, simulated(system, **alone)["annual"])


def _errors(
    config: RunConfig, system: System, evidence: Evidence, discrepancy: Discrepancy, annual: Dataset
) -> Dataset | None:
    sized = discrepancy if config.ensemble.model_error else NONE
    return error_dataset(system, evidence, sized, annual, config.ensemble.seed)


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
