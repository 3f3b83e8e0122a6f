"""Is the sign of a link what its equation says, also where a value is negative or a function remembers?"""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pujiang.declare import Loop, assumed, auxiliary, constant, flow, loop, parameter, stock, unit
from pujiang.engine.causality import link_sign, trace_loop, values_at
from pujiang.engine.system import System, build
from pujiang.errors import ModelError
from pujiang.primitives import accumulate, delay3, fixed_delay, maximum, smooth, trend

UNITS = (unit("person", "Person."),)

population = stock(unit="person", initial="start", doc="People.")
debt = stock(unit="person", initial=0, signed=True, doc="A stock below zero.")
start = parameter(100.0, "person", "People at the start.", basis=assumed("test"))
rate = parameter(0.1, "1/year", "Births per person.", basis=assumed("test"))
room = parameter(400.0, "person", "People there is room for.", basis=assumed("test"))
lag = constant(2.0, "year", "A lag.", basis=assumed("test"))
wait = parameter(2.0, "year", "A time constant.", basis=assumed("test"))


@flow("person/year", into=population)
def births(population, rate, room):
    """People born."""
    return population * rate * (1 - population / room)


@flow("person/year", out_of=debt)
def repayment(debt, rate):
    """Grows with the stock, however far below zero."""
    return debt * rate


@auxiliary("1/year")
def growth(population, wait):
    """A trend."""
    return trend(population, wait, 0)


@auxiliary("person/year")
def later(births, lag):
    """A fixed delay."""
    return fixed_delay(births, lag, 0)


@auxiliary("person")
def born_so_far(births):
    """An accumulation."""
    return accumulate(births)


@auxiliary("person")
def averaged(population, wait):
    """A smooth, subtracted."""
    return 0 - smooth(population, wait)


@auxiliary("person/year")
def delayed(births, wait):
    """A material delay."""
    return delay3(births, wait)


@auxiliary("person")
def excess(population, room):
    """Zero below the limit."""
    return maximum(population - room, 0)


crowding = loop("B1", ("population", "births"), "People leave no room for more.", cut=("population", "births"))


def model(**instead: Loop) -> System:
    """All of the above, or something instead."""
    names = {name: value for name, value in globals().items() if not name.startswith("__")}
    return build([SimpleNamespace(**{**names, **instead}, __name__="made")], UNITS)


def sign(cause: str, effect: str, **values: float) -> int:
    """The sign of a link at some values; the others as they open."""
    system = model()
    opening = {"population": 100.0, "debt": -5.0, "births": 7.5}
    variables = {name: np.array(values.get(name, opening.get(name, 0.0))) for name in system.variables}
    known = values_at(system, variables, {}, {"time": 0.0})
    return link_sign(system, cause, effect, known)


def test_a_rise_of_a_negative_value_is_a_rise() -> None:
    assert sign("debt", "repayment") == 1


def test_functions_that_remember_answer() -> None:
    assert sign("population", "growth") == 1
    assert sign("births", "later") == 1
    assert sign("births", "born_so_far") == 1
    assert sign("population", "averaged") == -1
    assert sign("births", "delayed") == 1


def test_a_flow_moves_the_stocks_at_its_ends() -> None:
    assert sign("births", "population") == 1
    assert sign("repayment", "debt") == -1


def test_a_link_at_its_limit_does_not_answer() -> None:
    assert sign("population", "excess") == 0
    assert sign("population", "excess", population=500.0) == 1


def test_the_sign_of_a_link_is_that_of_the_moment() -> None:
    assert sign("population", "births") == 1
    assert sign("population", "births", population=300.0) == -1


def test_a_loop_has_the_polarity_of_the_moment() -> None:
    system = model()
    found = {}
    for people in (300.0, 100.0):
        variables = {name: np.array(people if name == "population" else 0.0) for name in system.variables}
        known = values_at(system, variables, {}, {"time": 0.0})
        found[people] = trace_loop(system, "crowding", system.loops["crowding"], known).polarity
    assert found == {300.0: "balancing", 100.0: "reinforcing"}


def twice(rate):  # type: ignore[no-untyped-def]
    """What a cut may hold."""
    return 2 * rate


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"when": {"rooom": 1.0}}, "no lever is called 'rooom'"),
        ({"through": ("popluation", "births")}, "no variable is called 'popluation'.*'population'"),
        ({"through": ("population", "repayment"), "cut": ("population", "births")}, "nothing leads from population to"),
        ({"code": "X1"}, "its code is 'X1'; allowed: R .* or B .* and a number"),
        ({"code": "R7"}, "its code R7 is that of"),
        (
            {"cut": ("births", "delayed")},
            "none of its cuts is a link of it; it runs population -> births -> population",
        ),
        ({"cut": ("population", "birhts")}, "no variable is called 'birhts'.*'births'"),
        ({"cut": ("rooom", "births")}, "its cut starts at 'rooom', which does not enter births.*'room'"),
        ({"held": "start"}, "its cut is held at 'start'; allowed: opening, zero, or an equation"),
        ({"held": lambda rte: rte}, "what its cut holds names 'rte', which does not exist.*'rate'"),
    ],
)
def test_what_does_not_fit_in_a_loop_is_a_fault(change: dict[str, Any], fault: str) -> None:
    other = loop("R7", ("population", "births"), "Another.", cut=("population", "births"), held=twice)
    given: dict[str, Any] = {"code": "B1", "through": crowding.through, "doc": "As above.", "cut": crowding.cut}
    with pytest.raises(ModelError, match=fault):
        model(other=other, crowding=loop(**{**given, **change}))
