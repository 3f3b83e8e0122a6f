"""Are declarations values, and do priors do what they say?"""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pujiang import declare
from pujiang.declare import Prior, logitnormal, lognormal, normal

STEADY = settings(deadline=None, derandomize=True)
"""The same examples every time, however long they take."""

positive = st.floats(1e-3, 1e3)
shares = st.floats(0.02, 0.98)
standard = st.floats(-4, 4)


@STEADY
@given(positive, st.floats(0.01, 1.5), standard)
def test_z_inverts_the_value_of_a_lognormal_prior(median: float, sd: float, z: float) -> None:
    prior = lognormal(median, sd)
    assert prior.z(prior.value(z)) == pytest.approx(z, abs=1e-9)


@STEADY
@given(st.floats(-100, 100), positive, standard)
def test_z_inverts_the_value_of_a_normal_prior(mean: float, sd: float, z: float) -> None:
    prior = normal(mean, sd)
    assert prior.z(prior.value(z)) == pytest.approx(z, abs=1e-9 * (1 + abs(mean) / sd))


@STEADY
@given(shares, st.floats(0.005, 0.1), st.floats(-2, 2))
def test_z_inverts_the_value_of_a_logitnormal_prior(median: float, sd: float, z: float) -> None:
    prior = logitnormal(median, sd)
    value = prior.value(z)
    assert 0 <= value <= 1
    if 1e-6 < value < 1 - 1e-6:  # nearer to 1 a share has too few digits left to go back
        assert prior.z(value) == pytest.approx(z, abs=1e-6)


@STEADY
@given(st.sampled_from([lognormal(3, 0.4), normal(-2, 5), logitnormal(0.3, 0.05)]), standard, standard)
def test_a_higher_z_is_a_higher_value(prior: Prior, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert prior.value(low) <= prior.value(high)


@pytest.mark.parametrize("prior", [lognormal(3.0, 0.4), normal(-2.0, 5.0), logitnormal(0.3, 0.05)])
def test_the_center_is_at_z_zero(prior: Prior) -> None:
    assert prior.value(0.0) == pytest.approx(prior.center, rel=1e-15)
    assert prior.z(prior.center) == pytest.approx(0.0, abs=1e-15)


def test_the_spread_is_what_it_is_said_to_be() -> None:
    z = np.random.default_rng(1).standard_normal(200_000)
    log_sd = np.log(lognormal(3.0, 0.4).value(z)).std()
    sd = normal(-2.0, 5.0).value(z).std()
    slope = (logitnormal(0.3, 0.05).value(1e-5) - logitnormal(0.3, 0.05).value(-1e-5)) / 2e-5
    assert log_sd == pytest.approx(0.4, rel=0.01)
    assert sd == pytest.approx(5.0, rel=0.01)
    assert slope == pytest.approx(0.05, rel=1e-6)


DECLARED = [
    declare.dimension("place", ("a",), "Places."),
    declare.parameter(1.0, "1", "Doc.", source="test"),
    declare.constant(3.0, "year", "Doc.", source="test"),
    declare.series("1", "Doc."),
    declare.lever("1", "Doc.", default=None, bounds=(0, 1), source="test"),
    declare.table("1", ((0, 0), (1, 1)), "Doc.", source="test"),
    declare.stock(unit="firm", doc="Doc."),
    declare.switch("Doc."),
    declare.lognormal(1, 1),
]


@pytest.mark.parametrize("value", DECLARED, ids=lambda value: type(value).__name__)
def test_a_declaration_cannot_be_changed(value: Any) -> None:
    field = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)


def test_a_switch_is_one_in_every_real_run() -> None:
    switch = declare.switch("Cuts a loop.")
    assert (switch.default, switch.bounds, switch.test_only) == (1.0, (0.0, 1.0), True)


def test_a_table_called_with_numbers_is_linear_inside_and_clamped_outside() -> None:
    crowding = declare.table("1", ((0.0, 1.0), (1.0, 2.0), (3.0, -2.0)), "Doc.", source="test")
    assert list(crowding(np.array([-5.0, 0.0, 0.25, 1.0, 2.0, 3.0, 9.0]))) == [1, 1, 1.25, 2, 0, -2, -2]
    assert crowding(math.inf) == -2


def test_the_equation_of_a_declaration_can_be_called_with_numbers() -> None:
    y = declare.stock(unit="firm", doc="Doc.")

    @declare.flow("firm/year", into=y)
    def inflow(a, y):  # type: ignore[no-untyped-def]
        """Growth."""
        return a * y

    assert inflow.equation(a=2.0, y=3.0) == 6.0
    assert list(inflow.equation(a=2.0, y=np.array([1.0, 2.0]))) == [2.0, 4.0]
