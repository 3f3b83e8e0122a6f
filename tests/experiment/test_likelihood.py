"""Is a residual the signed distance its likelihood states?"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.evidence import Observation
from pujiang.experiment.likelihood import HARD_FLOOR_SD, held_against, residual, scored

"""The same examples every time, however long they take."""


def observation(**given: Any) -> Observation:
    facts: dict[str, Any] = {
        "series": "s", "entity": "here", "year": 2020, "value": 10.0, "unit": "firm", "outcome": "firms",
        "timing": "year_end", "likelihood": "lognormal", "sd": 0.1, "sd_scale": "log", "role": "fit",
        "sources": (), "traps": (), "reason": "", "reported_value": 10.0, "reported_unit": "firm",
    }  # fmt: skip
    return Observation(**{**facts, **given})


def one(o: Observation, modelled: float) -> float:
    return float(residual(o, np.array([modelled]))[0])


def test_lognormal_and_normal_count_in_their_sd() -> None:
    assert one(observation(), 10 * math.exp(0.25)) == pytest.approx(2.5)
    assert one(observation(), 10 * math.exp(-0.1)) == pytest.approx(-1.0)
    assert one(observation(likelihood="normal", sd=4.0), 2.0) == pytest.approx(-2.0)


def test_a_floor_is_hard_below_and_soft_above() -> None:
    floor = observation(likelihood="floor", sd=0.2)
    assert abs(one(floor, 10 * math.exp(2.5 * HARD_FLOOR_SD))) < 0.15  # likeliest a little above it
    assert one(floor, 10 * math.exp(0.1)) == pytest.approx(0.5, abs=0.05)
    assert one(floor, 10 * math.exp(-0.1)) < -8


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.3])
def test_a_floor_is_judged_by_a_half_normal_about_which_the_model_errs(spread: float) -> None:
    """The density of what was reported, by quadrature: the deviance is the loss of its logarithm from the largest."""
    sd, error = 0.2, math.hypot(spread, HARD_FLOOR_SD)
    above = np.linspace(0, 8 * sd, 40_001)
    places = np.linspace(-0.3, 1.0, 53)

    def logarithm(distance: float) -> float:
        terms = -0.5 * (above / sd) ** 2 - 0.5 * ((distance - above) / error) ** 2
        return float(terms.max() + np.log(np.sum(np.exp(terms - terms.max()))))

    fine = max(logarithm(x) for x in np.linspace(0, 0.6, 601))
    by_hand = np.array([2 * (fine - logarithm(x)) for x in places])
    floor = observation(likelihood="floor", sd=sd)
    found = np.array([float(residual(floor, np.array([10 * math.exp(x)]), spread)[0]) ** 2 for x in places])
    np.testing.assert_allclose(found, by_hand, rtol=0.02, atol=0.02)


def test_a_poisson_residual_is_the_signed_root_of_the_deviance() -> None:
    counted = observation(likelihood="poisson", value=10.0, sd=None)
    assert one(counted, 10.0) == 0
    assert one(counted, 12.0) == pytest.approx(math.sqrt(2 * (2 + 10 * math.log(10 / 12))))
    assert one(counted, 8.0) == pytest.approx(-math.sqrt(2 * (-2 + 10 * math.log(10 / 8))))
    assert one(observation(likelihood="poisson", value=0.0), 3.0) == pytest.approx(math.sqrt(6))


@given(st.integers(1, 500), st.floats(0.5, 2))
def test_poisson_is_near_the_normal_with_the_root_as_sd(count: int, ratio: float) -> None:
    modelled = count + (ratio - 1) * math.sqrt(count)
    found = one(observation(likelihood="poisson", value=float(count)), modelled)
    assert found == pytest.approx((modelled - count) / math.sqrt(count), abs=0.45 / math.sqrt(count) + 1e-6)


@pytest.mark.parametrize("likelihood", ["lognormal", "normal", "poisson", "floor"])
def test_a_residual_has_the_sign_of_the_error_grows_with_it_and_is_finite(likelihood: str) -> None:
    modelled = np.array([0.0, 1e-30, 1.0, 9.0, 10.0, 11.0, 100.0, 1e9])
    found = residual(observation(likelihood=likelihood), modelled)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert list(np.sign(found[[2, 6]])) == [-1, 1]
    assert abs(found[4]) < (2.5 if likelihood == "floor" else 1e-12)


@pytest.mark.parametrize("likelihood", ["lognormal", "normal", "poisson", "floor"])
def test_a_model_that_gives_no_number_gives_no_number(likelihood: str) -> None:
    assert math.isnan(one(observation(likelihood=likelihood), math.nan))


def test_only_covered_reported_observations_with_a_likelihood_are_scored() -> None:
    rows = [
        observation(),
        observation(year=2014),
        observation(year=2025),
        observation(outcome="nobody"),
        observation(outcome=None, role="check"),
        observation(likelihood="none", sd=None, role="check"),
        observation(year=2024, role="check"),
    ]
    assert scored(rows, ["firms"], range(2015, 2025)) == [rows[0], rows[6]]


def test_a_relative_observation_is_held_against_the_ratio_of_two_years() -> None:
    outcomes = {"firms": np.array([[5.0, 0.0], [8.0, 8.0], [4.0, 4.0]])}
    half = observation(year=2022, base_year=2021, value=0.5)
    assert held_against(half, outcomes, 2020).tolist() == [0.5, 0.5]
    assert held_against(observation(year=2021), outcomes, 2020).tolist() == [8.0, 8.0]
    assert np.isnan(held_against(observation(year=2022, base_year=2020), outcomes, 2020)).tolist() == [False, True]
    assert scored([half], ["firms"], range(2022, 2025)) == []
