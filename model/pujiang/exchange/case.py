"""One run to be written or checked: a system, the numbers it starts from and the paths it follows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pujiang.engine.batch import Engine, Floats, Grid, batch_of
from pujiang.engine.central import central_trajectories
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, every_lever, parameter_array, series_on_grid
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.scenario import Scenario


@dataclass(frozen=True)
class Case:
    """A system under one scenario.

    Attributes:
        parameters: values by scalar name where they are not the declared ones.
        inputs: the path of every series, lever and companion in use, on the grid.
    """

    system: System
    parameters: Mapping[str, float]
    inputs: Mapping[str, Profile]
    grid: Grid
    method: str


def case_of(
    system: System, scenario: Scenario, series: Mapping[str, Profile], fit: Fit, simulation: Simulation
) -> Case:
    """The central member of a scenario.

    Raises:
        InputError: for a setting that does not fit the model or the step grid.
    """
    levers = every_lever(system, lever_profiles(system, scenario.levers, series, simulation.dt), simulation.dt)
    inputs = {**levers, **series_on_grid(system, series, simulation.dt)}
    parameters = {**fit.values, **scenario.parameters}
    return Case(system, parameters, inputs, simulation.grid(), simulation.method)


def courses(case: Case, run: Engine) -> dict[str, Floats]:
    """Every variable at every step by scalar name."""
    system = case.system
    values = parameter_array(system, case.parameters, 1)
    series = {name: case.inputs[name] for name in system.series}
    batch = batch_of(system.program, case.grid, values, series, [case.inputs], np.zeros(1, dtype=np.int64))
    central = central_trajectories(system, case.grid, batch, 1, case.method, run)
    return {name: values[:, 0] for name, values in central.values.items()}
