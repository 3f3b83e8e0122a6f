"""Are results labelled with what they are, annual values what a hand computes, and bad input refused in one line?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

import json
import math
import pickle
import warnings
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
import xarray as xr

from pujiang.declare import (
    assumed,
    auxiliary,
    dimension,
    flow,
    lever,
    parameter,
    ratio,
    reported,
    series,
    stock,
    unit,
)
from pujiang.engine.profiles import Profile, line, steps
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import build
from pujiang.errors import InputError
from pujiang.primitives import total

UNITS = (unit("firm", "Firm."),)

place = dimension("place", ("north", "south"), "Places.")


class town:
    rate = parameter(2.0, "firm/year", "Births.", basis=assumed("test"))
    local_rate = parameter({"north": 1.0, "south": 3.0}, "firm/year", "Births.", over=place, basis=assumed("test"))
    push = lever("1", "Push.", default=1.0, bounds=(0, 5), basis=assumed("test"))
    aim = lever("1", "Aim.", default=None, bounds=(0, 5), basis=assumed("test"))
    climate = series("1", "Climate.")
    firms = stock("firm", "Firms in town.", initial=1, reported=reported("end"))
    local_firms = stock("firm", "Firms by place.", over=place, initial=0, reported=reported("end"))

    @flow("firm/year", into=firms, reported=reported("integral"))
    def births(rate, push, climate):
        """Births of
        firms."""
        return rate * push * climate

    @flow("firm/year", into=local_firms, over=place, reported=reported("integral"))
    def local_births(local_rate, push):
        """Births by place."""
        return local_rate * push

    @auxiliary("firm", reported=reported("mean"))
    def average_firms(firms):
        """Firms, over the year."""
        return firms

    @auxiliary("1", reported=reported(ratio("births", "firms")))
    def birth_share(births, firms, rate):
        """Births over firms."""
        return births / rate

    @auxiliary("1", reported=reported(ratio("nothing", "nothing")))
    def share_of_nothing(nothing):
        """Nothing over nothing."""
        return nothing

    @auxiliary("1")
    def nothing(climate):
        """Nothing."""
        return 0 * climate

    @auxiliary("firm/year")
    def not_reported(local_births):
        """All births."""
        return total(local_births, place)


TOWN = build([town], UNITS)
CLIMATE = {"climate": line([(2015.0, 1.0), (2017.0, 3.0)])}
SHORT = Simulation(2015, 2016, dt=1 / 4)


def results(**given: Any) -> Any:
    return simulate(TOWN, **{"series": CLIMATE, "simulation": SHORT, "engine": "reference", **given})


def test_everything_has_its_name_unit_meaning_sector_and_kind() -> None:
    tree = results()
    annual = tree["annual"].to_dataset()
    assert set(annual.data_vars) == set(TOWN.outcomes)
    assert set(tree["trajectories"].to_dataset().data_vars) == {*TOWN.variables, *TOWN.levers, *TOWN.series}
    facts = {"units": "firm", "long_name": "Firms in town.", "sector": "town", "kind": "stock", "annual": "end"}
    assert annual["firms"].attrs.items() >= facts.items()
    assert annual["births"].attrs["long_name"] == "Births of firms."
    units = {name: annual[name].attrs["units"] for name in annual}
    assert units == {
        "firms": "firm",
        "local_firms": "firm",
        "births": "firm",  # over the year, not per year
        "local_births": "firm",
        "average_firms": "firm",
        "birth_share": "1",
        "share_of_nothing": "1",
    }
    assert tree["trajectories"]["births"].attrs["units"] == "firm/year"


def test_dimensions_and_coordinates_are_those_of_the_run() -> None:
    tree = results(
        parameters={"rate": np.array([2.0, 4.0, 6.0])},
        scenarios={"baseline": {}, "double": {"push": steps([(2015.0, 2.0)])}},
    )
    annual, courses = tree["annual"].to_dataset(), tree["trajectories"].to_dataset()
    assert annual["births"].dims == ("scenario", "member", "year")
    assert annual["local_births"].dims == ("scenario", "member", "year", "place")
    assert courses["local_births"].dims == ("scenario", "time", "place")
    assert list(annual["scenario"].values) == ["baseline", "double"]
    assert list(annual["member"].values) == [0, 1, 2]
    assert list(annual["year"].values) == [2015, 2016]
    assert list(annual["place"].values) == ["north", "south"]
    assert list(courses["time"].values) == [2015 + k / 4 for k in range(9)]
    assert tree.attrs["model_hash"] == TOWN.hash


def test_every_value_stands_under_its_scenario_member_and_place() -> None:
    annual = results(
        parameters={"rate": np.array([2.0, 4.0]), "local_rate.south": np.array([3.0, 30.0])},
        scenarios={"baseline": {}, "double": {"push": steps([(2015.0, 2.0)])}},
    )["annual"]
    births = annual["births"]  # climate has mean 1.5 in 2015 and 2.5 in 2016
    for scenario, push in (("baseline", 1), ("double", 2)):
        for member, rate in ((0, 2), (1, 4)):
            found = births.sel(scenario=scenario, member=member)
            assert found.values == pytest.approx([1.5 * rate * push, 2.5 * rate * push], rel=1e-14)
            local = annual["local_births"].sel(scenario=scenario, member=member)
            assert local.sel(place="south").values == pytest.approx([[3, 30][member] * push] * 2, rel=1e-14)
            assert local.sel(place="north").values == pytest.approx([push] * 2, rel=1e-14)


def test_annual_values_are_those_a_hand_computes() -> None:
    """With y' = 2 (1 + t): y = 1 + 2 t + t^2; integral over the first year 7/3, over the second 1 + 3 + 7/3."""
    annual = results()["annual"].to_dataset().isel(scenario=0, member=0)
    assert annual["births"].values == pytest.approx([3.0, 5.0], rel=1e-14)
    assert annual["firms"].values == pytest.approx([4.0, 9.0], rel=1e-14)
    assert annual["average_firms"].values == pytest.approx([7 / 3, 19 / 3], rel=1e-13)
    assert annual["birth_share"].values == pytest.approx([3 / (7 / 3), 5 / (19 / 3)], rel=1e-13)
    assert list(annual["share_of_nothing"].values) == [0, 0]


