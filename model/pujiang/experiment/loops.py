"""The declared feedback loops, found in the equations at one moment of the fitted course."""

from collections.abc import Mapping

import numpy as np

from pujiang.declare import Loop
from pujiang.engine.causality import MomentValues, Traced, trace_loop, values_at
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, every_lever, simulated
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.labelled import Dataset


def seen_at(system: System) -> float:
    """When the signs of links are read: two years after levers act, before the end."""
    return system.calendar.policy_from + 2.0


def levers_that_close(system: System, loop: Loop) -> dict[str, LeverSetting]:
    """Levers at which a loop is seen: those it names, and a goal half-way where a lever has no default."""
    goals = {name: sum(lever.bounds) / 2 for name, lever in system.levers.items() if lever.default is None}
    return {name: LeverSetting(target=value) for name, value in (goals | dict(loop.when)).items()}


def written(loop: Loop) -> str:
    """The links at which a loop is cut, as arrows."""
    return ", ".join(f"{cut.cause} -> {cut.effect}" for cut in loop.cuts)


def moment(
    system: System,
    fit: Fit,
    trajectories: Dataset,
    series: Mapping[str, Profile],
    levers: Mapping[str, Profile],
    scenario: str,
    time: float,
) -> MomentValues:
    """Everything an equation may name, in one scenario (its levers as profiles) at one saved time."""
    row = trajectories.sel(scenario=scenario, time=time).variables
    profiles = {**series, **every_lever(system, levers, np.finfo(float).eps)}
    inputs = {name: float(profile.from_right(time)) for name, profile in profiles.items()} | {"time": time}
    return values_at(system, {name: row[name].values for name in system.variables}, fit.values, inputs)


def traced_loop(system: System, name: str, values: MomentValues) -> Traced:
    """A declared loop with the sign of its links at one moment.

    Polarity is that of the moment: a link that is cut off there (a lever not set, a floor reached) does not
    answer, and its loop is open.
    """
    return trace_loop(system, name, system.loops[name], values)


def traced_loops(system: System, fit: Fit, series: Mapping[str, Profile], engine: str = "auto") -> tuple[Traced, ...]:
    """Every declared loop at one moment of the fitted course, the levers at which it closes being set."""
    if not system.loops:
        return ()
    simulation = Simulation(*system.calendar.run)
    cases = {
        name: lever_profiles(system, levers_that_close(system, loop), series, simulation.dt)
        for name, loop in system.loops.items()
    }
    tree = simulated(system, fit.values, series=series, scenarios=cases, simulation=simulation, engine=engine)
    courses = tree["trajectories"]
    return tuple(
        traced_loop(system, name, moment(system, fit, courses, series, cases[name], name, seen_at(system)))
        for name in cases
    )
