"""Do scores say how good a forecast was, by hand, and as a library of scores does?"""

import numpy as np
import pytest
import scoringrules

from pujiang.evidence import Observation
from pujiang.experiment.hindcast import Forecast
from pujiang.experiment.scores import record, records, scores


def observed(year: int, value: float, likelihood: str = "lognormal", series: str = "s") -> Observation:
    return Observation(
        series, "here", year, value, "1", "a", "flow", likelihood, 0.01, "log", "fit", (), (), "", value, "1"
    )


PAST = [observed(year, value) for year, value in ((2015, 1.0), (2016, 2.0), (2017, 4.0), (2018, 8.0))]


def forecast(came: float, draws: np.ndarray, year: int = 2019, latent: np.ndarray | None = None) -> Forecast:
    return Forecast(2018, "foreseen", observed(year, came), draws if latent is None else latent, draws, draws)


DRAWS = np.exp(np.random.default_rng(1).normal(np.log(16), 0.1, 4000))


def test_a_forecast_that_was_right() -> None:
    [score] = scores([forecast(16.0, DRAWS)], PAST)
    assert score.error == pytest.approx(0, abs=0.005)
    assert score.covered == (True, True, True)
    assert score.pit == pytest.approx(0.5, abs=0.03)
    assert score.width == pytest.approx((0.135, 0.256, 0.392), rel=0.05)  # of a normal of sd .1
    assert score.crps == pytest.approx(0.0234, rel=0.05)  # sd (sqrt(2/pi) - 1/sqrt(pi))
    assert score.last_error == pytest.approx(np.log(2))
    assert score.horizon == 1


def test_a_forecast_that_was_wrong() -> None:
    [score] = scores([forecast(24.0, DRAWS)], PAST)
    assert score.error == pytest.approx(np.log(1.5), abs=0.005)
    assert score.covered == (False, False, False)
    assert score.pit == 1


def test_the_crps_of_draws_is_that_of_a_library() -> None:
    [score] = scores([forecast(18.0, DRAWS)], PAST)
    assert score.crps == pytest.approx(float(scoringrules.crps_ensemble(np.log(18.0), np.log(DRAWS))), rel=1e-12)
    by_hand = np.mean(np.abs(np.log(DRAWS) - np.log(18))) - 0.5 * np.mean(
        np.abs(np.log(DRAWS)[:, None] - np.log(DRAWS)[None, :])
    )
    assert score.crps == pytest.approx(by_hand, rel=1e-9)


def test_a_model_is_held_against_the_best_naive_forecast() -> None:
    """Of a series that doubles, constant growth is exact; a model with a wide fan does worse."""
    found = record(scores([forecast(16.0, DRAWS)], PAST))
    assert found.against == "constant growth"
    assert found.skill < 0
    assert found.theil == pytest.approx(0, abs=0.01)


def test_a_naive_forecast_knows_nothing_after_the_cutoff() -> None:
    later = [*PAST, observed(2019, 1000.0), observed(2018, 8.0, series="another")]
    assert scores([forecast(16.0, DRAWS)], PAST) == scores([forecast(16.0, DRAWS)], later)


def test_a_count_of_nothing_has_a_score() -> None:
    made = Forecast(2018, "foreseen", observed(2019, 0.0, "poisson"), DRAWS, DRAWS, np.zeros(100))
    [score] = scores([made], [])
    assert score.error == 0
    assert np.isfinite(score.crps)


def test_coverage_is_counted_by_group() -> None:
    made = [forecast(value, DRAWS, year) for value, year in ((16.0, 2019), (30.0, 2020), (16.1, 2020))]
    found = records(scores(made, PAST), lambda s: s.horizon)
    assert found[1].coverage[1] == 1
    assert found[2].coverage[1] == 0.5
    assert found[2].points == 2


def test_a_band_of_parameters_alone_is_told_apart() -> None:
    [score] = scores([forecast(18.0, DRAWS, latent=np.full(100, 16.0))], PAST)
    assert score.covered[1]
    assert not score.latent_covered
