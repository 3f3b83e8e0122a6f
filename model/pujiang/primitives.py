"""The functions an equation may use: a closed list, meant the way the field means them (operations.py says the rest).

Each works on plain numbers and NumPy arrays, so an equation can be called and tested by itself, and on
symbols, which is how the engine reads an equation: a symbol answers `__primitive__` with a larger symbol.
Dynamic functions (smooth, delay1, delay3, trend, fixed_delay, accumulate) remember the past. Called with
numbers they give what they settle at: a smooth its input, a delay its input in growth at the stated rate; a trend,
a fixed delay and an accumulation, which depend on a past that numbers do not have, what they start with.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

Value = Any
"""A number, an array or a symbol."""


def _primitive(function: Callable[..., Value]) -> Callable[..., Value]:
    """Let symbols among the arguments take over; numbers go to the function itself."""

    @wraps(function)
    def apply(*arguments: Value) -> Value:
        for argument in arguments:
            if hasattr(argument, "__primitive__"):
                return argument.__primitive__(function.__name__, arguments)
        return function(*arguments)

    return apply


@_primitive
def exp(x: Value) -> Value:
    """Exponential of a pure number."""
    return np.exp(x)


@_primitive
def log(x: Value) -> Value:
    """Natural logarithm of a positive pure number."""
    return np.log(x)


@_primitive
def sqrt(x: Value) -> Value:
    """Square root; its unit is the root of the unit of `x`."""
    return np.sqrt(x)


@_primitive
def floor(x: Value) -> Value:
    """The largest whole number that is not above `x`."""
    return np.floor(x)


@_primitive
def sin(x: Value) -> Value:
    """Sine of an angle in radians."""
    return np.sin(x)


@_primitive
def cos(x: Value) -> Value:
    """Cosine of an angle in radians."""
    return np.cos(x)


@_primitive
def arctan(x: Value) -> Value:
    """The angle of a slope, in radians, between -pi/2 and pi/2."""
    return np.arctan(x)


@_primitive
def minimum(a: Value, b: Value) -> Value:
    """The smaller of two quantities of one unit."""
    return np.minimum(a, b)


@_primitive
def maximum(a: Value, b: Value) -> Value:
    """The larger of two quantities of one unit."""
    return np.maximum(a, b)


@_primitive
def where(condition: Value, if_true: Value, if_false: Value) -> Value:
    """`if_true` where the condition holds (or is not 0), else `if_false`; both are computed."""
    return np.where(condition, if_true, if_false)


@_primitive
def safe_divide(a: Value, b: Value) -> Value:
    """`a / b`, and 0 where `b` is 0."""
    b = np.asarray(b, dtype=float)
    return np.where(b == 0, 0.0, a / np.where(b == 0, 1.0, b))


@_primitive
def clip(x: Value, low: Value, high: Value) -> Value:
    """`x` held between `low` and `high`."""
    return minimum(maximum(x, low), high)


@_primitive
def smooth_minimum(a: Value, b: Value, sharpness: Value) -> Value:
    """(a^-k + b^-k)^(-1/k) for a, b >= 0: below both, close to the smaller; 0 where either is 0.

    Written with the ratio of the smaller to the larger, which lies in 0..1, so that nothing underflows.
    """
    smaller = minimum(a, b)
    ratio = maximum(safe_divide(smaller, maximum(a, b)), 0)
    return smaller * (1 + ratio**sharpness) ** (-1 / sharpness)


@_primitive
def total(x: Value, dimension: Value) -> Value:
    """Sum over the elements of a dimension (with numbers: over the last axis), in the order declared."""
    return np.sum(x, axis=-1)


@_primitive
def spread(x: Value, weights: Value, dimension: Value) -> Value:
    """A scalar divided over a dimension in proportion to weights: the parts add up to the whole (0 if all are 0)."""
    return x * safe_divide(weights, np.sum(weights, axis=-1, keepdims=True))


@_primitive
def element(x: Value, dimension: Value, name: Value) -> Value:
    """The value of one element of a dimension, by its name (with numbers: along the last axis)."""
    return np.asarray(x)[..., dimension.elements.index(name)]


@_primitive
def only(x: Value, dimension: Value, name: Value) -> Value:
    """A scalar as the value of one element of a dimension, by its name; 0 for the others."""
    return np.asarray(x)[..., np.newaxis] * np.array([float(element == name) for element in dimension.elements])


@_primitive
def smooth(x: Value, time_constant: Value, initial: Value = None) -> Value:
    """First-order exponential smoothing of information; starts at `initial`, else at `x` itself."""
    return x


@_primitive
def delay1(x: Value, lag: Value, growth: Value = 0) -> Value:
    """First-order material delay of a flow; starts as if `x` had grown at rate `growth` for ever."""
    return x / (1 + growth * lag)


@_primitive
def delay3(x: Value, lag: Value, growth: Value = 0) -> Value:
    """Third-order material delay of a flow; starts as if `x` had grown at rate `growth` for ever."""
    return x / (1 + growth * lag / 3) ** 3


@_primitive
def trend(x: Value, time_constant: Value, initial: Value = 0) -> Value:
    """Smoothed growth rate of a positive quantity, the only derivative; starts at `initial`."""
    return initial


@_primitive
def fixed_delay(x: Value, lag: Value, before: Value) -> Value:
    """`x` exactly `lag` ago (a structural constant, a multiple of the step); until then, `before`.

    `before` may depend on inputs and parameters, not on stocks.
    """
    return before


@_primitive
def accumulate(x: Value) -> Value:
    """Integral of `x` since the start of the run."""
    return np.zeros_like(x)
