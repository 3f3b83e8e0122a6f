"""Does each loop do what it is there for? Each is cut from 2026, and the outcome is compared.

Expectations are those of tests/sectors/cuts.yaml.
"""

import json
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from numpy.typing import NDArray

from pujiang.engine import reference
from pujiang.engine.batch import Record
from pujiang.engine.cut import cut_from, with_cuts
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, pack, simulate
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.shanghai.calendar import CALENDAR

CUTS = yaml.safe_load((File(__file__).parent / "cuts.yaml").read_text(encoding="utf-8"))
LONG = Simulation(2015, 2035)
COARSE = 1 / 4
"""Years: bits are the same or not whatever the step is, and the reference takes its time for each."""


def whole(levers: Mapping[str, float]) -> str:
    """The name of the run with some levers and every loop."""
    return json.dumps(levers)


@pytest.fixture(scope="module")
def cuttable(system: System) -> System:
    """The model in which every loop can be cut."""
    return with_cuts(system)


def trajectories(
    system: System, series: Mapping[str, Profile], fit: Fit, cases: Mapping[str, Mapping[str, Profile]], **given: Any
) -> xr.Dataset:
    """The fitted central member in some cases."""
    central = {name: np.array([value]) for name, value in fit.values.items()}
    return simulate(system, central, series=series, scenarios=cases, **given)["trajectories"].to_dataset()


@pytest.fixture(scope="module")
def courses(cuttable: System, series: Mapping[str, Profile], fit: Fit) -> xr.Dataset:
    """Every case of the table, with its loop and without, and each set of levers without cuts."""
    cases: dict[str, Mapping[str, Profile]] = {}
    for row in CUTS:
        levers = row.get("levers", {})
        settings = {name: LeverSetting(target=value) for name, value in levers.items()}
        paths = lever_profiles(cuttable, settings, series, LONG.dt)
        cases[whole(levers)] = paths
        cases[f"{whole(levers)} without {row['loop']}"] = paths | cut_from(CALENDAR.policy_from, row["loop"])
    return trajectories(cuttable, series, fit, cases, simulation=LONG)


@pytest.mark.parametrize("row", CUTS, ids=lambda row: f"{row['loop']}-{row['outcome']}-{len(row.get('levers', ()))}")
def test_a_cut_changes_the_outcome_as_expected(courses: xr.Dataset, row: dict[str, Any]) -> None:
    case = whole(row.get("levers", {}))
    end = courses[row["outcome"]].sel(time=row["year"] + 1.0)
    kept = float(end.sel(scenario=case).sum())
    without = float(end.sel(scenario=f"{case} without {row['loop']}").sum())
    change = without / kept - 1
    assert change > 1e-5 if row["sign"] == "+" else change < -1e-5


def test_every_loop_has_a_row(system: System) -> None:
    assert {row["loop"] for row in CUTS} == set(system.loops)


def test_no_two_loops_are_cut_at_the_same_link(system: System) -> None:
    links = [(cut.cause, cut.effect) for loop in system.loops.values() for cut in loop.cuts]
    assert len(links) == len(set(links))


def test_the_model_that_can_be_cut_is_the_model_to_the_last_bit(
    system: System, cuttable: System, series: Mapping[str, Profile], fit: Fit
) -> None:
    grid = Simulation(*CALENDAR.run[:2], COARSE).grid()

    def every_variable(model: System) -> NDArray[np.float64]:
        batch = pack(model, fit.values, {"": lever_profiles(model, {}, series, COARSE)}, {}, series, grid)
        lines = tuple(model.program.lines[name] for name in system.program.lines)
        return reference.run(model.program, grid, batch, Record(lines, (), 1), "rk4").snapshots

    assert np.array_equal(every_variable(system), every_variable(cuttable), equal_nan=True)


def test_no_cut_enters_opening_values(cuttable: System, series: Mapping[str, Profile], fit: Fit) -> None:
    """A run in which a loop is cut from the start opens with the same stocks."""
    base = lever_profiles(cuttable, {}, series, COARSE)
    cases = {"": base} | {name: base | cut_from(2000.0, name) for name in cuttable.loops}
    short = Simulation(2015, 2015, COARSE)
    opening = trajectories(cuttable, series, fit, cases, simulation=short, engine="reference").sel(time=2015.0)
    for loop in cuttable.loops:
        changed = opening.sel(scenario=loop, drop=True) != opening.sel(scenario="", drop=True)
        moved = [n for n, v in cuttable.variables.items() if v.kind == "stock" and changed[n].any()]
        assert moved == [], loop


def test_crowding_in_closes_no_loop_of_its_own(system: System) -> None:
    """R11: it answers to government money per GDP, which only a target's pressure leads back to."""
    effects: dict[str, set[str]] = {name: set() for name in system.variables}
    for effect, causes in system.causes.items():
        for cause in set(causes) & set(system.variables):
            effects[cause].add(effect)
    reached, todo = set(), ["crowding_in"]
    while todo:
        for effect in effects[todo.pop()] - reached - {"research_policy_pressure", "government_research_share_change"}:
            reached.add(effect)
            todo.append(effect)
    assert "applied_knowledge" in reached
    assert "crowding_in" not in reached
