"""Do delays start as stated, lose nothing, and answer as theory says?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, constant, dimension, flow, parameter, series, stock, unit
from pujiang.engine.profiles import line, steps
from pujiang.engine.system import build
from pujiang.errors import InputError
from pujiang.primitives import accumulate, delay1, delay3, fixed_delay, smooth, total, trend

UNITS = (unit("firm", "Firm."),)

Course = Callable[..., dict[str, Any]]


class growing:
    """A quantity that grows steadily, and what remembers it, started in that growth."""

    g = parameter(0.08, "1/year", "Growth.", basis=assumed("test"))
    lag = parameter(3.0, "year", "Lag.", basis=assumed("test"))
    x = stock(unit="firm", doc="What grows.", initial=1)

    @flow("firm/year", into=x)
    def growth(g, x):
        """Growth."""
        return g * x

    @auxiliary("firm")
    def once(x, lag, g):
        """Delayed, first order."""
        return delay1(x, lag, g)

    @auxiliary("firm")
    def thrice(x, lag, g):
        """Delayed, third order."""
        return delay3(x, lag, g)

    @auxiliary("firm")
    def smoothed(x, lag, g):
        """Smoothed."""
        return smooth(x, lag, x / (1 + g * lag))

    @auxiliary("1/year")
    def measured(x, lag, g):
        """Measured growth."""
        return trend(x, lag, g)


GROWING = build([growing], UNITS)


@pytest.mark.parametrize("g", [0.0, 0.08, 0.25, -0.05])
def test_a_delay_that_starts_in_growth_stays_in_growth(course: Course, g: float) -> None:
    found = course(GROWING, years=16.0, parameters={"g": g})
    x, lag = found["x"][:, 0], 3.0
    ratios = {
        "once": (1 + g * lag) ** -1,
        "thrice": (1 + g * lag / 3) ** -3,
        "smoothed": (1 + g * lag) ** -1,
    }
    for name, ratio in ratios.items():
        share = found[name][:, 0] / x
        assert share[0] == pytest.approx(ratio, rel=1e-14)
        assert np.abs(share / ratio - 1).max() < 1e-6, name
    assert np.abs(found["measured"][:, 0] - g).max() < 1e-6


class stepped:
    """A flow that jumps, and what comes out of delays of it."""

    lag = parameter(1.5, "year", "Lag.", basis=assumed("test"))
    wait = constant(1.25, "year", "Wait.", basis=assumed("test"))
    input_rate = series("firm/year", "A flow that jumps.")

    @auxiliary("firm/year")
    def once(input_rate, lag):
        """Delayed, first order."""
        return delay1(input_rate, lag)

    @auxiliary("firm/year")
    def thrice(input_rate, lag):
        """Delayed, third order."""
        return delay3(input_rate, lag)

    @auxiliary("firm/year")
    def smoothed(input_rate, lag):
        """Smoothed."""
        return smooth(input_rate, lag)

    @auxiliary("firm/year")
    def postponed(input_rate, wait):
        """Postponed."""
        return fixed_delay(input_rate, wait, 0)

    @auxiliary("firm")
    def entered(input_rate):
        """What has entered."""
        return accumulate(input_rate)

    @auxiliary("firm")
    def left(once):
        """What has left the first-order delay."""
        return accumulate(once)

    @auxiliary("firm")
    def left_thrice(thrice):
        """What has left the third-order delay."""
        return accumulate(thrice)

    @auxiliary("firm")
    def left_postponed(postponed):
        """What has left the fixed delay."""
        return accumulate(postponed)


STEPPED = build([stepped], UNITS)
JUMP = {"input_rate": steps([(2015.0, 2.0), (2016.0, 5.0)])}


def test_delays_answer_a_jump_as_theory_says(course: Course) -> None:
    found = course(STEPPED, years=8.0, series=JUMP, dt=1 / 32)
    since = np.maximum(found["time"] - 2016.0, 0.0)
    one = 1 - np.exp(-since / 1.5)
    k = 3 * since / 1.5
    three = 1 - np.exp(-k) * sum(k**i / math.factorial(i) for i in range(3))
    assert found["once"][:, 0] == pytest.approx(2 + 3 * one, rel=1e-7)
    assert found["smoothed"][:, 0] == pytest.approx(2 + 3 * one, rel=1e-7)
    assert found["thrice"][:, 0] == pytest.approx(2 + 3 * three, rel=1e-6)


def test_a_material_delay_loses_nothing(course: Course) -> None:
    """What entered is what left plus what is inside: the change of the content, seen from outside."""
    system = build([stepped, contents], UNITS)
    found = course(system, years=8.0, series=JUMP)
    for inside, outside in (("inside_once", "left"), ("inside_thrice", "left_thrice")):
        content = found[inside] - found[inside][0]
        assert content + found[outside] == pytest.approx(found["entered"], rel=1e-13, abs=1e-13)
        assert found[inside][0, 0] == pytest.approx(2.0 * 1.5, rel=1e-14)  # flow times lag, by Little's law


class contents:
    """The content of the delays, as stocks between their in- and outflow."""

    inside_once = stock(unit="firm", doc="In the first-order delay.", initial="steady_content")
    inside_thrice = stock(unit="firm", doc="In the third-order delay.", initial="steady_content")

    @auxiliary("firm")
    def steady_content(input_rate, lag):
        """Flow times lag."""
        return input_rate * lag

    @flow("firm/year", into=inside_once)
    def into_once(input_rate):
        """In."""
        return input_rate

    @flow("firm/year", out_of=inside_once)
    def out_of_once(once):
        """Out."""
        return once

    @flow("firm/year", into=inside_thrice)
    def into_thrice(input_rate):
        """In."""
        return input_rate

    @flow("firm/year", out_of=inside_thrice)
    def out_of_thrice(thrice):
        """Out."""
        return thrice


@pytest.mark.parametrize("method", ["rk4", "euler"])
@pytest.mark.parametrize("dt", [1 / 4, 1 / 16])
def test_a_fixed_delay_is_the_input_shifted(course: Course, method: str, dt: float) -> None:
    found = course(STEPPED, years=6.0, series=JUMP, method=method, dt=dt)
    shift = round(1.25 / dt)
    assert np.array_equal(found["postponed"][shift:, 0], JUMP["input_rate"].from_right(found["time"][:-shift]))
    assert (found["postponed"][:shift] == 0).all()
    assert found["left_postponed"][shift:] == pytest.approx(found["entered"][:-shift], rel=1e-14)


def test_a_fixed_delay_of_a_moving_input_is_shifted_to_rounding(course: Course) -> None:
    ramp = {"input_rate": line([(2015.0, 1.0), (2019.0, 9.0)])}
    found = course(STEPPED, years=6.0, series=ramp)
    shift = 20
    assert found["left_postponed"][shift:] == pytest.approx(found["entered"][:-shift], rel=1e-13, abs=1e-13)


def test_a_fixed_delay_longer_than_the_run_gives_what_was_before(course: Course) -> None:
    found = course(STEPPED, years=1.0, series=JUMP)
    assert (found["postponed"] == 0).all()


def test_a_fixed_delay_of_exactly_the_run_ends_on_the_first_input(course: Course) -> None:
    found = course(STEPPED, years=1.25, series=JUMP)
    assert list(found["postponed"][-2:, 0]) == [0, 2]


@pytest.mark.parametrize("dt", [1 / 3, 1 / 2, 2.0])
def test_a_fixed_delay_that_is_no_multiple_of_the_step_is_refused(course: Course, dt: float) -> None:
    with pytest.raises(InputError, match=r"the delay in postponed\.fixed_delay"):
        course(STEPPED, years=2.0, series=JUMP, dt=dt)


place = dimension("place", ("north", "south"), "Places.")


def test_what_comes_before_a_fixed_delay_may_move_and_differ_by_element(course: Course) -> None:
    class before:
        wait = constant(1.0, "year", "Wait.", basis=assumed("test"))
        birth = parameter({"north": 2.0, "south": 5.0}, "1/year", "Births.", over=place, basis=assumed("test"))
        history = series("1/year", "What was before.")

        @auxiliary("1/year", over=place)
        def late(birth, wait, history):
            """Postponed."""
            return fixed_delay(birth, wait, birth * 2 + history)

        @auxiliary("1/year")
        def all_late(late):
            """Sum."""
            return total(late, place)

    ramp = line([(2015.0, 0.0), (2017.0, 2.0)])
    found = course(build([before], UNITS), years=2.0, dt=1 / 4, series={"history": ramp})
    expected = np.array([4, 4.25, 4.5, 4.75, 2, 2, 2, 2, 2])
    assert list(found["late.north"][:, 0]) == list(expected)
    assert found["all_late"][0, 0] == 14


def test_two_delays_in_one_equation_are_kept_apart(course: Course) -> None:
    class two:
        short = constant(0.5, "year", "Wait.", basis=assumed("test"))
        long = constant(1.0, "year", "Wait.", basis=assumed("test"))
        input_rate = series("1", "Input.")

        @auxiliary("1")
        def difference(input_rate, short, long):
            """The difference of two delays, one of a delay."""
            return fixed_delay(fixed_delay(input_rate, short, 0), short, 0) - fixed_delay(input_rate, long, 0)

    found = course(build([two], UNITS), years=3.0, series={"input_rate": line([(2015.0, 1.0), (2018.0, 5.0)])})
    assert np.abs(found["difference"]).max() < 1e-15


def test_a_trend_of_nothing_is_nothing(course: Course) -> None:
    class none:
        lag = parameter(1.0, "year", "Lag.", basis=assumed("test"))

        @auxiliary("1/year")
        def measured(lag):
            """Trend of 0."""
            return trend(0 * lag, lag)

    assert (course(build([none], UNITS))["measured"] == 0).all()
