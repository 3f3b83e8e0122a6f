"""Units: parsed from words, carried through an expression, and compared with what an equation declares."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pujiang.engine.expression import COMPARISONS, Node, readable, walk
from pujiang.errors import nearest


class UnitError(ValueError):
    """A unit does not close or cannot be read; the message says which."""


@dataclass(frozen=True)
class Unit:
    """A product of powers of base units; money at current and at constant prices are different bases."""

    powers: tuple[tuple[str, Fraction], ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, Fraction(0)) + power
        return Unit(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other**-1

    def __pow__(self, power: int | Fraction) -> "Unit":
        return Unit(tuple((base, p * power) for base, p in self.powers if power))

    def __str__(self) -> str:
        def factors(sign: int) -> list[str]:
            signed = [(base, p * sign) for base, p in self.powers if p * sign > 0]
            return [base if p == 1 else f"{base}^{float(p):g}" for base, p in signed]

        top, bottom = factors(1), factors(-1)
        return "/".join(["*".join(top) or "1", *bottom])


PURE = Unit()
YEAR = Unit((("year", Fraction(1)),))


@lru_cache(maxsize=1024)
def parse_unit(text: str, bases: frozenset[str] | None = None) -> Unit:
    """A unit from words: base units joined by * and /, with ^ for powers; "1" is a pure number.

    `bases` are the base units there are beside "year"; without them any word will do, as in a checked system.

    Raises:
        UnitError: naming the word that is no unit.
    """
    unit = PURE
    parts = re.split("([*/])", text)
    for joined_by, part in zip(["*", *parts[1::2]], parts[::2], strict=True):
        base, raised, power = part.strip().partition("^")
        if base == "1" and not raised:
            continue
        known = ["year", *(bases or ())]
        if not base.isidentifier() or (bases is not None and base not in known):
            raise UnitError(f"'{base}' in '{text}' is no unit; known: {', '.join(sorted(known))}{nearest(base, known)}")
        try:
            factor = Unit(((base, Fraction(1)),)) ** (Fraction(power) if raised else Fraction(1))
            unit = unit * factor if joined_by == "*" else unit / factor
        except ValueError:
            raise UnitError(f"'{power}' in '{text}' is no power") from None
    return unit


def infer(
    expression: Node, unit_of: Callable[[str], Unit], table_units: Mapping[str, tuple[Unit, Unit]]
) -> Unit | None:
    """The unit of an expression; None for the literal 0, which fits any unit.

    Raises:
        UnitError: naming the first place where units do not close.
    """
    units: dict[int, Unit | None] = {}
    for node in walk(expression):
        if node.op == "literal":
            units[id(node)] = None if node.value == 0 else PURE
        elif node.op == "variable":
            units[id(node)] = unit_of(node.name)
        else:
            units[id(node)] = _result(node, [units[id(a)] for a in node.arguments], table_units)
    return units[id(expression)]


def _result(node: Node, given: list[Unit | None], table_units: Mapping[str, tuple[Unit, Unit]]) -> Unit | None:
    """The unit of an operation from those of its arguments."""
    op = node.op
    if op in {"add", "subtract", "minimum", "maximum"}:
        return _same(node, given)
    if op in COMPARISONS:
        _same(node, given)
        return PURE
    if op == "where":
        return _same(node, given[1:])
    if op == "multiply":
        return None if None in given else _known(given[0]) * _known(given[1])
    if op in {"divide", "safe_divide"}:
        return None if given[0] is None else _known(given[0]) / _known(given[1])
    if op == "power":
        return _power(node, given)
    if op in {"exp", "log"}:
        _need(node, given[0], PURE, f"{op}() of a quantity with a unit")
        return PURE
    if op == "sqrt":
        return None if given[0] is None else given[0] ** Fraction(1, 2)
    if op == "lookup":
        unit, of = table_units[node.name]
        _need(node, given[0], of, f"table {node.name} is read with another unit")
        return unit
    if op in {"negative", "total", "spread"}:
        return given[0]
    return _dynamic(node, given)


def _dynamic(node: Node, given: list[Unit | None]) -> Unit | None:
    """The unit of a function that remembers; its time constant is in years."""
    x = given[0]
    if node.op != "accumulate":
        _need(node, given[1], YEAR, "its time constant is not in years")
    rest = given[2] if len(given) > 2 else None
    if node.op == "accumulate":
        return None if x is None else x * YEAR
    if node.op in {"smooth", "fixed_delay"}:
        return _same(node, [x, rest])
    if rest is not None:
        _need(node, rest, PURE / YEAR, "its growth rate is not per year")
    return PURE / YEAR if node.op == "trend" else x


def _known(unit: Unit | None) -> Unit:
    return PURE if unit is None else unit


def _same(node: Node, given: list[Unit | None]) -> Unit | None:
    known = [unit for unit in given if unit is not None]
    for unit in known[1:]:
        _need(node, unit, known[0], "joins different units")
    return known[0] if known else None


def _need(node: Node, unit: Unit | None, wanted: Unit, fault: str) -> None:
    if unit is not None and unit != wanted:
        raise UnitError(f"{fault}: {unit} with {wanted}, in {readable(node)}")


def _power(node: Node, given: list[Unit | None]) -> Unit | None:
    base, exponent = given
    _need(node, exponent, PURE, "an exponent with a unit")
    if base is None or base == PURE:
        return PURE
    power = node.arguments[1]
    if power.op == "negative" and power.arguments[0].op == "literal":
        return base ** -Fraction(power.arguments[0].value)
    if power.op == "literal":
        return base ** Fraction(power.value)
    raise UnitError(f"a quantity in {base} to a variable power, in {readable(node)}; divide by its opening value")
