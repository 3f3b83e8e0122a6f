"""What is lost of a difference where a variable is held at the course it has in A: a check on what pathways carry.

The run of B is made again with everything that reads the variable reading its course in A instead, from the first
difference on. What an outcome then lacks of its difference has gone through the variable.
"""

from collections.abc import Sequence

import numpy as np

from pujiang.declare import Cut
from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Engine, Floats
from pujiang.engine.cut import course_from, cut_from, with_cuts
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import pack
from pujiang.errors import InputError, nearest
from pujiang.experiment.explanation.routes import Central
from pujiang.experiment.explanation.sides import Sides


def lost(
    found: Central, sides: Sides, names: Sequence[str], wanted: Sequence[tuple[str, int]], method: str, run: Engine
) -> Floats:
    """The amount lost of each outcome (scalar name, year) with each variable held, (variable, outcome).

    Raises:
        InputError: for a name that is no variable, or a start of a stock.
    """
    system = sides.system
    known = [name for name, variable in system.variables.items() if variable.kind != "initial"]
    for name in names:
        if name not in known:
            raise InputError(f"hold: there is no variable '{name}'{nearest(name, known)}")
    cut = with_cuts(system, {name: (Cut(name, None, "course"),) for name in names})
    since = found.divided.grid.start + found.divided.first * found.divided.grid.dt
    courses = {
        key: profile
        for name in names
        for key, profile in course_from(name, {s: _in_a(found, s) for s in system.scalar_names(name)}).items()
    }
    whole = {**sides.levers[1], **courses}
    cases = {"whole": whole, **{name: {**whole, **cut_from(since, name)} for name in names}}
    parameters = dict(zip(system.parameter_names, sides.parameters[1][:, 0], strict=True))
    batch = pack(cut, parameters, cases, {}, sides.series[1], sides.grid)
    annual, _ = simulate_annual(cut, sides.grid, batch, method, run)
    out = np.empty((len(names), len(wanted)))
    for place, (scalar, year) in enumerate(wanted):
        values = annual[scalar][year - found.first_year]
        out[:, place] = values[0] - values[1:]
    return out


def _in_a(found: Central, scalar: str) -> Profile:
    """The course of a scalar in A, straight within steps, with the jumps it makes between them."""
    values = found.stages.lines[scalar][..., 0]
    times = tuple(found.divided.grid.times.tolist())
    after = values[:, 0]
    before = np.concatenate([after[:1], values[:-1, -1]])
    return Profile(times, tuple(before.tolist()), tuple(after.tolist()))
