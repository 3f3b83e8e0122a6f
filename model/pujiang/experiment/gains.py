"""How much does a loop give back? Its gain, measured at one of its links.

What an effect reads of a cause is raised by a small share, and the cause is watched. Once round the loop the cause
moves by `gain` of what was added, then by `gain` of that, and so on: so what comes back in all, over what is read in
all, is the gain. Above 0 the loop reinforces, below 0 it balances, and from 1 on it would run away. Whatever leads from
the effect back to the cause counts, not only the chain that the loop names.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pujiang.declare import Cut, Loop
from pujiang.engine.batch import Engine, Floats, Record
from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.profiles import Profile
from pujiang.engine.remembered import remembered
from pujiang.engine.simulate import Simulation, pack, simulated
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


NOTHING = 1e-6
"""A gain that may be rounding."""


@dataclass(frozen=True)
class Gain:
    """The gain of a loop over some years, by their number; not a number where nothing is read."""

    loop: str
    cause: str
    over: Mapping[int, float]


@lru_cache(maxsize=4)
def pushed_links(system: System) -> dict[str, Cut]:
    """The link of every loop that is pushed: its cut, or the next one down the chain that drains no stock.

    A push at what drains a stock would empty it, and that be taken for the loop, unless it is the loop.
    """
    return {name: _pushed_link(system, loop, system.loop_links[name]) for name, loop in system.loops.items()}


def _pushed_link(system: System, loop: Loop, links: Sequence[tuple[str, str]]) -> Cut:
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
    pushes = pushed_links(system)
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


def gain_text(share: float) -> str:
    """A gain in per cent, as "+1.2 %" or "−160 %"; "0 %" of what is only rounding, "–" where nothing is read."""
    if math.isnan(share):
        return "–"
    if math.isinf(share):
        return "all back"
    if abs(share) <= NOTHING:
        return "0 %"
    percent = 100 * share
    return (f"{percent:+,.0f} %" if abs(percent) >= 10 else f"{percent:+.2g} %").replace("-", "−")


def _share_back(base: float, moved: float) -> float:
    """What comes back over what is read in all; minus infinity where more than all that was added is taken back."""
    read = PUSH * moved - base
    if not read:
        return math.nan
    return (moved - base) / read if read * base > 0 else -math.inf


def gain(name: str, cut: Cut, whole: Dataset, pushed: Dataset, since: float, after: Sequence[int] = AFTER) -> Gain:
    """The gain of a loop from its courses (time[, element]) whole and pushed since a date."""
    over = {}
    for years in after:
        span = slice(since, since + years)
        base, moved = (float(np.nansum(courses[cut.cause].sel(time=span).values)) for courses in (whole, pushed))
        over[years] = _share_back(base, moved)
    return Gain(name, cut.cause, over)


OVER = 5
"""Years over which a gain is measured, from each push on, where its course is asked for."""


@lru_cache(maxsize=2)
def _pushable(system: System) -> System:
    """A system in which every loop can be pushed."""
    cuts = {name: (cut,) for name, cut in pushed_links(system).items()}
    return with_cuts(system, cuts, lambda make: remembered("pushable", system, make))


def gain_courses(
    system: System,
    parameters: Mapping[str, float],
    series: Mapping[str, Profile],
    cases: Mapping[str, Mapping[str, LeverSetting]],
    starts: Sequence[int],
    run: Engine,
) -> Floats:
    """The gain of every loop, in every case, of a push from each year on, counted over OVER years: (loop, case, start).

    A case is the levers of a scenario; levers that a loop needs and the case does not set are as they close the loop.
    """
    pushable, pushes = _pushable(system), pushed_links(system)
    out = np.full((len(system.loops), len(cases), len(starts)), np.nan)
    for place, start in enumerate(starts):  # one batch a start: so every lever takes two courses, and vectors are full
        out[..., place] = _gains_from(pushable, pushes, parameters, series, cases, start, run)
    return out


def _gains_from(
    pushable: System,
    pushes: Mapping[str, Cut],
    parameters: Mapping[str, float],
    series: Mapping[str, Profile],
    cases: Mapping[str, Mapping[str, LeverSetting]],
    start: int,
    run: Engine,
) -> Floats:
    """The gains (loop, case) of pushes from the beginning of one year on."""
    simulation = Simulation(pushable.calendar.first_year, start + OVER - 1)
    grid = simulation.grid()
    runs: dict[str, dict[str, Profile]] = {}
    whole: dict[tuple[str, str], str] = {}
    for name, loop in pushable.loops.items():
        closing = levers_that_close(pushable, loop)
        for case, levers in cases.items():
            settings = {**closing, **levers}
            known = f"{case} {sorted(settings.items(), key=lambda pair: pair[0])}"
            if known not in runs:
                runs[known] = lever_profiles(pushable, settings, series, simulation.dt)
            whole[name, case] = known
            runs[f"{name} {case}"] = {**runs[known], **cut_from(float(start), name)}
    scalars = {name: pushable.scalar_names(cut.cause) for name, cut in pushes.items()}
    lines = list(dict.fromkeys(pushable.program.lines[s] for own in scalars.values() for s in own))
    batch = pack(pushable, parameters, runs, {}, series, grid)
    kept = run(pushable.program, grid, batch, Record(tuple(lines), (), 1), simulation.method).snapshots
    column, row = ({key: place for place, key in enumerate(keys)} for keys in (runs, lines))
    sums = kept[-(OVER * round(1 / grid.dt) + 1) :].sum(axis=0)  # (line, run)
    out = np.full((len(pushable.loops), len(cases)), np.nan)
    for i, name in enumerate(pushable.loops):
        causes = [row[pushable.program.lines[s]] for s in scalars[name]]
        for j, case in enumerate(cases):
            base, moved = (float(sums[causes, column[key]].sum()) for key in (whole[name, case], f"{name} {case}"))
            out[i, j] = _share_back(base, moved)
    return out