def test_trajectories_are_the_central_member_at_the_saved_times() -> None:
    courses = results(parameters={"rate": np.array([2.0, 50.0])})["trajectories"].isel(scenario=0)
    t = courses["time"].values - 2015
    assert courses["firms"].values == pytest.approx(1 + 2 * t + t**2, rel=1e-14)
    rare = results(simulation=Simulation(2015, 2016, dt=1 / 4, save_every=1.0))["trajectories"]
    assert list(rare["time"].values) == [2015, 2016, 2017]
    assert rare["firms"].values[0] == pytest.approx([1, 4, 9], rel=1e-14)


def test_the_method_asked_for_is_the_method_run() -> None:
    """Euler with four steps a year sums the rates at the starts of the steps."""
    euler = results(simulation=Simulation(2015, 2015, dt=1 / 4, method="euler"))["annual"]
    assert euler["births"].values.ravel() == pytest.approx([2 * np.mean([1, 1.25, 1.5, 1.75])], rel=1e-14)


def test_a_parameter_of_one_scenario_is_that_for_all_its_members() -> None:
    annual = results(
        parameters={"rate": np.array([2.0, 4.0])},
        scenarios={"baseline": {}, "other": {}},
        scenario_parameters={"other": {"rate": 10.0}},
    )["annual"]
    assert annual["births"].sel(scenario="other", year=2015).values == pytest.approx([15, 15])
    assert annual["births"].sel(scenario="baseline", year=2015).values == pytest.approx([3, 6])


def test_a_run_carries_its_certificate() -> None:
    certificate = json.loads(results().attrs["certificate"])
    assert certificate["passed"] is True
    assert certificate["failures"] == []


def test_inputs_between_grid_points_are_moved_to_the_nearest() -> None:
    jump = {"climate": steps([(2015.0, 0.0), (2015.6, 1.0)])}
    births = results(series=jump)["trajectories"]["births"].values.ravel()
    assert list(births[:4]) == [0, 0, 2, 2]  # at 2015.5, the nearest quarter


