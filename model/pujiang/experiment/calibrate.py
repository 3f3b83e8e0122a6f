"""Calibration: the most probable parameters given the observations and the priors, and the curvature there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from pujiang.engine.batch import METHODS, Engine, Method
from pujiang.engine.simulate import Simulation, engine_named
from pujiang.engine.system import System, parameter_default
from pujiang.errors import InputError
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.discrepancy import NONE, Discrepancy, whitening
from pujiang.experiment.fit import Fit, Floats, uncertain, z_bounds
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.likelihood import Residual, held_against, residual, residuals, scored

ROLES = ("fit", "weak")
"""Observations of these roles are fitted; the rest are reported beside them."""

DIFFERENCE = 1e-3
"""Step of the central differences of the Jacobian, in units of the priors' standard normal z."""

TOLERANCE = 1e-8
"""The search stops when a step lowers the cost by less than this share of it."""

AT_BOUND = 1e-3
"""A parameter ended at a bound where it lies nearer to it than this, in standard deviations of its prior."""

MISSPELT = 0.85
"""How alike an unknown outcome must be to a reported one to be taken for a slip."""

Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Calibration:
    """What a calibration found: the fit, its cost (half the sum of squares, priors included), the number of
    iterations, whether the search converged, every observation against the model, and the parameters that ended
    at a bound: the data, or the prior, would have them beyond it."""

    fit: Fit
    cost: float
    iterations: int
    converged: bool
    comparisons: tuple[Residual, ...]
    at_bounds: tuple[str, ...]


def misfits_at(task: "Problem", z: Floats) -> Floats:
    """Misfits of a problem as its `misfits` gives them, by runs of this process."""
    priors = uncertain(task.system)
    outcomes = task.outcomes({name: prior.value(row) for (name, prior), row in zip(priors.items(), z, strict=True)})
    first = task.simulation.first_year
    found = [
        residual(o, held_against(o, outcomes, first), task.discrepancy.of(str(o.outcome))) for o in task.observations
    ]
    data = np.array(found).reshape(len(found), z.shape[1])
    return np.where(np.isfinite(data), data, 1e3)


@dataclass(frozen=True)
class Problem:
    """Residuals as a function of the parameters: history only, under the baseline.

    `discrepancy` says how far the model itself may err; `whitening` makes the residuals of `observations` independent
    under it. `evaluate` is what gives the misfits at points: `misfits_at`, or one that has others work them out.
    """

    system: System
    evidence: Evidence
    simulation: Simulation
    engine: Engine
    observations: tuple[Observation, ...]
    discrepancy: Discrepancy
    whitening: Floats
    evaluate: "Callable[[Problem, Floats], Floats]" = misfits_at

    def outcomes(self, parameters: Mapping[str, Floats]) -> dict[str, Floats]:
        """Annual outcomes (year, run) by scalar name for parameter values (run,), under the baseline."""
        series = series_profiles(self.evidence)
        return annual_outcomes(self.system, parameters, series, self.simulation, self.engine)

    def misfits(self, z: Floats) -> Floats:
        """Residuals of the observations one by one (observation, run), in their standard deviations, at z."""
        return self.evaluate(self, z)

    def residuals(self, z: Floats) -> Floats:
        """Data residuals made independent, then prior residuals, (residual, run), at z (parameter, run)."""
        return np.concatenate([self.whitening @ self.misfits(z), z])

    def jacobian(self, z: Floats) -> Floats:
        """Derivatives (residual, parameter) by central differences, all in one batch."""
        steps = DIFFERENCE * np.eye(len(z))
        both = self.residuals(np.concatenate([z[:, None] + steps, z[:, None] - steps], axis=1))
        return (both[:, : len(z)] - both[:, len(z) :]) / (2 * DIFFERENCE)


