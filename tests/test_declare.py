"""Are declarations values, and do priors do what they say?"""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang import declare
from pujiang.declare import Prior, logitnormal, lognormal, normal

"""The same examples every time, however long they take."""

positive = st.floats(1e-3, 1e3)
shares = st.floats(0.02, 0.98)
standard = st.floats(-4, 4)


@given(positive, st.floats(0.01, 1.5), standard)
def test_z_inverts_the_value_of_a_lognormal_prior(median: float, sd: float, z: float) -> None:
    prior = lognormal(median, sd)
    assert prior.z(prior.value(z)) == pytest.approx(z, abs=1e-9)


@given(st.floats(-100, 100), positive, standard)
def test_z_inverts_the_value_of_a_normal_prior(mean: float, sd: float, z: float) -> None:
    prior = normal(mean, sd)
    assert prior.z(prior.value(z)) == pytest.approx(z, abs=1e-9 * (1 + abs(mean) / sd))


@given(shares, st.floats(0.005, 0.1), st.floats(-2, 2))
def test_z_inverts_the_value_of_a_logitnormal_prior(median: float, sd: float, z: float) -> None:
    prior = logitnormal(median, sd)
    value = prior.value(z)
    assert 0 <= value <= 1
    if 1e-6 < value < 1 - 1e-6:  # nearer to 1 a share has too few digits left to go back
        assert prior.z(value) == pytest.approx(z, abs=1e-6)


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


def test_the_value_is_the_center_of_the_prior_unless_the_search_starts_elsewhere() -> None:
    place = declare.dimension("place", ("north", "south"), "Places.")
    basis = declare.assumed("test")
    one = declare.parameter(lognormal(2.0, 0.1), "1", "Doc.", bounds=(0, 9), basis=basis)
    other = declare.parameter(lognormal(2.0, 0.1), "1", "Doc.", bounds=(0, 9), start=3.0, basis=basis)
    both = {"north": normal(1.0, 0.1), "south": 4.0}
    mixed = declare.parameter(both, "1", "Doc.", over=place, bounds=(0, 9), start={"north": 2.0}, basis=basis)
    fixed = declare.parameter(5.0, "1", "Doc.", basis=basis)
    assert (one.value, other.value, fixed.value) == (2.0, 3.0, 5.0)
    assert (one.prior, other.prior, fixed.prior) == (lognormal(2.0, 0.1), lognormal(2.0, 0.1), None)
    assert mixed.value == {"north": 2.0, "south": 4.0}
    assert mixed.prior == {"north": normal(1.0, 0.1)}


def test_a_basis_reads_as_its_kind_and_its_reason() -> None:
    assert str(declare.by_definition("three years")) == "definition: three years"


def test_an_element_is_called_by_its_label() -> None:
    place = declare.dimension("place", {"n": "The north", "far_south": "The far south"}, "Places.")
    assert place.elements == ("n", "far_south")
    assert [place.label(element) for element in place.elements] == ["The north", "The far south"]
    assert declare.dimension("place", ("far_south",), "Places.").label("far_south") == "Far south"


DECLARED = [
    declare.dimension("place", ("a",), "Places."),
    declare.parameter(1.0, "1", "Doc.", basis=declare.assumed("test")),
    declare.constant(3.0, "year", "Doc.", basis=declare.assumed("test")),
    declare.series("1", "Doc."),
    declare.lever("1", "Doc.", default=None, bounds=(0, 1), basis=declare.assumed("test")),
    declare.table("1", ((0, 0), (1, 1)), "Doc.", basis=declare.assumed("test")),
    declare.stock("firm", "Doc."),
    declare.cut("a", "b"),
    declare.loop("R1", ("a", "b"), "Doc.", cut=("a", "b")),
    declare.lognormal(1, 1),
]


@pytest.mark.parametrize("value", DECLARED, ids=lambda value: type(value).__name__)
def test_a_declaration_cannot_be_changed(value: Any) -> None:
    field = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)


def test_a_loop_has_the_polarity_of_its_code_and_what_is_held_for_each_of_its_cuts() -> None:
    loop = declare.loop("B2", ("a", "b"), "Doc.", cut=(("a", "b"), ("c", "b")), held=("opening", "zero"))
    assert loop.polarity == "balancing"
    assert [(cut.cause, cut.effect, cut.held) for cut in loop.cuts] == [("a", "b", "opening"), ("c", "b", "zero")]
    assert declare.loop("R2", ("a", "b"), "Doc.", cut=("a", "b")).cuts[0].held == "opening"


def test_a_table_called_with_numbers_is_linear_inside_and_clamped_outside() -> None:
    crowding = declare.table("1", ((0.0, 1.0), (1.0, 2.0), (3.0, -2.0)), "Doc.", basis=declare.assumed("test"))
    assert list(crowding(np.array([-5.0, 0.0, 0.25, 1.0, 2.0, 3.0, 9.0]))) == [1, 1, 1.25, 2, 0, -2, -2]
    assert crowding(math.inf) == -2


def test_the_equation_of_a_declaration_can_be_called_with_numbers() -> None:
    y = declare.stock("firm", "Doc.")

    @declare.flow("firm/year", into=y)
    def inflow(a, y):  # type: ignore[no-untyped-def]
        """Growth."""
        return a * y

    assert inflow.equation(a=2.0, y=3.0) == 6.0
    assert list(inflow.equation(a=2.0, y=np.array([1.0, 2.0]))) == [2.0, 4.0]