def refusal(**given: Any) -> str:
    with pytest.raises(InputError) as caught:
        results(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_unknown_names_are_refused_with_the_nearest() -> None:
    assert "parameters: there is no 'rat'; did you mean 'rate'?" in refusal(parameters={"rat": 1.0})
    assert "did you mean 'local_rate.north'?" in refusal(parameters={"local_rate.nort": 1.0})
    assert "levers: there is no 'pusch'; did you mean 'push'?" in refusal(levers={"pusch": steps([(2016, 1)])})
    assert "there is no 'push_set'" in refusal(levers={"push_set": steps([(2016, 1)])})
    assert "no input series 'climate'; did you mean 'climat'?" in refusal(series={"climat": steps([(2016, 1)])})
    assert "engine is 'kernl'; allowed" in refusal(engine="kernl")
    other = refusal(scenarios={"baseline": {}}, scenario_parameters={"baselin": {"rate": 1.0}})
    assert "there is no scenario 'baselin'; did you mean 'baseline'?" in other
    wrong = refusal(scenarios={"baseline": {}}, scenario_parameters={"baseline": {"rat": 1.0}})
    assert "parameters: there is no 'rat'" in wrong


def test_a_date_off_the_grid_is_refused_with_the_two_nearest() -> None:
    found = refusal(levers={"push": steps([(2015.0, 1.0), (2016.03, 2.0)])}, simulation=Simulation(2015, 2030))
    assert found == "levers.push: 2016.03 is not on the grid of steps of 0.0625 year; nearest: 2016, 2016.0625"


@pytest.mark.parametrize("value", [math.nan, math.inf, np.array([1.0, math.nan]), "much"])
def test_a_parameter_that_is_no_number_is_refused(value: Any) -> None:
    assert refusal(parameters={"rate": value}) == "parameters.rate: found a value that is not a finite number"
    wrong = {"baseline": {"rate": value}}
    assert "parameters.rate" in refusal(scenarios={"baseline": {}}, scenario_parameters=wrong)


def test_parameters_of_different_lengths_are_refused() -> None:
    found = refusal(parameters={"rate": np.ones(3), "local_rate.north": np.ones(2)})
    assert found == "parameters.local_rate.north: found 2 values; allowed: 1, or 3 as others have"


@pytest.mark.parametrize("dt", [0.3, 2.0, 0.0, -0.25, math.nan, math.inf, 0.24])
def test_a_step_that_does_not_divide_a_year_is_refused(dt: float) -> None:
    assert "simulation.dt is" in refusal(simulation=Simulation(2015, 2030, dt))


@pytest.mark.parametrize("save_every", [0.1, 0.0, -1.0, 0.75, 3.0, math.nan, math.inf])
def test_a_save_interval_off_the_grid_or_the_run_is_refused(save_every: float) -> None:
    found = refusal(simulation=Simulation(2015, 2016, dt=1 / 4, save_every=save_every))
    assert "simulation.save_every is" in found


def test_other_settings_that_make_no_run_are_refused() -> None:
    assert "simulation.last_year is 2014; allowed: 2015" in refusal(simulation=Simulation(2015, 2014))
    assert "'rk5'; allowed: rk4, euler; did you mean 'rk4'?" in refusal(simulation=Simulation(2015, 2030, method="rk5"))


@pytest.mark.parametrize("per_year", [1, 3, 5, 10, 12, 50])
def test_a_step_of_any_length_gives_the_same_exact_answer(per_year: int) -> None:
    """A jump on the first of May (a third of a year) acts from then on, whatever binary form its date has."""
    date = 2015 + (1 / 3 if per_year % 3 == 0 else 0.0 if per_year == 1 else 0.4)
    if per_year == 50 or per_year % 5 == 0:
        date = 2015.4
    push = Profile((date,), (1.0,), (3.0,))
    simulation = Simulation(2015, 2016, dt=1 / per_year, save_every=1.0)
    annual = results(levers={"push": push}, series={"climate": steps([(2015.0, 1.0)])}, simulation=simulation)
    elapsed = date - 2015
    wanted = [2 * (elapsed + 3 * (1 - elapsed)), 6.0]
    assert annual["annual"]["births"].values.ravel() == pytest.approx(wanted, rel=1e-12)


def test_a_system_goes_into_a_pickle_and_comes_back_as_itself() -> None:
    back = pickle.loads(pickle.dumps(TOWN))
    assert back.hash == TOWN.hash
    assert back.variables["births"].declaration is TOWN.variables["births"].declaration
    assert simulate(back, series=CLIMATE, simulation=SHORT).identical(simulate(TOWN, series=CLIMATE, simulation=SHORT))


def test_a_system_and_its_parts_introduce_themselves_in_one_line() -> None:
    assert repr(TOWN) == f"<System {TOWN.hash[:8]}: 2 stocks, 2 flows, 5 auxiliaries, 2 parameters, 2 levers>"
    assert all(len(repr(part)) < 300 for part in (TOWN.program, *TOWN.variables.values()))


def test_results_are_written_by_xarray_without_a_word_and_read_back(tmp_path: File) -> None:
    tree = results()
    tree.to_netcdf(tmp_path / "results.nc")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree.to_zarr(tmp_path / "results.zarr", consolidated=False)
    for name, engine in (("results.nc", "netcdf4"), ("results.zarr", "zarr")):
        options = {"consolidated": False} if engine == "zarr" else {}
        with xr.open_datatree(tmp_path / name, engine=engine, decode_times=False, **options) as back:
            assert back.identical(tree), name
