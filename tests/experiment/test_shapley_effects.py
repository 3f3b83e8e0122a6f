"""Are Shapley effects those of the definition: what an input adds to the variance explained, over all orders?"""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from pujiang.experiment.shapley_effects import shapley_effects

Floats = NDArray[np.float64]


def explained(slopes: Floats, covariance: Floats, known: tuple[int, ...]) -> float:
    """Variance of the mean of the output given some inputs: of their slopes, and of what they say of the others."""
    inside = list(known)
    outside = [i for i in range(len(slopes)) if i not in known]
    if not inside:
        return 0.0
    own = covariance[np.ix_(inside, inside)]
    across = covariance[np.ix_(outside, inside)] @ np.linalg.inv(own)
    total = slopes[inside] + slopes[outside] @ across
    return float(total @ own @ total)


def by_definition(slopes: Floats, covariance: Floats) -> Floats:
    """The sum over all sets of the other inputs, in Shapley's weights."""
    size = len(slopes)
    found = np.zeros(size)
    for i in range(size):
        others = [j for j in range(size) if j != i]
        for count in range(size):
            for known in combinations(others, count):
                added = explained(slopes, covariance, (*known, i)) - explained(slopes, covariance, known)
                found[i] += added / (size * comb(size - 1, count))
    return found


def random_covariance(size: int, seed: int) -> Floats:
    factor = np.random.default_rng(seed).normal(size=(size, size + 2))
    return factor @ factor.T


def test_are_two_inputs_that_go_together_as_worked_by_hand() -> None:
    """Owen and Prieur (2017): half of what they share goes to each, by what each would say of the other."""
    one, other, left, right, rho = 2.0, -1.0, 0.5, 3.0, 0.8
    covariance = np.array([[left**2, rho * left * right], [rho * left * right, right**2]])
    shared = one * other * rho * left * right
    first = (one * left) ** 2 * (1 - rho**2 / 2) + shared + (other * right) ** 2 * rho**2 / 2
    second = (other * right) ** 2 * (1 - rho**2 / 2) + shared + (one * left) ** 2 * rho**2 / 2
    found = shapley_effects(np.array([[one, other]]), covariance, seed=1)
    assert found.effects[0] == pytest.approx([first, second], rel=1e-12)
    assert found.errors == pytest.approx(0, abs=1e-6)  # an order and its reverse are all there are


def test_are_effects_of_independent_inputs_their_squared_coefficients() -> None:
    slopes, spread = np.array([[3.0, -2.0, 0.0, 0.1]]), np.array([1.0, 2.0, 5.0, 0.3])
    found = shapley_effects(slopes, np.diag(spread**2), seed=1)
    assert found.effects == pytest.approx((slopes * spread) ** 2, rel=1e-12)


@pytest.mark.parametrize("size", [3, 5])
def test_are_they_those_of_brute_force_over_all_sets(size: int) -> None:
    covariance = random_covariance(size, size)
    slopes = np.random.default_rng(7).normal(size=(2, size))
    found = shapley_effects(slopes, covariance, 4000, seed=3)
    wanted = np.array([by_definition(row, covariance) for row in slopes])
    assert (np.abs(found.effects - wanted) < 4 * found.errors + 1e-9).all()
    assert (found.errors < 0.02 * wanted.sum(axis=1, keepdims=True)).all()


def test_do_they_add_up_to_the_variance_whatever_the_orders() -> None:
    covariance, slopes = random_covariance(12, 5), np.random.default_rng(1).normal(size=(3, 12))
    found = shapley_effects(slopes, covariance, 4, seed=3)
    variance = np.einsum("oi,ij,oj->o", slopes, covariance, slopes)
    assert found.effects.sum(axis=1) == pytest.approx(variance, rel=1e-10)


def test_has_an_input_that_neither_acts_nor_goes_with_another_no_effect() -> None:
    covariance = np.eye(4)
    covariance[:2, :2] = [[1, 0.9], [0.9, 1]]
    found = shapley_effects(np.array([[1.0, 0.0, 2.0, 0.0]]), covariance, seed=3)
    assert found.effects[0, 3] == 0
    assert found.effects[0, 1] > 0.3  # it does not act, but tells of one that does


def test_is_the_error_that_of_drawing_the_orders() -> None:
    covariance, slopes = random_covariance(6, 2), np.random.default_rng(4).normal(size=(1, 6))
    wanted = by_definition(slopes[0], covariance)
    found = [shapley_effects(slopes, covariance, 64, seed=seed) for seed in range(60)]
    off = np.array([(each.effects[0] - wanted) / each.errors[0] for each in found])
    assert 0.8 < np.sqrt(np.mean(off**2)) < 1.25
