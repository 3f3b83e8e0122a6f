"""Goodness of fit, series by series: errors, explained variance, and where the error comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pujiang.experiment.likelihood import Residual


@dataclass(frozen=True)
class Goodness:
    """How well a series is reproduced.

    rmspe: root mean square of relative errors. r_squared: 1 - residual over total sum of squares. bias,
    variance, covariance: shares of the mean square error due to unequal means, unequal variation, and
    imperfect correlation (Theil 1966); a good fit has its error in the last. worst: largest error in sd.
    Not a number where there are too few points.
    """

    series: str
    outcome: str
    role: str
    count: int
    rmspe: float
    r_squared: float
    bias: float
    variance: float
    covariance: float
    worst: float


def goodness(comparisons: Iterable[Residual]) -> tuple[Goodness, ...]:
    """Statistics for every series and role, in the order they first appear."""
    groups: dict[tuple[str, str, str], list[Residual]] = {}
    for c in comparisons:
        groups.setdefault((c.observation.series, str(c.observation.outcome), c.observation.role), []).append(c)
    return tuple(_of(series, outcome, role, rows) for (series, outcome, role), rows in groups.items())


def _of(series: str, outcome: str, role: str, rows: list[Residual]) -> Goodness:
    observed = np.array([c.observation.value for c in rows])
    modelled = np.array([c.modelled for c in rows])
    errors = modelled - observed
    mean_square = float(np.mean(errors**2))
    nan = float("nan")
    rmspe = float(np.sqrt(np.mean((errors / observed) ** 2))) if (observed != 0).all() else nan
    spread = float(np.sum((observed - observed.mean()) ** 2))
    r_squared = 1 - float(np.sum(errors**2)) / spread if len(rows) > 2 and spread > 0 else nan
    bias = variance = covariance = nan
    if len(rows) > 2 and mean_square > 0:
        bias = float((modelled.mean() - observed.mean()) ** 2) / mean_square
        variance = float((modelled.std() - observed.std()) ** 2) / mean_square
        covariance = 1 - bias - variance
    worst = max((c.error for c in rows), key=abs)
    return Goodness(series, outcome, role, len(rows), rmspe, r_squared, bias, variance, covariance, worst)
