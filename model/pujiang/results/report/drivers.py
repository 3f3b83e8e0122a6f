"""What drives a difference: by sector, the variable that departs most from the baseline, in the order it does.

This follows effects, it does not divide them among causes: that takes runs with levers taken back one by one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr

MOVED = 0.01
"""A variable has moved where it is 1 % away from the baseline."""

NEAR_ZERO = 0.05
"""What falls below this part of its largest value in the baseline is left out: relative to it, all is large."""


@dataclass(frozen=True)
class Driver:
    """The variable of a sector that departs most from the baseline.

    `since`: the decimal year it is first 1 % away. `changes`: its relative difference from the baseline at the
    dates asked for. `average`: the mean of its absolute difference over that of its level.
    """

    sector: str
    name: str
    meaning: str
    element: str
    since: float
    average: float
    changes: tuple[float, ...]


def drivers(
    trajectories: "xr.Dataset", scenario: str, dates: tuple[float, ...], *, since: float, say: Words, limit: int = 9
) -> list[Driver]:
    """The `limit` sectors of the central member that move most from `since` on, ordered by when they first do.

    Held against the scenario "baseline" of the same run. What comes near 0 in the baseline, or
    changes sign, is left out.
    """
    if "baseline" not in trajectories["scenario"].values:
        return []
    after = trajectories.sel(time=trajectories["time"] >= since)
    times = after["time"].values
    places = [int(np.argmin(np.abs(times - date))) for date in dates]
    found: dict[str, Driver] = {}
    for name, array in after.data_vars.items():
        over = [str(dimension) for dimension in array.dims if dimension not in ("scenario", "time")]
        if len(over) > 1 or array.attrs.get("kind") in ("lever", "series"):
            continue
        elements = [str(element) for element in array[over[0]].values] if over else [""]
        for element in elements:
            part = array.sel({over[0]: element}) if over else array
            base, own = (part.sel(scenario=case).values.astype(float) for case in ("baseline", scenario))
            level, difference = np.abs(base), np.abs(own - base)
            if not (np.isfinite(own).all() and np.isfinite(base).all()):
                continue
            if level.min() <= NEAR_ZERO * level.max() or (own * base < 0).any():
                continue
            average = float(difference.mean() / level.mean())
            moved = np.flatnonzero(difference > MOVED * level)
            sector = str(array.attrs.get("sector", ""))
            if len(moved) == 0 or (sector in found and found[sector].average >= average):
                continue
            relative = (own - base) / base
            found[sector] = Driver(
                sector=sector,
                name=str(name),
                meaning=str(array.attrs.get("long_name", name)),
                element=say.element(over[0], element) if element else "",
                since=float(times[moved[0]]),
                average=average,
                changes=tuple(float(relative[place]) for place in places),
            )
    strongest = sorted(found.values(), key=lambda driver: -driver.average)[:limit]
    return sorted(strongest, key=lambda driver: (driver.since, -driver.average))
