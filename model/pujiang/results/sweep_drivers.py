"""What moves an outcome from point to point of a sweep: how far it goes with each input, on the mean of all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_GROUPS = 8
"""Scattered points are put into so many groups by an input, at most."""
MOST_VALUES = 25
"""Values of a grid that are a group each."""
FEWEST = 4
"""Points a group needs, on the mean, where values are put together."""


@dataclass(frozen=True)
class Driver:
    """One input of a sweep, and what an outcome does with it.

    Attributes:
        low, high: the setting in the first and the last group of points: a number, or a name. Numbers rise; of names
            the outcome is lowest with the first, and highest with the last.
        change: the mean of the outcome in the last group less that in the first, in its stored unit.
        share: of the variance among all points, what lies between the groups; 0 where it is what chance would give.
    """

    name: str
    low: float | str
    high: float | str
    change: float
    share: float


def drivers(settings: Mapping[str, NDArray[Any]], outcome: Floats) -> list[Driver]:
    """The inputs that vary, those first that carry most of the variance of an outcome.

    Args:
        settings: by input, its value or name at each point (point,).
        outcome: at each point (point,); points without a finite number are left out.
    """
    finite = np.isfinite(outcome)
    values = outcome[finite]
    varied = {name: column[finite] for name, column in settings.items()}
    varied = {name: column for name, column in varied.items() if len(np.unique(column)) > 1}
    found = [_driver(name, column, values, alone=len(varied) == 1) for name, column in varied.items()]
    return sorted(found, key=lambda driver: (-driver.share, -abs(driver.change)))


def _driver(name: str, column: NDArray[Any], values: Floats, *, alone: bool) -> Driver:
    labels, group = _groups(column, alone=alone)
    sizes = np.bincount(group)
    means = np.bincount(group, values) / sizes
    order = np.arange(len(means)) if column.dtype.kind in "fiu" else np.argsort(means, kind="stable")
    first, last = order[0], order[-1]
    return Driver(name, labels[first], labels[last], float(means[last] - means[first]), _share(values, means, group))


def _groups(column: NDArray[Any], *, alone: bool) -> tuple[list[float | str], NDArray[np.int64]]:
    """What each group is called, and the group of each point; `alone`: nothing else varies."""
    distinct, group = np.unique(column, return_inverse=True)
    repeated = len(distinct) <= MOST_VALUES and len(column) >= 2 * len(distinct)
    if alone or repeated or column.dtype.kind not in "fiu":
        return distinct.tolist(), group
    count = min(MOST_GROUPS, max(2, len(column) // FEWEST))
    rank = np.searchsorted(np.sort(column), column)  # equal settings fall into one group
    group = np.unique(rank * count // len(column), return_inverse=True)[1]
    return [float(column[group == g].mean()) for g in range(group.max() + 1)], group


def _share(values: Floats, means: Floats, group: NDArray[np.int64]) -> float:
    """The share of the variance between groups, less what as many groups by chance would have of it."""
    points, groups = len(values), len(means)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        return 0.0
    within = float(((values - means[group]) ** 2).sum())
    if points == groups:
        return 1.0
    return max(0.0, 1.0 - within / (points - groups) * (points - 1) / total)
