"""Is output what was reported as long as it was reported, and the model's own after?"""

from collections.abc import Mapping

import numpy as np
import pytest

from pujiang.engine.annual import simulate_annual
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, engine_named, pack
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.inputs import lever_profiles

YEARS = range(2015, 2025)


def gdp(
    system: System, series: Mapping[str, Profile], parameters: dict[str, float], last_year: int
) -> dict[int, float]:
    simulation = Simulation(2015, last_year)
    levers = lever_profiles(system, {}, series, simulation.dt)
    batch = pack(system, parameters, {"run": levers}, {}, series, simulation.grid())
    outcome = simulate_annual(system, simulation.grid(), batch, "rk4", engine_named("auto"))[0]["gdp"][:, 0]
    return dict(zip(range(2015, last_year + 1), outcome, strict=True))


def reported(evidence: Evidence) -> dict[int, float]:
    series = evidence.inputs["gdp_nominal"]
    return dict(zip(map(int, series.times), series.values, strict=True))


@pytest.mark.parametrize(
    "parameters",
    [{}, {"capital_elasticity": 0.5, "knowledge_output_elasticity": 0.15, "applied_lag": 1.2}],
    ids=["defaults", "other inputs"],
)
def test_is_every_annual_total_to_2024_the_reported_one(
    system: System, series: Mapping[str, Profile], evidence: Evidence, parameters: dict[str, float]
) -> None:
    modelled, data = gdp(system, series, parameters, 2024), reported(evidence)
    # 1e-6 covers the integration of a rate that grows within the step, and the nine digits of the inputs.
    assert [modelled[y] for y in YEARS] == pytest.approx([data[y] for y in YEARS], rel=1e-6)


def test_is_output_after_2024_the_models_own(system: System, series: Mapping[str, Profile]) -> None:
    slow = gdp(system, series, {"residual_productivity_growth": 0.0, "growth_reverting_time": 4.0}, 2026)
    fast = gdp(system, series, {"residual_productivity_growth": 0.02, "growth_reverting_time": 4.0}, 2026)
    assert fast[2024] == slow[2024]
    assert fast[2025] > slow[2025]
    # 2 points more in the long run, reached in four years: after t years growth is 2 (1 - exp(-t/4)) points higher
    # and the level the integral of it, over 2026 .49 points on average, times the rest's four fifths of output.
    assert 0.0035 < np.log(fast[2026] / slow[2026]) < 0.0045


def test_do_the_quarterly_rates_repeat_the_annual_growth_of_real_output(evidence: Evidence) -> None:
    rates = evidence.inputs["real_output_growth_rate"]
    assert rates.times == tuple(np.arange(2015, 2025, 0.25))
    level = np.concatenate([[0.0], np.cumsum(rates.values) / 4])
    # A rate that grows steadily within a quarter has the logarithmic mean of its two ends.
    growth = np.diff(level)
    quarters = np.exp(level[:-1]) * np.expm1(growth) / growth
    annual = quarters.reshape(-1, 4).sum(axis=1)
    series = evidence.inputs["real_output_growth"]
    wanted = dict(zip(map(int, series.times), series.values, strict=True))
    assert annual[1:] / annual[:-1] - 1 == pytest.approx([wanted[y] for y in range(2016, 2025)], abs=1e-7)
