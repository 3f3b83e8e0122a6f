"""Do the statistics of fit say what their definitions say?"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.evidence import Observation
from pujiang.experiment.goodness import Goodness, goodness
from pujiang.experiment.likelihood import Residual

"""The same examples every time, however long they take."""


def compared(observed: Any, modelled: Any, series: str = "s", role: str = "fit") -> list[Residual]:
    return [
        Residual(
            Observation(
                series,
                "here",
                2015 + i,
                float(o),
                "firm",
                "firms",
                "year_end",
                "normal",
                1.0,
                "abs",
                role,
                (),
                (),
                "",
                float(o),
                "firm",
            ),
            float(m),
            float(m - o),
        )
        for i, (o, m) in enumerate(zip(observed, modelled, strict=True))
    ]


def of(observed: Any, modelled: Any) -> Goodness:
    (found,) = goodness(compared(observed, modelled))
    return found


def test_a_shifted_series_has_all_its_error_in_the_bias() -> None:
    found = of([1, 2, 3, 4], [2, 3, 4, 5])
    assert (found.bias, found.variance, found.covariance) == pytest.approx((1, 0, 0), abs=1e-12)
    assert found.r_squared == pytest.approx(1 - 4 / 5)
    assert found.rmspe == pytest.approx(math.sqrt(np.mean([1, 1 / 4, 1 / 9, 1 / 16])))
    assert (found.count, found.worst, found.outcome, found.role) == (4, 1, "firms", "fit")


def test_a_stretched_series_has_all_its_error_in_the_variance() -> None:
    found = of([1, 2, 3], [0, 2, 4])
    assert (found.bias, found.variance, found.covariance) == pytest.approx((0, 1, 0), abs=1e-12)


def test_a_reversed_series_has_all_its_error_in_the_covariance() -> None:
    found = of([1, 2, 3], [3, 2, 1])
    assert (found.bias, found.variance, found.covariance) == pytest.approx((0, 0, 1), abs=1e-12)
    assert found.r_squared == pytest.approx(-3)


numbers = st.lists(st.tuples(st.floats(1, 100), st.floats(1, 100)), min_size=3, max_size=12)


@given(numbers)
def test_the_shares_of_the_error_are_those_of_theil(pairs: list[tuple[float, float]]) -> None:
    observed, modelled = np.array(pairs).T
    found = of(observed, modelled)
    mean_square = np.mean((modelled - observed) ** 2)
    if mean_square < 1e-6:
        return
    unequal = 2 * (
        observed.std() * modelled.std() - np.mean((observed - observed.mean()) * (modelled - modelled.mean()))
    )
    assert found.covariance == pytest.approx(unequal / mean_square, abs=1e-6)
    assert found.bias + found.variance + found.covariance == pytest.approx(1)
    assert min(found.bias, found.variance) >= 0
    assert found.covariance >= -1e-9


def test_a_perfect_fit_has_no_error_to_share() -> None:
    found = of([1, 2, 3], [1, 2, 3])
    assert (found.rmspe, found.r_squared, found.worst) == (0, 1, 0)
    assert math.isnan(found.bias)


def test_too_few_points_and_zeros_are_not_judged() -> None:
    assert math.isnan(of([1, 2], [2, 2]).r_squared)
    assert math.isnan(of([0, 1, 2], [1, 1, 1]).rmspe)
    assert math.isnan(of([2, 2, 2], [1, 2, 3]).r_squared)


def test_the_worst_error_keeps_its_sign() -> None:
    assert of([5, 5, 5], [6, 1, 7]).worst == -4


def test_series_and_roles_are_judged_apart_in_their_order() -> None:
    rows = compared([1, 2], [1, 2], "b") + compared([1], [1], "a") + compared([1], [3], "b", "check")
    found = goodness(rows + compared([4], [4], "b"))
    assert [(g.series, g.role, g.count) for g in found] == [("b", "fit", 3), ("a", "fit", 1), ("b", "check", 1)]
