"""Does the compiled engine give what the reference gives, and the same bits however the runs are shared out?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import platform
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pujiang.declare import (
    assumed,
    auxiliary,
    constant,
    dimension,
    flow,
    initial,
    lever,
    parameter,
    series,
    stock,
    table,
    unit,
)
from pujiang.engine import kernel, reference
from pujiang.engine.batch import Batch, Floats, Grid, Record, Recorded, batch_of, in_few_shapes
from pujiang.engine.kernel import compile as compiling
from pujiang.engine.profiles import Profile, line, steps
from pujiang.engine.profiles import constant as constant_profile
from pujiang.engine.system import build, parameter_default
from pujiang.primitives import (
    accumulate,
    arctan,
    clip,
    cos,
    delay1,
    delay3,
    exp,
    fixed_delay,
    floor,
    log,
    maximum,
    minimum,
    safe_divide,
    sin,
    smooth,
    smooth_minimum,
    spread,
    sqrt,
    total,
    trend,
    where,
)

UNITS = (unit("firm", "Firm."),)

place = dimension("place", ("north", "south", "west"), "Places.")


class town:
    """Every operation, over a dimension and without, with levers, a series, a table and every kind of delay."""

    rate = parameter(0.3, "1/year", "Rate.", basis=assumed("test"))
    room = parameter({"north": 4.0, "south": 9.0, "west": 2.5}, "firm", "Room.", over=place, basis=assumed("test"))
    bend = parameter(1.7, "1", "Bend.", basis=assumed("test"))
    lag = parameter(0.9, "year", "Lag.", basis=assumed("test"))
    wait = constant(0.5, "year", "Wait.", basis=assumed("test"))
    long_wait = constant(1.25, "year", "A longer wait.", basis=assumed("test"))
    cube = constant(3.0, "1", "An exponent.", basis=assumed("test"))
    push = lever("1", "Push.", default=1.0, bounds=(0, 2), basis=assumed("test"))
    goal = lever("1/year", "Goal.", default=None, bounds=(0, 2), basis=assumed("test"))
    climate = series("1", "Climate.")
    crowding = table("1", ((0.0, 1.0), (0.5, 0.9), (1.0, 0.2), (2.0, 0.0)), "Crowding.", basis=assumed("test"))
    firms = stock(unit="firm", doc="Firms.", over=place)
    pool = stock(unit="firm", doc="Pool.", initial=1)

    @initial(firms)
    def opening_firms(room, bend):
        """A part of the room."""
        return room / (1 + bend)

    @flow("firm/year", into=firms, over=place)
    def births(rate, firms, room, crowding, push, season):
        """Births."""
        return rate * push * season * firms * crowding(firms / room)

    @auxiliary("1")
    def season(climate):
        """Depends on time alone."""
        return exp(climate / 2)

    @auxiliary("1")
    def turning(season):
        """Angles, and whole numbers."""
        return sin(season) + cos(season) + arctan(season) + floor(season * 2)

    @flow("firm/year", out_of=firms, into=pool, over=place, total_over=place)
    def closures(firms, rate, lag, bend, pool):
        """Closures."""
        return where(firms > pool, rate, 1 / lag) * firms * safe_divide(firms, total(firms, place)) ** bend

    @flow("firm/year", out_of=pool)
    def leavers(pool, lag, goal, goal_set):
        """Leavers, fewer where there is a goal."""
        return where(goal_set > 0, minimum(pool / lag, goal * pool), delay1(pool / lag, lag))

    @flow("firm/year", out_of=pool, into=firms, over=place, total_over=place)
    def returns(pool, lag, firms):
        """Returns."""
        return spread(pool / lag / 2, firms, place)


class memory:
    """Everything that remembers, and numbers recorded but read by nothing."""

    late = stock(unit="firm", doc="What follows late.", initial=0, signed=True)

    @flow("firm/year", into=late)
    def arrivals(births, wait, rate, opening_firms, long_wait, leavers):
        """Fixed delays, with a past that depends on parameters, and of another fixed delay."""
        return fixed_delay(total(births, place), wait, rate * total(opening_firms, place)) + fixed_delay(
            leavers, long_wait, 0
        )

    @flow("firm/year", out_of=late)
    def departures(arrivals, lag, rate):
        """A material delay that starts in growth."""
        return delay3(arrivals, lag, rate / 2)

    @auxiliary("1/year", over=place)
    def growth(firms, lag):
        """Smoothed growth."""
        return trend(firms, lag)

    @auxiliary("firm")
    def gathered(pool, lag):
        """An integral and a smoothing."""
        return accumulate(pool) / lag + smooth(pool, lag)

    @auxiliary("1", over=place)
    def share(firms, room):
        """How full it is."""
        return firms / room

    @auxiliary("1", over=place)
    def index(share, bend, cube):
        """Powers, roots, logarithms and bounds."""
        return (
            smooth_minimum(share, exp(-share), bend * 2)
            + log(1 + share**cube)
            + sqrt(maximum(share, bend / 2))
            + clip(share, 0.5, 1) ** (share - bend)
            + (share <= 1) * (-share) ** 2
        )


SYSTEM = build([town, memory], UNITS)
PROGRAM = SYSTEM.program
NAMES = tuple(PROGRAM.lines)
EVERYTHING = tuple(PROGRAM.lines.values())
GRID = Grid(2015.0, 50, 1 / 8)
WIDTHS = (2, 4, 8)


def batch(runs: int, shapes: int = 1, seed: int = 0, spread_of: float = 0.2, grid: Grid = GRID) -> Batch:
    """Runs with random parameters that follow `shapes` different lever profiles in random order."""
    draws = np.random.default_rng(seed)
    middle = np.array([parameter_default(SYSTEM, name) for name in SYSTEM.parameter_names])
    parameters = middle[:, None] * draws.uniform(1 - spread_of, 1 + spread_of, (len(middle), runs))
    levers: list[dict[str, Profile]] = []
    for k in range(shapes):
        push, goal = steps([(2015.0, 1.0), (2017.0, 1 + 0.3 * k)]), constant_profile(0.2 + 0.1 * k)
        goal_set = steps([(2015.0, 0.0), (2018.0, 1.0)]) if k % 2 else constant_profile(0.0)
        levers.append({"push": push, "goal": goal, "goal_set": goal_set})
    climate = {"climate": line([(2015.0, -0.2), (2018.0, 0.4), (2020.0, 0.1)])}
    made = batch_of(PROGRAM, grid, parameters, climate, levers, draws.integers(0, shapes, runs))
    slope = np.zeros_like(made.slope)
    slope[:, 0, 24:] = 0.2
    return replace(made, slope=slope, amount=draws.uniform(-1, 1, made.amount.shape))


def record(every: int = 4) -> Record:
    """Everything, as snapshots and as integrals."""
    return Record(EVERYTHING, EVERYTHING, every)


def distance(found: Recorded, expected: Recorded) -> float:
    """The largest difference, relative to each variable's largest value in its run."""
    worst = 0.0
    for a, b, over in (
        (found.snapshots, expected.snapshots, 0),
        (found.integrals, expected.integrals, 0),
        (found.lowest, expected.lowest, None),
    ):
        assert a.shape == b.shape
        np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
        if a.size:
            size = np.abs(b) if over is None else np.abs(b).max(axis=over, keepdims=True)
            worst = max(worst, float(np.max(np.abs(a - b) / np.where(size == 0, 1.0, size))))
    return worst


