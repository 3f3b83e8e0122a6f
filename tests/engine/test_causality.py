"""Is the sign of a link what its equation says, also where a value is negative or a function remembers?"""

from types import SimpleNamespace

import numpy as np
import pytest

from pujiang.declare import Loop, assumed, auxiliary, constant, flow, loop, parameter, stock, switch, unit
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
room_limits = switch("Cuts the limit.")


@flow("person/year", into=population)
def births(population, rate, room, room_limits):
    """People born."""
    return population * rate * (1 - room_limits * population / room)


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


crowding = loop("balancing", ("population", "births"), "People leave no room for more.", cut_by="room_limits")


def model(**instead: Loop) -> System:
    """All of the above, or something instead."""
    names = {name: value for name, value in globals().items() if not name.startswith("__")}
    return build([SimpleNamespace(**{**names, **instead}, __name__="made")], UNITS)


def sign(cause: str, effect: str, **values: float) -> int:
    """The sign of a link at some values; the others as they open."""
    system = model()
    opening = {"population": 100.0, "debt": -5.0, "births": 7.5}
    variables = {name: np.array(values.get(name, opening.get(name, 0.0))) for name in system.variables}
    known = values_at(system, variables, {}, {"room_limits": values.get("room_limits", 1.0), "time": 0.0})
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
        known = values_at(system, variables, {}, {"room_limits": 1.0, "time": 0.0})
        found[people] = trace_loop(system, "crowding", system.loops["crowding"], known).polarity
    assert found == {300.0: "balancing", 100.0: "reinforcing"}


def test_a_loop_that_closes_at_an_unknown_lever_is_a_fault() -> None:
    wrong = loop("balancing", ("population", "births"), "As above.", cut_by="room_limits", when={"rooom": 1.0})
    with pytest.raises(ModelError, match="no lever is called 'rooom'"):
        model(crowding=wrong)
