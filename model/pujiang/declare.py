"""Declarations: what a sector file is made of.

A declaration is a frozen value. Its name is the name it is assigned to (or, for an equation, the name of its
function), so a sector is simply a module whose variables are declarations. What refers to another sector
does so by name: as an argument of an equation, or as a string for the end of a flow.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from importlib import import_module
from operator import attrgetter
from typing import Any, Literal, Self

import numpy as np

# The whole dialect can be had from here, what stands in files of its own included.
from pujiang.basis import Basis, assumed, by_definition, derived, neutral, observed, recalled, seen  # noqa: F401
from pujiang.equation_source import check_source
from pujiang.priors import Prior, logitnormal, lognormal, normal  # noqa: F401
from pujiang.reported import Reported, ratio, reported  # noqa: F401

Equation = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Unit:
    """A base unit, by the word equations' units are made of; `shown` is how results write it, where other."""

    name: str
    doc: str
    shown: str = ""


@dataclass(frozen=True, eq=False)
class Dimension:
    """A set of elements over which variables run, for example the industries.

    `labels` says how results call each element, in the order in which sums run; a tuple of elements does where
    they are called what they are.
    """

    name: str
    labels: Mapping[str, str] | tuple[str, ...]
    doc: str

    @property
    def elements(self) -> tuple[str, ...]:
        """Its elements, in order."""
        return tuple(self.labels)

    def label(self, element: str) -> str:
        """How results call an element."""
        return self.labels[element] if isinstance(self.labels, Mapping) else element.replace("_", " ").capitalize()


@dataclass(frozen=True, eq=False)
class Parameter:
    """An uncertain number (a prior, with bounds) or a fixed one.

    Over a dimension, `given` is a mapping from element to either. The declared value is the center of the prior;
    where the search for the fit starts elsewhere, as a run with `fit=declared` does, `start` is that value. What is
    left to `chance` no figure could tell: it is not fitted; each member draws it from its prior, the central one takes
    the center.
    """

    given: Prior | float | Mapping[str, Prior | float]
    unit: str
    doc: str
    _: KW_ONLY
    over: Dimension | None = None
    bounds: tuple[float, float] | None = None
    start: float | Mapping[str, float] | None = None
    chance: bool = False
    basis: Basis

    @property
    def value(self) -> float | Mapping[str, float]:
        """The declared value, of each element where it runs over a dimension."""
        if isinstance(self.given, Mapping):
            centers = {element: _center(given) for element, given in self.given.items()}
            return centers | dict(self.start) if isinstance(self.start, Mapping) else centers
        return _center(self.given) if self.start is None or isinstance(self.start, Mapping) else self.start

    @property
    def prior(self) -> Prior | Mapping[str, Prior] | None:
        """Its prior, that of each uncertain element over a dimension; None where it is fixed."""
        if isinstance(self.given, Mapping):
            return {e: given for e, given in self.given.items() if isinstance(given, Prior)} or None
        return self.given if isinstance(self.given, Prior) else None


def _center(given: Prior | float) -> float:
    return given.center if isinstance(given, Prior) else given


@dataclass(frozen=True, eq=False)
class Constant:
    """A structural constant: part of what a variable means (three years of a certificate), never varied."""

    value: float
    unit: str
    doc: str
    _: KW_ONLY
    basis: Basis


@dataclass(frozen=True, eq=False)
class Series:
    """Observed data that drive the model over time; the figures come from the evidence, by the same name.

    After its last figure it keeps that figure.
    """

    unit: str
    doc: str


@dataclass(frozen=True, eq=False)
class Lever:
    """What policy can set over time, from 2026 on.

    `default` is its value from 2026 in the baseline; None means that it is not set unless a scenario sets it:
    an equation then reads the companion `<name>_set` (0 or 1) beside it. `history` names the data series it
    follows before 2026; without one it is at its default there too. `why` says where in the structure the answer
    to it comes from; `shown_at` is the setting at which that answer is shown where no scenario sets the lever.
    """

    unit: str
    doc: str
    _: KW_ONLY
    default: float | None
    bounds: tuple[float, float]
    history: str | None = None
    label: str = ""
    why: str = ""
    shown_at: float | Mapping[str, float] | None = None
    basis: Basis


@dataclass(frozen=True, eq=False)
class Table:
    """A piecewise linear function, clamped at both ends: (x, y) pairs with x increasing.

    `unit` is that of y, `of` that of x. An equation names it as an argument and calls it: `crowding(occupancy)`.
    """

    unit: str
    points: tuple[tuple[float, float], ...]
    doc: str
    _: KW_ONLY
    of: str = "1"
    basis: Basis

    def __call__(self, x: Any) -> Any:
        return np.interp(x, [p[0] for p in self.points], [p[1] for p in self.points])


