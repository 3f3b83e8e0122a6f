"""Does the unit check agree with an independent one, and does it tell apart what must not be added?"""

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pujiang.engine.expression import Node, combine
from pujiang.engine.units import infer
from pujiang.units import PURE, Unit, UnitError, parse_unit

"""The same examples every time, however long they take."""

ORACLE: pint.UnitRegistry = pint.UnitRegistry(None)
BASES = ("year", "firm", "person", "billion_yuan", "billion_yuan_2015", "million_m2", "deal", "result")
for _base in BASES:
    ORACLE.define(f"{_base} = [{_base}]")

VARIABLES = {
    "n": "1",
    "firms": "firm",
    "births": "firm/year",
    "lag": "year",
    "current": "billion_yuan",
    "constant": "billion_yuan_2015",
    "wage": "billion_yuan/person/year",
    "area": "million_m2^2",
}


def variable(name: str) -> Node:
    return Node("variable", name=name)


def one(quantity: Any) -> Any:
    """The quantity 1 of the same unit: numbers are no matter here."""
    return ORACLE.Quantity(1.0, quantity.units)


def pure(quantity: Any) -> Any:
    return ORACLE.Quantity(1.0, (one(quantity) + ORACLE.Quantity(1.0)).units)


BOTH: dict[str, tuple[Callable[..., Node], Callable[..., Any]]] = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (lambda a, b: a - b, lambda a, b: a + b),
    "multiply": (lambda a, b: a * b, lambda a, b: a * b),
    "divide": (lambda a, b: a / b, lambda a, b: a / b),
    "safe_divide": (lambda a, b: combine("safe_divide", a, b), lambda a, b: a / b),
    "minimum": (lambda a, b: combine("minimum", a, b), lambda a, b: a + b),
    "maximum": (lambda a, b: combine("maximum", a, b), lambda a, b: a + b),
    "less": (lambda a, b: a < b, lambda a, b: (a + b) / (a + b)),
    "less_equal": (lambda a, b: a >= b, lambda a, b: (a + b) / (a + b)),
    "negative": (lambda a: -a, lambda a: a),
    "square": (lambda a: a**2, lambda a: a**2),
    "root": (lambda a: a**0.5, lambda a: a**0.5),
    "inverse": (lambda a: a**-1, lambda a: a**-1),
    "sqrt": (lambda a: combine("sqrt", a), lambda a: a**0.5),
    "exp": (lambda a: combine("exp", a), pure),
    "log": (lambda a: combine("log", a), pure),
    "where": (lambda a, b, c: combine("where", a, b, c), lambda a, b, c: b + c),
    "smooth": (lambda a, b: combine("smooth", a, b), lambda a, b: (a, one(b) + lag())[0]),
    "delay3": (lambda a, b: combine("delay3", a, b), lambda a, b: (a, one(b) + lag())[0]),
    "trend": (lambda a, b: combine("trend", a, b), lambda a, b: (a, 1 / (one(b) + lag()))[1]),
    "accumulate": (lambda a: combine("accumulate", a), lambda a: a * lag()),
}
ARITY = {"where": 3} | dict.fromkeys(["negative", "square", "root", "inverse", "sqrt", "exp", "log", "accumulate"], 1)


def lag() -> Any:
    return ORACLE.Quantity(1.0, "year")


def quantity(name: str) -> Any:
    """What the oracle makes of a variable, built from base units and not by our parser."""
    unit = ORACLE.Quantity(1.0)
    for i, part in enumerate(VARIABLES[name].split("/")):
        base, _, power = part.partition("^")
        factor = ORACLE.Quantity(1.0) if base == "1" else ORACLE.Quantity(1.0, base) ** int(power or 1)
        unit = unit * factor if i == 0 else unit / factor
    return unit


leaves = st.sampled_from(sorted(VARIABLES)).map(lambda n: (variable(n), (lambda: quantity(n))))
pures = st.sampled_from([1, 2, 0.5]).map(
    lambda v: (Node("literal", value=float(v)), (lambda: ORACLE.Quantity(float(v))))
)


def grown(smaller: Any) -> Any:
    """Expressions one operation larger: (ours, a computation of the oracle)."""

    def build(op: str) -> Any:
        ours, theirs = BOTH[op]

        def join(parts: list[Any]) -> Any:
            return ours(*(p[0] for p in parts)), (lambda: one(theirs(*(one(p[1]()) for p in parts))))

        size = ARITY.get(op, 2)
        return st.lists(smaller, min_size=size, max_size=size).map(join)

    return st.sampled_from(sorted(BOTH)).flatmap(build)


