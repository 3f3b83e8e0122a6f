"""Are the parts of an expression's difference those worked by hand, and do they add up?"""

import numpy as np
import pytest

from pujiang.engine.division import CAUSE, Formula, mean_slopes
from pujiang.engine.program import Operation
from pujiang.operations import EVALUATE

X, Y, Z = (Operation(CAUSE, (), place) for place in range(3))


def formula(*operations: Operation, causes: int = 2, points: tuple[tuple[float, float], ...] = ()) -> Formula:
    return Formula(tuple("xyz"[:causes]), operations, len(operations) - 1, (points,))


def parts(of: Formula, before: list[float], after: list[float]) -> np.ndarray:
    a, b = np.array(before, dtype=float)[:, None], np.array(after, dtype=float)[:, None]
    return (mean_slopes(of, a, b) * (b - a))[:, 0]


def test_a_product_gives_each_factor_half_of_what_they_do_together() -> None:
    # From 2 · 3 to 4 · 5: 14, of which (4 − 2) · (3 + 5) / 2 = 8 by x and (5 − 3) · (2 + 4) / 2 = 6 by y.
    assert parts(formula(X, Y, Operation("multiply", (0, 1))), [2, 3], [4, 5]) == pytest.approx([8, 6], rel=1e-12)


def test_a_sum_gives_each_its_own() -> None:
    assert parts(formula(X, Y, Operation("subtract", (0, 1))), [2, 3], [4, 9]) == pytest.approx([2, -6], rel=1e-12)


def test_a_ratio_is_divided_by_its_logarithms() -> None:
    # x / y with x from 1 to 1 and y from 1 to 2: all by y, −1/2.
    assert parts(formula(X, Y, Operation("divide", (0, 1))), [1, 1], [1, 2]) == pytest.approx([0, -0.5], rel=1e-11)


def test_where_the_binding_side_of_a_minimum_changes_each_counts_while_it_binds() -> None:
    # min(x, y), x from 0 to 4, y from 2 to 3: x binds until 4 s = 2 + s, s = 2/3, at 8/3; then y, for 1/3.
    of = formula(X, Y, Operation("minimum", (0, 1)))
    assert parts(of, [0, 2], [4, 3]) == pytest.approx([8 / 3, 1 / 3], rel=1e-9)


def test_two_that_are_equal_all_along_count_half_each() -> None:
    of = formula(X, Y, Operation("maximum", (0, 1)))
    assert parts(of, [1, 1], [3, 3]) == pytest.approx([1, 1], rel=1e-12)


def test_a_table_counts_by_the_stretch_it_is_read_on() -> None:
    # The table is flat to 1, rises by 2 a unit to 2, flat after; x + y from 0 to 3 passes all of it.
    of = formula(X, Y, Operation("add", (0, 1)), Operation("lookup", (2,), 0), points=((0, 0), (1, 0), (2, 2), (9, 2)))
    assert parts(of, [0, 0], [1, 2]) == pytest.approx([2 / 3, 4 / 3], rel=1e-9)


def test_a_switch_that_is_thrown_counts_beside_what_it_lets_in() -> None:
    # where(x, y, 1): from (0, 3) to (1, 5): 4; y counts half of its 2, the switch the mean of 3 − 1 and 5 − 1.
    one = Operation("constant", (), 1.0)
    of = formula(X, Y, one, Operation("where", (0, 1, 2)))
    assert parts(of, [0, 3], [1, 5]) == pytest.approx([3, 1], rel=1e-12)


def test_a_jump_is_divided_all_the_same() -> None:
    one, two = Operation("constant", (), 1.0), Operation("constant", (), 2.0)
    of = formula(X, Y, one, two, Operation("less", (0, 1)), Operation("where", (4, 3, 2)))
    found = parts(of, [0, 1], [2, 1])
    assert found.sum() == pytest.approx(-1, abs=1e-9)
    assert found[1] == 0


def test_the_degree_of_an_expression_counts_the_causes_that_move() -> None:
    # (x y + z) / z is a polynomial while z rests, and linear in x alone; none where z moves.
    of = formula(
        X, Y, Z, Operation("multiply", (0, 1)), Operation("add", (3, 2)), Operation("divide", (4, 2)), causes=3
    )
    assert of.degrees(np.array([True, True, False]))[3:] == [2, 2, 2]
    assert of.degrees(np.array([True, False, False]))[3:] == [1, 1, 1]
    assert of.degrees(np.array([True, False, True]))[3:] == [1, 1, np.inf]


def test_what_does_not_differ_has_no_part() -> None:
    of = formula(X, Y, Z, Operation("multiply", (0, 1)), Operation("multiply", (3, 2)), causes=3)
    assert parts(of, [2, 3, 7], [4, 3, 7])[1:] == pytest.approx([0, 0], abs=0)


@pytest.mark.parametrize("op", [name for name in EVALUATE if name not in ("where", "less", "less_equal", "floor")])
def test_the_slope_of_every_operation_is_that_of_small_differences(op: str) -> None:
    random = np.random.default_rng(1)
    arity = 1 if op in ("negative", "exp", "log", "sqrt", "sin", "cos", "arctan") else 2
    leaves = (X, Y)[:arity]
    of = Formula(("x", "y")[:arity], (*leaves, Operation(op, tuple(range(arity)))), arity, ())
    at, small = random.uniform(0.5, 2.5, (arity, 50)), 1e-6
    slopes = of.slopes(at, of.degrees(np.ones(arity, dtype=bool)))
    for place in range(arity):
        step = np.zeros((arity, 1))
        step[place] = small
        assert slopes[place] == pytest.approx(
            (of.value(at + step) - of.value(at - step)) / (2 * small), rel=1e-6, abs=1e-6
        )


def test_rounding_does_not_make_it_look_for_kinks_without_end() -> None:
    # 1e9 + x − 1e9: what x adds is lost in rounding by a ten-millionth.
    large = Operation("constant", (), 1e9)
    of = Formula(("x",), (X, large, Operation("add", (0, 1)), Operation("subtract", (2, 1))), 3, ())
    assert parts(of, [0.1], [0.3]) == pytest.approx([0.2], abs=1e-6)
