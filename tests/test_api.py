"""Does the Python interface do what its names say?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import inspect
import pkgutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePath
from typing import Any

import numpy as np
import pytest
import yaml

import pujiang
from pujiang import api
from pujiang.declare import assumed, flow, parameter, reported, stock
from pujiang.engine.profiles import Profile
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


def test_parameters_may_be_members_and_levers_paths(system) -> None:
    shut = Profile((2026.0,), (1.0,), (0.0,))
    tree = pujiang.simulate(system, {"initial_growth": np.array([0.10, 0.12])}, {"exit_window": shut})
    listings = tree["annual"].to_dataset().star_listings
    assert listings.sizes["member"] == 2
    assert (listings.sel(year=2030) < 0.1).all()


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


def test_threads_get_each_their_own_configuration(tmp_path) -> None:
    folders = {}
    for place in range(2):
        folder = tmp_path / str(place) / "scenario"
        folder.mkdir(parents=True)
        # An interpolation is what only hydra resolves.
        (folder / "plan.yaml").write_text(
            f"title: Plan ${{oc.env:NOBODY,{place}}}\nlevers: {{exit_window: {0.1 + place}}}\n", encoding="utf-8"
        )
        folders[str(folder.parent)] = place
    asked = list(folders) * 15
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda folder: pujiang.configure("plan", config_dir=folder).scenarios[1], asked))
    assert [scenario.title for scenario in found] == [f"Plan {folders[folder]}" for folder in asked]
    assert [s.levers["exit_window"].target for s in found] == [0.1 + folders[folder] for folder in asked]


@pytest.mark.parametrize("name", [np.str_("exit_drought"), PurePath("exit_drought"), [np.str_("exit_drought")]])
def test_a_name_may_be_text_of_any_kind(name) -> None:
    config = pujiang.configure(name)
    assert [scenario.name for scenario in config.scenarios] == ["baseline", "exit_drought"]
    assert yaml.safe_load(config.as_yaml())["scenarios"][1]["name"] == "exit_drought"


def test_what_is_no_name_is_refused() -> None:
    for wrong in (5, [5], None):
        with pytest.raises(InputError, match=r"scenario(\[0\])?: found"):
            pujiang.configure(wrong)  # type: ignore[arg-type]


def test_a_function_is_there_more_than_once() -> None:
    for _ in range(2):
        assert pujiang.describe("gdp").startswith("## gdp")
    modules = {module.name for module in pkgutil.iter_modules(pujiang.__path__)}
    assert modules & set(pujiang.__all__) == set(), "a submodule takes the place of a function of its name"
    modules = {module.name for module in pkgutil.iter_modules(api.__path__)}
    assert not [name for name in pujiang.__all__ if name in modules]


def test_functions_say_what_the_methods_say() -> None:
    assert list(inspect.signature(pujiang.run).parameters)[:2] == ["scenario", "shock"]
    assert pujiang.run.__doc__ == pujiang.Model.run.__doc__
    assert pujiang.run.__name__ == "run"


def test_a_file_that_changes_is_read_again(tmp_path) -> None:
    (tmp_path / "scenario").mkdir()
    for target in (0.5, 0.7):
        (tmp_path / "scenario" / "mine.yaml").write_text(f"levers: {{exit_window: {target}}}\n", encoding="utf-8")
        config = pujiang.configure("mine", config_dir=tmp_path)
        assert config.scenarios[1].levers["exit_window"].target == target


def test_outcomes_are_those_of_the_run_to_the_last_bit() -> None:
    given: dict[str, Any] = {"levers": {"exit_window": 0.5}, "parameters": {"space_dependence.ic": 0.2}, "ensemble": 3}
    whole = pujiang.run("new_core", **given)["annual"].to_dataset()
    assert pujiang.outcomes("new_core", **given).identical(whole)
    assert pujiang.outcomes("new_core").sizes["member"] == 1
