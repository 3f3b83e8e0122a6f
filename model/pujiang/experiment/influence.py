"""Which uncertain parameters matter most: each is moved by what the data have left open, and outcomes are watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, engine_named
from pujiang.engine.system import System
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.fit import Fit, uncertain, z_bounds


@dataclass(frozen=True)
class Influence:
    """How far one standard deviation of a parameter moves outcomes: root mean square of relative changes, and the
    outcome that it moves most, with its change."""

    parameter: str
    size: float
    outcome: str
    change: float


def influences(
    system: System,
    fit: Fit,
    series: Mapping[str, Profile],
    outcomes: Sequence[str],
    year: int,
    engine: str = "auto",
) -> tuple[Influence, ...]:
    """Every uncertain parameter, the most influential first, by scalar outcomes of the baseline in a year.

    Each is moved up by its standard deviation after the fit, and the others as the fit says they go with it: what the
    data hold together stays together.
    """
    priors = uncertain(system)
    low, high = z_bounds(system, priors)
    spread = np.sqrt(np.square(fit.factor).sum(axis=1))
    together = fit.factor @ (fit.factor / spread[:, None]).T
    values = {}
    for place, (name, prior) in enumerate(priors.items()):
        at_fit = prior.z(fit.values[name])
        z = np.clip(at_fit + np.concatenate([[0.0], together[place]]), low[place], high[place])
        values[name] = prior.value(z)
    simulation = Simulation(system.calendar.first_year, year)
    annual = annual_outcomes(system, values, series, simulation, engine_named(engine))
    ends = np.array([annual[name][-1] for name in outcomes])
    changes = ends[:, 1:] / ends[:, :1] - 1
    found = [
        Influence(name, float(np.sqrt(np.mean(column**2))), outcomes[most], float(column[most]))
        for name, column in zip(priors, changes.T, strict=True)
        for most in [int(np.argmax(np.abs(column)))]
    ]
    return tuple(sorted(found, key=lambda influence: -influence.size))
