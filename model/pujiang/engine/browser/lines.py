"""The operations of a program in JavaScript: one pattern each, and which arguments it reads more than once."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

PATTERNS: Mapping[str, str] = {
    "less": "({} < {} ? 1 : 0)",
    "less_equal": "({} <= {} ? 1 : 0)",
    "add": "({} + {})",
    "subtract": "({} - {})",
    "multiply": "({} * {})",
    "divide": "({} / {})",
    "negative": "(-{})",
    # Of a positive base by exponential and logarithm: half the time of a run went into Math.pow.
    "power": "({0} > 0 ? Math.exp({1} * Math.log({0})) : Math.pow({0}, {1}))",
    "exp": "Math.exp({})",
    "log": "Math.log({})",
    "sqrt": "Math.sqrt({})",
    "floor": "Math.floor({})",
    "sin": "Math.sin({})",
    "cos": "Math.cos({})",
    "arctan": "Math.atan({})",
    "minimum": "Math.min({}, {})",
    "maximum": "Math.max({}, {})",
    "where": "({} ? {} : {})",
    "safe_divide": "({1} === 0 ? 0 : {0} / {1})",
}
"""What a line computes from its arguments."""

READ_TWICE: Mapping[str, tuple[int, ...]] = {"safe_divide": (1,), "power": (0, 1), "lookup": (0,), "where": (0,)}
"""Arguments that must stand under a name: those a pattern reads twice, and a condition, which may not be a number."""


def number(value: float) -> str:
    """A number that reads back as the same bits."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "(-Infinity)"
    text = repr(value).removesuffix(".0")
    return f"({text})" if text.startswith("-") else text


def lookup(points: Sequence[tuple[float, float]], x: str) -> str:
    """A table read at `x`, as NumPy reads it: clamped, straight between its points; what is no number stays none."""
    text = number(points[-1][1])
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        slope = number((y1 - y0) / (x1 - x0))
        text = f"{x} < {number(x1)} ? {slope} * ({x} - {number(x0)}) + {number(y0)} : {text}"
    return f"({x} !== {x} ? NaN : {x} <= {number(points[0][0])} ? {number(points[0][1])} : {text})"
