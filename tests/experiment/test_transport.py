"""Does the map know its own density, and do its weighted draws have the moments of the posterior?"""

from dataclasses import replace

import numpy as np
import pytest

from pujiang.errors import InputError
from pujiang.experiment.posterior import mixing, start, thinned, walk
from pujiang.experiment.transport import Transport, transport

WIDE = np.full(2, 50.0)
SHARP = 0.05


def bent(x: np.ndarray) -> np.ndarray:
    """A banana: the second direction is known to a twentieth, and bends with the square of the first."""
    return np.stack([(x[1] - 0.5 * x[0] ** 2) / SHARP, x[0], 0.1 * x[1]])


def straight(x: np.ndarray) -> np.ndarray:
    """A normal posterior: mean (1, -1), sd (1, .5)."""
    return np.stack([x[0] - 1, (x[1] + 1) / 0.5])


def jacobian(of, center: np.ndarray) -> np.ndarray:
    step = 1e-6
    return np.stack(
        [
            (of(center[:, None] + step * e[:, None]) - of(center[:, None] - step * e[:, None]))[:, 0] / (2 * step)
            for e in np.eye(len(center))
        ],
        axis=1,
    )


def map_of(residuals, center: np.ndarray, sharp: int, low: np.ndarray = -WIDE, high: np.ndarray = WIDE) -> Transport:
    made = transport(residuals, center, jacobian(residuals, center), low, high)
    return replace(made, sharp=sharp)


@pytest.mark.parametrize("sharp", [0, 1, 2])
def test_of_a_normal_posterior_every_draw_weighs_the_same(sharp: int) -> None:
    made = map_of(straight, np.array([1.0, -1.0]), sharp)
    _, weights = made.draws(np.random.default_rng(1).standard_normal((2, 500)))
    assert np.ptp(weights) < 1e-6


def test_bending_the_sharp_direction_makes_draws_count() -> None:
    normals = np.random.default_rng(2).standard_normal((2, 4000))
    shares = []
    for sharp in (0, 1):
        _, weights = map_of(bent, np.zeros(2), sharp).draws(normals)
        p = np.exp(weights - weights.max())
        shares.append(p.sum() ** 2 / np.sum(p**2) / len(p))
    assert shares[0] < 0.15
    assert shares[1] > 0.9


def test_last_bits_do_not_choose_the_draws() -> None:
    """Directions that only priors know are equally sharp: which of them are picked must not show."""
    size = 30
    random = np.random.default_rng(5)
    known = random.standard_normal((17, size)) / 0.1

    def residuals(x: np.ndarray) -> np.ndarray:
        return np.concatenate([known @ (x + 0.1 * x**2), x])

    exact = np.concatenate([known, np.eye(size)])
    nearly = exact * (1 + 1e-13 * random.standard_normal(exact.shape))
    normals, bound = random.standard_normal((size, 50)), np.full(size, 50.0)
    (one, first), (other, second) = (
        transport(residuals, np.zeros(size), slopes, -bound, bound).draws(normals) for slopes in (exact, nearly)
    )
    np.testing.assert_allclose(one, other, atol=1e-8)
    np.testing.assert_allclose(first, second, rtol=1e-8)


def test_the_map_keeps_volume_so_that_weights_are_exact() -> None:
    """Its Jacobian determinant, by differences at points where the ridge bends, is that of the basis everywhere."""
    made = map_of(bent, np.zeros(2), 1)
    for point in np.random.default_rng(3).standard_normal((5, 2)):
        at = lambda w: made.draws(w[:, None])[0][:, 0]  # noqa: E731
        columns = [(at(point + 1e-5 * e) - at(point - 1e-5 * e)) / 2e-5 for e in np.eye(2)]
        assert abs(np.linalg.det(np.stack(columns, axis=1))) == pytest.approx(abs(np.linalg.det(made.basis)), rel=1e-6)


