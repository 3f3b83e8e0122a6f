"""Do the primitives keep what they promise, and mean the same with numbers as in the engine?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pujiang import primitives
from pujiang.declare import assumed, auxiliary, constant, dimension, parameter, table
from pujiang.engine import reference
from pujiang.engine.batch import Grid, Record, batch_of
from pujiang.engine.system import build
from pujiang.operations import PRIMITIVES
from pujiang.primitives import (
    accumulate,
    clip,
    delay1,
    delay3,
    element,
    exp,
    fixed_delay,
    log,
    maximum,
    minimum,
    only,
    safe_divide,
    smooth,
    smooth_minimum,
    spread,
    sqrt,
    total,
    trend,
    where,
)

"""The same examples every time, however long they take."""

industry = dimension("industry", ("ic", "biomedicine", "ai"), "Industries.")
amounts = st.floats(0, 1e12) | st.floats(0, 1e-290) | st.sampled_from([0.0, 1e-300, 5e-324, 1e300])
plain = st.floats(1e-6, 1e6)
sharpness = st.floats(1, 12)


@given(amounts, amounts, sharpness)
def test_smooth_minimum_lies_below_both_and_not_below_half_the_smaller(a: float, b: float, k: float) -> None:
    found = smooth_minimum(a, b, k)
    assert 0 <= found <= min(a, b)
    assert found >= min(a, b) * 0.5 ** (1 / k) * (1 - 1e-12) - 5e-324


@given(amounts, sharpness)
def test_smooth_minimum_is_zero_where_either_is(a: float, k: float) -> None:
    assert smooth_minimum(a, 0.0, k) == 0
    assert smooth_minimum(0.0, a, k) == 0


@given(amounts, amounts, sharpness)
def test_smooth_minimum_is_symmetric(a: float, b: float, k: float) -> None:
    assert smooth_minimum(a, b, k) == smooth_minimum(b, a, k)


@given(plain, plain, sharpness, st.floats(1e-9, 1e9))
def test_smooth_minimum_is_homogeneous(a: float, b: float, k: float, scale: float) -> None:
    assert smooth_minimum(scale * a, scale * b, k) == pytest.approx(scale * float(smooth_minimum(a, b, k)), rel=1e-12)


@given(plain, plain, sharpness)
def test_smooth_minimum_is_the_formula_it_states(a: float, b: float, k: float) -> None:
    unit = min(a, b)
    stated = unit * ((a / unit) ** -k + (b / unit) ** -k) ** (-1 / k)
    assert smooth_minimum(a, b, k) == pytest.approx(stated, rel=1e-12)


def test_smooth_minimum_does_not_underflow() -> None:
    assert smooth_minimum(1e-300, 1e-300, 4.0) == pytest.approx(1e-300 * 2 ** (-1 / 4), rel=1e-12)
    assert smooth_minimum(1e-300, 1.0, 8.0) == pytest.approx(1e-300, rel=1e-12)


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e6) | st.floats(-1e6, -1e-9) | st.just(0.0))
def test_safe_divide_is_the_quotient_and_zero_by_zero_is_zero(a: float, b: float) -> None:
    assert safe_divide(a, b) == (0 if b == 0 else a / b)


def test_safe_divide_works_elementwise_without_a_warning() -> None:
    assert list(safe_divide(np.array([1.0, 2.0]), np.array([0.0, 4.0]))) == [0, 0.5]


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-10, 10))
def test_clip_holds_between(x: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert clip(x, low, high) == min(max(x, low), high)


@given(st.lists(st.floats(0.01, 100), min_size=3, max_size=3), st.floats(-100, 100))
def test_the_parts_of_a_spread_add_up_to_the_whole(weights: list[float], whole: float) -> None:
    parts = spread(whole, np.array(weights), industry)
    assert float(total(parts, industry)) == pytest.approx(whole, rel=1e-12, abs=1e-300)


def test_dynamic_functions_of_numbers_give_what_they_settle_at_or_start_with() -> None:
    assert smooth(7.0, 2.0) == 7.0
    assert smooth(7.0, 2.0, 3.0) == 7.0
    assert delay1(7.0, 2.0) == 7.0
    assert delay1(7.0, 2.0, 0.5) == 3.5
    assert delay3(8.0, 3.0, 1.0) == 1.0
    assert trend(7.0, 2.0, 0.1) == 0.1
    assert fixed_delay(7.0, 2.0, 3.0) == 3.0
    assert accumulate(7.0) == 0.0


def test_the_list_of_primitives_is_closed() -> None:
    public = {n for n, f in vars(primitives).items() if getattr(f, "__module__", "") == primitives.__name__}
    assert {f.__name__ for f in PRIMITIVES} == {n for n in public if not n.startswith("_")}


class numbers:
    a = parameter(1.0, "1", "A number.", basis=assumed("test"))
    b = parameter(1.0, "1", "A number.", basis=assumed("test"))
    c = parameter(1.0, "1", "A number.", basis=assumed("test"))
    lag = parameter(1.0, "year", "A lag.", basis=assumed("test"))
    rate = parameter(1.0, "1/year", "A rate.", basis=assumed("test"))
    whole_lag = constant(2.0, "year", "A lag.", basis=assumed("test"))
    weights = parameter({"ic": 1.0, "biomedicine": 2.0, "ai": 0.25}, "1", "W.", over=industry, basis=assumed("test"))
    bent = table("1", ((-1.0, 0.5), (0.0, 2.0), (0.7, -1.0), (4.0, 5.0)), "A bent line.", basis=assumed("test"))

    @auxiliary("1")
    def arithmetic(a, b, c):
        """All operators."""
        return (a + b) * c - a / (1 + b * b) + (2 + a * a) ** (b / (1 + b * b)) - (-c) ** 2

    @auxiliary("1")
    def functions(a, b, c):
        """All functions."""
        return exp(a / (1 + a * a)) + log(1 + b * b) + sqrt(c * c) + minimum(a, b) - maximum(b, c)

    @auxiliary("1")
    def choice(a, b, c):
        """Comparisons, each way."""
        return where(a < b, a, c) + where(a <= b, b, a) + where(b > c, b, 0) + where(c >= a, 1, b) + (a < c) * b

    @auxiliary("1")
    def division(a, b):
        """A division that may be by zero."""
        return safe_divide(a, maximum(b, 0)) + safe_divide(0, a)

    @auxiliary("1")
    def held(a, b, c):
        """A number held."""
        return clip(a, b, b + c * c)

    @auxiliary("1")
    def bottleneck(a, b, c):
        """The scarcer of two."""
        return smooth_minimum(a * a, b * b, 1 + c * c)

    @auxiliary("1")
    def read(a, bent):
        """A table read."""
        return bent(a)

    @auxiliary("1")
    def summed(a, weights):
        """A sum."""
        return total(a * weights, industry)

    @auxiliary("1", over=industry)
    def shared(a, weights):
        """A share."""
        return spread(a, weights, industry)

    @auxiliary("1")
    def picked(a, weights):
        """One element."""
        return element(a * weights, industry, "ai")

    @auxiliary("1", over=industry)
    def placed(a, weights):
        """For one element."""
        return weights + only(a, industry, "biomedicine")

    @auxiliary("1")
    def smoothed(a, lag):
        """Smoothed."""
        return smooth(a, lag)

    @auxiliary("1")
    def smoothed_from(a, lag, b):
        """Smoothed from a start of its own."""
        return smooth(a, lag, b)

    @auxiliary("1")
    def delayed_once(a, lag, rate):
        """Delayed."""
        return delay1(a, lag, rate)

    @auxiliary("1")
    def delayed(a, lag, rate):
        """Delayed."""
        return delay3(a, lag, rate)

    @auxiliary("1/year")
    def growing(c, lag, rate):
        """Growth."""
        return trend(1 + c * c, lag, rate)

    @auxiliary("1")
    def postponed(a, whole_lag, b):
        """Postponed."""
        return fixed_delay(a, whole_lag, b)

    @auxiliary("year")
    def gathered(a):
        """Gathered."""
        return accumulate(a)


SYSTEM = build([numbers])
EXACT = "arithmetic functions choice division held bottleneck read smoothed gathered postponed"


def engine_values(triples: list[tuple[float, float, float]]) -> dict[str, Any]:
    """Every auxiliary at the start, (run,) by scalar name, from the reference engine."""
    a, b, c = np.array(triples).T
    ones = np.ones_like(a)
    order = {"a": a, "b": b, "c": c, "lag": 1.5 * ones, "rate": 0.1 * ones}
    order.update({"weights.ic": ones, "weights.biomedicine": 2 * ones, "weights.ai": 0.25 * ones})
    parameters = np.array([order[name] for name in SYSTEM.program.parameters])
    grid = Grid(2015.0, 0, 0.5)
    batch = batch_of(SYSTEM.program, grid, parameters, {}, [{}], np.zeros(len(a), dtype=np.int64))
    names = [s for name in SYSTEM.variables for s in SYSTEM.scalar_names(name)]
    lines = tuple(SYSTEM.program.lines[name] for name in names)
    recorded = reference.run(SYSTEM.program, grid, batch, Record(lines, (), 1), "rk4")
    return dict(zip(names, recorded.snapshots[0], strict=True))


values = st.floats(-100, 100) | st.sampled_from([0.0, 1.0, -1.0, 0.7])


@settings(max_examples=60)
@given(st.lists(st.tuples(values, values, values), min_size=1, max_size=8))
def test_numbers_and_symbols_mean_the_same(triples: list[tuple[float, float, float]]) -> None:
    found = engine_values(triples)
    arguments = dict(zip("abc", np.array(triples).T, strict=True))
    known = {**arguments, "lag": 1.5, "rate": 0.1, "whole_lag": 2.0, "bent": numbers.bent}
    with np.errstate(all="ignore"):
        for name in [n for n in SYSTEM.variables if n not in {"summed", "shared", "picked", "placed", "smoothed_from"}]:
            equation = SYSTEM.variables[name].declaration.equation
            causes = equation.__code__.co_varnames[: equation.__code__.co_argcount]
            wanted = np.broadcast_to(equation(**{c: known[c] for c in causes}), found[name].shape)
            if name in EXACT.split():
                assert np.array_equal(found[name], wanted), name
            else:
                assert found[name] == pytest.approx(wanted, rel=1e-12, abs=1e-12), name
        assert np.array_equal(found["smoothed_from"], arguments["b"])  # the start; with numbers it has settled
        for k, (a, *_) in enumerate(triples):
            weights = np.array([1.0, 2.0, 0.25])
            assert found["summed"][k] == pytest.approx(numbers.summed.equation(a, weights), rel=1e-12, abs=1e-12)
            assert found["picked"][k] == numbers.picked.equation(a, weights) == a * 0.25
            placed = [found[f"placed.{e}"][k] for e in industry.elements]
            assert placed == list(numbers.placed.equation(a, weights)) == [1.0, 2.0 + a, 0.25]
            shares = [found[f"shared.{e}"][k] for e in industry.elements]
            assert shares == pytest.approx(list(numbers.shared.equation(a, weights)), rel=1e-12, abs=1e-12)


def test_a_table_in_the_engine_is_clamped_and_linear() -> None:
    found = engine_values([(x, 0, 0) for x in (-9.0, -1.0, -0.5, 0.7, 2.35, 4.0, 1e9, math.inf)])["read"]
    assert found == pytest.approx([0.5, 0.5, 1.25, -1.0, 2.0, 5.0, 5.0, 5.0], rel=1e-12)
