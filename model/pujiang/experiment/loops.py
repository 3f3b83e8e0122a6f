"""The declared feedback loops, found in the equations at one moment of the fitted course."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pujiang.engine.causality import Traced, trace_loop, values_at
from pujiang.engine.paths import Path
from pujiang.engine.simulate import lever_paths
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit

if TYPE_CHECKING:
    import xarray as xr


def traced_loops(
    system: System,
    fit: Fit,
    trajectories: "xr.Dataset",
    series: Mapping[str, Path],
    levers: Mapping[str, Path],
    scenario: str,
    time: float,
) -> tuple[Traced, ...]:
    """Every declared loop with the sign of its links, in one scenario at one saved time.

    Polarity is that of the moment: a link that is cut off there (a lever not set, a floor reached) does not
    answer, and its loop is open.
    """
    row = trajectories.sel(scenario=scenario, time=time)
    paths = {**series, **lever_paths(system, levers, np.finfo(float).eps)}
    inputs = {name: float(path.from_right(time)) for name, path in paths.items()} | {"time": time}
    inputs |= {f"{name}_set": inputs.get(f"{name}_set", 0.0) for name in system.levers}
    values = values_at(system, {name: row[name].values for name in system.variables}, fit.values, inputs)
    return tuple(trace_loop(system, name, loop, values) for name, loop in system.loops.items())
