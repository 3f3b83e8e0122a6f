"""Do designs put points where they promise, the same ones in any portions?"""

from itertools import pairwise

import numpy as np
import pytest

from pujiang.errors import InputError
from pujiang.experiment.designs import (
    Design,
    check_size,
    latin_hypercube,
    morris,
    morris_step,
    saltelli,
    sampler,
)


def test_does_a_latin_hypercube_have_one_point_a_slice() -> None:
    points = latin_hypercube(3, 40, seed=1)
    assert points.shape == (3, 40)
    for row in np.floor(points * 40).astype(int):
        assert sorted(row) == list(range(40))


@pytest.mark.parametrize("kind", ["lhs", "sobol", "saltelli", "morris"])
def test_are_points_the_same_in_any_portions(kind: str) -> None:
    design = Design(kind, 16, 5)  # type: ignore[arg-type]
    count = design.points(3)
    whole = sampler(design, 3)(0, count)
    assert whole.shape == (3, count)
    assert ((whole >= 0) & (whole <= 1)).all()
    again = sampler(design, 3)
    cuts = [0, 1, 7, 8, 16, count]
    parts = [again(start, stop) for start, stop in pairwise(cuts) if stop <= count]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)
    np.testing.assert_array_equal(again(3, 9), whole[:, 3:9])  # out of turn: gone back to


@pytest.mark.parametrize("kind", ["lhs", "sobol", "saltelli", "morris"])
def test_does_the_seed_decide(kind: str) -> None:
    first, same, other = (sampler(Design(kind, 16, seed), 3)(0, 16) for seed in (5, 5, 6))  # type: ignore[arg-type]
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_does_a_saltelli_design_exchange_one_input_a_page() -> None:
    points = saltelli(3, 8, seed=2)
    a, b, *pages = np.split(points, 5, axis=1)
    assert (a != b).all()
    for i, page in enumerate(pages):
        expected = a.copy()
        expected[i] = b[i]
        np.testing.assert_array_equal(page, expected)


def test_does_a_morris_walk_change_every_input_once_by_one_step() -> None:
    points = morris(4, 50, seed=3)
    moves = np.diff(points.T.reshape(50, 5, 4), axis=1)
    np.testing.assert_allclose(np.abs(moves).sum(axis=1), morris_step(), rtol=1e-12)
    assert ((moves != 0).sum(axis=2) == 1).all()
    assert set(np.round(points.ravel() * 3, 9)) == {0.0, 1.0, 2.0, 3.0}
    assert 0.3 < (moves[moves != 0] < 0).mean() < 0.7


@pytest.mark.parametrize("kind", ["sobol", "saltelli"])
@pytest.mark.parametrize(("size", "near"), [(1000, "512 and 1024"), (3, "2 and 4")])
def test_is_a_size_out_of_balance_refused(kind: str, size: int, near: str) -> None:
    with pytest.raises(InputError, match=rf"^design.size: found {size}, .* power of two.*nearest: {near}$"):
        check_size(Design(kind, size))  # type: ignore[arg-type]
    check_size(Design(kind, 1024))  # type: ignore[arg-type]
    check_size(Design("lhs", size))
