"""Does an effect read what is held while its link is cut, and what the whole model has it read otherwise?"""

from types import SimpleNamespace

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, cut, flow, initial, loop, parameter, reported, stock, unit
from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System, build
from pujiang.errors import ModelError
from pujiang.primitives import smooth

UNITS = (unit("person", "Person."),)

rate = parameter(0.5, "1/year", "Births per person.", basis=assumed("test"))
room = parameter(400.0, "person", "People there is room for.", basis=assumed("test"))
wait = parameter(1.0, "year", "A time constant.", basis=assumed("test"))
people_at_start = parameter(100.0, "person", "People at the start.", basis=assumed("test"))
population = stock("person", "People.", initial="people_at_start", reported=reported("end"))
guests = stock("person", "Guests.", reported=reported("end"))


@initial(guests)
def initial_guests(births, wait):
    """As many as are born."""
    return births * wait


@auxiliary("1")
def crowding(population, room):
    """How full it is."""
    return population / room


@flow("person/year", into=population)
def births(population, rate, crowding):
    """People born."""
    return population * rate * (1 - crowding)


@auxiliary("person/year")
def births_seen(births, wait):
    """Births, with a delay."""
    return smooth(births, wait)


def half_full(room):
    """What a cut may hold."""
    return room / 2


@pytest.fixture(scope="module")
def system() -> System:
    """A population that fills its room."""
    limit = loop("B1", ("population", "crowding", "births"), "No room.", cut=("crowding", "births"))
    names = {name: value for name, value in globals().items() if not name.startswith("__")}
    return build([SimpleNamespace(**names, limit=limit, __name__="made")], UNITS)


def course(system: System, *cuts: str, since: float = 2017.0) -> dict[str, np.ndarray]:
    """Every variable at the quarters of five years, some cuts being made."""
    tree = simulate(system, levers=cut_from(since, *cuts), series={}, simulation=Simulation(last_year=2019))
    return {str(name): values.values.ravel() for name, values in tree["trajectories"].to_dataset().data_vars.items()}


CUT = slice(9, None)
"""The quarters after the one in which the cut is made."""


def test_nothing_changes_until_a_cut_is_made(system: System) -> None:
    whole, after = course(system), course(with_cuts(system), "limit")
    assert (course(with_cuts(system))["births"] == whole["births"]).all()
    assert (after["births"][:8] == whole["births"][:8]).all()


def test_the_effect_reads_the_opening_and_the_cause_goes_on(system: System) -> None:
    found = course(with_cuts(system), "limit")
    assert found["births"][CUT] == pytest.approx(found["population"][CUT] * 0.5 * 0.75, rel=1e-14)
    assert found["crowding"][CUT] == pytest.approx(found["population"][CUT] / 400, rel=1e-14)


@pytest.mark.parametrize(("held", "factor"), [("zero", 1.0), (half_full, -199.0)])
def test_the_effect_reads_what_is_held(system: System, held: object, factor: float) -> None:
    found = course(with_cuts(system, {"limit": [cut("crowding", "births", held)]}), "limit")  # type: ignore[arg-type]
    assert found["births"][CUT] == pytest.approx(found["population"][CUT] * 0.5 * factor, rel=1e-14)


def test_a_variable_is_held_for_all_it_enters(system: System) -> None:
    """A flow or auxiliary is itself what is held; a stock or input goes on, unread."""
    found = course(with_cuts(system, {"births": [cut("births", held="zero")]}), "births")
    assert (found["births"][CUT] == 0).all()
    assert (found["population"][CUT] == found["population"][8]).all()
    found = course(with_cuts(system, {"people": [cut("population")]}), "people")
    assert found["crowding"][CUT] == pytest.approx(100 / 400)
    assert found["births"][CUT] == pytest.approx(100 * 0.5 * 0.75)
    found = course(with_cuts(system, {"rate": [cut("rate", held="zero")]}), "rate")
    assert (found["births"][CUT] == 0).all()


def test_one_link_may_be_cut_twice(system: System) -> None:
    several = {"first": [cut("crowding", "births")], "second": [cut("crowding", "births", "zero")]}
    for made, factor in (("first", 0.75), ("second", 1.0)):
        found = course(with_cuts(system, several), made)
        assert found["births"][CUT] == pytest.approx(found["population"][CUT] * 0.5 * factor, rel=1e-14)


def test_a_cut_from_the_start_leaves_the_opening(system: System) -> None:
    cuttable = with_cuts(system, {"births": [cut("births", held="zero")], "limit": [cut("crowding", "births", "zero")]})
    for made in ("births", "limit"):
        found = course(cuttable, made, since=2000.0)
        assert found["guests"][0] == 100 * 0.5 * 0.75
        assert found["births_seen"][0] == 100 * 0.5 * 0.75, "what a smooth starts with"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (cut("crowdin", "births"), "mine: its cut starts at 'crowdin', which does not enter births.*'crowding'"),
        (cut("crowdin"), "mine: its cut starts at 'crowdin', which does not exist.*'crowding'"),
        (cut("births", "population"), "mine: its cut ends at the stock population; cut a link into the flow births"),
    ],
)
def test_a_cut_of_what_is_not_there_is_refused(system: System, wrong: cut, fault: str) -> None:  # type: ignore[valid-type]
    with pytest.raises(ModelError, match=fault):
        with_cuts(system, {"mine": [wrong]})