@dataclass(frozen=True, eq=False)
class Stock:
    """A level that only flows change.

    It starts at `initial` (0, or the name of a parameter or variable), else an `@initial` equation says where.
    `conserved` names the family whose content only crosses the model's boundary by flows with one end
    (firms, fund money). A stock below 0 fails the run's certificate unless `signed`.
    """

    unit: str
    doc: str
    _: KW_ONLY
    over: Dimension | None = None
    initial: float | str | None = None
    conserved: str | None = None
    signed: bool = False
    reported: Reported | None = None


@dataclass(frozen=True, eq=False)
class _Equated:
    """What an equation stands under: calling it with the equation, as a decorator does, gives the declaration."""

    _: KW_ONLY
    equation: Equation | None = None

    def __call__(self, equation: Equation) -> Self:
        check_source(equation)
        return replace(self, equation=equation)

    def __reduce__(self) -> tuple[Any, ...]:
        """It is pickled as the place where it is declared, since an equation cannot be: their names are one."""
        if self.equation is None:
            return _made, (type(self), {part.name: getattr(self, part.name) for part in fields(self)})
        return _declared, (self.equation.__module__, self.equation.__qualname__)


def _made(kind: Any, values: dict[str, Any]) -> Any:
    return kind(**values)


def _declared(module: str, name: str) -> Any:
    return attrgetter(name)(import_module(module))


@dataclass(frozen=True, eq=False)
class Initial(_Equated):
    """The equation of a stock's initial value; it may name parameters, variables and other stocks."""

    stock: Stock


@dataclass(frozen=True, eq=False)
class Flow(_Equated):
    """A rate that leaves one stock, enters another, or both: stocks of this file, or their names.

    Where a flow over a dimension meets a stock without it, `total_over` states the reduction: the stock gains
    or loses the sum.
    """

    unit: str
    _: KW_ONLY
    out_of: Stock | str | None = None
    into: Stock | str | None = None
    over: Dimension | None = None
    total_over: Dimension | None = None
    reported: Reported | None = None


@dataclass(frozen=True, eq=False)
class Auxiliary(_Equated):
    """A variable computed from others at the same instant."""

    unit: str
    _: KW_ONLY
    over: Dimension | None = None
    reported: Reported | None = None


Held = Literal["opening", "zero", "course"] | float | Equation


@dataclass(frozen=True, eq=False)
class Cut:
    """A link from a cause to an effect that can be cut: the effect then reads something else in place of the cause.

    What it reads, `held` says: the value of the cause at the opening, zero, a number times the cause, the value of
    an equation, or a course that the run gives (see `engine.cut.course_from`). Without an `effect` all links of the
    cause are cut: whatever it enters reads what is held.
    """

    cause: str
    effect: str | None = None
    held: Held = "opening"

    @property
    def held_reads(self) -> tuple[str, ...]:
        """What the equation of what is held names, where it is one."""
        if isinstance(self.held, str | float):
            return ()
        return self.held.__code__.co_varnames[: self.held.__code__.co_argcount]


@dataclass(frozen=True, eq=False)
class Loop:
    """A feedback loop, by its code: R (reinforcing) or B (balancing) and a number of its own.

    `through` names variables it runs through, each a cause of the next, directly or by the shortest chain of
    others, and the last a cause of the first. `cut` is the link (cause, effect) at which it is cut, or several;
    one at least is a link of the loop. `held` says what their effects then read (see `Cut`), of all links or of
    each. A loop that is open at the levers of the baseline, since money is short there or no goal is set, says
    `when` it closes: values of levers.
    """

    code: str
    through: tuple[str, ...]
    doc: str
    _: KW_ONLY
    cut: tuple[str, str] | tuple[tuple[str, str], ...]
    held: Held | tuple[Held, ...] = "opening"
    when: Mapping[str, float] = field(default_factory=dict)

    @property
    def polarity(self) -> Literal["reinforcing", "balancing"]:
        """What its code says."""
        return "reinforcing" if self.code.startswith("R") else "balancing"

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The links at which it is cut."""
        links: Any = self.cut if isinstance(self.cut[0], tuple) else (self.cut,)
        held = self.held if isinstance(self.held, tuple) else (self.held,) * len(links)
        return tuple(Cut(cause, effect, what) for (cause, effect), what in zip(links, held, strict=True))


unit, dimension = Unit, Dimension
parameter, constant, series, lever, table = Parameter, Constant, Series, Lever, Table
stock, flow, auxiliary, initial, loop, cut = Stock, Flow, Auxiliary, Initial, Loop, Cut
