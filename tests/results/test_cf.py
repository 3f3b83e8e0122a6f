"""Can other programs read a run's files: their conventions, their units, and what made them?"""

import json
from collections.abc import Callable
from pathlib import Path

import netCDF4
import pint
import pytest
import xarray as xr

import pujiang
from pujiang.engine.system import System
from pujiang.results import run_folder
from pujiang.results.cf import cf_unit


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short run as it is written."""
    tree = pujiang.run("exit_drought", ensemble=2, simulation={"last_year": 2027, "dt": 0.125})
    return pujiang.save(tree, tmp_path_factory.mktemp("runs"), figures=False)


@pytest.mark.parametrize("name", ["annual", "trajectories", "parameters"])
def test_a_file_says_by_itself_what_it_is_and_what_made_it(run: Path, name: str) -> None:
    record = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    with netCDF4.Dataset(run / f"{name}.nc") as file:
        assert file.Conventions.startswith("CF-1.")
        assert file.title
        for key in ("config_hash", "model_hash", "data_hash", "fit", "seed"):
            assert file.getncattr(key) == record[key], key
        assert run.name not in str(file)  # the bytes are those of a repetition


def test_a_tree_that_is_read_names_its_run(run: Path) -> None:
    assert pujiang.open(run).attrs["id"] == run.name


def test_units_are_read_by_others_and_come_back_as_the_model_has_them(run: Path, system: System) -> None:
    registry: pint.UnitRegistry = pint.UnitRegistry()
    for name in ("annual", "trajectories"):
        with xr.open_dataset(run / f"{name}.nc", decode_times=False) as raw:
            for variable in raw.data_vars.values():
                registry(str(variable.attrs["units"]))
        back = pujiang.open(run)[name].to_dataset()
        assert not [found for found in back.data_vars.values() if "unit" in found.attrs]
    trajectories = pujiang.open(run)["trajectories"]
    for name, declared in system.variables.items():
        assert trajectories[name].attrs["units"] == declared.unit


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("1", "1"), ("firm", "1"), ("1/year", "1/year"), ("billion_yuan/year", "1e9/year"), ("year", "year"),
        ("billion_yuan/person/year", "1e9/year"), ("million_m2/year", "1e6*m^2/year"), ("1/year^2", "1/year^2"),
        ("billion_yuan/billion_yuan_2015", "1"),
    ],
)  # fmt: skip
def test_money_and_things_are_numbers_to_others(words: str, unit: str) -> None:
    assert cf_unit(words) == unit


def test_what_drove_the_model_is_among_its_courses(run: Path, system: System) -> None:
    courses = pujiang.open(run)["trajectories"].to_dataset()
    window = courses["exit_window"]
    assert window.attrs["kind"] == "lever"
    assert window.dims == ("scenario", "time")
    rest = system.levers["exit_window"].default
    after = window.sel(time=2027.0)
    assert float(after.sel(scenario="baseline")) == rest
    assert float(after.sel(scenario="exit_drought")) != rest
    assert courses["research_intensity_target"].isnull().all(), "a lever that is not set has no value"
    series = courses["government_research_funding_observed"]
    assert (series.dims, series.attrs["kind"]) == (("time",), "series")
    found = dict(zip(series["time"].values, series.values, strict=True))
    at_hand = pujiang.Model().evidence().inputs["government_research_funding_observed"]
    assert found[2019.0] == found[2019.75] == at_hand.values[at_hand.times.index(2019.0)]


def test_a_repetition_has_the_same_bytes(run: Path, tmp_path: Path) -> None:
    again: Callable[..., Path] = pujiang.save
    tree = pujiang.run("exit_drought", ensemble=2, simulation={"last_year": 2027, "dt": 0.125})
    assert run_folder.identical(run, again(tree, tmp_path, figures=False)) == []
