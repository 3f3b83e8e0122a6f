"""How far a distance above a reported floor is from the likeliest: a half-normal plus a normal (a skew normal,
Azzalini 1985).

It is written out here, since every run with an ensemble needs it, and importing what SciPy has for it takes longer than
the run's simulation.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TAIL = -30.0
"""Below it, what a normal has below is told by its asymptotic series (Abramowitz and Stegun 26.2.12)."""
_ROOT_HALF = math.sqrt(0.5)
_STEPS = 100
"""Newton's steps at most; some ten are enough."""


def residual_above_floor(distance: Floats, sd: float, error: float) -> Floats:
    """The deviance residual of a distance (of logarithms) above a floor: half-normal (sd) plus normal (error)."""
    likeliest = _likeliest(sd, error)
    deviance = _deviance(distance, sd, error) - float(_deviance(np.array(likeliest), sd, error))
    return np.sign(distance - likeliest) * np.sqrt(np.maximum(deviance, 0.0))


def log_normal_below(z: float) -> float:
    """The logarithm of the probability that a standard normal lies below `z`."""
    if math.isnan(z):
        return z
    if z > -1:
        return math.log1p(-math.erfc(z * _ROOT_HALF) / 2)
    if z > _TAIL:
        return math.log(math.erfc(-z * _ROOT_HALF) / 2)
    square = z * z
    series = math.log1p(-1 / square + 3 / square**2 - 15 / square**3 + 105 / square**4)
    return -square / 2 - math.log(-z * math.sqrt(2 * math.pi)) + series


_log_normal_below = np.vectorize(log_normal_below, otypes=[np.float64])


def _deviance(distance: Floats, sd: float, error: float) -> Floats:
    """Twice the negative logarithm of the density, up to a constant."""
    whole, slope = _shape(sd, error)
    found: Floats = (distance / whole) ** 2 - 2 * _log_normal_below(slope * distance)
    return found


@lru_cache(maxsize=256)
def _likeliest(sd: float, error: float) -> float:
    """The likeliest distance: Newton's method rises to it from zero, since the deviance's slope is concave."""
    whole, slope = _shape(sd, error)
    distance = 0.0
    for _ in range(_STEPS):
        z = slope * distance
        hazard = math.exp(-z * z / 2 - log_normal_below(z)) / math.sqrt(2 * math.pi)
        gain = (slope * hazard - distance / whole**2) / (1 / whole**2 + slope**2 * hazard * (z + hazard))
        if not gain > 1e-15 * distance:
            break
        distance += gain
    return distance


def _shape(sd: float, error: float) -> tuple[float, float]:
    whole = math.hypot(sd, error)
    return whole, sd / (error * whole)