expressions = st.recursive(leaves | leaves | pures, grown, max_leaves=6)


def unit_of(name: str) -> Unit:
    return parse_unit(VARIABLES[name])


@settings(max_examples=400)
@given(expressions)
def test_an_independent_unit_system_agrees(pair: Any) -> None:
    expression, computed = pair
    try:
        wanted = dict(computed().unit_items())
    except pint.DimensionalityError:
        with pytest.raises(UnitError):
            infer(expression, unit_of, {})
        return
    found = infer(expression, unit_of, {})
    assert found is not None
    assert {base: float(power) for base, power in found.powers} == pytest.approx(wanted)


@pytest.mark.parametrize("op", ["add", "subtract", "minimum", "maximum", "less"])
def test_money_of_today_and_of_2015_do_not_mix(op: str) -> None:
    with pytest.raises(UnitError, match="billion_yuan_2015 with billion_yuan, in "):
        infer(combine(op, variable("current"), variable("constant")), unit_of, {})


@pytest.mark.parametrize("name", VARIABLES)
def test_zero_fits_any_unit(name: str) -> None:
    x, zero = variable(name), Node("literal")
    unit = unit_of(name)
    for expression in (x + 0, 0 - x, combine("maximum", x, zero), combine("where", x > 0, x, zero)):
        assert infer(expression, unit_of, {}) == unit
    assert infer(zero, unit_of, {}) is None
    assert infer(0 * x + variable("lag"), unit_of, {}) == unit_of("lag")


@pytest.mark.parametrize("value", [1.0, 2.0, 0.5])
def test_another_number_is_pure(value: float) -> None:
    with pytest.raises(UnitError):
        infer(variable("firms") + value, unit_of, {})
    assert infer(variable("n") + value, unit_of, {}) == PURE


def test_a_power_must_be_a_number_that_is_written() -> None:
    with pytest.raises(UnitError, match="variable power"):
        infer(variable("firms") ** variable("n"), unit_of, {})
    with pytest.raises(UnitError, match="exponent with a unit"):
        infer(variable("n") ** variable("lag"), unit_of, {})
    assert infer((variable("firms") / variable("firms")) ** variable("n"), unit_of, {}) == PURE


def test_a_table_has_the_unit_it_states_and_is_read_in_the_unit_it_states() -> None:
    tables = {"bent": (unit_of("births"), unit_of("firms"))}
    read = Node("lookup", (variable("firms"),), name="bent")
    assert infer(read, unit_of, tables) == unit_of("births")
    with pytest.raises(UnitError, match="table bent is read with another unit"):
        infer(Node("lookup", (variable("lag"),), name="bent"), unit_of, tables)


bases = st.sampled_from(BASES)
powers = st.sampled_from([Fraction(n, 2) for n in range(-6, 7) if n])
units = st.dictionaries(bases, powers, max_size=4).map(lambda d: Unit(tuple(sorted(d.items()))))


@given(units)
def test_a_unit_reads_as_it_is_written(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(st.lists(units, min_size=1, max_size=4))
def test_the_order_of_factors_is_of_no_matter(factors: list[Unit]) -> None:
    assert reduce(operator.mul, factors) == reduce(operator.mul, reversed(factors))
    assert factors[0] / factors[0] == PURE
    assert str(PURE) == "1"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("firm/year", "firm*year^-1"),
        ("1/year/year", "1/year^2"),
        ("firm * year", "year*firm"),
        ("1", "firm/firm"),
    ],
)
def test_units_that_are_the_same(text: str, same: str) -> None:
    assert parse_unit(text) == parse_unit(same)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yuan",
        "firm year",
        "firm//year",
        "firm/",
        "*firm",
        "firm^",
        "firm^x",
        "firm^2^2",
        "2*firm",
        "year^1/2",
    ],
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match=r"is no (unit|power)"):
        parse_unit(text, frozenset(BASES))


def test_a_unit_nobody_declares_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnitError, match=r"'frim' in 'frim/year' is no unit; known: .*; did you mean 'firm'\?"):
        parse_unit("frim/year", frozenset(BASES))
    assert str(parse_unit("frim/year")) == "frim/year"  # in a checked system nothing is left to check
