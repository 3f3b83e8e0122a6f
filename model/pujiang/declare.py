"""Declarations: what a sector file is made of.

A declaration is a frozen value. Its name is the name it is assigned to (or, for an equation, the name of its
function), so a sector is simply a module whose variables are declarations. What refers to another sector
does so by name: as an argument of an equation, or as a string for the end of a flow.
"""

import copyreg
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from pujiang.equation_source import check_source

Equation = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Dimension:
    """A set of elements over which variables may run."""

    name: str
    elements: tuple[str, ...]
    doc: str


def dimension(name: str, elements: tuple[str, ...], doc: str) -> Dimension:
    """Declare a dimension, for example the industries; the order of elements is the order of sums."""
    return Dimension(name, elements, doc)


@dataclass(frozen=True)
class Prior:
    """A distribution of an uncertain parameter, through a standard normal number z.

    lognormal: center is the median, spread the sd of the logarithm. normal: mean and sd. logitnormal: center
    is the median, spread the sd of the share itself near the center.
    """

    kind: Literal["lognormal", "normal", "logitnormal"]
    center: float
    spread: float

    def value(self, z: Any) -> Any:
        """The parameter's value(s) at the standard normal number(s) z (number or array)."""
        if self.kind == "normal":
            return self.center + self.spread * z
        if self.kind == "lognormal":
            return self.center * np.exp(self.spread * z)
        odds = self.center / (1 - self.center) * np.exp(self.spread / (self.center * (1 - self.center)) * z)
        return odds / (1 + odds)

    def z(self, value: float) -> float:
        """The standard normal number at which the parameter has this value (the inverse of `value`)."""
        if self.kind == "normal":
            return (value - self.center) / self.spread
        if self.kind == "lognormal":
            return math.log(value / self.center) / self.spread
        logit = math.log(value / (1 - value) * (1 - self.center) / self.center)
        return logit * self.center * (1 - self.center) / self.spread


def lognormal(median: float, log_sd: float) -> Prior:
    """Prior of a positive quantity: its logarithm is normal."""
    return Prior("lognormal", median, log_sd)


def normal(mean: float, sd: float) -> Prior:
    """Prior of a quantity that may have either sign."""
    return Prior("normal", mean, sd)


def logitnormal(median: float, sd: float) -> Prior:
    """Prior of a share between 0 and 1: its log odds are normal; `sd` is in units of the share."""
    return Prior("logitnormal", median, sd)


@dataclass(frozen=True, eq=False)
class Parameter:
    """An uncertain number (prior and bounds) or a fixed one (reason)."""

    value: float | Mapping[str, float]
    unit: str
    doc: str
    bounds: tuple[float, float] | None
    prior: Prior | Mapping[str, Prior] | None
    source: str
    over: Dimension | None


def parameter(
    value: float | Mapping[str, float],
    unit: str,
    doc: str,
    *,
    bounds: tuple[float, float] | None = None,
    prior: Prior | Mapping[str, Prior] | None = None,
    source: str,
    over: Dimension | None = None,
) -> Parameter:
    """Declare a parameter: `prior` and `bounds` where it is uncertain; without them it is fixed.

    Over a dimension, `value` (and `prior`) are mappings from element to number. `source` says where the value
    comes from: a paper, a figure, or "assumed" with the reason.
    """
    return Parameter(value, unit, doc, bounds, prior, source, over)


@dataclass(frozen=True, eq=False)
class Constant:
    """A structural constant: part of what a variable means (three years of a certificate), never varied."""

    value: float
    unit: str
    doc: str
    source: str


def constant(value: float, unit: str, doc: str, *, source: str) -> Constant:
    """Declare a structural constant."""
    return Constant(value, unit, doc, source)


@dataclass(frozen=True, eq=False)
class Series:
    """Observed data that drive the model over time; the figures come from the evidence, by the same name."""

    unit: str
    doc: str


def series(unit: str, doc: str) -> Series:
    """Declare a data input; after its last figure it keeps that figure."""
    return Series(unit, doc)


@dataclass(frozen=True, eq=False)
class Lever:
    """What policy can set over time, from 2026 on."""

    unit: str
    doc: str
    default: float | None
    bounds: tuple[float, float]
    history: str | None
    source: str
    test_only: bool = False


def lever(
    unit: str,
    doc: str,
    *,
    default: float | None,
    bounds: tuple[float, float],
    history: str | None = None,
    source: str,
) -> Lever:
    """Declare a lever.

    `default` is its value from 2026 in the baseline; None means that it is not set unless a scenario sets it:
    an equation then reads the companion `<name>_set` (0 or 1) beside it. `history` names the data series it
    follows before 2026; without one it is at its default there too.
    """
    return Lever(unit, doc, default, bounds, history, source)


def switch(doc: str) -> Lever:
    """Declare a test-only multiplier: 1 in every real run, 0 where a test cuts a loop or empties a source."""
    return Lever("1", doc, 1.0, (0.0, 1.0), None, "test only: 1 in every real run", test_only=True)


