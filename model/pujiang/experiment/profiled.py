"""The profile of a parameter: how much worse the best fit gets as the parameter is held away from where it fits best.

With hundreds of parameters and a hundred figures no likelihood stands alone: what is profiled is the posterior's
density, data and priors together; the part of the data is told beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pujiang.experiment.calibrate import Calibration, Problem, calibrate
from pujiang.experiment.fit import uncertain, z_bounds

REACH = 3.0
"""How far a profile goes, in standard deviations that the curvature of the fit gives the parameter."""
STEPS = 6
"""Steps to either side."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ProfilePoint:
    """The best fit with a parameter held at `value`, `sd` standard deviations from the fit.

    `rise` is twice by how much the cost lies above that of the fit, `data` and `prior` the sums of squares it is made
    of; `foreseen` what the rise would be if the curvature at the fit were all there is.
    """

    parameter: str
    value: float
    sd: float
    rise: float
    data: float
    prior: float
    converged: bool

    @property
    def foreseen(self) -> float:
        """The rise along a parabola."""
        return self.sd**2


def profile(
    task: Problem, found: Calibration, parameter: str, progress: Progress = lambda done, of: None
) -> tuple[ProfilePoint, ...]:
    """The profile of a parameter around a fit, each point fitted from the one before it; bounds cut it short."""
    system, fit = task.system, found.fit
    priors = uncertain(system)
    place, prior = list(priors).index(parameter), priors[parameter]
    low, high = (float(ends[0]) for ends in z_bounds(system, {parameter: prior}))
    spread = float(np.sqrt(np.sum(fit.factor[place] ** 2)))
    center = float(prior.z(fit.values[parameter]))
    points = [_point(task, found, parameter, 0.0, found.cost)]
    for side in (-1, 1):
        last = fit.values
        for step in range(1, STEPS + 1):
            sd = side * REACH * step / STEPS
            z = center + sd * spread
            if not low <= z <= high:
                break
            held = calibrate(task, start=last, held={parameter: float(prior.value(z))})
            last = held.fit.values
            points.append(_point(task, held, parameter, sd, found.cost))
            progress(len(points), 2 * STEPS + 1)
    return tuple(sorted(points, key=lambda point: point.sd))


def _point(task: Problem, found: Calibration, parameter: str, sd: float, least: float) -> ProfilePoint:
    z = np.array([prior.z(found.fit.values[name]) for name, prior in uncertain(task.system).items()])
    prior = float(np.sum(z**2))
    rise = 2 * (found.cost - least)
    return ProfilePoint(
        parameter, found.fit.values[parameter], sd, rise, 2 * found.cost - prior, prior, found.converged
    )
