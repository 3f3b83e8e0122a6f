"""Does the baseline go on where the data end, and does output agree with industry?"""

import numpy as np
import pytest
import xarray as xr

import pujiang


@pytest.fixture(scope="module")
def annual() -> xr.Dataset:
    """Central annual outcomes of the baseline and of scenarios that move industry, to 2050."""
    tree = pujiang.run(scenario=["exit_drought", "staged_support"], ensemble=0, simulation={"last_year": 2050})
    return tree["annual"].to_dataset().sel(member=0)


def growth(annual: xr.Dataset, name: str) -> dict[int, float]:
    course = annual[name].sel(scenario="baseline").values
    return dict(zip(annual.year.values[1:].tolist(), np.diff(np.log(course)), strict=True))


@pytest.mark.parametrize("name", ["real_output", "gdp", "research_spending", "industry_revenue", "high_tech_firms"])
def test_no_growth_rate_steps_where_the_data_end(annual: xr.Dataset, name: str) -> None:
    rates = growth(annual, name)
    noise = np.std(np.diff([rates[y] for y in range(2016, 2025)]))
    for year in (2025, 2026):
        assert abs(rates[year] - rates[year - 1]) <= max(noise, 0.01), year


@pytest.mark.parametrize("scenario", ["exit_drought", "staged_support"])
def test_gdp_moves_with_value_added(annual: xr.Dataset, scenario: str) -> None:
    def moved(name: str) -> float:
        end = annual[name].sel(year=2035)
        return float(end.sel(scenario=scenario) - end.sel(scenario="baseline"))

    assert 0.12 < moved("technology_value_added") / moved("industry_revenue") < 0.32
    assert 1 <= moved("gdp") / moved("technology_value_added") < 2


def test_the_run_to_2050_is_bounded(annual: xr.Dataset) -> None:
    base = annual.sel(scenario="baseline")
    assert float(base.technology_share.sel(year=2050)) < 0.4
    support = annual.industry_revenue.sel(year=2050)
    assert float(support.sel(scenario="staged_support") / support.sel(scenario="baseline")) < 1.2
