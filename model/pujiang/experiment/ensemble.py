"""Members of an ensemble: draws of the uncertain parameters, the same for every scenario."""

import numpy as np

from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.fit import Fit, Floats, uncertain, z_bounds

MOST_ROUNDS = 1000
"""How often as many members as are wanted are drawn before it is said that hardly any lies within the bounds."""


def members(system: System, fit: Fit, size: int, seed: int, kind: str) -> dict[str, Floats]:
    """Values (1 + size,) of every uncertain parameter: the fit itself, then `size` draws.

    kind "posterior" takes draws the calibration made, in an order of the seed, and from the first on again where more
    are asked for than there are; a model that was not fitted has its priors for a posterior. "laplace" draws from the
    normal distribution whose covariance is the curvature of the fit; "prior" draws from the priors, around the fit's
    values as the central member. What is left to chance is drawn from its prior beside them. A draw that leaves the
    bounds of any parameter is drawn anew, so that the distribution is cut off at the bounds rather than heaped on them.

    Raises:
        InputError: if the fit has no draws of the posterior, or hardly any draw lies within the bounds.
    """
    if size == 0:
        return {name: np.array([value]) for name, value in fit.values.items()}
    priors = uncertain(system)
    if kind == "posterior" and fit.fitted:
        return _of_posterior(system, fit, size, seed) | by_chance(system, size, seed)
    at_fit = np.array([prior.z(fit.values[name]) for name, prior in priors.items()])
    if kind == "laplace":
        factor, center = fit.factor, at_fit
    else:
        factor, center = np.eye(len(priors)), np.zeros(len(priors))
    low, high = z_bounds(system, priors)
    draws = _within(np.random.default_rng(seed), center, factor, low, high, size)
    fitted = {
        name: np.concatenate([[fit.values[name]], prior.value(z)])
        for (name, prior), z in zip(priors.items(), draws.T, strict=True)
    }
    return fitted | by_chance(system, size, seed)


def _of_posterior(system: System, fit: Fit, size: int, seed: int) -> dict[str, Floats]:
    """The fit and its draws; parameters the fit does not know are drawn from their priors."""
    if not fit.draws:
        raise InputError(
            "ensemble.kind=posterior: the fit has no draws of the posterior; a new one has: pujiang calibrate; "
            "allowed with this one: laplace, prior"
        )
    count = len(next(iter(fit.draws.values())))
    order = np.resize(np.random.default_rng([seed, 4]).permutation(count), size)
    found = {}
    for place, (name, prior) in enumerate(uncertain(system).items()):
        if name in fit.draws:
            drawn = fit.draws[name][order]
        else:
            low, high = z_bounds(system, {name: prior})
            random = np.random.default_rng([seed, 6, place])
            drawn = prior.value(_within(random, np.zeros(1), np.eye(1), low, high, size)[:, 0])
        found[name] = np.concatenate([[fit.values[name]], drawn])
    return found


def by_chance(system: System, size: int, seed: int) -> dict[str, Floats]:
    """Values (1 + size,) of what is left to chance: the centre, then draws of their own stream."""
    priors = uncertain(system, chance=True)
    if not priors:
        return {}
    low, high = z_bounds(system, priors)
    random = np.random.default_rng([seed, 1])
    draws = _within(random, np.zeros(len(priors)), np.eye(len(priors)), low, high, size)
    return {
        name: np.concatenate([[prior.center], prior.value(z)])
        for (name, prior), z in zip(priors.items(), draws.T, strict=True)
    }


def _within(
    random: np.random.Generator, center: Floats, factor: Floats, low: Floats, high: Floats, size: int
) -> Floats:
    """`size` normal draws (size, parameter) inside the bounds."""
    kept = np.empty((0, len(center)))
    for _ in range(MOST_ROUNDS):
        if len(kept) >= size:
            return kept[:size]
        draws = center + random.standard_normal((size, len(center))) @ factor.T
        kept = np.concatenate([kept, draws[((draws >= low) & (draws <= high)).all(axis=1)]])
    raise InputError("ensemble: hardly any draw lies within the bounds of every parameter; widen them, or refit")
