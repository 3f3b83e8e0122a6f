"""Does each loop do what it is there for? Each is cut by its switch, from 2026, and the outcome is compared.

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

from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.experiment.check import CUT_FROM
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_paths
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import levers_that_close, moment, traced

CUTS = yaml.safe_load((File(__file__).parent / "cuts.yaml").read_text(encoding="utf-8"))
LONG = Simulation(last_year=2035)


def cut(name: str) -> dict[str, Path]:
    """A switch that is cut from 2026 on."""
    return {name: Path((CUT_FROM,), (1.0,), (0.0,))}


def whole(levers: Mapping[str, float]) -> str:
    """The name of the run with some levers and every loop."""
    return json.dumps(levers)


@pytest.fixture(scope="module")
def courses(system: System, series: Mapping[str, Path], fit: Fit) -> xr.Dataset:
    """Every case of the table, with its loop and without, and each set of levers without cuts."""
    cases: dict[str, Mapping[str, Path]] = {}
    for row in CUTS:
        levers = row.get("levers", {})
        settings = {name: LeverSetting(target=value) for name, value in levers.items()}
        paths = lever_paths(system, settings, series, LONG.dt)
        cases[whole(levers)] = paths
        cases[f"{whole(levers)} without {row['loop']}"] = {**paths, **cut(system.loops[row["loop"]].cut_by)}
    central = {name: np.array([value]) for name, value in fit.values.items()}
    tree = simulate(system, central, series=series, scenarios=cases, simulation=LONG)
    return tree["trajectories"].to_dataset()


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


def test_no_two_loops_share_a_switch(system: System) -> None:
    switches = [loop.cut_by for loop in system.loops.values()]
    assert len(switches) == len(set(switches))


def test_a_cut_opens_its_loop(system: System, series: Mapping[str, Path], fit: Fit) -> None:
    """Not only does an outcome change: a link of the loop no longer answers."""
    central = {name: np.array([value]) for name, value in fit.values.items()}
    cases = {}
    for name, loop in system.loops.items():
        closed = lever_paths(system, levers_that_close(system, loop), series, 1 / 16)
        cases[name] = {**closed, **cut(loop.cut_by)}
    courses = simulate(system, central, series=series, scenarios=cases)["trajectories"].to_dataset()
    for name in system.loops:
        values = moment(system, fit, courses, series, cases[name], name, 2028.0)
        assert traced(system, name, values).polarity == "open", name


REFERENCES = {"managers_limit_deals": {"initial_transfers"}}
"""Stocks that keep the model's own opening flow for comparison, and so see a limit lifted at the opening."""


def test_no_switch_enters_opening_values(system: System, series: Mapping[str, Path], fit: Fit) -> None:
    """A run in which a switch is cut from the start opens with the same stocks."""
    central = {name: np.array([value]) for name, value in fit.values.items()}
    base = lever_paths(system, {}, series, 1 / 16)
    cases = {"": base} | {name: {**base, name: Path((2000.0,), (0.0,), (0.0,))} for name in system.switches}
    short = Simulation(last_year=2015)
    tree = simulate(system, central, series=series, scenarios=cases, simulation=short, engine="reference")
    courses = tree["trajectories"].to_dataset()
    opening = courses.sel(time=2015.0)
    for switch in system.switches:
        changed = opening.sel(scenario=switch, drop=True) != opening.sel(scenario="", drop=True)
        differ = {name for name in system.variables if system.variables[name].kind == "stock" and changed[name].any()}
        assert differ == REFERENCES.get(switch, set()), switch


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