def assert_same_bits(a: Recorded, b: Recorded) -> None:
    """Equal to the last bit."""
    for x, y in ((a.snapshots, b.snapshots), (a.integrals, b.integrals), (a.lowest, b.lowest)):
        assert x.tobytes() == y.tobytes()


def runs_of(recorded: Recorded, which: Sequence[int] | slice) -> Recorded:
    """Some runs of what was recorded."""
    parts: list[Floats] = [
        np.ascontiguousarray(x[..., which]) for x in (recorded.snapshots, recorded.integrals, recorded.lowest)
    ]
    return Recorded(*parts)


def joined(parts: Sequence[Recorded]) -> Recorded:
    """Runs recorded in parts, side by side."""
    return Recorded(
        np.concatenate([p.snapshots for p in parts], axis=-1),
        np.concatenate([p.integrals for p in parts], axis=-1),
        np.concatenate([p.lowest for p in parts], axis=-1),
    )


def test_system_has_every_operation() -> None:
    used = {operation.op for operation in PROGRAM.main}
    assert used >= set(reference.EVALUATE) | {"lookup", "lever", "series", "delayed", "opening", "state"}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("method", ["rk4", "euler"])
@pytest.mark.parametrize(("runs", "shapes"), [(1, 1), (7, 2), (8, 1), (9, 3), (1000, 3)])
def test_kernel_gives_what_the_reference_gives(runs: int, shapes: int, method: str, width: int) -> None:
    inputs = batch(runs, shapes)
    found = kernel.run(PROGRAM, GRID, inputs, record(), method, width=width)
    assert distance(found, reference.run(PROGRAM, GRID, inputs, record(), method)) < 1e-12


