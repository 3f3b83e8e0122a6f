"""Does the Python interface do what its names say?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import numpy as np
import pytest

import pujiang
from pujiang.declare import assumed, flow, parameter, reported, stock
from pujiang.engine.paths import Path
from pujiang.errors import InputError


@pytest.fixture(scope="module")
def central(system) -> dict[str, object]:
    """Annual outcomes of the model as declared, without and with a lever."""
    return {
        "baseline": pujiang.simulate(system)["annual"].to_dataset(),
        "open": pujiang.simulate(system, levers={"exit_window": 1.0})["annual"].to_dataset(),
    }


def test_the_shipped_model_runs_without_configuration(central) -> None:
    annual = central["baseline"]
    assert annual.gdp.dims == ("scenario", "member", "year")
    assert (annual.sizes["scenario"], annual.sizes["member"], annual.sizes["year"]) == (1, 1, 16)


def test_a_number_for_a_lever_is_a_step_from_2026(central) -> None:
    change = (central["open"].star_listings - central["baseline"].star_listings).squeeze()
    assert (change.sel(year=slice(None, 2025)) == 0).all()
    assert (change.sel(year=slice(2026, None)) > 0).all()


def test_scenarios_side_by_side_are_the_runs_alone(system, central) -> None:
    both = pujiang.simulate(system, scenarios={"none": {}, "open": {"exit_window": 1.0}})["annual"].to_dataset()
    assert (both.gdp.sel(scenario="open").values == central["open"].gdp.sel(scenario="run").values).all()


def test_parameters_may_be_members_and_switches_paths(system) -> None:
    cut = Path((2026.0,), (1.0,), (0.0,))
    tree = pujiang.simulate(system, {"initial_growth": np.array([0.10, 0.12])}, {"firms_are_born": cut})
    births = tree["annual"].to_dataset().technology_firm_births
    assert births.sizes["member"] == 2
    assert (births.sel(year=slice(2026, None)) == 0).all()


def test_a_model_of_ones_own_runs_too() -> None:
    class decay:
        half_life = parameter(2.0, "year", "Time.", basis=assumed("test"))
        level = stock("1", "Level.", initial=1, reported=reported("end"))

        @flow("1/year", out_of=level)
        def loss(level, half_life):  # type: ignore[no-untyped-def]
            """What is lost."""
            return level / half_life

    annual = pujiang.simulate(pujiang.load_model([decay]))["annual"].to_dataset()
    assert annual.level.squeeze().sel(year=2016).item() == pytest.approx(np.exp(-1), rel=1e-6)


def test_an_unknown_lever_is_refused_in_one_line(system) -> None:
    with pytest.raises(InputError, match="exit_window"):
        pujiang.simulate(system, levers={"exit_windo": 1.0})
