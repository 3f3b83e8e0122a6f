"""How much does a loop give back? Its gain, measured at one of its links.

What an effect reads of a cause is raised by a small share, and the cause is watched. Once round the loop the cause
moves by `gain` of what was added, then by `gain` of that, and so on: so what comes back in all, over what is read in
all, is the gain. Above 0 the loop reinforces, below 0 it balances, and from 1 on it would run away. Whatever leads from
the effect back to the cause counts, not only the chain that the loop names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pujiang.declare import Cut, Loop
from pujiang.engine.graph import chain_through, effects_of
from pujiang.engine.system import System

if TYPE_CHECKING:
    import xarray as xr

PUSH = 1.01
"""What an effect reads of a cause, over what it is: small beside what bends the equations, large beside rounding."""
AFTER = (2, 5)
"""Years over which what comes back is counted: a pool that reinforces early may be spent later, industry takes long."""


@dataclass(frozen=True)
class Gain:
    """The gain of a loop over the years of AFTER, by their number; not a number where nothing is read."""

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


def gain(name: str, cut: Cut, whole: "xr.Dataset", pushed: "xr.Dataset", since: float) -> Gain:
    """The gain of a loop from its courses (time[, element]) whole and pushed since a date."""
    over = {}
    for years in AFTER:
        span = slice(since, since + years)
        base, moved = (float(courses[cut.cause].sel(time=span).sum()) for courses in (whole, pushed))
        read = PUSH * moved - base
        over[years] = (moved - base) / read if read else float("nan")
    return Gain(name, cut.cause, over)
