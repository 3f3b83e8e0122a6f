"""Many members of one scenario at once, as bare arrays: what fits, forecasts and studies of parameters run."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Engine
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, pack
from pujiang.engine.system import System
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting

Floats = NDArray[np.float64]

NONE_SET: Mapping[str, LeverSetting] = MappingProxyType({})


def annual_outcomes(
    system: System,
    parameters: Mapping[str, Floats | float],
    series: Mapping[str, Profile],
    simulation: Simulation,
    engine: Engine,
    levers: Mapping[str, LeverSetting] = NONE_SET,
) -> dict[str, Floats]:
    """Annual outcomes (year, member) by scalar name for parameter values (member,), by default under the baseline.

    Raises:
        InputError: for a setting that does not fit the model or the step grid.
    """
    grid = simulation.grid()
    case = {"case": lever_profiles(system, levers, series, grid.dt)}
    batch = pack(system, parameters, case, {}, series, grid)
    return simulate_annual(system, grid, batch, simulation.method, engine)[0]
