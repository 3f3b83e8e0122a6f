"""Do profiles jump where they should, on the grid and off it, and does a lever act from its date on?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.declare import assumed, auxiliary, flow, lever, parameter, stock, unit
from pujiang.engine.batch import Grid, sample
from pujiang.engine.profiles import NEAR, Profile, constant, line, on_grid, steps
from pujiang.engine.system import build
from pujiang.errors import InputError

UNITS = (unit("firm", "Firm."),)

"""The same examples every time, however long they take."""

Course = Callable[..., dict[str, Any]]

JUMPY = Profile((2016.0, 2017.0, 2018.0), (1.0, 3.0, 2.0), (1.0, 5.0, 4.0))


def test_a_path_has_two_values_at_a_jump_and_one_elsewhere() -> None:
    times = np.array([2010.0, 2016.0, 2016.5, 2017.0, 2017.5, 2018.0, 2030.0])
    assert list(JUMPY.from_right(times)) == [1, 1, 2, 5, 3.5, 4, 4]
    assert JUMPY.from_left(times) == pytest.approx([1, 1, 2, 3, 3.5, 2, 4], rel=1e-15)


def test_steps_and_lines_and_constants() -> None:
    times = np.array([2014.0, 2015.0, 2015.5, 2016.0, 2020.0])
    assert list(steps([(2015.0, 1.0), (2016.0, 3.0)]).from_right(times)) == [1, 1, 1, 3, 3]
    assert list(steps([(2015.0, 1.0), (2016.0, 3.0)]).from_left(times)) == [1, 1, 1, 1, 3]
    assert list(line([(2015.0, 1.0), (2016.0, 3.0)]).from_right(times)) == [1, 1, 2, 3, 3]
    assert list(constant(7.0).from_left(times)) == [7] * 5


knots = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted)


@st.composite
def profiles(draw: Any) -> Profile:
    times = draw(knots)
    values = st.lists(st.floats(-10, 10), min_size=len(times), max_size=len(times))
    return Profile(tuple(2015 + t / 4 for t in times), tuple(draw(values)), tuple(draw(values)))


quarters = st.integers(-4, 44).map(lambda k: 2015 + k / 4)


@given(profiles(), profiles(), quarters)
def test_a_splice_is_the_first_before_and_the_second_from_then_on(one: Profile, other: Profile, at: float) -> None:
    spliced = one.until(at, other)
    early, late = at - np.array([0.01, 0.13, 1.0, 3.0]), at + np.array([0.01, 0.13, 1.0, 3.0])
    assert list(spliced.times) == sorted(set(spliced.times))
    assert spliced.from_right(early) == pytest.approx(one.from_right(early), abs=1e-9)
    assert spliced.from_left(late) == pytest.approx(other.from_left(late), abs=1e-9)
    assert float(spliced.from_right(at)) == float(other.from_right(at))
    assert float(spliced.from_left(at)) == float(one.from_left(at))


@given(profiles(), st.sampled_from([1 / 16, 1 / 4, 1.0]))
def test_snapping_moves_knots_to_the_grid_and_nothing_else(profile: Profile, dt: float) -> None:
    snapped = profile.snapped(dt)
    assert snapped.on_grid("x", dt) == snapped
    assert (snapped.before, snapped.after) == (profile.before, profile.after)
    assert max(abs(a - b) for a, b in zip(snapped.times, profile.times, strict=True)) <= dt / 2
    if dt <= 1 / 4:
        assert snapped == profile


def test_knots_that_snap_to_one_date_keep_the_outer_values() -> None:
    profile = steps([(2015.0, 1.0), (2016.45, 2.0), (2016.55, 3.0)]).snapped(0.5)
    assert float(profile.from_left(2016.5)) == 1
    assert float(profile.from_right(2016.5)) == 3


def test_knots_off_the_grid_are_named() -> None:
    with pytest.raises(InputError, match=r"x: 2016\.03 is not on the grid of steps of 0\.0625 year"):
        steps([(2015.0, 1.0), (2016.03, 2.0)]).on_grid("x", 1 / 16)
    assert steps([(2016.33333, 2.0)]).on_grid("x", 1 / 12).times == ((2016 * 12 + 4) * (1 / 12),)


@given(st.integers(8, 1024), st.floats(2026, 2061))
def test_the_dates_a_refusal_names_are_accepted_when_typed(per_year: int, date: float) -> None:
    dt = 1 / per_year
    try:
        near = on_grid("x", date, dt)
    except InputError as error:
        low, high = (float(word) for word in str(error).partition("nearest: ")[2].split(", "))
        assert low < date < high
        assert on_grid("x", high, dt) - on_grid("x", low, dt) == pytest.approx(dt)
    else:
        assert abs(near - date) <= NEAR


@pytest.mark.parametrize("per_year", [1, 2, 3, 4, 5, 7, 10, 12, 16, 24, 50, 64, 100, 365])
def test_a_step_on_the_grid_acts_from_its_date_on_whatever_the_step(per_year: int) -> None:
    """The stage before the jump sees the old value at its end, the next step the new one at its start."""
    dt = 1 / per_year
    grid = Grid(2015.0, 3 * per_year, dt)
    for k in range(0, 3 * per_year + 1, max(1, per_year // 5)):
        for date in (2015 + k * dt, 2015 + k / per_year, (2015 * per_year + k) / per_year):
            (values,) = sample([steps([(2000.0, 0.0), (date, 1.0)])], grid)
            assert (values[:k] == 0).all()
            assert (values[k:] == 1).all()


@given(st.integers(1, 400))
def test_the_end_of_a_step_is_the_start_of_the_next(per_year: int) -> None:
    grid = Grid(2015.0, 16 * per_year, 1 / per_year)
    times = grid.stage_times
    assert np.array_equal(times[:-1, 2], times[1:, 0])
    assert np.array_equal(times[:, 0], grid.times)
    assert (np.diff(times, axis=1) > 0).all()
    assert grid.times[::per_year] == pytest.approx(np.arange(2015, 2032), rel=1e-15)


class pushed:
    push = lever("1/year", "A push.", default=0.1, bounds=(-2, 2), basis=assumed("test"))
    y_at_start = parameter(1.0, "firm", "Start.", basis=assumed("test"))
    z_at_start = parameter(0.0, "firm", "Start.", basis=assumed("test"))
    lag = parameter(0.7, "year", "Lag.", basis=assumed("test"))
    y = stock(unit="firm", doc="Firms.", initial="y_at_start")
    z = stock(unit="firm", doc="Late firms.", initial="z_at_start")

    @flow("firm/year", into=y)
    def growth(push, y):
        """Growth."""
        return push * y

    @flow("firm/year", into=z)
    def following(y, z, lag):
        """Following."""
        return (y - z) / lag

    @auxiliary("1/year")
    def seen(push):
        """The lever."""
        return push


PUSHED = build([pushed], UNITS)


@pytest.mark.parametrize("method", ["rk4", "euler"])
def test_a_step_of_a_lever_equals_two_runs_joined_at_the_step(course: Course, method: str) -> None:
    whole = course(PUSHED, years=4.0, method=method, levers={"push": steps([(2015.0, 0.3), (2016.25, -0.8)])})
    first = course(PUSHED, years=1.25, method=method, levers={"push": constant(0.3)})
    state = {"y_at_start": first["y"][-1, 0], "z_at_start": first["z"][-1, 0]}
    second = course(PUSHED, start=2016.25, years=2.75, method=method, levers={"push": constant(-0.8)}, parameters=state)
    for name in ("y", "z"):
        assert np.array_equal(whole[name], np.concatenate([first[name][:-1], second[name]]))
    assert list(whole["seen"][19:21, 0]) == [0.3, -0.8]


def test_a_step_of_a_lever_gives_the_exact_answer_to_the_order_of_the_method(course: Course) -> None:
    errors = []
    for dt in (1 / 8, 1 / 16):
        push = steps([(2015.0, 0.3), (2016.25, -0.8)])
        y = course(PUSHED, years=4.0, dt=dt, levers={"push": push})["y"][-1, 0]
        errors.append(abs(y - np.exp(0.3 * 1.25 - 0.8 * 2.75)))
    assert np.log2(errors[0] / errors[1]) > 3.7


def test_a_lever_that_is_not_given_is_at_its_default(course: Course) -> None:
    assert (course(PUSHED)["seen"] == 0.1).all()


def test_a_lever_without_default_tells_whether_it_is_set(course: Course) -> None:
    class target:
        aim = lever("1", "A target.", default=None, bounds=(0, 1), basis=assumed("test"))

        @auxiliary("1")
        def chosen(aim, aim_set):
            """The target where it is set, else 2."""
            return aim_set * aim + (1 - aim_set) * 2

    system = build([target], UNITS)
    profile = steps([(2015.0, 0.0), (2016.0, 0.5)])
    set_from = steps([(2015.0, 0.0), (2016.0, 1.0)])
    assert (course(system)["chosen"] == 2).all()
    assert course(system, dt=0.5, levers={"aim": profile})["chosen"][1, 0] == 0
    late = course(system, dt=0.5, levers={"aim": profile, "aim_set": set_from})["chosen"][:, 0]
    assert list(late) == [2, 2, 0.5, 0.5, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([], "has no points"),
        ([(2015.0, 1.0), (2015.0, 2.0)], "has 2015 after 2015; allowed: times that increase"),
        ([(2026.5, 1.0), (2020.0, 2.0)], "has 2020 after 2026.5"),
        ([(2015.0, math.nan)], "the point (2015.0, nan); allowed: finite numbers"),
        ([(math.inf, 1.0)], "allowed: finite numbers"),
    ],
)
@pytest.mark.parametrize("through", [line, steps])
def test_points_that_make_no_function_of_time_are_refused(through: Any, points: Any, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        through(points)
