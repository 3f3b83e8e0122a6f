"""The settings of a run but for its scenarios, from values by dotted key to the dataclasses that hold them."""

from collections.abc import Mapping
from typing import Any

from pujiang.configuration.keys import run_options
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.scenario import EnsembleConfig, Output, RunConfig
from pujiang.options import Where, made, section


def settings(values: Mapping[str, Any], where: Where, system: System) -> RunConfig:
    """The checked configuration, with the baseline alone as its scenario.

    Raises:
        InputError: one line on the first value that is not allowed.
    """
    options = run_options(system)
    simulation = made(Simulation, section(options, "simulation"), values, where)
    steps, saves = round(1 / simulation.dt), round(1 / simulation.save_every)
    if steps % saves:
        allowed = ", ".join(f"{1 / k:.6g}" for k in range(1, steps + 1) if steps % k == 0)
        raise InputError(
            f"{where('simulation', 'save_every')}: found {1 / saves:.6g}, not a whole number of steps of "
            f"{1 / steps:.6g} year; allowed: {allowed}"
        )
    return made(
        RunConfig,
        section(options, ""),
        values,
        where,
        simulation=simulation,
        ensemble=made(EnsembleConfig, section(options, "ensemble"), values, where),
        output=made(Output, section(options, "output"), values, where),
    )
