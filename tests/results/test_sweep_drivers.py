"""Does a sweep say what moves an outcome, by how much, and nothing of what does not?"""

import numpy as np
import pytest

from pujiang.results.sweep_drivers import drivers


def grid(*axes: list[float] | list[str]) -> list[np.ndarray]:
    return [column.ravel() for column in np.meshgrid(*map(np.array, axes), indexing="ij")]


def test_a_sum_of_two_is_told_by_hand() -> None:
    a, b = grid([0.0, 1.0], [0.0, 1.0, 2.0])
    first, second = drivers({"b": b, "a": a}, 10 * a + b)
    assert (first.name, first.low, first.high, first.change) == ("a", 0.0, 1.0, 10.0)
    assert (second.name, second.low, second.high, second.change) == ("b", 0.0, 2.0, 2.0)
    assert first.share > 0.9
    assert second.share < 0.1


def test_what_varies_alone_carries_all_and_is_told_from_end_to_end() -> None:
    at = np.linspace(0, 1, 21)
    (only,) = drivers({"at": at}, at**2)
    assert (only.low, only.high, only.change, only.share) == (0.0, 1.0, 1.0, 1.0)


def test_names_go_from_where_it_is_lowest_to_where_it_is_highest() -> None:
    scenario, at = grid(["a", "b", "c"], [0.0, 1.0])
    found = {d.name: d for d in drivers({"scenario": scenario, "at": at}, at + 5 * (scenario == "b"))}
    assert found["scenario"].high == "b"
    assert found["scenario"].change == pytest.approx(5)


def test_of_scattered_points_what_does_nothing_has_next_to_no_share() -> None:
    random = np.random.default_rng(1)
    settings = {name: random.uniform(size=400) for name in ("strong", "weak", "idle")}
    found = {d.name: d for d in drivers(settings, 3 * settings["strong"] + settings["weak"])}
    assert found["strong"].share == pytest.approx(0.9, abs=0.05)
    assert found["weak"].share == pytest.approx(0.1, abs=0.05)
    assert found["idle"].share < 0.03
    assert found["strong"].change == pytest.approx(3 * 7 / 8, rel=0.1)


def test_few_points_do_not_explain_everything() -> None:
    random = np.random.default_rng(2)
    settings = {name: random.uniform(size=8) for name in ("a", "b")}
    assert all(d.share < 1 for d in drivers(settings, random.normal(size=8)))


def test_points_without_a_number_are_left_out_and_what_does_not_vary_is_not_told() -> None:
    a, b = grid([0.0, 1.0], [2.0, 2.0])
    outcome = np.array([1.0, np.nan, 3.0, np.inf])
    (only,) = drivers({"a": a, "b": b}, outcome)
    assert (only.name, only.change) == ("a", 2.0)
    assert drivers({"a": a}, np.full(4, np.nan)) == []
