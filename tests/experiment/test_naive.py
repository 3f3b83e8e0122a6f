"""Do the naive forecasts say what their names say, by hand?"""

import numpy as np
import pytest

from pujiang.experiment.naive import DAMPING, FEWEST, NAIVE, forecast

DOUBLING = [1.0, 2.0, 4.0, 8.0, 16.0]
YEARS = [2015, 2016, 2017, 2018, 2019]


def test_the_last_value_stays() -> None:
    mean, spread = forecast("last value", YEARS, DOUBLING, 2021) or (0, 0)
    assert np.exp(mean) == pytest.approx(16)
    assert spread == pytest.approx(np.log(2) * np.sqrt(2))  # it erred by a doubling each year


def test_constant_growth_goes_on() -> None:
    mean, spread = forecast("constant growth", YEARS, DOUBLING, 2022) or (0, 0)
    assert np.exp(mean) == pytest.approx(128)
    assert spread < 0.05  # it never erred


def test_a_damped_trend_slows() -> None:
    mean, _ = forecast("damped trend", YEARS, DOUBLING, 2021) or (0, 0)
    assert mean == pytest.approx(np.log(16) + np.log(2) * (DAMPING + DAMPING**2))


def test_an_autoregression_of_steady_growth_is_constant_growth() -> None:
    assert (forecast("AR(1)", YEARS, DOUBLING, 2021) or (0, 0))[0] == pytest.approx(np.log(64))


@pytest.mark.parametrize("name", NAIVE)
def test_fans_open_with_the_years(name: str) -> None:
    values = [10.0, 12.0, 11.0, 15.0, 14.0, 18.0]
    spreads = [(forecast(name, range(2015, 2021), values, year) or (0, 0))[1] for year in range(2021, 2026)]
    assert all(np.diff(spreads) > 0)


@pytest.mark.parametrize("name", NAIVE)
def test_a_short_series_has_no_forecast(name: str) -> None:
    assert forecast(name, YEARS[: FEWEST - 1], DOUBLING[: FEWEST - 1], 2021) is None
    assert forecast(name, YEARS[:FEWEST], DOUBLING[:FEWEST], 2021) is not None


def test_a_gap_is_filled_along_a_straight_line() -> None:
    gap = forecast("constant growth", [2015, 2016, 2018, 2019], [1.0, 2.0, 8.0, 16.0], 2020)
    assert gap == pytest.approx(forecast("constant growth", YEARS, DOUBLING, 2020))
