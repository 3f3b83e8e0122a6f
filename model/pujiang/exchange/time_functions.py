"""What an input follows over time, as points between which other tools draw straight lines.

A jump at time T is a line from a quarter step before T to T. No step and no half step of a run lies there, so
at every instant a run looks at, the value is the exact one. Runge-Kutta looks at T twice: at the end of the step
before, where the value is that before the jump, and at the start of the next. Tools know only one T, so what
jumps reads `STEP_CLOCK` instead, which gives T less a quarter step at the end of a step.
"""

from collections.abc import Iterable

import numpy as np

from pujiang.engine.batch import Grid
from pujiang.engine.profiles import Profile
from pujiang.exchange.xmile_equations import number

STEP_CLOCK = "step_clock"
"""The name of the clock that tells the end of a step from the start of the next."""

STEP_STAGE = "step_stage"
"""The name of what says at which stage of a step a tool of Runge-Kutta is: 1 to 4."""

CLOCK_SECTOR = "step_clock"
"""The sector its parts are drawn in."""

Points = tuple[tuple[float, float], ...]


def level(path: Profile) -> float | None:
    """The value of a path that never changes, else None."""
    values = {*path.before, *path.after}
    return values.pop() if len(values) == 1 else None


def jumps(path: Profile) -> bool:
    """Whether the path jumps anywhere."""
    return path.before != path.after


def points(path: Profile, grid: Grid) -> Points:
    """The path on a step grid as (time, value) points, times increasing; level beyond both ends.

    A path that jumps is read by the step clock, so where it slopes every step's end has a point a quarter step early.
    """
    path = path.aligned(grid.start, grid.dt)
    jumping = jumps(path)
    knots = sorted({*path.times, *(map(float, grid.times) if jumping else ())})
    times = np.array(knots)
    rows = [(times, path.from_right(times))]
    if jumping:
        halves, ends = times - grid.dt / 2, times - grid.dt / 4
        rows = [(halves, path.from_right(halves)), (ends, path.from_left(times)), *rows]
    found = dict(zip(*(np.stack(part, axis=1).ravel().tolist() for part in zip(*rows, strict=True)), strict=True))
    return tuple(_without_idle(list(found.items())))


def _without_idle(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points but those in the middle of a level stretch."""
    ends = [None, *(value for _, value in points), None]
    return [p for p, before, after in zip(points, ends, ends[2:], strict=False) if not before == p[1] == after]


def clock(grid: Grid) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Kind, equation and inflows of the variables that make the step clock.

    `steps_done` counts finished steps. Its flow is 3 at the ends of a step, which have a third of the weight, and 0
    in the middle: so at the third and fourth stage it stands where the step began, at the second far ahead.
    """
    done = f"(TIME - {number(grid.start)}) / {number(grid.dt)}"
    on_grid = f"{done} - INT({done} + 0.25) < 0.25"
    behind = f"steps_done + 0.25 < {done}"
    return {
        "steps_done": ("stock", "0", ("step_flow",)),
        "step_flow": ("flow", f"IF {on_grid} THEN {number(3 / grid.dt)} ELSE 0", ()),
        STEP_STAGE: (
            "auxiliary",
            f"IF {on_grid} THEN (IF {behind} THEN 4 ELSE 1) ELSE (IF {behind} THEN 3 ELSE 2)",
            (),
        ),
        STEP_CLOCK: ("auxiliary", f"IF step_stage > 3.5 THEN TIME - {number(grid.dt / 4)} ELSE TIME", ()),
    }


def through(times: Iterable[float], values: Iterable[float]) -> Profile:
    """A path through what a run gave, step by step."""
    at, level = tuple(map(float, times)), tuple(map(float, values))
    return Profile(at, level, level)