def test_weighted_draws_have_the_moments_of_the_posterior() -> None:
    """Of the banana they are known by quadrature."""
    grid = np.stack(np.meshgrid(np.linspace(-5, 5, 401), np.linspace(-1, 13, 1401), indexing="ij")).reshape(2, -1)
    density = np.exp(-0.5 * np.sum(bent(grid) ** 2, axis=0))
    density /= density.sum()
    points, weights = map_of(bent, np.zeros(2), 1).draws(np.random.default_rng(4).standard_normal((2, 40_000)))
    p = np.exp(weights - weights.max())
    p /= p.sum()
    assert points @ p == pytest.approx(grid @ density, abs=0.02)
    assert points**2 @ p == pytest.approx(grid**2 @ density, rel=0.05)


def test_a_point_outside_the_bounds_weighs_nothing() -> None:
    made = map_of(straight, np.array([1.0, -1.0]), 1, low=np.array([0.5, -50.0]))
    points, weights = made.draws(np.random.default_rng(5).standard_normal((2, 500)))
    assert np.array_equal(np.isneginf(weights), points[0] < 0.5)


def test_chains_settle_on_the_posterior_inside_its_bounds() -> None:
    made = map_of(straight, np.array([1.0, -1.0]), 1, low=np.array([1.0, -50.0]))
    chains = walk(made, start(2, seed=6), steps=60)
    draws = chains.draws
    assert draws.shape == (4, 960, 2)
    assert draws[..., 0].min() >= 1
    assert draws[..., 0].mean() == pytest.approx(1 + np.sqrt(2 / np.pi), abs=0.05)  # half a normal
    assert draws[..., 1].std() == pytest.approx(0.5, rel=0.05)
    assert mixing({"first": draws[..., 0], "second": draws[..., 1]}).converged


def test_chains_correct_a_map_that_is_wrong() -> None:
    """A map twice too wide and off its centre still leaves the posterior as it is."""
    slopes = jacobian(straight, np.array([1.0, -1.0]))
    wrong = Transport(straight, np.array([1.6, -1.2]), np.eye(2), np.diag([2.0, 1.0]), slopes, -WIDE, WIDE, 0)
    draws = walk(wrong, start(2, seed=7), steps=300).draws
    assert draws.mean(axis=(0, 1)) == pytest.approx([1.0, -1.0], abs=0.06)
    assert draws.std(axis=(0, 1)) == pytest.approx([1.0, 0.5], rel=0.06)


def test_a_walk_that_was_stopped_goes_on_as_if_it_had_not_been() -> None:
    made = map_of(bent, np.zeros(2), 1)
    whole = walk(made, start(2, seed=8), steps=12).draws
    parted = walk(made, walk(made, start(2, seed=8), steps=5), steps=12).draws
    assert np.array_equal(whole, parted)


def test_chains_that_stand_apart_are_told() -> None:
    random = np.random.default_rng(9)
    good = random.standard_normal((4, 500))
    found = mixing({"good": good, "apart": good + np.arange(4)[:, None]})
    assert found.rhat["good"] < 1.01
    assert found.rhat["apart"] > 1.2
    assert not found.converged
    assert mixing({"good": random.standard_normal((4, 500))}).converged


def test_chains_begin_where_few_draws_lie_within_the_bounds() -> None:
    """Of a set of 64 draws hardly one lies three standard deviations up: sets are drawn until every chain has one."""
    made = map_of(straight, np.array([1.0, -1.0]), 1, low=np.array([4.0, -50.0]))
    draws = walk(made, start(2, seed=2), steps=5).draws
    assert draws[..., 0].min() >= 4


def test_bounds_that_leave_nothing_are_said_to_be_so() -> None:
    made = map_of(straight, np.array([1.0, -1.0]), 1, low=np.array([40.0, -50.0]))
    with pytest.raises(InputError, match="hardly any draw"):
        walk(made, start(2, seed=1), steps=2)


def test_thinned_draws_are_of_every_chain_and_each_but_once() -> None:
    draws = np.arange(4 * 10, dtype=float).reshape(4, 10, 1)
    few = thinned(draws, 8, seed=1)[:, 0]
    assert len(set(few)) == 8
    assert {int(value) // 10 for value in few} == {0, 1, 2, 3}
    assert sorted(thinned(draws, 40, seed=1)[:, 0]) == list(range(40))
    with pytest.raises(ValueError, match="41 draws of 40"):
        thinned(draws, 41, seed=1)
