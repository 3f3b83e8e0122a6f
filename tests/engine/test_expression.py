"""Does an expression written out read back as the same expression?"""

import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pujiang import primitives
from pujiang.declare import dimension
from pujiang.engine.expression import Node, TableSymbol, TraceError, combine, trace, variables, walk
from pujiang.engine.notation import mathematics, readable

"""The same examples every time, however long they take."""

place = dimension("place", ("north", "south"), "Places.")
SYMBOLS: dict[str, Any] = {
    "a": Node("variable", name="a"),
    "b": Node("variable", name="b"),
    "w": Node("variable", name="w", over=place),
    "bent": TableSymbol("bent"),
}
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
BINARY += [operator.lt, operator.le, operator.gt, operator.ge]
UNARY = [operator.neg, primitives.exp, primitives.log, primitives.sqrt, SYMBOLS["bent"]]
CALLS = [primitives.minimum, primitives.maximum, primitives.safe_divide, primitives.delay3, primitives.smooth]


def same(one: Node, other: Node) -> bool:
    """Whether two trees are the same, node by node."""
    facts = [(n.op, n.name, n.value, n.over) for n in (one, other)]
    pairs = zip(one.arguments, other.arguments, strict=False)
    return facts[0] == facts[1] and len(one.arguments) == len(other.arguments) and all(same(*p) for p in pairs)


def larger(smaller: Any) -> Any:
    return st.one_of(
        st.tuples(st.sampled_from(BINARY), smaller, st.sampled_from([0, 1, 2, 0.5, -1])).map(
            lambda t: t[0](t[1], t[2])
        ),
        st.tuples(st.sampled_from(BINARY), st.sampled_from([0, 1, 2, 0.5, -1]), smaller).map(
            lambda t: t[0](t[1], t[2])
        ),
        st.tuples(st.sampled_from(BINARY + CALLS), smaller, smaller).map(lambda t: t[0](t[1], t[2])),
        st.tuples(st.sampled_from(UNARY), smaller).map(lambda t: t[0](t[1])),
        st.tuples(smaller, smaller, smaller).map(lambda t: primitives.where(*t)),
        st.tuples(smaller, smaller).map(lambda t: primitives.smooth_minimum(t[0], t[1], 2)),
    )


scalars = st.recursive(st.sampled_from([SYMBOLS["a"], SYMBOLS["b"]]), larger, max_leaves=12)


@settings(max_examples=400)
@given(scalars)
def test_an_expression_written_out_reads_back_as_itself(expression: Node) -> None:
    space = {**vars(primitives), **SYMBOLS}
    assert same(eval(readable(expression), space), expression), readable(expression)


@given(scalars)
def test_sums_and_shares_read_back_too(scalar: Node) -> None:
    weighted = SYMBOLS["w"] * scalar
    for expression in (primitives.total(weighted, place), primitives.spread(scalar, weighted, place)):
        space = {**vars(primitives), **SYMBOLS, "place": place}
        assert same(eval(readable(expression), space), expression), readable(expression)


def test_an_element_and_its_opposite_read_back_too() -> None:
    chosen = primitives.element(SYMBOLS["w"], place, "south")
    for expression in (chosen, primitives.only(chosen, place, "north")):
        space = {**vars(primitives), **SYMBOLS, "place": place}
        assert same(eval(readable(expression), space), expression), readable(expression)
    assert mathematics(chosen) == "w[south]"


def test_an_expression_is_written_as_a_person_would() -> None:
    a, b = SYMBOLS["a"], SYMBOLS["b"]
    assert readable(a - b - 2 * a * b) == "a - b - 2 * a * b"
    assert readable(a - (b - a)) == "a - (b - a)"
    assert readable(-(a**2) / (1 + b)) == "-a ** 2 / (1 + b)"
    assert readable((-a) ** b) == "(-a) ** b"
    assert readable(primitives.total(SYMBOLS["w"], place)) == "total(w, place)"


def test_a_number_keeps_all_its_digits() -> None:
    third = 1 / (2 + 1)
    assert float(readable(SYMBOLS["a"] * third).removeprefix("a * ")) == third


def test_variables_come_in_order_of_appearance_and_once() -> None:
    a, b = SYMBOLS["a"], SYMBOLS["b"]
    assert variables(b * a + b) == ("b", "a")
    assert variables(primitives.where(a < b, SYMBOLS["w"], a)) == ("a", "b", "w")
    shared = a * b
    assert len(list(walk(shared + shared))) == 4


REFUSED: dict[str, Any] = {
    "a branch": lambda a: 1 if a else 0,
    "and": lambda a: a and 1,
    "a list": lambda a: [a],
    "a word": lambda a: a + "x",
    "nothing": lambda a: None,
    "a call of a variable": lambda a: a(1),
    "a sum over what it does not run over": lambda a: primitives.total(a, place),
    "a sum over nothing": lambda a: primitives.total(a),
    "too many arguments": lambda a: primitives.exp(a, a),
    "too few arguments": lambda a: primitives.minimum(a),
    "too few arguments of a compound": lambda a: primitives.clip(a, 0),
    "a delay without a past": lambda a: primitives.fixed_delay(a, 1),
    "a dimension as a number": lambda a: a + place,
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_expression_can_hold_is_refused(case: str) -> None:
    with pytest.raises(TraceError):
        trace(REFUSED[case], {"a": SYMBOLS["a"]})


def test_two_dimensions_do_not_mix() -> None:
    other = Node("variable", name="v", over=dimension("colour", ("red",), "Colours."))
    with pytest.raises(TraceError, match="mixes the dimensions place and colour"):
        combine("add", SYMBOLS["w"], other)