@pytest.mark.parametrize("every", [1, 3, 50, 64])
def test_saves_that_do_not_divide_the_steps_are_the_references(every: int) -> None:
    inputs = batch(5)
    found = kernel.run(PROGRAM, GRID, inputs, record(every), "rk4")
    assert distance(found, reference.run(PROGRAM, GRID, inputs, record(every), "rk4")) < 1e-12


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    spread_of=st.floats(0.0, 0.9),
    runs=st.integers(1, 20),
    method=st.sampled_from(["rk4", "euler"]),
    dt=st.sampled_from([1 / 4, 1 / 8, 1 / 32]),
)
def test_any_parameters_and_step_give_what_the_reference_gives(
    seed: int, spread_of: float, runs: int, method: str, dt: float
) -> None:
    grid = Grid(2015.0, 40, dt)
    inputs = batch(runs, seed=seed, spread_of=spread_of, grid=grid)
    found = kernel.run(PROGRAM, grid, inputs, record(), method)
    assert distance(found, reference.run(PROGRAM, grid, inputs, record(), method)) < 1e-10


@pytest.mark.parametrize("shapes", [1, 4])
def test_member_of_a_batch_is_the_single_run_to_the_last_bit(shapes: int) -> None:
    inputs = batch(21, shapes)
    together = kernel.run(PROGRAM, GRID, inputs, record(), "rk4")
    for k in (0, 3, 13, 20):
        alone = kernel.run(PROGRAM, GRID, inputs.part(k, k + 1), record(), "rk4")
        assert_same_bits(alone, runs_of(together, slice(k, k + 1)))


def test_scenarios_that_share_a_vector_give_the_bits_each_gives_alone() -> None:
    levels = [{"push": 1.0, "goal": 0.0, "goal_set": 0.0}, {"push": 1.5, "goal": 0.0, "goal_set": 0.0}]
    levels += [{"push": 1.0, "goal": 0.25, "goal_set": 1.0}]
    levers = [{name: constant_profile(level) for name, level in case.items()} for case in levels]
    apart = batch_of(PROGRAM, GRID, batch(3).parameters, {"climate": line([(2015.0, 0.1)])}, levers, np.arange(3))
    joined = in_few_shapes(apart)
    assert len(apart.offset) == 3
    assert len(joined.offset) == 1
    together = kernel.run(PROGRAM, GRID, joined, record(), "rk4")
    for k in range(3):
        alone = kernel.run(PROGRAM, GRID, apart.part(k, k + 1), record(), "rk4")
        assert_same_bits(alone, runs_of(together, slice(k, k + 1)))


def test_courses_that_no_amount_joins_exactly_stay_apart() -> None:
    levers = [
        {"push": constant_profile(p), "goal": constant_profile(0), "goal_set": constant_profile(0)} for p in (1, 2, 3)
    ]
    series = {"climate": line([(2015.0, 0.1)])}
    apart = batch_of(PROGRAM, GRID, batch(3).parameters, series, levers, np.arange(3))
    joined = in_few_shapes(apart)
    assert joined.shape.tolist() == [0, 0, 1]  # a lever takes one course or another; a third is a shape of its own
    together = kernel.run(PROGRAM, GRID, joined, record(), "rk4")
    for k in range(3):
        alone = kernel.run(PROGRAM, GRID, apart.part(k, k + 1), record(), "rk4")
        assert_same_bits(alone, runs_of(together, slice(k, k + 1)))
    rounded = [{**levers[0], "push": constant_profile(p)} for p in (0.7, 0.1)]
    assert len(in_few_shapes(batch_of(PROGRAM, GRID, batch(2).parameters, series, rounded, np.arange(2))).offset) == 2


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_no_bit(threads: int) -> None:
    inputs = batch(301, 3)
    one = kernel.run(PROGRAM, GRID, inputs, record(), "rk4", threads=1)
    assert_same_bits(kernel.run(PROGRAM, GRID, inputs, record(), "rk4", threads=threads), one)


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(1, 99), max_size=6, unique=True))
def test_splitting_a_batch_changes_no_bit(cuts: list[int]) -> None:
    inputs = batch(100, 2)
    whole = kernel.run(PROGRAM, GRID, inputs, record(), "rk4")
    edges = [0, *sorted(cuts), 100]
    parts = [kernel.run(PROGRAM, GRID, inputs.part(a, b), record(), "rk4") for a, b in pairwise(edges)]
    assert_same_bits(joined(parts), whole)


