"""Does the arithmetic have the order it should, and does it hit the exact solutions there are?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, constant, flow, parameter, series, stock, unit
from pujiang.engine.profiles import line
from pujiang.engine.system import build
from pujiang.primitives import accumulate, delay1, delay3, fixed_delay, smooth, sqrt, trend

UNITS = (unit("firm", "Firm."),)

Course = Callable[..., dict[str, Any]]


class smooth_system:
    """Everything that remembers, fed by a smooth growth that is limited."""

    rate = parameter(1.1, "1/year", "Growth.", basis=assumed("test"))
    room = parameter(50.0, "firm", "Room.", basis=assumed("test"))
    lag = parameter(0.8, "year", "A lag.", basis=assumed("test"))
    wait = constant(1.0, "year", "A wait.", basis=assumed("test"))
    y = stock(unit="firm", doc="Firms.", initial=1)
    z = stock(unit="firm", doc="What follows late.", initial=0, signed=True)

    @flow("firm/year", into=y)
    def growth(rate, y, room):
        """Limited growth."""
        return rate * y * (1 - y / room)

    @flow("firm/year", into=z)
    def following(growth, lag, y, z, wait, rate):
        """Delays of every kind, one on another."""
        return (
            delay3(growth, lag, rate)
            + delay1(growth, lag)
            + smooth(y, lag) / lag
            + trend(y, lag) * y
            + fixed_delay(growth, wait, 0)
            - z / lag
        )

    @auxiliary("firm*year")
    def gathered(y):
        """Integral of the firms."""
        return accumulate(y)

    @auxiliary("firm")
    def all_together(y, z, gathered, lag):
        """A number that depends on everything."""
        return y + z + gathered / lag


SMOOTH = build([smooth_system], UNITS)


def observed_order(course: Course, method: str, name: str, coarsest: int) -> list[float]:
    """Orders of convergence from three successive halvings of the step."""
    ends = [
        float(course(SMOOTH, method=method, dt=1 / n, years=3.0)[name][-1, 0])
        for n in (coarsest, 2 * coarsest, 4 * coarsest, 8 * coarsest)
    ]
    errors = np.abs(np.diff(ends))
    return list(np.log2(errors[:-1] / errors[1:]))


@pytest.mark.parametrize("name", ["y", "z", "gathered", "all_together"])
def test_runge_kutta_is_of_fourth_order_with_everything_that_remembers(course: Course, name: str) -> None:
    orders = observed_order(course, "rk4", name, 8)
    assert min(orders) >= 3.7, orders


@pytest.mark.parametrize("name", ["y", "z", "gathered", "all_together"])
def test_euler_is_of_first_order(course: Course, name: str) -> None:
    assert observed_order(course, "euler", name, 64)[-1] == pytest.approx(1.0, abs=0.1)


class decay:
    half = parameter(0.7, "1/year", "Decay.", basis=assumed("test"))
    y = stock(unit="firm", doc="Firms.", initial=1)

    @flow("firm/year", out_of=y)
    def loss(half, y):
        """Loss."""
        return half * y


class polynomial:
    input_rate = series("firm/year", "A straight line.")
    y = stock(unit="firm", doc="Firms.", initial=0)

    @flow("firm/year", into=y)
    def gain(input_rate):
        """Gain."""
        return input_rate

    @auxiliary("firm*year")
    def double_integral(y):
        """Second integral."""
        return accumulate(y)


@pytest.mark.parametrize(("method", "order"), [("rk4", 4), ("euler", 1)])
def test_decay_has_the_error_of_the_method_and_no_other(course: Course, method: str, order: int) -> None:
    """The numbers are those of the method worked by hand: y(n) = (stability polynomial)^n."""
    found = course(build([decay], UNITS), method=method, dt=1 / 4)["y"][:, 0]
    h = -0.7 / 4
    growth = sum(h**k / np.prod(np.arange(1, k + 1)) for k in range(order + 1))
    assert found == pytest.approx(growth ** np.arange(len(found)), rel=1e-13)


def test_decay_converges_to_the_exact_solution(course: Course) -> None:
    found = course(build([decay], UNITS), dt=1 / 64)
    elapsed = found["time"] - 2015
    first_term_left_out = 0.7 * elapsed[-1] * (0.7 / 64) ** 4 / 120
    assert found["y"][:, 0] == pytest.approx(np.exp(-0.7 * elapsed), rel=1.02 * first_term_left_out)


def test_a_straight_line_is_integrated_without_error(course: Course) -> None:
    """Runge-Kutta is exact up to cubic polynomials, so the integral and its integral are exact."""
    ramp = line([(2015.0, 1.0), (2018.0, 7.0)])
    found = course(build([polynomial], UNITS), series={"input_rate": ramp}, dt=1 / 4)
    t = found["time"] - 2015
    assert found["y"][:, 0] == pytest.approx(t + t**2, abs=1e-12)
    assert found["double_integral"][:, 0] == pytest.approx(t**2 / 2 + t**3 / 3, abs=1e-12)
    assert found["gain:moved"].cumsum(axis=0)[:, 0] == pytest.approx((t + t**2)[1:], abs=1e-12)


def test_what_a_flow_moved_is_what_the_stock_gained(course: Course) -> None:
    found = course(SMOOTH)
    for stock_name, flow_name in (("y", "growth"), ("z", "following")):
        moved = found[f"{flow_name}:moved"].cumsum(axis=0)
        gained = found[stock_name][1:] - found[stock_name][0]
        assert moved == pytest.approx(gained, rel=1e-13, abs=1e-13)


def test_time_is_the_calendar(course: Course) -> None:
    class clock:
        first = constant(2015.0, "year", "Start.", basis=assumed("test"))

        @auxiliary("year")
        def now(time):
            """Now."""
            return time

        @auxiliary("year^0.5")
        def elapsed_root(time, first):
            """A root of a quantity with a unit."""
            return sqrt(time - first)

    found = course(build([clock], UNITS), dt=1 / 12, years=2)
    assert np.array_equal(found["now"][:, 0], found["time"])
    assert found["time"][12] == 2016.0
    assert found["time"][24] == 2017.0