@dataclass(frozen=True, eq=False)
class Table:
    """A piecewise linear function, clamped at both ends. Call it with a number to read it."""

    unit: str
    of: str
    points: tuple[tuple[float, float], ...]
    doc: str
    source: str

    def __call__(self, x: Any) -> Any:
        return np.interp(x, [p[0] for p in self.points], [p[1] for p in self.points])


def table(unit: str, points: tuple[tuple[float, float], ...], doc: str, *, of: str = "1", source: str) -> Table:
    """Declare a lookup: (x, y) pairs with x increasing; `unit` is that of y, `of` that of x.

    An equation names it as an argument and calls it: `crowding(occupancy)`.
    """
    return Table(unit, of, points, doc, source)


@dataclass(frozen=True)
class Ratio:
    """How a ratio becomes annual: the ratio of two annual integrals."""

    numerator: str
    denominator: str


Annual = Literal["integral", "end", "mean"] | Ratio | None
"""How a reported outcome becomes annual; None where a variable is not reported."""


def ratio(numerator: str, denominator: str) -> Ratio:
    """Annual value of a share or intensity: the year's numerator over the year's denominator."""
    return Ratio(numerator, denominator)


@dataclass(frozen=True, eq=False)
class Stock:
    """A level that only flows change."""

    unit: str
    doc: str
    over: Dimension | None
    initial: float | str | None
    conserved: str | None
    signed: bool
    annual: Annual


def stock(
    *,
    unit: str,
    doc: str,
    over: Dimension | None = None,
    initial: float | str | None = None,
    conserved: str | None = None,
    signed: bool = False,
    annual: Annual = None,
) -> Stock:
    """Declare a stock.

    It starts at `initial` (0, or the name of a parameter or variable), else an `@initial` equation says where.
    `conserved` names the family whose content only crosses the model's boundary by flows with one end
    (firms, fund money). A stock below 0 fails the run's certificate unless `signed`.
    """
    return Stock(unit, doc, over, initial, conserved, signed, annual)


@dataclass(frozen=True, eq=False)
class Initial:
    """The equation of a stock's initial value."""

    stock: Stock
    equation: Equation


def initial(of: Stock) -> Callable[[Equation], Initial]:
    """Declare the initial value of a stock; the equation may name parameters, variables and other stocks."""

    def decorate(equation: Equation) -> Initial:
        check_source(equation)
        return Initial(of, equation)

    return decorate


@dataclass(frozen=True, eq=False)
class Flow:
    """A rate that leaves one stock, enters another, or both."""

    unit: str
    over: Dimension | None
    out_of: Stock | str | None
    into: Stock | str | None
    total_over: Dimension | None
    annual: Annual
    equation: Equation


def flow(
    unit: str,
    *,
    out_of: Stock | str | None = None,
    into: Stock | str | None = None,
    over: Dimension | None = None,
    total_over: Dimension | None = None,
    annual: Annual = None,
) -> Callable[[Equation], Flow]:
    """Declare a flow by its ends (a stock of this file, or a name); at least one end is required.

    Where a flow over a dimension meets a stock without it, `total_over` states the reduction: the stock gains
    or loses the sum.
    """

    def decorate(equation: Equation) -> Flow:
        check_source(equation)
        return Flow(unit, over, out_of, into, total_over, annual, equation)

    return decorate


@dataclass(frozen=True, eq=False)
class Auxiliary:
    """A variable computed from others at the same instant."""

    unit: str
    over: Dimension | None
    annual: Annual
    equation: Equation


def auxiliary(unit: str, *, over: Dimension | None = None, annual: Annual = None) -> Callable[[Equation], Auxiliary]:
    """Declare an auxiliary variable."""

    def decorate(equation: Equation) -> Auxiliary:
        check_source(equation)
        return Auxiliary(unit, over, annual, equation)

    return decorate


@dataclass(frozen=True, eq=False)
class Loop:
    """A feedback loop: variables it runs through, in causal order, and its polarity."""

    polarity: Literal["reinforcing", "balancing"]
    through: tuple[str, ...]
    cut_by: str
    when: Mapping[str, float]
    doc: str


def loop(
    polarity: Literal["reinforcing", "balancing"],
    through: tuple[str, ...],
    doc: str,
    *,
    cut_by: str,
    when: Mapping[str, float] | None = None,
) -> Loop:
    """Declare a feedback loop.

    `through` names variables it runs through, each a cause of the next, directly or by the shortest chain of
    others, and the last a cause of the first. `cut_by` is the switch that cuts it. A loop that is open at the levers
    of the baseline, since money is short there or no goal is set, says `when` it closes: values of levers. Assign it
    to the loop's name.
    """
    return Loop(polarity, through, cut_by, dict(when or {}), doc)


def _declared(module: str, name: str) -> Any:
    return attrgetter(name)(import_module(module))


def _by_name(declared: Initial | Flow | Auxiliary) -> tuple[Callable[..., Any], tuple[str, str]]:
    """What has an equation is pickled as the place where it is declared: the equation's name is its own."""
    return _declared, (declared.equation.__module__, declared.equation.__qualname__)


for _kind in (Initial, Flow, Auxiliary):
    copyreg.pickle(_kind, _by_name)  # type: ignore[arg-type]
