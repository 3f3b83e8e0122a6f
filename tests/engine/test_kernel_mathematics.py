"""Does every operation of the compiled engine mean what it means in NumPy, at the edges too?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from pujiang.engine import kernel, reference
from pujiang.engine.batch import Batch, Grid, Record
from pujiang.engine.program import Operation, Program
from pujiang.operations import EVALUATE, OPERATIONS

WIDTHS = (2, 4, 8)
EDGES = (
    0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 1e-300, 1e300, -1e300, 1e-12, 709.0, 710.5, -708.0,
    -745.0, -800.0, 1 + 2**-52, 1 - 2**-53, math.pi, math.inf, -math.inf, math.nan,
)  # fmt: skip
UNARY, BINARY = ([op for op in EVALUATE if OPERATIONS[op].arity == size] for size in (1, 2))
SMALLEST = np.finfo(float).tiny

Floats = NDArray[np.float64]


def program(op: str, arguments: int, number: float = 0, tables: Sequence[tuple[tuple[float, float], ...]] = (),
            first: str = "state") -> Program:  # fmt: skip
    """One operation on stocks that stay as they start (or on parameters)."""
    leaves = [Operation(first, (), k) for k in range(arguments)]
    return Program(
        parameters=tuple(f"p{k}" for k in range(arguments)), series=(), levers=(), tables=tuple(tables),
        states=tuple(f"s{k}" for k in range(arguments)),
        initial=tuple(Operation("parameter", (), k) for k in range(arguments)),
        initial_states=tuple(range(arguments)), openings=(),
        main=(*leaves, Operation(op, tuple(range(arguments)), number), Operation("constant", (), 0.0)),
        rates=(arguments + 1,) * arguments, delays=(), delay_names=(), lines={},
    )  # fmt: skip


def compute(made: Program, *given: Floats, width: int | None = None, engine: str = "kernel") -> Floats:
    """What the operation gives for each run's arguments."""
    runs = len(given[0])
    nothing = np.empty((1, 0, 1, 3))
    batch = Batch(
        np.stack(given), np.empty((0, 1, 3)), nothing, nothing, np.zeros(runs, dtype=np.int64),
        np.empty((0, runs)),
    )  # fmt: skip
    record = Record((next(k for k, operation in enumerate(made.main) if operation.arguments),), (), 1)
    grid = Grid(0.0, 0, 1.0)
    if engine == "reference":
        return reference.run(made, grid, batch, record, "rk4").snapshots[0, 0]
    return kernel.run(made, grid, batch, record, "rk4", width=width).snapshots[0, 0]


def same(found: Floats, expected: Floats, relative: float = 4e-16) -> NDArray[np.bool_]:
    """Equal to rounding; what is smaller than a normal number counts as 0."""
    small = (np.abs(expected) < 2 * SMALLEST) & (np.abs(found) < 2 * SMALLEST)
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(found - expected) <= relative * np.abs(expected)
    return small | close | (found == expected) | (np.isnan(found) & np.isnan(expected))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("op", UNARY)
def test_operation_on_one_number_is_numpys_at_the_edges(op: str, width: int) -> None:
    x = np.array(EDGES)
    if op in {"sin", "cos"}:  # of larger angles nothing is given
        x = x[~(np.abs(x) >= 1e6)]
    with np.errstate(all="ignore"):
        expected = EVALUATE[op](x)
    found = compute(program(op, 1), x, width=width)
    assert same(found, expected).all(), list(zip(x, found, expected, strict=True))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("op", BINARY)
def test_operation_on_two_numbers_is_numpys_at_the_edges(op: str, width: int) -> None:
    x, y = (grid.ravel() for grid in np.meshgrid(EDGES, EDGES))
    if op == "power":  # what mathematics.py says is not a number
        usual = ~np.isinf(y) & ~((x == 1) & np.isnan(y)) & ~((x == -np.inf) & (y != np.rint(y)))
        usual &= np.isfinite(x) | (y != 0)
        x, y = x[usual], y[usual]
    with np.errstate(all="ignore"):
        expected = EVALUATE[op](x, y)
    found = compute(program(op, 2), x, y, width=width)
    ok = same(found, expected, 4e-14 if op == "power" else 4e-16)
    assert ok.all(), [row for row, good in zip(zip(x, y, found, expected, strict=True), ok, strict=True) if not good]


