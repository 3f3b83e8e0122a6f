"""Do two engines that are not ours find the same numbers, step by step?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, flow, parameter, stock, table, unit
from pujiang.engine.system import build
from pujiang.primitives import delay1, delay3, maximum, minimum, smooth, where

UNITS = (unit("person", "Person."),)

Course = Callable[..., dict[str, Any]]

XMILE = Path(__file__).parents[1] / "data" / "epidemic.xmile"


class epidemic:
    susceptible_at_start = parameter(990.0, "person", "Start.", basis=assumed("test"))
    infectious_at_start = parameter(10.0, "person", "Start.", basis=assumed("test"))
    contact_rate = parameter(3.0, "1/year", "Contacts.", basis=assumed("test"))
    infectious_time = parameter(0.7, "year", "Time.", basis=assumed("test"))
    reporting_time = parameter(0.5, "year", "Time.", basis=assumed("test"))
    perception_time = parameter(0.4, "year", "Time.", basis=assumed("test"))
    capacity = parameter(100.0, "person", "Capacity.", basis=assumed("test"))
    many = parameter(50.0, "person", "Many.", basis=assumed("test"))
    high = parameter(60.0, "person", "High.", basis=assumed("test"))
    low = parameter(20.0, "person", "Low.", basis=assumed("test"))
    fear = table("1", ((0.0, 1.0), (0.05, 0.95), (0.1, 0.7), (0.2, 0.5)), "Fear.", basis=assumed("test"))
    susceptible = stock(unit="person", doc="S.", initial="susceptible_at_start")
    infectious = stock(unit="person", doc="I.", initial="infectious_at_start")
    recovered = stock(unit="person", doc="R.", initial=0)

    @flow("person/year", out_of=susceptible, into=infectious)
    def infection(contact_rate, caution, susceptible, infectious, population):
        """Infection."""
        return contact_rate * caution * susceptible * infectious / population

    @flow("person/year", out_of=infectious, into=recovered)
    def recovery(infectious, infectious_time):
        """Recovery."""
        return infectious / infectious_time

    @auxiliary("person")
    def population(susceptible, infectious, recovered):
        """All."""
        return susceptible + infectious + recovered

    @auxiliary("person/year")
    def reported(infection, reporting_time):
        """Reported."""
        return delay3(infection, reporting_time)

    @auxiliary("person/year")
    def counted(infection, reporting_time):
        """Counted."""
        return delay1(infection, reporting_time)

    @auxiliary("person")
    def perceived(infectious, perception_time, infectious_at_start):
        """Perceived: it stands in the loop of infection, so it says itself where it starts."""
        return smooth(infectious, perception_time, infectious_at_start)

    @auxiliary("1")
    def caution(perceived, population, fear):
        """Caution."""
        return fear(perceived / population)

    @auxiliary("person^0.5")
    def strain(infectious, capacity, many, high, low):
        """Strain."""
        return maximum(minimum(infectious, capacity), where(infectious > many, high, low)) ** 0.5


SHARED = [
    "susceptible",
    "infectious",
    "recovered",
    "infection",
    "recovery",
    "reported",
    "counted",
    "perceived",
    "caution",
    "strain",
]


@pytest.fixture
def ours(course: Course) -> dict[str, Any]:
    return course(build([epidemic], UNITS), method="euler", years=6.0)


def test_the_epidemic_has_a_peak_and_reads_the_whole_table(ours: dict[str, Any]) -> None:
    assert 10 < ours["infectious"].argmax() < 90
    assert ours["caution"].min() < 0.7


def test_simlin_finds_the_same(ours: dict[str, Any]) -> None:
    import simlin

    theirs = simlin.load(XMILE).run(analyze_loops=False).results
    assert list(theirs.index) == list(ours["time"])
    for name in SHARED:
        assert theirs[name].to_numpy() == pytest.approx(ours[name][:, 0], rel=1e-9), name


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # of its use of pandas
def test_pysd_finds_the_same(ours: dict[str, Any], tmp_path: Path) -> None:
    import pysd

    theirs = pysd.read_xmile(str(shutil.copy(XMILE, tmp_path))).run()  # it writes its translation beside it
    assert np.array_equal(theirs.index, ours["time"])
    for name in SHARED:
        assert theirs[name].to_numpy() == pytest.approx(ours[name][:, 0], rel=1e-9), name
