"""How much does a loop give back? Its gain, measured: the answer to a push with the loop whole and with it cut.

A lever that enters no equation of the loop is moved a little, and the cause of the link that a cut opens is
watched. With the loop whole it moves by what the push alone moves it, times 1 / (1 - gain); with the loop cut, by what
the push alone does. So gain = 1 - cut / whole: above 0 the loop reinforces, below 0 it balances, and from 1 on it would
run away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit, Floats
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import levers_that_close

CUT_FROM = 2026.0
LAST_YEAR = 2035
"""Until when an answer is watched: loops through industry take a decade."""
EARLY = 2028.0
"""Until when an early answer is watched."""
STEP = 1 / 8
"""Step of the runs; differences between them need no finer one."""
PUSH = 0.02
"""How far a lever is moved, as a share of its bounds."""
FAINT = 1e-7
"""An answer below this share of the variable is noise: no lever reaches it, and no gain can be read."""


@dataclass(frozen=True)
class Gain:
    """The gain of a loop to LAST_YEAR and to EARLY, the lever that pushed it, and the variable watched.

    Not a number where no lever reaches the loop. A loop that draws on a pool reinforces early and is spent later.
    """

    loop: str
    value: float
    early: float
    lever: str
    watched: str


def gains(
    system: System, fit: Fit, series: Mapping[str, Profile], levers: Mapping[str, float], engine: str = "auto"
) -> list[Gain]:
    """The gain of every loop of a system, at levers (and those at which a loop closes), from 2026 to 2035."""
    simulation = Simulation(last_year=LAST_YEAR, dt=STEP)
    cuttable = with_cuts(system)
    central = {name: np.array([value]) for name, value in fit.values.items()}

    def watched_in(cases: Mapping[str, Mapping[str, Profile]]) -> dict[str, dict[str, Floats]]:
        tree = simulate(cuttable, central, series=series, scenarios=cases, simulation=simulation, engine=engine)
        courses = tree["trajectories"].to_dataset().sel(time=slice(CUT_FROM, None))
        places = sorted({loop.cuts[0].cause for loop in system.loops.values()})
        spans = [courses.sel(time=slice(None, end)) for end in (EARLY, None)]
        return {
            c: {v: np.array([float(span[v].sel(scenario=c).sum()) for span in spans]) for v in places} for c in cases
        }

    def paths(settings: Mapping[str, LeverSetting], *cut: str) -> dict[str, Profile]:
        found = lever_profiles(system, settings, series, simulation.dt)
        return {**found, **cut_from(CUT_FROM, *cut)}

    groups: dict[str, dict[str, LeverSetting]] = {}
    for name, loop in system.loops.items():
        settings = {k: LeverSetting(target=v) for k, v in levers.items()} | levers_that_close(system, loop)
        groups[name] = settings
    pushes = {name: _pushed(system, name) for name in system.levers}
    cases: dict[str, dict[str, Profile]] = {}
    kinds = {repr(sorted(settings.items())): settings for settings in groups.values()}
    for key, settings in kinds.items():
        cases[key] = paths(settings)
        for lever, step in pushes.items():
            cases[f"{key} {lever}"] = paths(settings | {lever: _moved(system, settings, lever, step)})
    whole = watched_in(cases)
    result, cuts, chosen = [], {}, {}
    for name, loop in system.loops.items():
        key, place = repr(sorted(groups[name].items())), loop.cuts[0].cause
        within = {cause for effect in loop.through for cause in system.causes[effect]}
        answers = {k: whole[f"{key} {k}"][place] - whole[key][place] for k in pushes if k not in within}
        lever = max(answers, key=lambda k: abs(answers[k][1]))
        chosen[name] = (lever, answers[lever], place)
        settings = groups[name]
        cuts[name] = paths(settings, name)
        cuts[f"{name} pushed"] = paths(settings | {lever: _moved(system, settings, lever, pushes[lever])}, name)
    without = watched_in(cuts)
    for name in system.loops:
        lever, answer, place = chosen[name]
        alone = without[f"{name} pushed"][place] - without[name][place]
        heard = np.abs(answer) >= FAINT * np.abs(without[name][place])
        early, late = np.where(heard, 1 - alone / np.where(heard, answer, 1.0), np.nan)
        result.append(Gain(name, float(late), float(early), lever, place))
    return result


def _pushed(system: System, name: str) -> float:
    low, high = system.levers[name].bounds
    return PUSH * (high - low)


def _moved(system: System, settings: Mapping[str, LeverSetting], name: str, step: float) -> LeverSetting:
    """A lever moved from where it stands, towards the inside of its bounds."""
    lever = system.levers[name]
    at = settings[name].target if name in settings else lever.default
    at = sum(lever.bounds) / 2 if at is None else at
    return LeverSetting(target=at + step if at + step <= lever.bounds[1] else at - step)
