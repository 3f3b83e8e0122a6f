"""The difference between two values of one expression, divided among its causes (Aumann and Shapley).

Each cause moves straight from its value in the one case to that in the other, all together; a cause's part is the
integral of the partial derivative along that way, times its own difference. The parts add up to the whole, do not hang
on an order, and are what anyone would say where the expression is a sum.

The integral is that of Gauss and Legendre: of one point where that is exact, else on halves of halves until what each
half gives is what the expression itself changes by over it: so kinks (a minimum whose binding side changes, a table)
are closed in on. What is left at the end of that, a jump, is divided by moving one cause after another, in the one
order and the other.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.engine.program import Operation
from pujiang.operations import EVALUATE

CAUSE = "cause"
"""The leaf of an expression: one of its causes, by its place among them."""

RULES = {points: ((nodes + 1) / 2, weights / 2) for points in (1, 5) for nodes, weights in [leggauss(points)]}
"""Nodes and weights of the integral over a part of the way, by the number of points."""
EXACT_BY_ONE = 2
"""The degree of a polynomial whose slopes one point in the middle integrates exactly: a sum, or a product of two."""

CLOSES = 1e-12
"""What a part of the way may leave open, of the scale of the expression."""
SHORTEST = 2.0**-36
"""The part of the way on which what is left open counts as a jump."""
MOST_OPEN = 8
"""Parts of one way that may be open at once: of kinks there are few; where all is open, it is rounding."""


@dataclass(frozen=True)
class Formula:
    """An expression of scalar causes as a straight line of operations, the last of which is its value.

    Attributes:
        causes: scalar names, in the order of CAUSE leaves.
        operations: as of a program, on leaves CAUSE and "constant".
        tables: the points of tables that lookups read.
    """

    causes: tuple[str, ...]
    operations: tuple[Operation, ...]
    line: int
    tables: tuple[tuple[tuple[float, float], ...], ...]

    def value(self, causes: Floats) -> Floats:
        """Its value (T,) at causes (cause, T)."""
        return self._forward(causes)[self.line] + np.zeros(causes.shape[1:])

    def slopes(self, causes: Floats, degrees: Sequence[float]) -> Floats:
        """Partial derivatives (cause, T) by the causes that move, at causes (cause, T); the rest are 0."""
        values = self._forward(causes)
        out = np.zeros(causes.shape)
        towards: dict[int, Floats] = {self.line: np.ones(causes.shape[1:])}
        with np.errstate(all="ignore"):
            for place in range(self.line, -1, -1):
                slope = towards.pop(place, None)
                if slope is None or not degrees[place]:
                    continue
                operation = self.operations[place]
                if operation.op == CAUSE:
                    out[int(operation.number)] += slope
                    continue
                given = [values[a] for a in operation.arguments]
                if operation.op == "lookup":
                    own: Sequence[Any] = (_table_slope(self.tables[int(operation.number)], given[0]),)
                else:
                    own = SLOPES[operation.op](*given, value=values[place])
                for argument, partial in zip(operation.arguments, own, strict=True):
                    if degrees[argument]:
                        handed = slope * partial
                        towards[argument] = towards[argument] + handed if argument in towards else handed
        return out

    def _forward(self, causes: Floats) -> list[Floats]:
        values: list[Floats] = []
        with np.errstate(all="ignore"):
            for operation in self.operations[: self.line + 1]:
                given = [values[a] for a in operation.arguments]
                match operation.op:
                    case "cause":
                        values.append(causes[int(operation.number)])
                    case "constant":
                        values.append(np.float64(operation.number))  # type: ignore[arg-type]
                    case "lookup":
                        x, y = np.array(self.tables[int(operation.number)]).T
                        values.append(np.interp(given[0], x, y))
                    case "where":
                        values.append(_blend(*given))
                    case op:
                        values.append(EVALUATE[op](*given))
        return values

    def degrees(self, moving: NDArray[np.bool_]) -> list[float]:
        """The degree of each operation as a polynomial in the causes that move, 0 where none does; infinite where it
        is no polynomial."""
        degrees: list[float] = []
        for operation in self.operations[: self.line + 1]:
            given = [degrees[a] for a in operation.arguments]
            match operation.op:
                case "cause":
                    degrees.append(float(moving[int(operation.number)]))
                case "add" | "subtract" | "negative":
                    degrees.append(max(given))
                case "multiply":
                    degrees.append(sum(given))
                case "divide" if not given[1]:
                    degrees.append(given[0])
                case _:
                    degrees.append(math.inf if any(given) else 0.0)
        return degrees


def mean_slopes(formula: Formula, before: Floats, after: Floats, blocks: int = 1) -> Floats:
    """The mean slope (cause, T) of an expression by each cause between causes `before` and `after` (cause, T).

    Times the causes' differences they add up to the difference of the expression, but for a small part of the largest
    value that it has. They are 0 for causes that do not differ. `blocks`: T is so many blocks of one length, each by
    itself: of expressions that are the same but for what their causes are.
    """
    out = np.zeros(before.shape)
    differs = before != after
    moving = differs.any(axis=1)
    place = np.flatnonzero(differs.any(axis=0))
    if len(place) == 0:
        return out
    # Parts of the way still to be done: which time, from where to where, and the expression at both ends.
    start, way = before[:, place], after[:, place] - before[:, place]
    low, high = np.zeros(len(place)), np.ones(len(place))
    at_low, at_high = formula.value(np.concatenate([start, after[:, place]], axis=1)).reshape(2, -1)
    sizes = np.zeros(before.shape[1])
    sizes[place] = np.fmax(np.abs(at_low), np.abs(at_high))
    scale = np.fmax.reduce(sizes.reshape(blocks, -1), axis=1)
    open_ = np.repeat(np.where(scale > 0, CLOSES * scale, CLOSES), before.shape[1] // blocks)
    degrees = formula.degrees(moving)
    nodes, weights = RULES[1 if degrees[formula.line] <= EXACT_BY_ONE else 5]
    while True:
        width = high - low
        at = start[:, None] + (low + width * nodes[:, None]) * way[:, None]  # (cause, point, part)
        slopes = weights @ formula.slopes(at.reshape(len(before), -1), degrees).reshape(at.shape) * width
        with np.errstate(all="ignore"):
            missing = np.abs((slopes * way).sum(axis=0) - (at_high - at_low))
        closes = (missing <= open_[place] + 1e-15 * (np.abs(at_high) + np.abs(at_low))) & np.isfinite(slopes).all(
            axis=0
        )
        np.add.at(out.T, place[closes], slopes[:, closes].T)
        crowded = np.bincount(place[~closes], minlength=before.shape[1])[place] > MOST_OPEN
        short = ~closes & (crowded | (width <= SHORTEST))
        if short.any():
            apart = _one_by_one(formula, *(a[:, short] for a in (start + low * way, way * width, way)))
            np.add.at(out.T, place[short], apart.T)
        rest = ~closes & ~short
        if not rest.any():
            return out
        middle = (low[rest] + high[rest]) / 2
        halfway = formula.value(start[:, rest] + middle * way[:, rest])
        place, start, way = np.tile(place[rest], 2), np.tile(start[:, rest], 2), np.tile(way[:, rest], 2)
        low, high = np.concatenate([low[rest], middle]), np.concatenate([middle, high[rest]])
        at_low, at_high = np.concatenate([at_low[rest], halfway]), np.concatenate([halfway, at_high[rest]])


def _one_by_one(formula: Formula, start: Floats, step: Floats, way: Floats) -> Floats:
    """What each cause adds (cause, T), per unit of its whole difference, when they move one after another, in both
    orders."""
    count, many = start.shape
    out = np.zeros_like(start)
    for order in (np.arange(count), np.arange(count)[::-1]):
        points = np.repeat(start[..., None], count + 1, axis=2)
        for i, cause in enumerate(order):
            points[cause, :, i + 1 :] += step[cause, :, None]
        out[order] += np.diff(formula.value(points.reshape(count, -1)).reshape(many, -1)).T / 2
    return np.divide(out, way, out=np.zeros_like(out), where=way != 0)


# Partial derivatives of each operation by its arguments; where both sides of a minimum are the same, half by each.


def _blend(condition: Floats, if_true: Floats, if_false: Floats) -> Floats:
    """`where`; between 0 and 1 of a switch the mean of both sides, so that a switch thrown is a cause like others."""
    share = np.where((condition > 0) & (condition < 1), condition, condition != 0)
    return np.where(share == 1, if_true, np.where(share == 0, if_false, share * if_true + (1 - share) * if_false))


def _of_where(condition: Floats, if_true: Floats, if_false: Floats, value: Floats) -> tuple[Floats, ...]:
    share = np.where((condition > 0) & (condition < 1), condition, condition != 0)
    return np.where((condition >= 0) & (condition <= 1), if_true - if_false, 0.0), share, 1 - share


def _of_power(base: Floats, exponent: Floats, value: Floats) -> tuple[Floats, ...]:
    return exponent * base ** (exponent - 1), value * np.log(np.where(base > 0, base, 1.0))


def _of_safe_divide(a: Floats, b: Floats, value: Floats) -> tuple[Floats, ...]:
    inverse = np.where(b == 0, 0.0, 1 / np.where(b == 0, 1.0, b))
    return inverse, -value * inverse


def _smaller(a: Floats, b: Floats) -> tuple[Floats, ...]:
    first = np.where(a < b, 1.0, np.where(a == b, 0.5, 0.0))
    return first, 1 - first


def _flat(*arguments: Floats, value: Floats) -> tuple[Floats, ...]:
    return tuple(np.zeros_like(np.asarray(value, dtype=float)) for _ in arguments)


def _table_slope(points: tuple[tuple[float, float], ...], x: Floats) -> Floats:
    at, y = np.array(points).T
    rises = np.concatenate([[0.0], np.diff(y) / np.diff(at), [0.0]])
    found: Floats = rises[np.searchsorted(at, x, side="right")]
    return found


SLOPES: Mapping[str, Callable[..., Sequence[Any]]] = {
    "less": _flat,
    "less_equal": _flat,
    "floor": _flat,
    "add": lambda a, b, value: (1.0, 1.0),
    "subtract": lambda a, b, value: (1.0, -1.0),
    "multiply": lambda a, b, value: (b, a),
    "divide": lambda a, b, value: (1 / b, -value / b),
    "negative": lambda a, value: (-1.0,),
    "power": _of_power,
    "exp": lambda a, value: (value,),
    "log": lambda a, value: (1 / a,),
    "sqrt": lambda a, value: (0.5 / value,),
    "sin": lambda a, value: (np.cos(a),),
    "cos": lambda a, value: (-np.sin(a),),
    "arctan": lambda a, value: (1 / (1 + a * a),),
    "minimum": lambda a, b, value: _smaller(a, b),
    "maximum": lambda a, b, value: _smaller(b, a),
    "where": _of_where,
    "safe_divide": _of_safe_divide,
}
"""Partial derivatives by the arguments, from the arguments and the value."""
