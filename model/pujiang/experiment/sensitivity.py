"""Sensitivity: what an outcome owes to each input, from runs at designed points.

Everything here is arithmetic on arrays: `outputs` are (output, point), an output being one outcome in one year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pujiang.experiment.designs import MORRIS_LEVELS, Floats, morris_step

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Sobol:
    """Sobol' indices (output, input) and the half-widths of their 95 % intervals.

    `first` is the share of an output's variance one input explains alone, `total` with all its interactions.
    All are 0 where an output does not vary.
    """

    first: Floats
    total: Floats
    first_half: Floats
    total_half: Floats


@dataclass(frozen=True)
class Morris:
    """Elementary effects (output, input), per the whole range of the input.

    `mu` is their mean, `mu_star` the mean of their size, `sigma` their standard deviation (0 where an input
    acts alone and linearly), `mu_star_half` the half-width of the 95 % interval of `mu_star`.
    """

    mu: Floats
    mu_star: Floats
    sigma: Floats
    mu_star_half: Floats


def sobol_indices(f_a: Floats, f_b: Floats, f_ab: Floats, *, resamples: int = 200, seed: int = 2026) -> Sobol:
    """Sobol' indices by the estimators of Saltelli et al. (2010, table 2, b and f), with bootstrap intervals.

    The estimators, and their numbers, are those of scipy.stats.sobol_indices; here resampling is a product of
    matrices, so that every outcome and year is done at once.

    Args:
        f_a, f_b: outputs at the base points A and B, (output, point).
        f_ab: outputs at A with one input of B, (input, output, point).
    """
    size = f_a.shape[1]
    mean = np.mean([f_a, f_b], axis=(0, 2))[:, None]
    # Read from the middle, a large outcome that hardly moves keeps its digits.
    a, b, ab = f_a - mean, f_b - mean, f_ab - mean
    alone, jointly = b * (ab - a), 0.5 * (a - ab) ** 2
    whole = np.full((1, size), 1 / size)
    drawn = np.random.default_rng(seed).multinomial(size, whole[0], resamples) / size
    first, total = _indices(whole, a, b, alone, jointly)
    again = _indices(drawn, a, b, alone, jointly)
    halves = [Z95 * part.std(axis=0, ddof=1) if resamples > 1 else np.zeros_like(part[0]) for part in again]
    return Sobol(first[0], total[0], *halves)


def _indices(weights: Floats, a: Floats, b: Floats, alone: Floats, jointly: Floats) -> tuple[Floats, Floats]:
    """First and total indices (weighting, output, input) of points weighted by (weighting, point)."""
    square = weights @ ((a**2 + b**2) / 2).T
    variance = square - (weights @ ((a + b) / 2).T) ** 2
    # What varies by rounding alone does not vary.
    steady = variance <= 1e-24 * np.maximum(square, np.finfo(float).tiny) + np.finfo(float).tiny
    safe = np.where(steady, 1.0, variance)[..., None]
    found = []
    for terms in (alone, jointly):
        sums = np.stack([weights @ part.T for part in terms], axis=-1)
        found.append(np.where(steady[..., None], 0.0, sums / safe))
    return found[0], found[1]


def morris_effects(points: Floats, outputs: Floats, levels: int = MORRIS_LEVELS) -> Morris:
    """Elementary effects along Morris trajectories.

    Args:
        points: (input, point) in the unit cube, trajectory after trajectory, as designs.morris gives them.
    """
    inputs = len(points)
    walks = points.T.reshape(-1, inputs + 1, inputs)
    moves = np.diff(walks, axis=1)
    changed = np.abs(moves).argmax(axis=2)
    signs = np.sign(np.take_along_axis(moves, changed[..., None], axis=2))[..., 0]
    steps = np.diff(outputs.reshape(len(outputs), -1, inputs + 1), axis=2) * signs / morris_step(levels)
    effects = np.empty_like(steps)
    np.put_along_axis(effects, np.broadcast_to(changed, steps.shape), steps, axis=2)
    walked = effects.shape[1]
    size = np.abs(effects)
    spread = size.std(axis=1, ddof=1) if walked > 1 else np.zeros(size.mean(axis=1).shape)
    sigma = effects.std(axis=1, ddof=1) if walked > 1 else np.zeros_like(spread)
    half: NDArray[np.float64] = Z95 * spread / np.sqrt(walked)
    return Morris(effects.mean(axis=1), size.mean(axis=1), sigma, half)
