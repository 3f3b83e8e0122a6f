"""Members of an ensemble: draws of the uncertain parameters, the same for every scenario."""

import numpy as np

from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.fit import Fit, Floats, declared, uncertain, z_bounds

MOST_ROUNDS = 1000
"""How often as many members as are wanted are drawn before it is said that hardly any lies within the bounds."""


def members(system: System, fit: Fit, size: int, seed: int, kind: str) -> dict[str, Floats]:
    """Values (1 + size,) of every uncertain parameter: the fit itself, then `size` draws.

    kind "laplace" draws from the normal distribution whose covariance is the curvature of the fit (an
    approximation); "prior" draws from the priors, around the fit's values as the central member. What is left to
    chance is drawn from its prior beside them. A draw that
    leaves the bounds of any parameter is drawn anew, so that the distribution is cut off at the bounds rather
    than heaped on them.

    Raises:
        InputError: if hardly any draw lies within the bounds of every parameter.
    """
    if size == 0:
        return {name: np.array([value]) for name, value in fit.values.items()}
    priors = uncertain(system)
    at_fit = np.array([prior.z(fit.values[name]) for name, prior in priors.items()])
    if kind == "prior":
        factor, center = declared(system).factor, np.zeros(len(priors))
    else:
        factor, center = fit.factor, at_fit
    low, high = z_bounds(system, priors)
    draws = _within(np.random.default_rng(seed), center, factor, low, high, size)
    fitted = {
        name: np.concatenate([[fit.values[name]], prior.value(z)])
        for (name, prior), z in zip(priors.items(), draws.T, strict=True)
    }
    return fitted | by_chance(system, size, seed)


def by_chance(system: System, size: int, seed: int) -> dict[str, Floats]:
    """Values (1 + size,) of what is left to chance: the center, then draws of their own stream."""
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
