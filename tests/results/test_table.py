"""Does the end-of-run table say what happened, in 100 columns?"""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

import pujiang
from pujiang.engine.system import System
from pujiang.presentation import Goal
from pujiang.results.outcomes import level_text, signed
from pujiang.results.summary import goal_shares
from pujiang.results.table import run_table

PRESENTATION = pujiang.load_model().presentation
GOALS = PRESENTATION.goals


@pytest.mark.parametrize("scenarios", [1, 2, 6])
@pytest.mark.parametrize("draws", [0, 20])
def test_it_fits_and_names_everything(scenarios: int, draws: int, synthetic: ModuleType) -> None:
    tree = synthetic.make_tree(synthetic.SCENARIOS[:scenarios], draws)
    text = run_table(tree, certificate=synthetic.CERTIFICATE, run=Path("runs/20260101T000000Z-abcd"))
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
    for word in ("GDP", "R&D intensity", "STAR-listed firms", "High-tech firms", "Three industries"):
        assert word in text
    assert "Certificate: passed" in text
    assert "runs/20260101T000000Z-abcd" in text
    assert ("5–95 %" in text) is (draws > 0)


@pytest.mark.parametrize(("width", "blocks"), [(100, 3), (80, 4), (60, 6)])
def test_scenarios_that_do_not_fit_go_into_another_block(width: int, blocks: int, synthetic: ModuleType) -> None:
    names = ("baseline", *(f"very_long_scenario_name_{i}" for i in range(11)))
    text = run_table(synthetic.make_tree(names, 5), certificate=synthetic.CERTIFICATE, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert text.count("R&D spending") == blocks
    gdp = next(line for line in text.splitlines() if line.startswith("  bn yuan"))
    assert "–" in gdp.split()[2]  # a band in one piece


def test_levels_differences_and_bands_are_those_of_the_run(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree(draws=0)
    text = run_table(tree, certificate=synthetic.CERTIFICATE)
    gdp = tree["annual"]["gdp"].sel(year=2030, member=0).values
    [level] = [line for line in text.splitlines() if line.startswith("GDP")]
    change = text.splitlines()[text.splitlines().index(level) + 1]
    assert level.split() == ["GDP", f"{gdp[0]:,.0f}", f"{gdp[1]:,.0f}"]
    assert change.split() == ["bn", "yuan", f"{100 * (gdp[1] / gdp[0] - 1):+.1f}", "%"]


def test_goal_probability_is_the_share_of_draws_that_reach_it(synthetic: ModuleType) -> None:
    annual = synthetic.make_tree(draws=40)["annual"].to_dataset()
    goal = Goal("research_intensity", 2030, 0.05, "R&D at least 5 % of GDP", "5 %", "test")
    drawn = annual["research_intensity"].sel(year=2030, member=slice(1, None)).values
    assert 0 < (drawn[1] >= 0.05).sum() < 40
    assert goal_shares(annual, goal).tolist() == [(row >= 0.05).sum() / 40 for row in drawn]


def test_goals_name_their_ensemble(synthetic: ModuleType) -> None:
    text = run_table(synthetic.make_tree(draws=50), certificate=synthetic.CERTIFICATE, ensemble_note="approximate")
    assert "share of 50 members" in text
    assert "(ensemble: approximate)" in text
    assert "no probability" in run_table(synthetic.make_tree(draws=0), certificate=synthetic.CERTIFICATE)


def test_fewer_than_fifty_members_give_no_probability(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree(draws=49)
    text = run_table(tree, certificate=synthetic.CERTIFICATE)
    assert "a probability needs at least 50 members" in text
    goals = text[text.index("Plan goals") :]
    for scenario in ("Baseline", "Fifteenth plan"):
        name = scenario.lower().replace(" ", "_")
        [line] = [line for line in goals.splitlines() if line.startswith(scenario)]
        reached = [
            float(tree["annual"][goal.outcome].sel(scenario=name, member=0, year=goal.year)) >= goal.value
            for goal in GOALS
        ]
        assert line.removeprefix(scenario).split() == ["yes" if yes else "no" for yes in reached]


def test_a_failed_certificate_comes_first_and_last(synthetic: ModuleType, tree: xr.DataTree) -> None:
    failures = [f"outcome_{i}: step error 2 %" for i in range(9)]
    text = run_table(tree, certificate={"passed": False, "failures": failures})
    assert text.startswith("THIS RUN FAILED ITS CERTIFICATE")
    assert "outcome_0: step error 2 %" in text
    assert "and 3 more" in text
    assert "Certificate: FAILED" in text.splitlines()[-1]


def test_values_that_are_not_finite_are_counted(synthetic: ModuleType) -> None:
    tree = synthetic.make_tree(draws=5)
    tree["annual"]["gdp"].loc[{"member": [1, 2]}] = np.nan
    text = run_table(tree, certificate={"passed": False, "failures": []})
    assert "4 values are not finite" in text


def test_a_terminal_gets_colours(synthetic: ModuleType, tree: xr.DataTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" in run_table(tree, certificate=synthetic.CERTIFICATE, terminal=True)


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (0.0502, "research_intensity", "5.02"),
        (26312.0, "high_tech_firms", "26.3"),
        (7420.4, "gdp", "7,420"),
        (float("nan"), "gdp", "–"),
    ],
)
def test_levels_read_like_numbers_people_write(system: System, value: float, name: str, text: str) -> None:
    assert level_text(value, system.presentation.outcome(name)) == text


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (0.0123, "gdp", "+1.2 %"),
        (-0.0123, "gdp", "−1.2 %"),
        (0.0007, "gdp", "+0.07 %"),
        (-0.00001, "gdp", "0 %"),
        (0.0043, "research_intensity", "+0.43 pp"),
        (12.4, "star_listed_firms", "+12"),
        (float("inf"), "gdp", "–"),
    ],
)
def test_differences_read_like_differences(system: System, value: float, name: str, text: str) -> None:
    assert signed(value, system.presentation.outcome(name)) == text
