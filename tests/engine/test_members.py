"""Is a member of a batch the single run, bit for bit?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pujiang.declare import assumed, auxiliary, constant, dimension, flow, lever, parameter, series, stock, table, unit
from pujiang.engine.profiles import line, steps
from pujiang.engine.system import build
from pujiang.primitives import (
    delay3,
    exp,
    fixed_delay,
    log,
    safe_divide,
    smooth,
    smooth_minimum,
    spread,
    sqrt,
    total,
    where,
)

UNITS = (unit("firm", "Firm."),)

Course = Callable[..., dict[str, Any]]

place = dimension("place", ("north", "south", "west"), "Places.")


class busy:
    """Every operation the engine knows, with parameters that differ by member."""

    rate = parameter(0.3, "1/year", "Rate.", basis=assumed("test"))
    room = parameter({"north": 4.0, "south": 9.0, "west": 2.5}, "firm", "Room.", over=place, basis=assumed("test"))
    bend = parameter(1.7, "1", "Bend.", basis=assumed("test"))
    lag = parameter(0.9, "year", "Lag.", basis=assumed("test"))
    wait = constant(0.5, "year", "Wait.", basis=assumed("test"))
    push = lever("1", "Push.", default=1.0, bounds=(0, 2), basis=assumed("test"))
    climate = series("1", "Climate.")
    crowding = table("1", ((0.0, 1.0), (0.5, 0.9), (1.0, 0.2), (2.0, 0.0)), "Crowding.", basis=assumed("test"))
    firms = stock(unit="firm", doc="Firms.", over=place, initial=1)
    pool = stock(unit="firm", doc="Pool.", initial=1)

    @flow("firm/year", into=firms, over=place)
    def births(rate, firms, room, crowding, push, climate):
        """Births."""
        return rate * push * exp(climate) * firms * crowding(firms / room)

    @flow("firm/year", out_of=firms, into=pool, over=place, total_over=place)
    def closures(firms, rate, lag, bend, pool):
        """Closures."""
        return where(firms > pool, rate, 1 / lag) * firms * safe_divide(firms, total(firms, place)) ** bend

    @flow("firm/year", out_of=pool, into=firms, over=place, total_over=place)
    def returns(pool, rate, firms, lag):
        """Returns."""
        return spread(rate * smooth(pool, lag), firms, place)

    @auxiliary("firm/year")
    def late(closures, wait, lag, rate):
        """Late closures."""
        return delay3(total(closures, place), lag) + fixed_delay(total(closures, place), wait, rate * 0)

    @auxiliary("firm")
    def scarce(pool, firms, bend):
        """The scarcer."""
        return smooth_minimum(pool, total(firms, place), bend) + sqrt(pool * pool) * log(1 + bend)


BUSY = build([busy], UNITS)
INPUTS = {
    "series": {"climate": line([(2015.0, 0.0), (2016.0, 0.3), (2018.0, -0.2)])},
    "levers": {"push": steps([(2015.0, 1.0), (2016.5, 1.6)])},
}
SPREAD = {"rate": 0.2, "room.north": 0.2, "room.west": 0.3, "bend": 0.1, "lag": 0.2}


def drawn(runs: int) -> dict[str, Any]:
    generator = np.random.default_rng(7)
    center = {"rate": 0.3, "room.north": 4.0, "room.west": 2.5, "bend": 1.7, "lag": 0.9}
    return {n: v * np.exp(SPREAD[n] * generator.standard_normal(17))[:runs] for n, v in center.items()}


@pytest.fixture(scope="module")
def singles() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize("method", ["rk4", "euler"])
def test_member_k_is_the_single_run_bit_for_bit_in_a_batch_of_any_size(course: Course, method: str) -> None:
    settings: dict[str, Any] = {"dt": 1 / 4, "years": 2.0, "method": method, **INPUTS}
    single = [course(BUSY, parameters={n: float(v[k]) for n, v in drawn(17).items()}, **settings) for k in range(17)]
    for runs in range(1, 18):
        batch = course(BUSY, parameters=drawn(runs), **settings)
        for name, values in batch.items():
            if name != "time":
                wanted = np.concatenate([one[name] for one in single[:runs]], axis=1)
                assert np.array_equal(np.broadcast_to(values, wanted.shape), wanted), (name, runs)


def test_two_runs_are_the_same(course: Course) -> None:
    one, other = (course(BUSY, parameters=drawn(5), **INPUTS) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_members_do_differ(course: Course) -> None:
    found = course(BUSY, parameters=drawn(5), **INPUTS)
    assert len(set(found["pool"][-1])) == 5


def test_firms_are_conserved_between_places_and_the_pool(course: Course) -> None:
    """Births alone cross the boundary; closures reduce places to the pool, returns spread it over places."""
    found = course(BUSY, parameters=drawn(5), **INPUTS)
    content = found["pool"] + sum(found[f"firms.{e}"] for e in place.elements)
    born = sum(found[f"births.{e}:moved"].cumsum(axis=0) for e in place.elements)
    assert content[1:] - content[0] == pytest.approx(born, rel=1e-12)
    assert (born[-1] > 0.1).all()
    assert (np.abs(found["closures.north:moved"]).sum(axis=0) > 0.1).all()


def test_a_spread_is_whole_at_every_step(course: Course) -> None:
    found = course(BUSY, parameters=drawn(5), **INPUTS)
    parts = sum(found[f"returns.{e}"] for e in place.elements)
    assert (parts > 0).all()
    for element in place.elements:
        share = found[f"firms.{element}"] / sum(found[f"firms.{e}"] for e in place.elements)
        assert found[f"returns.{element}"] == pytest.approx(parts * share, rel=1e-12)
