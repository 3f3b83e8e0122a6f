"""How much does a loop give back? Its gain, measured at one of its links.

What an effect reads of a cause is raised by a small share, and the cause is watched. Once round the loop the cause
moves by `gain` of what was added, then by `gain` of that, and so on: so what comes back in all, over what is read in
all, is the gain. Above 0 the loop reinforces, below 0 it balances, and from 1 on it would run away. Whatever leads from
the effect back to the cause counts, not only the chain that the loop names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pujiang.declare import Cut, Loop
from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.graph import chain_through, effects_of
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, simulated
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import levers_that_close
from pujiang.labelled import Dataset

PUSH = 1.01
"""What an effect reads of a cause, over what it is: small beside what bends the equations, large beside rounding."""
AFTER = (2, 5)
"""Years over which what comes back is counted: a pool that reinforces early may be spent later, industry takes long."""


@dataclass(frozen=True)
class Gain:
    """The gain of a loop over some years, by their number; not a number where nothing is read."""

    loop: str
    cause: str
    over: Mapping[int, float]


def pushed_link(system: System, loop: Loop) -> Cut:
    """The link of a loop that is pushed: its cut, or the next one down the chain that drains no stock.

    A push at what drains a stock would empty it, and that be taken for the loop, unless it is the loop.
    """
    links = chain_through(effects_of(system.causes), loop.through)
    cut = next(links.index((cut.cause, cut.effect)) for cut in loop.cuts if (cut.cause, cut.effect) in links)
    onward = [*links[cut:], *links[:cut]]
    stocks = {name for name, variable in system.variables.items() if variable.kind == "stock"}
    near = {
        cause: {cause, *system.causes[cause], *(c for f in system.causes[cause] for c in system.causes[f])}
        for cause in stocks
    }
    free = (link for link in onward if link[1] not in stocks | near.get(link[0], set()))
    cause, effect = onward[0] if len(links) == 2 else next(free, onward[0])
    return Cut(cause, effect, PUSH)


def gains(
    system: System,
    fit: Fit,
    series: Mapping[str, Profile],
    levers: Mapping[str, float],
    years: Sequence[int],
    engine: str = "auto",
) -> dict[str, Gain]:
    """The gain of every loop over some years from the first policy on, at levers and those at which it closes."""
    since = float(system.calendar.policy_from)
    pushes = {name: pushed_link(system, loop) for name, loop in system.loops.items()}
    simulation = Simulation(system.calendar.first_year, system.calendar.policy_from + max(years))
    cases = {}
    pushable = with_cuts(system, {name: (cut,) for name, cut in pushes.items()})
    for name, loop in system.loops.items():
        settings = {k: LeverSetting(target=v) for k, v in levers.items()} | levers_that_close(system, loop)
        cases[f"with {name}"] = lever_profiles(system, settings, series, simulation.dt)
        cases[f"{name} pushed"] = {**cases[f"with {name}"], **cut_from(since, name)}
    tree = simulated(pushable, fit.values, series=series, scenarios=cases, simulation=simulation, engine=engine)
    courses = tree["trajectories"]
    return {
        name: gain(
            name, cut, courses.sel(scenario=f"with {name}"), courses.sel(scenario=f"{name} pushed"), since, years
        )
        for name, cut in pushes.items()
    }


def gain(name: str, cut: Cut, whole: Dataset, pushed: Dataset, since: float, after: Sequence[int] = AFTER) -> Gain:
    """The gain of a loop from its courses (time[, element]) whole and pushed since a date."""
    over = {}
    for years in after:
        span = slice(since, since + years)
        base, moved = (float(np.nansum(courses[cut.cause].sel(time=span).values)) for courses in (whole, pushed))
        read = PUSH * moved - base
        over[years] = (moved - base) / read if read else float("nan")
    return Gain(name, cut.cause, over)
