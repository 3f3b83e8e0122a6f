"""Are quantiles of runs that are not kept as near as they say, and the same in whatever order the runs come?"""

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pujiang.experiment.reduction import ACCURACY, LARGEST, SHARES, SMALLEST, Reduction, as_arrays, empty, filled
from pujiang.presentation import Goal

YEARS = (2025, 2026, 2027)
RUNS = 20_000
GOAL = Goal("steady", 2026, 100.0, "at a hundred", "100", "a plan")
DOUBLED = Goal("steady", 2027, 1.2, "a fifth more", "+20 %", "a plan", base_year=2025)
ELSEWHERE = Goal("nothing", 2026, 1.0, "of no outcome here", "1", "a plan")
SHAPES = ("steady", "skewed", "signed", "spiked", "wide", "constant", "nothing_but_zero")


def drawn(seed: int, runs: int = RUNS) -> dict[str, NDArray[np.float64]]:
    """Outcomes (case, point, member, year) of many shapes."""
    rng = np.random.default_rng(seed)
    shape = (2, runs // 2, 2, len(YEARS))
    return {
        "steady": rng.normal(100.0, 5.0, shape),
        "skewed": rng.lognormal(3.0, 1.0, shape),
        "signed": rng.normal(0.1, 1.0, shape),
        "spiked": np.where(rng.random(shape) < 0.3, 0.0, rng.exponential(1.0, shape)),
        "wide": rng.choice([-1.0, 1.0], shape) * 10.0 ** rng.uniform(-11, 17, shape),
        "constant": np.full(shape, 4.25),
        "nothing_but_zero": np.zeros(shape),
    }


def reduction() -> Reduction:
    return empty(SHAPES, (GOAL, DOUBLED, ELSEWHERE), YEARS, 2)


def reduced(*blocks: dict[str, NDArray[np.float64]]) -> Reduction:
    """Blocks added one after the other."""
    found = reduction()
    for block in blocks:
        found.add(block)
    return found


def same(a: Reduction, b: Reduction, but: tuple[str, ...] = ()) -> bool:
    """Whether two reductions are the same to the bit."""
    return all(np.array_equal(value, as_arrays(b)[name]) for name, value in as_arrays(a).items() if name not in but)


@pytest.mark.parametrize("shape", SHAPES)
def test_is_every_quantile_as_near_as_it_says(shape: str) -> None:
    values = drawn(1)
    shares = (0.0, 0.001, *SHARES, 0.999, 1.0)
    found = reduced(values).quantiles(shares)[:, SHAPES.index(shape)]
    exact = np.quantile(values[shape].reshape(2, -1, len(YEARS)), shares, axis=1, method="lower")
    assert (np.abs(found - exact) <= ACCURACY * np.abs(exact) * (1 + 1e-9) + SMALLEST).all()


def test_are_moments_and_ends_exact() -> None:
    values = drawn(2)
    found = reduced(values)
    for s, shape in enumerate(SHAPES):
        flat = values[shape].reshape(2, -1, len(YEARS))
        np.testing.assert_allclose(found.mean[s], flat.mean(axis=1), rtol=1e-9, atol=1e-9 * np.abs(flat).max())
        np.testing.assert_allclose(found.deviation()[s], flat.std(axis=1), rtol=1e-9)
        np.testing.assert_array_equal(found.low[s], flat.min(axis=1))
        np.testing.assert_array_equal(found.high[s], flat.max(axis=1))
    assert found.runs.tolist() == [RUNS, RUNS]


def test_are_goals_counted_by_year() -> None:
    values = drawn(3)
    found = reduced(values)
    assert found.goals == (GOAL, DOUBLED)  # no outcome answers to the third
    course = values["steady"]
    np.testing.assert_array_equal(found.at[0], (course >= 100).sum(axis=(1, 2)))
    np.testing.assert_array_equal(found.by[0, :, 2], (course >= 100).any(axis=3).sum(axis=(1, 2)))
    np.testing.assert_array_equal(found.at[1], (course / course[..., :1] >= 1.2).sum(axis=(1, 2)))


def test_does_the_order_of_parts_change_no_quantile() -> None:
    parts = [drawn(seed, 2000) for seed in range(4)]
    first = None
    for order in itertools.permutations(range(4)):
        whole = reduction()
        for place in order:
            whole.merge(reduced(parts[place]))
        first = first or whole
        # Means are sums of fractions, which is why parts are always added in the same order.
        assert same(first, whole, but=("mean", "squares"))
        np.testing.assert_allclose(first.mean, whole.mean, rtol=1e-9, atol=1e-9)
    assert first is not None
    np.testing.assert_array_equal(first.quantiles(), reduced(*parts).quantiles())


def test_is_what_is_not_finite_left_out_and_counted() -> None:
    values = drawn(5)
    values["steady"][0, :7, 0, 1] = [np.nan, np.inf, -np.inf, np.nan, np.nan, np.nan, np.nan]
    values["skewed"][1, :, :, 2] = np.nan
    found = reduced(values)
    assert found.not_finite[0].tolist() == [[0, 7, 0], [0, 0, 0]]
    course = values["steady"][0, ..., 1]
    finite = course[np.isfinite(course)]
    assert found.mean[0, 0, 1] == pytest.approx(finite.mean())
    assert found.low[0, 0, 1] == finite.min()
    assert found.at[0, 0, 1] == (course >= 100).sum()
    assert np.isnan(found.quantiles()[:, 1, 1, 2]).all()


def test_does_a_file_hold_a_reduction_whole() -> None:
    found = reduced(drawn(6))
    assert same(found, filled(reduction(), as_arrays(found)))


def test_does_memory_not_grow_with_runs() -> None:
    def size(found: Reduction) -> int:
        return sum(value.nbytes for value in as_arrays(found).values())

    once, often = reduced(drawn(7)), reduced(*(drawn(seed) for seed in range(10)))
    rows = len(SHAPES) * 2 * len(YEARS)
    classes = 2 * (np.log(LARGEST / SMALLEST) / (2 * ACCURACY) + 1)  # of both signs, at most
    assert size(often) < 1.5 * size(once)
    assert size(often) < rows * 8 * classes


def test_is_a_missing_library_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    from pujiang.errors import InputError
    from pujiang.experiment.reduction import mapping

    take = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("ddsketch"):
            raise ModuleNotFoundError("No module named 'ddsketch'")
        return take(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"output.keep: quantiles need ddsketch.*pip install 'pujiang\[cluster\]'"):
        mapping()