def problem(
    system: System,
    evidence: Evidence,
    *,
    discrepancy: Discrepancy = NONE,
    dt: float = 1 / 16,
    method: Method = METHODS[0],
    engine: str = "auto",
) -> Problem:
    """The calibration problem of a system and its evidence: fitted observations up to the last year reported.

    Args:
        discrepancy: how far the model itself may err; by default not at all.

    Raises:
        InputError: if an observation to be fitted names an outcome that looks like a misspelt one; those of a
            sector that the system does not have are left out (`unscored` names them).
    """
    outcomes = _scalar_outcomes(system)
    for o in unscored(system, evidence):
        alike = get_close_matches(str(o.outcome), outcomes, n=1, cutoff=MISSPELT)
        if alike:
            raise InputError(
                f"observations: {o.series} {o.year}: no outcome is called '{o.outcome}'; did you mean '{alike[0]}'?"
            )
    candidates = [o for o in evidence.observations if o.role in ROLES and o.outcome in outcomes]
    calendar = system.calendar
    last = max((o.year for o in candidates), default=calendar.policy_from - 1)
    simulation = Simulation(calendar.first_year, last, dt=dt, method=method, save_every=dt)
    kept = tuple(scored(candidates, outcomes, [int(y) for y in simulation.years]))
    return Problem(system, evidence, simulation, engine_named(engine), kept, discrepancy, whitening(discrepancy, kept))


def unscored(system: System, evidence: Evidence) -> tuple[Observation, ...]:
    """Observations to be fitted whose outcome the system does not report."""
    outcomes = _scalar_outcomes(system)
    return tuple(o for o in evidence.observations if o.role in ROLES and o.outcome and o.outcome not in outcomes)


def _scalar_outcomes(system: System) -> list[str]:
    return [scalar for name in system.outcomes for scalar in system.scalar_names(name)]


def calibrate(
    task: Problem,
    *,
    start: Mapping[str, float] | None = None,
    held: Mapping[str, float] | None = None,
    progress: Progress | None = None,
    most: int = 60,
) -> Calibration:
    """Maximum a posteriori fit by least squares on deviance residuals (trust region, within bounds).

    Args:
        start: parameter values to start from; declared values by default.
        held: parameters that are not fitted, at their values; the factor of the fit has them free all the same.
        progress: called with the iteration and the cost.
        most: most iterations.
    """
    from scipy.optimize import least_squares

    system = task.system
    priors = uncertain(system)
    low, high = z_bounds(system, priors)
    fixed = held or {}
    opening = {**{name: parameter_default(system, name) for name in priors}, **(start or {}), **fixed}
    z0 = np.array([prior.z(opening[name]) for name, prior in priors.items()])
    free = np.array([name not in fixed for name in priors])
    z0[free] = np.clip(z0, low + 1e-6, high - 1e-6)[free]
    count = 0

    def whole(part: Floats) -> Floats:
        z = z0.copy()
        z[free] = part
        return z

    def jacobian(part: Floats) -> Floats:
        nonlocal count
        count += 1
        z = whole(part)
        if progress is not None:
            progress(count, 0.5 * float(np.sum(task.residuals(z[:, None]) ** 2)))
        return task.jacobian(z)[:, free]

    found = least_squares(
        lambda part: task.residuals(whole(part)[:, None])[:, 0], z0[free], jac=jacobian, bounds=(low[free], high[free]),
        method="trf", ftol=TOLERANCE, xtol=1e-8, gtol=1e-8, max_nfev=most,
    )  # fmt: skip
    at = whole(found.x)
    derivative = task.jacobian(at)
    covariance = np.linalg.inv(derivative.T @ derivative)
    values = {name: float(prior.value(z)) for (name, prior), z in zip(priors.items(), at, strict=True)}
    facts = {
        "kind": "maximum a posteriori, and the curvature there",
        "model_hash": system.hash,
        "data_hash": task.evidence.sha256,
        "cost": float(f"{found.cost:.8g}"),
        "observations": len(task.observations),
        "dt": task.simulation.dt,
        "method": task.simulation.method,
        "misfit_at_fit": float(f"{np.sum(task.residuals(at[:, None])[: len(task.observations)] ** 2):.4g}"),
    }
    fit = Fit(values, np.linalg.cholesky(covariance), facts)
    near = free & ((at - low < AT_BOUND) | (high - at < AT_BOUND))
    at_bounds = tuple(name for name, touched in zip(priors, near, strict=True) if touched)
    return Calibration(fit, float(found.cost), count, bool(found.status > 0), all_residuals(task, fit), at_bounds)


def all_residuals(task: Problem, fit: Fit) -> tuple[Residual, ...]:
    """Every observation of every role against the central run of a fit, errors of the model allowed for."""
    outcomes = task.outcomes({name: np.array([value]) for name, value in fit.values.items()})
    central = {name: values[:, 0] for name, values in outcomes.items()}
    years = [int(y) for y in task.simulation.years]
    return residuals(task.evidence.observations, central, years, task.discrepancy.of)
