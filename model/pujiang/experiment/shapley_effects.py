"""Shapley effects: what each of several inputs that hang together adds to the variance of an output.

What an input adds depends on what is known already: of two inputs that say the same, the second adds nothing. Its
Shapley effect is what it adds on average over all orders in which the inputs may become known (Owen 2014; Song, Nelson
and Staum 2016). Effects add up to the variance, and an input that neither acts nor goes with one that acts has none.

For a linear output of normal inputs what each adds is exact, by one Cholesky factor an order; orders are drawn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ORDERS = 256


@dataclass(frozen=True)
class Shapley:
    """Effects (output, input), in the square of the output's unit, and the standard error of drawing the orders."""

    effects: Floats
    errors: Floats


def shapley_effects(slopes: Floats, covariance: Floats, orders: int = ORDERS, *, seed: int) -> Shapley:
    """Shapley effects of linear outputs of normal inputs.

    Args:
        slopes: of the outputs by input (output, input).
        covariance: of the inputs (input, input), positive definite.
        orders: how many are drawn, each with its reverse.

    Raises:
        numpy.linalg.LinAlgError: where the covariance is not positive definite.
    """
    random = np.random.default_rng(seed)
    total, squares = np.zeros_like(slopes), np.zeros_like(slopes)
    pairs = max(2, (orders + 1) // 2)
    for _ in range(pairs):
        order = random.permutation(len(covariance))
        # An order and its reverse: what comes late in one comes early in the other.
        mean = (_added(slopes, covariance, order) + _added(slopes, covariance, order[::-1])) / 2
        total += mean
        squares += mean**2
    effects = total / pairs
    variance = np.maximum(squares / pairs - effects**2, 0.0) / (pairs - 1)
    return Shapley(effects, np.sqrt(variance))


def _added(slopes: Floats, covariance: Floats, order: NDArray[np.intp]) -> Floats:
    """What each input adds (output, input) to the variance explained by those before it."""
    factor = np.linalg.cholesky(covariance[np.ix_(order, order)])
    added = np.empty_like(slopes)
    added[:, order] = (slopes[:, order] @ factor) ** 2
    return added