@pytest.mark.parametrize("first", ["state", "parameter"])
@pytest.mark.parametrize("op", EVALUATE)
def test_operation_is_the_references_on_random_numbers(op: str, first: str) -> None:
    count = OPERATIONS[op].arity
    draws = np.random.default_rng(7)
    given = [draws.normal(size=999) * 10.0 ** draws.integers(-3, 2, 999) for _ in range(count)]
    given[0][::17] = given[-1][::17]  # ties
    made = program(op, count, first=first)
    found, expected = compute(made, *given), compute(made, *given, engine="reference")
    assert same(found, expected, 4e-15).all()


def error_in_units(found: Floats, exact: NDArray[np.longdouble]) -> float:
    """The largest relative error, in units of 1e-16."""
    return float(np.max(np.abs(found - exact) / np.abs(exact))) / 1e-16


def test_exp_is_good_to_a_few_units_in_the_last_place() -> None:
    x = np.random.default_rng(1).uniform(-700, 700, 20_000)
    assert error_in_units(compute(program("exp", 1), x), np.exp(x.astype(np.longdouble))) < 4


def test_log_is_good_to_a_few_units_in_the_last_place() -> None:
    draws = np.random.default_rng(2)
    x = np.concatenate([np.exp(draws.uniform(-700, 700, 10_000)), draws.uniform(0.5, 2, 10_000)])
    assert error_in_units(compute(program("log", 1), x), np.log(x.astype(np.longdouble))) < 4


@pytest.mark.parametrize("op", ["sin", "cos"])
def test_sine_and_cosine_are_good_to_a_few_units_in_the_last_place(op: str) -> None:
    x = np.random.default_rng(4).uniform(-1000, 1000, 20_000)
    exact = getattr(np, op)(x.astype(np.longdouble))
    found = compute(program(op, 1), x)
    assert np.max(np.abs(found - exact)) < 3e-16
    assert np.isnan(compute(program(op, 1), np.array([1e7, -1e300]))).all()


def test_arctangent_is_good_to_a_few_units_in_the_last_place() -> None:
    x = np.concatenate([np.random.default_rng(4).uniform(-3, 3, 20_000), [1e-300, 1e9, -1e300]])
    assert error_in_units(compute(program("arctan", 1), x), np.arctan(x.astype(np.longdouble))) < 3


def test_power_is_good_to_a_few_units_in_the_last_place() -> None:
    draws = np.random.default_rng(3)
    x, y = np.exp(draws.uniform(-20, 20, 20_000)), draws.uniform(-3, 3, 20_000)
    exact = np.power(x.astype(np.longdouble), y.astype(np.longdouble))
    assert error_in_units(compute(program("power", 2), x, y), exact) < 6


def test_power_of_nothing_and_to_nothing() -> None:
    x, y = np.array([0.0, 0.0, 0.0, 5.0, -5.0, -2.0, -2.0, -2.0]), np.array([0.7, 0.0, -1.3, 0.0, 0.0, 3.0, 2.0, 0.5])
    expected = np.array([0.0, 1.0, np.inf, 1.0, 1.0, -8.0, 4.0, np.nan])
    np.testing.assert_allclose(compute(program("power", 2), x, y), expected, rtol=1e-15)


POINTS = (
    ((0.0, 1.0), (1.0, 0.25), (2.0, 0.0), (7.0, 0.0)),
    ((-3.0, 4.0), (2.0, -1.0)),
    tuple((float(k), math.sin(3 * k)) for k in range(15)),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("points", POINTS)
def test_table_is_exact_at_knots_and_ends_and_passes_what_is_not_a_number(
    points: tuple[tuple[float, float], ...], width: int
) -> None:
    x = np.concatenate([
        [p[0] for p in points], np.linspace(points[0][0] - 2, points[-1][0] + 2, 333), [np.inf, -np.inf, np.nan]
    ])  # fmt: skip
    found = compute(program("lookup", 1, 0, [points]), x, width=width)
    expected = np.interp(x, *np.array(points).T)
    knots = len(points)
    np.testing.assert_array_equal(found[:knots], expected[:knots])
    np.testing.assert_array_equal(found[-3:], expected[-3:])
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("exponent", [-2.0, -1.0, 0.0, 3.0, 4.0, 7.0, 12.0, 1.5, -0.3])
def test_constant_exponent_is_numpys(exponent: float) -> None:
    leaf, *_ = program("negative", 1).main
    number, nothing = Operation("constant", (), exponent), Operation("constant", (), 0.0)
    main = (leaf, number, nothing, Operation("power", (0, 1)))
    made = replace(program("negative", 1), main=main, rates=(2,))
    x = np.array([0.3, 1.0, 2.5, 40.0, -1.5, 0.0, np.inf, np.nan][: 6 if exponent == 0 else 8])
    with np.errstate(all="ignore"):
        expected = np.power(x, exponent)
    assert same(compute(made, x), expected, 2e-15).all()
