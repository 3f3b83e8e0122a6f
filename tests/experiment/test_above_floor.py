"""Distances above a reported floor, held against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from pujiang.experiment.above_floor import log_normal_below, residual_above_floor

SIZES = st.floats(1e-3, 2.0)


@given(st.floats(-1e6, 40.0))
def test_what_lies_below_is_what_scipy_has(z: float) -> None:
    assert log_normal_below(z) == pytest.approx(special.log_ndtr(z), rel=1e-12, abs=1e-300)


def test_of_no_number_nothing_is_known() -> None:
    assert np.isnan(residual_above_floor(np.array([np.nan, 0.1]), 0.1, 0.02)).tolist() == [True, False]


def test_where_the_series_takes_over_there_is_no_step() -> None:
    z = np.linspace(-30.01, -29.99, 201)
    np.testing.assert_allclose([log_normal_below(x) for x in z], special.log_ndtr(z), rtol=1e-14)


@given(sd=SIZES, error=SIZES)
def test_the_density_is_that_of_a_skew_normal(sd: float, error: float) -> None:
    shape, scale = sd / error, np.hypot(sd, error)
    found = optimize.minimize_scalar(
        lambda x: -float(stats.skewnorm.logpdf(x, shape, scale=scale)), bounds=(0, 3 * scale), method="bounded",
        options={"xatol": 1e-12},
    )  # fmt: skip
    distance = np.linspace(-3 * scale, 4 * scale, 29)
    expected = 2 * (found.fun * -1 - stats.skewnorm.logpdf(distance, shape, scale=scale))
    given_here = residual_above_floor(distance, sd, error)
    np.testing.assert_allclose(given_here**2, expected, rtol=1e-7, atol=1e-7)
    assert (np.sign(given_here) == np.sign(distance - found.x))[np.abs(distance - found.x) > 1e-6 * scale].all()
