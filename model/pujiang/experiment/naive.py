"""Forecasts that know nothing but the series: what a model has to beat to be worth its trouble.

Each works on logarithms and gives a normal fan of its own, from how far it has erred within the series so far.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 3
"""Points a series must have: two steps, of which a spread can be told."""
DAMPING = 0.8
"""By what a trend shrinks each year (Gardner and McKenzie 1985 found such values to serve)."""
LEAST_SPREAD = 0.01

Fan = tuple[float, float]
"""Mean and standard deviation of the logarithm."""


def last_value(steps: Floats, last: float, ahead: int) -> Fan:
    """What was, will be: a random walk."""
    return last, _spread(steps) * ahead**0.5


def constant_growth(steps: Floats, last: float, ahead: int) -> Fan:
    """It grows on at its mean rate: a random walk with drift, whose drift is itself uncertain."""
    drift, spread = float(steps.mean()), _spread(steps - steps.mean(), 1)
    return last + drift * ahead, spread * (ahead + ahead**2 / len(steps)) ** 0.5


def damped_trend(steps: Floats, last: float, ahead: int) -> Fan:
    """It grows on at the rate of late, ever less so."""
    trend = float(steps[-3:].mean())
    fitted = np.array([DAMPING * steps[max(0, i - 3) : i].mean() for i in range(1, len(steps))])
    reach = sum(DAMPING**i for i in range(1, ahead + 1))
    return last + trend * reach, _spread(steps[1:] - fitted) * ahead**0.5


def autoregression(steps: Floats, last: float, ahead: int) -> Fan:
    """Growth returns to its mean at the pace of an AR(1), which is shrunk to none for want of points."""
    mean = float(steps.mean())
    off = steps - mean
    share = len(off) / (len(off) + 4)
    lasting = float(np.clip(share * (off[1:] @ off[:-1]) / max(float(off[:-1] @ off[:-1]), 1e-12), 0, 0.9))
    off_last, spread = float(off[-1]), _spread(off[1:] - lasting * off[:-1], 1)
    course, variance = last, 0.0
    for year in range(1, ahead + 1):
        course += mean + off_last * lasting**year
        variance += (spread * (1 - lasting ** (ahead - year + 1)) / (1 - lasting)) ** 2
    return course, variance**0.5


NAIVE: dict[str, Callable[[Floats, float, int], Fan]] = {
    "last value": last_value,
    "constant growth": constant_growth,
    "damped trend": damped_trend,
    "AR(1)": autoregression,
}


def forecast(name: str, years: Sequence[int], values: Sequence[float], target: int) -> Fan | None:
    """The fan of one of `NAIVE` for the logarithm in `target`; None where the series is too short.

    Args:
        years, values: what is known, in order; gaps are filled along straight lines of logarithms.
    """
    if len(years) < FEWEST:
        return None
    span = np.arange(years[0], years[-1] + 1)
    course = np.interp(span, years, np.log(np.maximum(values, 0.5 if min(values) <= 0 else 1e-300)))
    return NAIVE[name](np.diff(course), float(course[-1]), target - int(years[-1]))


def _spread(errors: Floats, lost: int = 0) -> float:
    """Root mean square of errors, over their number less what was fitted."""
    return max(float(np.sqrt(np.sum(errors**2) / max(len(errors) - lost, 1))), LEAST_SPREAD)
