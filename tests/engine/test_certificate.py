"""Does the certificate fail where the arithmetic does, with the line that says so, and pass where it does not?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, dimension, flow, normal, parameter, reported, stock, table, unit
from pujiang.engine import certificate, reference
from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Batch, Grid, Record, Recorded
from pujiang.engine.central import central_trajectories
from pujiang.engine.program import Program
from pujiang.engine.simulate import Simulation, pack, simulate
from pujiang.engine.system import System, build
from pujiang.primitives import sqrt

UNITS = (unit("firm", "Firm."),)

place = dimension("place", ("north", "south"), "Places.")


class sound:
    rate = parameter(normal(0.4, 0.2), "1/year", "Rate.", bounds=(0, 1), basis=assumed("test"))
    inside = stock("firm", "In.", initial=1, conserved="firms", reported=reported("end"))
    outside = stock("firm", "Out.", initial=0, conserved="firms", reported=reported("end"))

    @flow("firm/year", out_of=inside, into=outside, reported=reported("integral"))
    def moving(rate, inside):
        """Moving."""
        return rate * inside

    @flow("firm/year", into=inside)
    def entering(rate, outside):
        """Entering."""
        return rate * outside


SOUND = build([sound], UNITS)


def certified(system: System, parameters: Any = None, **settings: Any) -> dict[str, Any]:
    simulation = Simulation(**{"last_year": 2018, "dt": 1 / 8, **settings})
    tree = simulate(system, parameters or {}, series={}, simulation=simulation, engine="reference")
    found: dict[str, Any] = json.loads(tree.attrs["certificate"])
    return found


def test_a_good_run_passes() -> None:
    found = certified(SOUND)
    assert found["passed"]
    assert found["failures"] == []
    assert set(found["step_halving"]) == {"inside", "outside", "moving"}
    assert 0 < found["step_halving"]["inside"]["central"] < 1e-5
    assert found["conservation"]["firms"] < 1e-14
    assert (found["non_finite"], found["negative_stocks"], found["bounds_touched"]) == ([], {}, {})


def test_the_error_of_the_step_is_what_halving_it_changes() -> None:
    """Worked by hand: at the end of one year of decay Euler with one step leaves 1 - k, with two (1 - k/2)^2."""

    class decay:
        k = parameter(0.5, "1/year", "Decay.", basis=assumed("test"))
        y = stock("firm", "Firms.", initial=1, reported=reported("end"))

        @flow("firm/year", out_of=y)
        def loss(k, y):
            """Loss."""
            return k * y

    found = certified(build([decay], UNITS), last_year=2015, dt=1.0, save_every=1.0, method="euler")
    assert found["step_halving"]["y"]["central"] == pytest.approx((0.75**2 - 0.5) / 0.75**2, rel=1e-12)


def test_a_coarse_step_fails() -> None:
    found = certified(SOUND, dt=1.0, save_every=1.0, method="euler")
    assert not found["passed"]
    assert any(line.startswith("halving the step moves inside by ") for line in found["failures"])


def test_the_worst_of_other_members_counts_too() -> None:
    rates = np.full(5, 0.01)
    rates[-1] = 0.9
    found = certified(SOUND, {"rate": rates}, dt=1 / 4, method="euler")
    assert found["step_halving"]["inside"]["central"] < 0.005 < found["step_halving"]["inside"]["worst"]
    assert not found["passed"]


def test_a_stock_that_falls_below_zero_fails() -> None:
    class overdrawn:
        rate = parameter(1.5, "firm/year", "Rate.", basis=assumed("test"))
        y = stock(unit="firm", doc="Firms.", initial=1)
        debt = stock(unit="firm", doc="May be negative.", initial=0, signed=True)

        @flow("firm/year", out_of=y)
        def loss(rate):
            """Loss."""
            return rate

        @flow("firm/year", out_of=debt)
        def more_debt(rate):
            """More debt."""
            return rate

    found = certified(build([overdrawn], UNITS), last_year=2015)
    assert found["failures"] == ["the stock y falls to -0.5"]
    assert found["negative_stocks"] == {"y": -0.5}


def test_a_dip_below_zero_within_a_year_and_in_one_member_is_seen() -> None:
    class dipping:
        depth = parameter(0.0, "firm", "Depth.", basis=assumed("test"))
        first = parameter(2015.0, "year", "Start.", basis=assumed("test"))
        year_long = parameter(1.0, "year", "A year.", basis=assumed("test"))
        y = stock(unit="firm", doc="Firms.", initial=0)

        @flow("firm/year", into=y)
        def change(depth, time, first, year_long):
            """A fall in the first half, a rise in the second."""
            return depth * (2 * (time - first) / year_long - 1) / year_long

    found = certified(build([dipping], UNITS), {"depth": np.array([0.0, 0.0, 2.0])}, last_year=2015)
    assert found["failures"] == ["the stock y falls to -0.5"]


def test_a_stock_may_round_below_zero_in_proportion_to_its_size() -> None:
    class emptied:
        large = parameter(1e15, "firm", "Large.", basis=assumed("test"))
        short = parameter(1.0, "year", "A year.", basis=assumed("test"))
        y = stock(unit="firm", doc="Firms.", initial="large")

        @flow("firm/year", out_of=y)
        def loss(large, short):
            """Loss."""
            return large / short

    system = build([emptied], UNITS)
    grid = Simulation(last_year=2015, dt=1 / 7, save_every=1.0).grid()
    batch = pack(system, {}, {"run": {}}, {}, {}, grid)
    assert reference.run(system.program, grid, batch, Record((), (), 7), "rk4").lowest < -0.01
    assert certified(system, last_year=2015, dt=1 / 7, save_every=1.0)["passed"]
    overdrawn = {"large": 1e-12, "short": 1 - 1e-6}
    assert not certified(system, overdrawn, last_year=2015)["passed"]


class broken:
    size = parameter(1.0, "firm", "Size.", basis=assumed("test"))
    pace = parameter(1.0, "firm/year", "Pace.", basis=assumed("test"))
    y = stock(unit="firm", doc="Firms.", initial="size", signed=True)
    hidden = stock(unit="firm", doc="Not reported.", initial="size", signed=True)

    @flow("firm/year", out_of=y)
    def loss(pace):
        """Loss."""
        return pace

    @auxiliary("firm^0.5", reported=reported("mean"))
    def root(y):
        """A root that ends where the stock is negative."""
        return sqrt(y)


def test_a_number_that_is_none_fails() -> None:
    found = certified(build([broken], UNITS), {"size": np.array([9.0, 1.5])})
    assert not found["passed"]
    assert found["non_finite"] == ["root"]
    assert "root is not a finite number in some member" in found["failures"]


def test_a_number_that_is_none_in_a_stock_nobody_reports_fails_too() -> None:
    class unseen:
        @flow("firm/year", into="hidden")
        def gain(root, pace, size):
            """Gain."""
            return pace * root / sqrt(size)

    found = certified(build([broken, unseen], UNITS), {"size": np.array([9.0, 1.5])})
    assert "hidden" in found["non_finite"]
    assert "hidden is not a finite number in some member" in found["failures"]


def test_a_run_that_explodes_fails_and_does_not_crash() -> None:
    class explosive:
        pace = parameter(1.0, "1/firm/year", "Pace.", basis=assumed("test"))
        y = stock("firm", "Firms.", initial=1, conserved="firms", reported=reported("end"))

        @flow("firm/year", into=y)
        def growth(pace, y):
            """Growth to infinity at the end of the first year."""
            return pace * y * y

    found = certified(build([explosive], UNITS))
    assert "y" in found["non_finite"]
    assert not found["passed"]


def test_a_circulation_too_fast_for_the_digits_of_the_content_fails() -> None:
    """A family whose flows are 10^12 times its content: what moves is lost in the rounding of what circulates."""

    class carousel:
        circulation = parameter(1e12 / 3, "firm/year", "Circulation.", basis=assumed("test"))
        trickle = parameter(0.1234, "firm/year", "Trickle.", basis=assumed("test"))
        a = stock(unit="firm", doc="A.", initial=1, conserved="firms")
        b = stock(unit="firm", doc="B.", initial=1, conserved="firms")
        c = stock(unit="firm", doc="C.", initial=1, conserved="firms")

        @flow("firm/year", out_of=a, into=b)
        def there(circulation):
            """There."""
            return circulation

        @flow("firm/year", out_of=a, into=c)
        def aside(trickle):
            """Aside."""
            return trickle

        @flow("firm/year", out_of=b, into=a)
        def back(circulation):
            """And back."""
            return circulation

    found = certified(build([carousel], UNITS), last_year=2015)
    assert found["failures"] == [f"firms: {found['conservation']['firms']:.1e} of the content is unaccounted for"]
    assert certified(build([carousel], UNITS), {"circulation": 100.0}, last_year=2015)["passed"]


def test_an_engine_that_loses_content_is_found_out() -> None:
    def leaking(program: Program, grid: Grid, batch: Batch, record: Record, method: str) -> Recorded:
        recorded = reference.run(program, grid, batch, record, method)
        leak = np.linspace(1, 1 - 1e-6, len(recorded.snapshots))[:, None, None]
        return replace(recorded, snapshots=recorded.snapshots * leak)

    simulation = Simulation(last_year=2018, dt=1 / 8)
    grid = simulation.grid()

    def packed(on: Grid) -> Batch:
        return pack(SOUND, {}, {"run": {}}, {}, {}, on)

    batch = packed(grid)
    for engine, sound_engine in ((reference.run, True), (leaking, False)):
        outcomes, recorded = simulate_annual(SOUND, grid, batch, "rk4", engine)
        central = central_trajectories(SOUND, grid, batch, 1, "rk4", engine)
        subject = certificate.Subject(grid, batch, 1, "rk4", recorded, outcomes, central)
        found = certificate.certify(SOUND, subject, packed, engine)
        assert found["passed"] is sound_engine
        assert sound_engine or found["failures"][0].startswith("firms: ")


def test_families_are_conserved_between_places_and_totals() -> None:
    class places:
        rate = parameter(0.4, "1/year", "Rate.", basis=assumed("test"))
        local = stock(unit="firm", doc="By place.", over=place, initial=1, conserved="firms")
        pool = stock(unit="firm", doc="Pool.", initial=0, conserved="firms")

        @flow("firm/year", out_of=local, into=pool, over=place, total_over=place)
        def gathering(rate, local):
            """Gathering."""
            return rate * local

        @flow("firm/year", out_of=pool)
        def leaving(rate, pool):
            """Leaving."""
            return rate * pool

    found = certified(build([places], UNITS))
    assert found["passed"]
    assert found["conservation"]["firms"] < 1e-14


def test_members_at_a_bound_are_counted() -> None:
    found = certified(SOUND, {"rate": np.array([0.4, 0.0, 1.0, 0.5])})
    assert found["bounds_touched"] == {"rate": 0.5}


def test_a_table_left_is_named_and_fails_nothing() -> None:
    class reading:
        bent = table("1", ((0.0, 0.0), (2017.0, 1.0)), "Bent.", of="year", basis=assumed("test"))
        wide = table("1", ((0.0, 0.0), (3000.0, 1.0)), "Wide.", of="year", basis=assumed("test"))

        @auxiliary("1", reported=reported("mean"))
        def read(time, bent, wide):
            """Read."""
            return bent(time) + wide(time)

    found = certified(build([reading], UNITS))
    assert found["tables_left"] == ["bent"]
    assert certified(build([reading], UNITS), last_year=2016)["tables_left"] == []
