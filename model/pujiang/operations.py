"""The operations of expressions, one row each: all that the parts of the engine must know of one.

A new primitive is a function in primitives.py and a row here. Beside it, what computes at every step needs its
instructions (engine/kernel/lines.py), what remembers its stocks (engine/dynamics.py); what is composed of others
needs nothing more.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from pujiang import primitives
from pujiang.units import PURE, YEAR, Unit, UnitError, needed

UnitRule = Callable[[Sequence[Unit | None], float | None], Unit | None]
"""The unit of a result, from the units of the arguments (None: a written 0, which fits any) and the last argument's
value where it is a written number."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an operation is.

    Attributes:
        function: its value from numbers and arrays; what an equation calls, or what stands for a sign of Python's.
        unit: the unit of its value.
        python, mathematics: how it is written: a pattern of its arguments (and of the dimension `over` which it
            sums), or another name than its own.
        binds: how strongly it holds its operands, for one written with a sign.
        associates: the side on which an operand that binds as strongly needs no brackets. On the other of "either",
            it needs them for a computer, whose arithmetic is not associative, but not for a reader.
        cycles: about how long a processor takes from its arguments to its value.
        form: how it reaches a program: as it is; unrolled over a dimension; as one element
            of it; rewritten as stocks, or as the
            operations that its function is composed of.
    """

    function: Callable[..., Any]
    unit: UnitRule
    python: str = ""
    mathematics: str = ""
    binds: int = 0
    associates: Literal["left", "right", "either", "neither"] = "left"
    cycles: int = 4
    form: Literal["scalar", "comparison", "reduction", "selection", "dynamic", "composed"] = "scalar"

    @property
    def plain(self) -> Callable[..., Any]:
        """The function without the look for symbols among its arguments."""
        plain: Callable[..., Any] = inspect.unwrap(self.function)
        return plain

    @property
    def arity(self) -> int:
        """How many arguments it takes at most."""
        function = self.function
        return function.nin if isinstance(function, np.ufunc) else len(inspect.signature(function).parameters)


# Values that are not primitives: comparisons give numbers, which NumPy's do not.


def _less(a: Any, b: Any) -> Any:
    return np.less(a, b).astype(float)


def _less_equal(a: Any, b: Any) -> Any:
    return np.less_equal(a, b).astype(float)


# Unit rules.

Units = Sequence[Unit | None]


def _first(units: Units, number: float | None) -> Unit | None:
    return units[0]


def _same(units: Units, number: float | None) -> Unit | None:
    known = [unit for unit in units if unit is not None]
    for unit in known[1:]:
        needed(unit, known[0], "joins different units")
    return known[0] if known else None


def _compared(units: Units, number: float | None) -> Unit | None:
    _same(units, number)
    return PURE


def _chosen(units: Units, number: float | None) -> Unit | None:
    return _same(units[1:], number)


def _product(units: Units, number: float | None) -> Unit | None:
    a, b = units
    return None if a is None or b is None else a * b


def _quotient(units: Units, number: float | None) -> Unit | None:
    a, b = units
    return None if a is None else a / (b or PURE)


def _raised(units: Units, number: float | None) -> Unit | None:
    base, exponent = units
    needed(exponent, PURE, "an exponent with a unit")
    if base is None or base == PURE:
        return PURE
    if number is None:
        raise UnitError(f"a quantity in {base} to a variable power; divide it by its opening value")
    return base ** Fraction(number)


def _root(units: Units, number: float | None) -> Unit | None:
    return None if units[0] is None else units[0] ** Fraction(1, 2)


def _pure(units: Units, number: float | None) -> Unit | None:
    needed(units[0], PURE, "an exponential, logarithm or angle of a quantity with a unit")
    return PURE


def _softened(units: Units, number: float | None) -> Unit | None:
    needed(units[2], PURE, "an exponent with a unit")
    return _same(units[:2], number)


def _smoothed(units: Units, number: float | None) -> Unit | None:
    needed(units[1], YEAR, "its time constant is not in years")
    return _same([units[0], *units[2:]], number)


def _delayed(units: Units, number: float | None) -> Unit | None:
    needed(units[1], YEAR, "its time constant is not in years")
    for growth in units[2:]:
        needed(growth, PURE / YEAR, "its growth rate is not per year")
    return units[0]


def _growth(units: Units, number: float | None) -> Unit | None:
    _delayed(units, number)
    return PURE / YEAR


def _accumulated(units: Units, number: float | None) -> Unit | None:
    return None if units[0] is None else units[0] * YEAR


OPERATIONS: Mapping[str, Meaning] = {
    "less": Meaning(_less, _compared, "{} < {}", "", 1, "neither", form="comparison"),
    "less_equal": Meaning(_less_equal, _compared, "{} <= {}", "{} ≤ {}", 1, "neither", form="comparison"),
    "add": Meaning(np.add, _same, "{} + {}", "", 2, "either"),
    "subtract": Meaning(np.subtract, _same, "{} - {}", "", 2),
    "multiply": Meaning(np.multiply, _product, "{} * {}", "{} · {}", 3, "either"),
    "divide": Meaning(np.divide, _quotient, "{} / {}", "", 3, cycles=14),
    "negative": Meaning(np.negative, _first, "-{}", "", 4),
    "power": Meaning(np.power, _raised, "{} ** {}", "{}^{}", 5, "right", cycles=120),
    "exp": Meaning(primitives.exp, _pure, cycles=60),
    "log": Meaning(primitives.log, _pure, "", "ln", cycles=70),
    "sqrt": Meaning(primitives.sqrt, _root, "", "√", cycles=20),
    "floor": Meaning(primitives.floor, _first, "", "⌊{}⌋"),
    "sin": Meaning(primitives.sin, _pure, cycles=40),
    "cos": Meaning(primitives.cos, _pure, cycles=40),
    "arctan": Meaning(primitives.arctan, _pure, cycles=60),
    "minimum": Meaning(primitives.minimum, _same, "", "min"),
    "maximum": Meaning(primitives.maximum, _same, "", "max"),
    "where": Meaning(primitives.where, _chosen, "", "({1} if {0} else {2})"),
    "safe_divide": Meaning(primitives.safe_divide, _quotient, "", "ratio", cycles=16),
    "clip": Meaning(primitives.clip, _same, form="composed"),
    "smooth_minimum": Meaning(primitives.smooth_minimum, _softened, "", "smooth_min({}, {}; {})", form="composed"),
    "total": Meaning(primitives.total, _first, "total({}, {over})", "Σ {over} ({})", form="reduction"),
    "spread": Meaning(primitives.spread, _first, "spread({}, {}, {over})", "spread({}, {})", form="reduction"),
    "element": Meaning(primitives.element, _first, 'element({}, {over}, "{name}")', "{}[{name}]", form="selection"),
    "only": Meaning(primitives.only, _first, 'only({}, {over}, "{name}")', "only({}, {name})", form="selection"),
    "smooth": Meaning(primitives.smooth, _smoothed, form="dynamic"),
    "delay1": Meaning(primitives.delay1, _delayed, form="dynamic"),
    "delay3": Meaning(primitives.delay3, _delayed, form="dynamic"),
    "trend": Meaning(primitives.trend, _growth, form="dynamic"),
    "fixed_delay": Meaning(primitives.fixed_delay, _smoothed, form="dynamic"),
    "accumulate": Meaning(primitives.accumulate, _accumulated, form="dynamic"),
}
"""What an expression is made of, beside numbers, variables and tables."""


def _of_form(*forms: str) -> frozenset[str]:
    return frozenset(name for name, meaning in OPERATIONS.items() if meaning.form in forms)


COMPARISONS = _of_form("comparison")
REDUCTIONS = _of_form("reduction")
SELECTIONS = _of_form("selection")
DYNAMIC = _of_form("dynamic")
COMPOSED = _of_form("composed")

EVALUATE: Mapping[str, Callable[..., Any]] = {
    name: OPERATIONS[name].plain for name in OPERATIONS if name in _of_form("scalar", "comparison")
}
"""What each operation of a program means, in NumPy."""

PRIMITIVES = frozenset(
    meaning.function for meaning in OPERATIONS.values() if meaning.function.__module__ == primitives.__name__
)
"""The functions an equation may call."""
