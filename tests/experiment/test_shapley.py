"""Are Shapley values those of the definition, and do sampled ones stay within their stated error?"""

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from pujiang.experiment.explanation.shapley import Plan, plan_for


def by_definition(value: dict[frozenset[int], float], count: int) -> np.ndarray:
    """The mean over all orders of what each adds where it comes."""
    out = np.zeros(count)
    for order in permutations(range(count)):
        made: frozenset[int] = frozenset()
        for i in order:
            out[i] += value[made | {i}] - value[made]
            made |= {i}
    return out / factorial(count)


def game(count: int, seed: int = 0) -> dict[frozenset[int], float]:
    """A value for every coalition."""
    random = np.random.default_rng(seed)
    return {frozenset(i for i in range(count) if number >> i & 1): float(random.normal()) for number in range(2**count)}


def values_of(plan: Plan, value: dict[frozenset[int], float]) -> np.ndarray:
    return np.array([value[frozenset(np.flatnonzero(row).tolist())] for row in plan.coalitions])


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_exact_values_are_those_of_the_definition(count: int) -> None:
    value = game(count)
    plan = plan_for(count)
    found = plan.parts(values_of(plan, value))
    assert plan.exact
    assert found == pytest.approx(by_definition(value, count), rel=1e-12)
    assert not plan.coalitions[0].any()
    assert plan.coalitions[-1].all()


def test_a_product_of_two_by_hand() -> None:
    # (1 + a)(1 + b) with a = 1, b = 3: alone 1 and 3, together 7, so 1 + 3/2 and 3 + 3/2; jointly 3.
    plan = plan_for(2)
    values = np.array([2.0**a * 4.0**b for a, b in plan.coalitions])
    assert plan.parts(values) == pytest.approx([2.5, 4.5])
    assert plan.alone(values) == pytest.approx([1, 3])
    assert plan.taken_back(values) == pytest.approx([4, 6])
    assert plan.joint(values)[0, 1] == pytest.approx(3)


def test_equals_get_equal_parts_and_what_does_nothing_gets_none() -> None:
    plan = plan_for(3)
    values = np.array([np.sqrt(a + b) for a, b, _ in plan.coalitions.astype(float)])
    first, second, idle = plan.parts(values)
    assert first == pytest.approx(second, rel=1e-14)
    assert idle == 0


def test_the_joint_part_of_three_is_shared_among_their_pairs() -> None:
    # Only all three together do anything: each pair's index is that of 1, with or without the third, a half.
    plan = plan_for(3)
    values = plan.coalitions.all(axis=1).astype(float)
    assert plan.joint(values)[0, 1] == pytest.approx(0.5)
    assert plan.parts(values) == pytest.approx([1 / 3] * 3)


def test_sampled_parts_add_up_and_lie_within_their_error() -> None:
    count = 8
    random = np.random.default_rng(3)
    main, both = random.normal(size=count), random.normal(size=(count, count)) / 3

    def value(made: np.ndarray) -> float:
        return float(np.tanh(made @ main + made @ both @ made))

    exact, sampled = plan_for(count), plan_for(count, pairs=30)
    truth = exact.parts(np.array([value(row.astype(float)) for row in exact.coalitions]))
    values = np.array([value(row.astype(float)) for row in sampled.coalitions])
    found, error = sampled.parts(values), sampled.error(values)
    assert not sampled.exact
    assert found.sum() == pytest.approx(values[-1] - values[0], rel=1e-12)
    assert (np.abs(found - truth) <= 3.5 * error).all()
    assert (error > 0).all()
    assert exact.error(np.zeros(2**count)).max() == 0


def test_more_than_a_dozen_are_sampled() -> None:
    assert plan_for(12).exact
    assert not plan_for(13).exact
