"""Are the errors of a model what is said of them: their size, their memory, what data make of them?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.evidence import Observation
from pujiang.experiment.discrepancy import (
    NONE,
    Discrepancy,
    as_csv,
    error_paths,
    read,
    residual_covariance,
    terms,
    whitening,
)

SIZES = Discrepancy({"a": 0.1, "b": 0.2}, usual=0.05, memory=2.0, correlation={("a", "b"): 0.5})
MANY = 40_000


def observed(outcome: str, year: int, sd: float, likelihood: str = "lognormal", base: int | None = None) -> Observation:
    scale = "abs" if likelihood == "normal" else "log"
    return Observation(
        outcome, "here", year, 4.0, "1", outcome, "flow", likelihood, sd, scale, "fit", (), (), "", 4.0, "1", base
    )


def test_the_covariance_of_two_places_worked_by_hand() -> None:
    places = [("a", 2020), ("a", 2022), ("b", 2020)]
    lasting = np.exp(-1.0)  # two years at a memory of two
    by_hand = [
        [0.01, 0.01 * lasting, 0.5 * 0.02],
        [0.01 * lasting, 0.01, 0.5 * 0.02 * lasting],
        [0.5 * 0.02, 0.5 * 0.02 * lasting, 0.04],
    ]
    assert np.allclose(SIZES.covariance(places, places), by_hand, rtol=1e-12)
    assert SIZES.covariance([("c", 2020)], [("a", 2020)])[0, 0] == 0


def test_what_an_observation_tells_in_its_own_standard_deviations() -> None:
    assert terms(observed("a", 2020, 0.05)) == (("a", 2020, pytest.approx(20.0)),)
    assert terms(observed("a", 2020, 0.5, "normal")) == (("a", 2020, pytest.approx(8.0)),)
    assert terms(observed("a", 2021, 0.1, base=2020)) == (("a", 2021, 10.0), ("a", 2020, -10.0))
    assert terms(observed("a", 2020, 0.1, "floor")) == ()
    assert terms(observed("a", 2020, 2.0, "poisson")) == ()


def test_residuals_of_a_model_without_errors_are_left_as_they_are() -> None:
    rows = [observed("a", year, 0.05) for year in (2020, 2021)]
    assert np.array_equal(whitening(NONE, rows), np.eye(2))


def test_whitened_residuals_of_data_with_such_errors_are_independent() -> None:
    rows = [observed("a", year, 0.05) for year in range(2015, 2022)] + [
        observed("b", 2018, 0.1),
        observed("a", 2019, 2, "poisson"),
    ]
    covariance = residual_covariance(SIZES, rows)
    whole = whitening(SIZES, rows) @ covariance @ whitening(SIZES, rows).T
    assert np.allclose(whole, np.eye(len(rows)), atol=1e-10)
    assert covariance[-1, -1] == 1  # a count
    assert not covariance[-1, :-1].any()


def test_free_paths_have_the_spread_and_the_memory_declared() -> None:
    paths = error_paths(SIZES, ["a", "b", "c"], range(2020, 2024), [], np.empty((0, MANY)), (1,))
    error = 5 / np.sqrt(MANY)
    assert np.allclose(paths.std(axis=2), [[0.1] * 4, [0.2] * 4, [0.05] * 4], rtol=error)
    assert np.corrcoef(paths[0, 0], paths[0, 2])[0, 1] == pytest.approx(np.exp(-1), abs=error)
    assert np.corrcoef(paths[0, 1], paths[1, 1])[0, 1] == pytest.approx(0.5, abs=error)
    assert np.abs(paths.mean(axis=2)).max() < 0.2 * error


def test_a_path_goes_through_what_is_known_and_opens_out_after_it() -> None:
    """One exact observation, by hand: afterwards the mean decays with the memory, and the variance comes back."""
    known = [observed("a", 2020, 1e-6)]
    residual = np.full((1, MANY), -0.08 / 1e-6)  # modelled lies .08 under observed: the path stood at +.08
    paths = error_paths(SIZES, ["a"], range(2020, 2025), known, residual, (2,))[0]
    decay = np.exp(-np.arange(5) / 2.0)
    assert np.allclose(paths.mean(axis=1), 0.08 * decay, atol=0.1 * 5 / np.sqrt(MANY))
    assert np.allclose(paths.std(axis=1), 0.1 * np.sqrt(1 - decay**2), rtol=5 / np.sqrt(MANY), atol=1e-5)


def test_a_poor_observation_moves_a_path_by_what_it_is_worth() -> None:
    """A reading as uncertain as the path itself: half of what it says is believed."""
    paths = error_paths(SIZES, ["a"], [2020], [observed("a", 2020, 0.1)], np.full((1, MANY), -1.0), (3,))[0, 0]
    assert paths.mean() == pytest.approx(0.05, abs=0.1 * 5 / np.sqrt(MANY))
    assert paths.std() == pytest.approx(0.1 / np.sqrt(2), rel=5 / np.sqrt(MANY))


def test_what_is_known_of_one_outcome_tells_of_another_that_errs_with_it() -> None:
    paths = error_paths(SIZES, ["a", "b"], [2020], [observed("a", 2020, 1e-6)], np.full((1, MANY), -0.1 / 1e-6), (4,))
    assert paths[1, 0].mean() == pytest.approx(0.5 * 0.2, abs=0.2 * 5 / np.sqrt(MANY))
    assert paths[1, 0].std() == pytest.approx(0.2 * np.sqrt(0.75), rel=5 / np.sqrt(MANY))


def test_the_first_members_are_the_same_however_many_follow() -> None:
    known = [observed("a", 2020, 0.05)]
    few, many = (error_paths(SIZES, ["a", "b"], range(2020, 2026), known, np.ones((1, n)), (5,)) for n in (3, 9))
    assert np.allclose(many[:, :, :3], few, rtol=1e-12)


@given(
    st.floats(0.001, 0.5), st.floats(0.5, 30), st.lists(st.integers(2015, 2030), min_size=1, max_size=6, unique=True)
)
def test_every_size_and_memory_gives_a_covariance(spread: float, memory: float, years: list[int]) -> None:
    places = [("a", year) for year in years]
    found = Discrepancy({"a": spread}, 0.1, memory).covariance(places, places)
    assert np.allclose(np.diag(found), spread**2)
    assert np.linalg.eigvalsh(found).min() > -1e-12


def test_the_file_comes_back_as_it_was(tmp_path) -> None:
    file = tmp_path / "discrepancy.csv"
    file.write_text(as_csv(SIZES))
    assert read(file) == SIZES


@pytest.mark.parametrize(
    ("before", "after"), [("memory,*,,2", "memory,*,,-1"), ("0.1", "nought"), ("0.5", "1.5"), ("spread,*,,0.05\n", "")]
)
def test_a_damaged_file_is_one_line_that_names_it(tmp_path, before: str, after: str) -> None:
    from pujiang.errors import InputError

    file = tmp_path / "discrepancy.csv"
    file.write_text(as_csv(SIZES).replace(before, after, 1))
    with pytest.raises(InputError, match=r"discrepancy\.csv' is damaged"):
        read(file)
