"""What an input follows over time, as points between which other tools draw straight lines.

A jump at time T is a line from a quarter step before T to T. No step and no half step of a run lies there, so
at every instant a run looks at, the value is the exact one. Runge-Kutta looks at T twice: at the end of the step
before, where the value is that before the jump, and at the start of the next. Tools know only one T, so what
jumps reads `STEP_CLOCK` instead, which gives T less a quarter step at the end of a step.
"""

from collections.abc import Iterable

from pujiang.engine.batch import Grid
from pujiang.engine.paths import Path
from pujiang.exchange.xmile_equations import number

STEP_CLOCK = "step_clock"
"""The name of the clock that tells the end of a step from the start of the next."""

STEP_STAGE = "step_stage"
"""The name of what says at which stage of a step a tool of Runge-Kutta is: 1 to 4."""

CLOCK_SECTOR = "step_clock"
"""The sector its parts are drawn in."""

Points = tuple[tuple[float, float], ...]


def level(path: Path) -> float | None:
    """The value of a path that never changes, else None."""
    values = {*path.before, *path.after}
    return values.pop() if len(values) == 1 else None


def jumps(path: Path) -> bool:
    """Whether the path jumps anywhere."""
    return path.before != path.after


def points(path: Path, grid: Grid) -> Points:
    """The path on a step grid as (time, value) points, times increasing; level beyond both ends."""
    path = path.aligned(grid.start, grid.dt)
    knots: dict[float, tuple[float, float]] = {}
    for time, before, after in zip(path.times, path.before, path.after, strict=True):
        # Dates that fall on one point of a coarse grid are one jump.
        knots[time] = (knots.get(time, (before,))[0], after)
    found: list[tuple[float, float]] = []
    for time, (before, after) in knots.items():
        if before != after:
            half = time - grid.dt / 2
            if found and found[-1][1] != before:
                found.append((half, float(path.from_right(half))))
            found.append((time - grid.dt / 4, before))
        found.append((time, after))
    return tuple(found)


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
        STEP_STAGE: ("auxiliary", f"IF {on_grid} THEN (IF {behind} THEN 4 ELSE 1) ELSE (IF {behind} THEN 3 ELSE 2)", ()),
        STEP_CLOCK: ("auxiliary", f"IF step_stage > 3.5 THEN TIME - {number(grid.dt / 4)} ELSE TIME", ()),
    }


def courses(times: Iterable[float], values: Iterable[float]) -> Path:
    """A path through what a run gave, step by step."""
    at, through = tuple(map(float, times)), tuple(map(float, values))
    return Path(at, through, through)