def test_chunks_are_the_batch_piece_by_piece() -> None:
    inputs = batch(50, 2)
    parts = list(kernel.run_chunks(PROGRAM, GRID, inputs, record(), "rk4", size=16))
    assert [p.lowest.shape[1] for p in parts] == [16, 16, 16, 2]
    assert_same_bits(joined(parts), kernel.run(PROGRAM, GRID, inputs, record(), "rk4"))


def test_order_of_members_moves_with_them() -> None:
    inputs = batch(40, 3)
    turned = np.random.default_rng(5).permutation(40)
    mixed = replace(
        inputs, parameters=np.ascontiguousarray(inputs.parameters[:, turned]), shape=inputs.shape[turned],
        amount=np.ascontiguousarray(inputs.amount[:, turned]),
    )  # fmt: skip
    plain = kernel.run(PROGRAM, GRID, inputs, record(), "rk4")
    assert_same_bits(kernel.run(PROGRAM, GRID, mixed, record(), "rk4"), runs_of(plain, turned))


def test_run_that_is_not_a_number_says_so_and_leaves_the_others_alone() -> None:
    inputs = batch(9)
    inputs.parameters[0, 4] = np.nan
    found = kernel.run(PROGRAM, GRID, inputs, record(), "rk4")
    assert np.isnan(found.lowest[:, 4]).any()
    others = [k for k in range(9) if k != 4]
    healthy = kernel.run(PROGRAM, GRID, batch(9), record(), "rk4")
    assert_same_bits(runs_of(found, others), runs_of(healthy, others))
    assert distance(found, reference.run(PROGRAM, GRID, inputs, record(), "rk4")) < 1e-12


def test_empty_batch_gives_empty_arrays() -> None:
    found = kernel.run(PROGRAM, GRID, batch(3).part(0, 0), record(), "rk4")
    assert found.snapshots.shape == (14, len(EVERYTHING), 0)


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="older kinds of this processor only")
@pytest.mark.parametrize(("name", "width"), [("x86-64", 2), ("x86-64-v2", 2), ("x86-64-v3", 4)])
def test_older_processor_gives_what_the_reference_gives(monkeypatch: pytest.MonkeyPatch, name: str, width: int) -> None:
    here = compiling.this_processor()
    if "v3" in name and here.width < 4:
        pytest.skip("this processor has no such registers")
    older = compiling.Processor(here.triple, name, "")
    monkeypatch.setattr(kernel, "this_processor", lambda: older)
    inputs, twin = batch(9, 2), build([town, memory], UNITS)  # a program of its own: the other's kernel is remembered
    recorded = Record(tuple(twin.program.lines.values()), tuple(twin.program.lines.values()), 4)
    found = kernel.run(twin.program, GRID, inputs, recorded, "rk4")
    assert kernel.compiled(twin.program, recorded.snapshots).width in (width, 2 * width)
    assert distance(found, reference.run(twin.program, GRID, inputs, recorded, "rk4")) < 1e-12


def test_data_step_method_and_span_do_not_compile_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.run(PROGRAM, GRID, batch(3), record(), "rk4")

    def forbidden(*_: object) -> bytes:
        raise AssertionError("compiled again")

    monkeypatch.setattr(compiling, "build_object", forbidden)
    kernel.run(PROGRAM, GRID, batch(5, 3, seed=2), record(2), "euler")
    longer = Grid(2016.0, 90, 1 / 16)
    kernel.run(PROGRAM, longer, batch(4, seed=3, grid=longer), record(1), "rk4")
    kernel.run(PROGRAM, GRID, batch(4, seed=3), Record(EVERYTHING[::-1], EVERYTHING, 5), "rk4")
