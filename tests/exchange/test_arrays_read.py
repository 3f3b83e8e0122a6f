"""Are functions of whole arrays what the field's tools make of them? Against numbers worked out by hand."""

import numpy as np
import pytest

from pujiang.errors import InputError
from tests.exchange.running import MakeModel, run

THREE = "one : a, b, c"


def test_the_inverse_of_a_matrix(vensim: MakeModel) -> None:
    found = run(
        vensim(
            "row : a, b, c",
            "column : a, b, c",
            "m[row, column] = 3, 0, 2; 2, 0, -2; 0, 1, 1;",
            "i[row, column] = INVERT MATRIX(m[row, column], 3)",
        )
    )
    inverse = [[0.2, 0.2, 0], [-0.2, 0.3, 1], [0.2, -0.3, 0]]
    for r, row in enumerate("abc"):
        for c, column in enumerate("abc"):
            assert found[f"i_{row}_{column}"][0] == pytest.approx(inverse[r][c], abs=1e-15)


@pytest.mark.parametrize(
    ("action", "expected"),
    [(0, 2 * 7 + 3 * 11), (2, 14), (3, 33), (4, 23.5), (5, 7**2 * 11**3), (6, 18), (7, 77), (8, 7), (9, 11), (10, 9)],
)
def test_what_is_selected_of_an_array(vensim: MakeModel, action: int, expected: float) -> None:
    found = run(
        vensim(
            THREE,
            "x[one] = 5, 7, 11",
            "which[one] = 0, 2, 3",
            "nothing[one] = 0",
            f"made = VECTOR SELECT(which[one!], x[one!], -1, {action}, 0)",
            f"chosen late = VECTOR SELECT(which[one!], x[one!], -1, STEP({action}, 5), 0)",
            f"none = VECTOR SELECT(nothing[one!], x[one!], -1, {action}, 0)",
        )
    )
    assert found["made"][0] == pytest.approx(expected)
    assert found["chosen_late"][0] == 2 * 7 + 3 * 11
    assert found["chosen_late"][-1] == pytest.approx(expected)
    assert found["none"][0] == -1


def test_a_supply_goes_to_whom_stands_higher(vensim: MakeModel) -> None:
    """10 (3 - p) / 4 + 6 (1 - p) / 4 = 8 at the level p = 1/4, and 10 (3 - p) / 4 = 4 at 7/5."""
    model = vensim(
        "one : a, b",
        "asked[one] = 10, 6",
        "priority[one] = 3, 1",
        "supply = 4 * (1 + STEP(1, 1) + STEP(2, 2))",
        "given[one] = ALLOCATE BY PRIORITY(asked[one], priority[one], ELMCOUNT(one), 4, supply)",
    )
    found = run(model)
    assert [found["given_a"][i] for i in (0, 2, 4)] == pytest.approx([4, 6.875, 10])
    assert [found["given_b"][i] for i in (0, 2, 4)] == pytest.approx([0, 1.125, 6])


def test_an_array_is_sorted(vensim: MakeModel) -> None:
    found = run(
        vensim(
            "one : a, b, c, d",
            "x[one] = 30, 10, 20, 10",
            "order[one] = VECTOR SORT ORDER(x[one], 1)",
            "down[one] = VECTOR SORT ORDER(x[one], 0)",
            "rank[one] = VECTOR RANK(x[one], 1)",
            "sorted[one] = VECTOR REORDER(x[one], order[one])",
        )
    )
    assert [found[f"order_{e}"][0] for e in "abcd"] == [1, 3, 2, 0]
    assert [found[f"down_{e}"][0] for e in "abcd"] == [0, 2, 3, 1]
    assert [found[f"rank_{e}"][0] for e in "abcd"] == [4, 1, 3, 2]
    assert [found[f"sorted_{e}"][0] for e in "abcd"] == [10, 10, 20, 30]


@pytest.mark.parametrize(
    ("equation", "named"),
    [
        ("y = VECTOR SELECT(x[one!], x[one!], 0, 11, 0)", "VECTOR SELECT by action 11 is not read"),
        ("y = VECTOR SELECT(x[one!], x[one!], 0, 0, 3)", "VECTOR SELECT that stops a run by its last argument"),
        ("y[one] = INVERT MATRIX(x[one], 3)", "the inverse of a matrix of 1 by 3 is not read"),
        ("y[one] = ALLOCATE AVAILABLE(x[one], x[one], 3)", "ALLOCATE AVAILABLE is not read"),
    ],
)
def test_other_forms_are_refused_by_name(vensim: MakeModel, equation: str, named: str) -> None:
    with pytest.raises(InputError, match=f"small.mdl:10: y: {named}"):
        vensim(THREE, "x[one] = 5, 7, 11", equation)


def test_a_delay_of_any_order_keeps_the_time_of_what_is_under_way(vensim: MakeModel) -> None:
    """Of two stages the second takes the time that the first had a step ago."""
    found = run(vensim("x = 1 + STEP(1, 2)", "lag = 4 + STEP(2, 6)", "late = DELAY N(x, lag, 3, 2)"))
    lags, first, second = found["lag"], 3 * 2.0, 3 * 2.0
    for step, x in enumerate(found["x"]):
        mine, before = lags[step] / 2, lags[max(step - 1, 0)] / 2
        assert found["late"][step] == pytest.approx(second / before, rel=1e-12)
        first, second = first + 0.5 * (x - first / mine), second + 0.5 * (first / mine - second / before)


def test_the_time_with_an_offset(vensim: MakeModel) -> None:
    found = run(vensim("x = GET TIME VALUE(0, 2.5, 0)"))["x"]
    assert found.tolist() == (np.arange(41) / 2 + 2.5).tolist()
    with pytest.raises(InputError, match="GET TIME VALUE of more than the time now"):
        vensim("x = GET TIME VALUE(2, 0, 1)")
