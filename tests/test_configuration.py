"""Does configuration compose what was asked for, and refuse everything else in one line?"""

import math
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from pujiang.api.model import Model
from pujiang.configuration.compose import compose
from pujiang.configuration.folders import group_files, search_path
from pujiang.configuration.keys import SWEEP, flat, lever_options, parameter_option, run_options
from pujiang.configuration.read import read
from pujiang.configuration.sweep_plan import design_of, kept_of
from pujiang.configuration.sweep_words import parse_sweep
from pujiang.configuration.words import parse
from pujiang.declare import Lever, assumed, dimension, lever, parameter, series
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import build
from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import EnsembleConfig, Output, RunConfig
from pujiang.options import Option
from pujiang.shanghai import PROJECT
from pujiang.shanghai.calendar import CALENDAR

CONFIGS = PROJECT.folder_of("configs")


def a_lever(default: float | None, low: float, high: float, history: str | None = None) -> Lever:
    return lever("1", "A lever.", default=default, bounds=(low, high), history=history, basis=assumed("test"))


LEVERS = {
    "research_intensity_target": a_lever(None, 0.0, 0.25),
    "public_research_multiplier": a_lever(1.0, 0.0, 4.0),
    "research_tax_incentive": a_lever(0.08, 0.0, 0.5, "cut"),
    "basic_share_target": a_lever(0.11, 0.0, 1.0, "basic"),
    "frontier_share_target": a_lever(0.2, 0.0, 1.0),
    "ownership_rollout_rate": a_lever(0.0, 0.0, 3.0),
    "remittance_share": a_lever(0.3, 0.0, 1.0),
    "technology_manager_programme": a_lever(0.0, 0.0, 5000.0),
    "proof_of_concept_programme": a_lever(0.1, 0.0, 10.0),
    "patient_capital_injection": a_lever(0.0, 0.0, 200.0),
    "early_stage_shift": a_lever(0.0, 0.0, 0.5),
    "merger_support": a_lever(1.0, 0.0, 5.0),
    "exit_window": a_lever(0.35, 0.0, 1.5, "window"),
    "market_valuation": a_lever(1.0, 0.0, 3.0, "valuation"),
    "startup_finance_support": a_lever(0.0, 0.0, 2.0),
    "market_access_support": a_lever(0.0, -0.05, 0.05),
    "incubator_openings": a_lever(2.0, 0.0, 50.0, "openings"),
    "production_space_programme": a_lever(0.0, -5.0, 10.0),
    "rent_relief": a_lever(0.0, 0.0, 1.0),
    "restriction_target": a_lever(0.5, 0.0, 1.0, "restrictions"),
    "talent_attraction": a_lever(0.0, -0.5, 1.0),
    "stem_enrolment_growth": a_lever(None, -0.3, 0.3),
    "scenario_opening": a_lever(0.0, 0.0, 3000.0),
    "digital_programme": a_lever(0.0, -0.05, 0.2),
    "institutional_effort": a_lever(0.0, -0.2, 0.3),
    "district_focus": a_lever(0.0, 0.0, 0.5),
    "foreign_capital": a_lever(0.3, 0.0, 1.5),
    "growth_outlook": a_lever(0.0, -0.05, 0.05),
    "inflation_outlook": a_lever(0.0, -0.05, 0.05),
    "private_capital": a_lever(1.0, 0.0, 2.0),
}
HISTORIES = {lever.history for lever in LEVERS.values() if lever.history is not None}
INDUSTRY = dimension("industry", {"ic": "Chips", "ai": "Software"}, "Industries.")
MODEL = build(
    [
        SimpleNamespace(
            __name__="made",
            industry=INDUSTRY,
            **LEVERS,
            **{name: series("1", "A series.") for name in HISTORIES},
            failure_rate=parameter(0.1, "1/year", "A rate.", bounds=(0.05, 0.3), basis=assumed("test")),
            initial_output=parameter(
                {"ic": 90.0, "ai": 50.0}, "1", "Output.", over=INDUSTRY, bounds=(20.0, 150.0), basis=assumed("test")
            ),
            institutions=parameter(80.0, "1", "Institutions.", basis=assumed("test")),
        )
    ],
    calendar=CALENDAR,
)


def composed(*words: str, config_dir: Path | None = None) -> RunConfig:
    folders = search_path(config_dir, CONFIGS)
    return compose(parse(words, folders), MODEL, folders)


def window(*words: str) -> LeverSetting | None:
    """The listing window in the scenario that carries the changes."""
    return composed(*words).scenarios[-1].levers.get("exit_window")


def write(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


# --- what is composed ---------------------------------------------------------------------------------------


def test_without_words_the_baseline_runs_alone_with_the_shipped_settings() -> None:
    config = composed()
    assert [scenario.name for scenario in config.scenarios] == ["baseline"]
    assert config.scenarios[0].levers == {}
    assert config.simulation == Simulation(2015, 2030, 0.0625, "rk4", 0.25)
    assert config.ensemble == EnsembleConfig(200, 2026, "posterior", True)
    assert (config.fit, config.evidence, config.engine) == ("shipped", "shipped", "auto")
    assert config.output == Output("runs", True, "en")


def test_the_shipped_file_repeats_no_default() -> None:
    written = yaml.safe_load((CONFIGS / "config.yaml").read_text(encoding="utf-8"))
    assert {key: value for key, value in written.items() if key != "defaults"} == {"levers": {}, "parameters": {}}


def test_every_shipped_scenario_composes_and_says_why() -> None:
    for name, file in group_files("scenario", [CONFIGS]).items():
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert set(content) <= {"title", "meaning", "sources", "levers"}, name
        assert set(content.get("sources", {})) == set(content["levers"]), name
        assert composed(f"scenario={name}").scenarios[-1].name == name


def test_every_shipped_shock_composes_and_says_why() -> None:
    for name, file in group_files("shock", [CONFIGS]).items():
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert set(content) <= {"title", "meaning", "sources", "levers"}, name
        levers = content.get("levers", {})
        assert set(content.get("sources", {})) == set(levers), name
        shocked = composed("scenario=exit_drought", f"shock={name}").scenarios[-1]
        assert set(levers) <= set(shocked.levers), name


def test_every_source_a_scenario_cites_is_in_the_evidence(evidence: Evidence) -> None:
    for name, file in group_files("scenario", [CONFIGS]).items():
        cited = set(re.findall(r"\b[a-z_]+_20\d\d_\d\d\b", file.read_text(encoding="utf-8")))
        assert cited <= evidence.sources.keys(), name


def test_scenarios_stand_side_by_side_with_the_baseline_first() -> None:
    config = composed("scenario=exit_drought,fifteenth_plan")
    assert [scenario.name for scenario in config.scenarios] == ["baseline", "exit_drought", "fifteenth_plan"]
    assert config.scenarios[1].levers["exit_window"] == LeverSetting(target=0.0, start=2026.0)
    assert config.scenarios[2].levers["exit_window"] == LeverSetting(target=0.5, start=2026.0)


def test_a_named_baseline_is_not_run_twice() -> None:
    config = composed("scenario=exit_drought,baseline")
    assert [scenario.name for scenario in config.scenarios] == ["baseline", "exit_drought"]


def test_changes_apply_to_every_scenario_named_and_never_to_the_baseline_that_comes_along() -> None:
    config = composed("scenario=exit_drought,fifteenth_plan", "levers.exit_window=0.8", "parameters.failure_rate=0.2")
    baseline, *named = config.scenarios
    assert (baseline.levers, baseline.parameters) == ({}, {})
    assert [s.levers["exit_window"] for s in named] == [LeverSetting(target=0.8, start=2026.0)] * 2
    assert [s.parameters for s in named] == [{"failure_rate": 0.2}] * 2


def test_a_changed_baseline_stands_beside_the_untouched_one() -> None:
    config = composed("levers.exit_window=0.8")
    assert [scenario.name for scenario in config.scenarios] == ["baseline", "baseline_changed"]
    assert config.scenarios[0].levers == {}
    assert config.scenarios[1].title == "Baseline with exit_window = 0.8"


def test_a_bare_number_is_a_step_from_2026() -> None:
    assert window("levers.exit_window=0.8") == LeverSetting(target=0.8, start=2026.0, shape="step")
    assert window("scenario=exit_drought", "levers.exit_window=1") == LeverSetting(target=1.0, start=2026.0)


def test_a_target_may_be_set_where_nothing_else_is_said() -> None:
    assert window("levers.exit_window.target=1.0") == LeverSetting(target=1.0, start=2026.0)


def test_single_keys_change_what_a_scenario_says() -> None:
    config = composed("scenario=fifteenth_plan", "levers.basic_share_target.end=2029.5")
    expected = LeverSetting(target=0.15, start=2026.0, end=2029.5, shape="ramp")
    assert config.scenarios[-1].levers["basic_share_target"] == expected


def test_a_whole_setting_may_be_given_at_once() -> None:
    found = window("levers.exit_window={target:1,from:0.2,start:2027,end:2028,shape:ramp}")
    assert found == LeverSetting(target=1.0, origin=0.2, start=2027.0, end=2028.0, shape="ramp")


def test_a_path_replaces_a_target_and_a_target_replaces_a_path() -> None:
    path = "levers.exit_window.path=[{time:2026,value:0.5},{time:2028,value:1}]"
    assert window("scenario=exit_drought", path) == LeverSetting(path=((2026.0, 0.5), (2028.0, 1.0)))
    assert window(path, "levers.exit_window.target=0.7") == LeverSetting(target=0.7, start=2026.0)


def test_no_target_leaves_the_lever_at_rest() -> None:
    config = composed("scenario=fifteenth_plan", "levers.research_intensity_target.target=null")
    assert "research_intensity_target" not in config.scenarios[-1].levers
    assert window("scenario=exit_drought", "levers.exit_window=null") is None


def test_parameters_are_fixed_by_name_and_element() -> None:
    config = composed("parameters.initial_output.ic=90", "parameters.failure_rate=0.2", "parameters.institutions=80")
    expected = {"initial_output.ic": 90.0, "failure_rate": 0.2, "institutions": 80.0}
    assert config.scenarios[1].parameters == expected


def test_settings_of_the_run_are_set_by_key() -> None:
    words = ["simulation.last_year=2040", "simulation.dt=0.125", "simulation.method=euler", "ensemble.size=0"]
    config = composed(*words, "ensemble.kind=prior", "engine=reference", "output.lang=zh", "output.figures=false")
    assert config.simulation == Simulation(2015, 2040, 0.125, "euler", 0.25)
    assert config.ensemble == EnsembleConfig(0, 2026, "prior")
    assert (config.engine, config.output.lang, config.output.figures) == ("reference", "zh", False)
    assert composed("ensemble=50").ensemble.size == 50


def test_a_step_that_has_no_exact_decimal_is_made_exact() -> None:
    assert composed("simulation.dt=0.083333").simulation.dt == 1 / 12


def test_nested_mappings_and_words_say_the_same() -> None:
    nested = {"levers": {"exit_window": {"target": 1.0}}, "parameters": {"initial_output": {"ic": 90}}}
    words = ["levers.exit_window.target=1.0", "parameters.initial_output.ic=90"]
    assert compose(flat(nested), MODEL, [CONFIGS]) == composed(*words)


def test_the_users_folder_is_searched_first(tmp_path: Path) -> None:
    write(tmp_path, "scenario/mine.yaml", "title: Mine\nlevers: {exit_window: {target: 1.2}}\n")
    write(tmp_path, "scenario/exit_drought.yaml", "title: My drought\nlevers: {exit_window: 0.1}\n")
    config = composed("scenario=mine,exit_drought,fifteenth_plan", config_dir=tmp_path)
    assert [s.title for s in config.scenarios] == [
        "Baseline",
        "Mine",
        "My drought",
        "Fifteenth five-year plan",
    ]
    assert config.scenarios[2].levers["exit_window"] == LeverSetting(target=0.1, start=2026.0)


def test_a_users_main_file_may_say_only_what_differs(tmp_path: Path) -> None:
    defaults = "defaults: [{scenario: baseline}, {shock: none}, _self_]\n"
    write(tmp_path, "config.yaml", defaults + "ensemble: {size: 7}\n")
    config = composed(config_dir=tmp_path)
    assert config.ensemble == EnsembleConfig(size=7)
    assert config.simulation == Simulation(2015, 2030)


def test_a_scenario_may_build_on_another(tmp_path: Path) -> None:
    content = "defaults: [exit_drought, _self_]\ntitle: Deeper\nlevers: {market_valuation: {target: 0.5}}\n"
    write(tmp_path, "scenario/deeper.yaml", content)
    deeper = composed("scenario=deeper", config_dir=tmp_path).scenarios[-1]
    assert deeper.levers == {
        "exit_window": LeverSetting(target=0.0, start=2026.0),
        "market_valuation": LeverSetting(target=0.5, start=2026.0),
    }


def test_a_shock_lies_over_every_scenario_but_not_the_baseline(tmp_path: Path) -> None:
    shock = "title: a slump\nlevers:\n  market_valuation: {target: 0.5, start: 2027, end: 2028, shape: pulse}\n"
    write(tmp_path, "shock/slump.yaml", shock)
    slump = LeverSetting(target=0.5, start=2027.0, end=2028.0, shape="pulse")
    config = composed("scenario=exit_drought,fifteenth_plan", "shock=slump", config_dir=tmp_path)
    baseline, drought, plan = config.scenarios
    assert baseline.levers == {}
    assert drought.levers == {"exit_window": LeverSetting(target=0.0, start=2026.0), "market_valuation": slump}
    assert plan.levers["market_valuation"] == slump
    assert drought.title == "Exit drought under a slump"
    alone = composed("shock=slump", config_dir=tmp_path)
    assert [s.name for s in alone.scenarios] == ["baseline", "baseline_changed"]


def test_a_resolved_configuration_reads_back_as_it_was(tmp_path: Path) -> None:
    path = "levers.market_valuation.path=[{time:2026,value:0.5},{time:2028.0625,value:1}]"
    words = [
        "scenario=fifteenth_plan,exit_drought",
        path,
        "parameters.initial_output.ic=90",
        "simulation.dt=0.03125",
    ]
    config = composed(*words, f"output.folder={tmp_path}", "ensemble.size=3")
    run = tmp_path / "a-run"
    write(run, "config.yaml", config.as_yaml())
    assert read(run, MODEL) == config


def test_where_a_run_is_put_is_no_part_of_its_configuration() -> None:
    assert composed("output.folder=here").as_yaml() == composed("output.folder=there").as_yaml()


def test_composing_leaves_a_hydra_application_as_it_was() -> None:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    with initialize_config_dir(str(CONFIGS), version_base=None):
        composed("scenario=exit_drought")
        assert hydra_compose("config").levers == {}


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        (
            "scenario=fifteenth_plam",
            ["scenario: found 'fifteenth_plam'", "exit_drought", "did you mean 'fifteenth_plan'"],
        ),
        ("scenario=exit_drought,exit_drought", ["scenario: found 'exit_drought' twice"]),
        ("scenario=3", ["scenario: found '3'"]),
        ("shock=war", ["shock: found 'war', allowed: none"]),
        (
            "levers.exit_windw=1",
            ["levers.exit_windw: unknown lever 'exit_windw'", "did you mean 'exit_window'"],
        ),
        ("+levers.exit_windw=1", ["levers.exit_windw: unknown lever"]),
        ("++levers.new.target=1", ["levers.new.target: unknown lever 'new'"]),
        ("levers.exit_window.goal=1", ["unknown key of lever 'exit_window' 'goal'", "allowed: target, start"]),
        ("levers.exit_window.targt=1", ["did you mean 'target'"]),
        ("levers=1", ["levers: unknown lever"]),
        ("exit_window=1", ["exit_window: unknown key", "did you mean 'levers.exit_window'"]),
        ("ensmble.size=3", ["ensmble.size: unknown key", "allowed: scenario, shock"]),
        ("+colour=red", ["colour: unknown key"]),
        ("hydra.verbose=true", ["hydra.verbose: unknown key"]),
        ("ensemble.sise=3", ["ensemble.sise: unknown key of 'ensemble' 'sise'", "did you mean 'size'"]),
        ("parameters.failure_rat=0.2", ["unknown parameter 'failure_rat'", "did you mean 'failure_rate'"]),
        ("parameters.initial_output=90", ["needs an element", "parameters.initial_output.ic", "ic, ai"]),
        ("parameters.initial_output.bio=90", ["unknown parameter 'initial_output.bio'"]),
        ("parameters.failure_rate=0.5", ["parameters.failure_rate: found 0.5, allowed from 0.05 to 0.3"]),
        ("parameters.failure_rate=high", ["found 'high', needs a number from 0.05 to 0.3"]),
        (
            "levers.exit_window.target=true",
            ["levers.exit_window.target: found true, needs a number from 0 to 1.5"],
        ),
        ("levers.exit_window=true", ["levers.exit_window", "found true, needs a number"]),
        ("levers.exit_window.target=abc", ["found 'abc', needs a number"]),
        ("levers.exit_window.target=nan", ["found nan, needs a finite number"]),
        ("levers.exit_window.target=inf", ["found inf, needs a finite number"]),
        ("levers.exit_window.target=1.6", ["found 1.6, allowed from 0 to 1.5"]),
        ("levers.exit_window.target=-0.1", ["found -0.1, allowed from 0 to 1.5"]),
        ("levers.exit_window.target=0.5,1.0", ["levers.exit_window.target: found several values"]),
        ("levers.exit_window.target=range(0,1,0.1)", ["levers.exit_window.target: found several values"]),
        ("output.folder=${oc.env:HOME}", ["output.folder: found an interpolation"]),
        ("levers.exit_window.start=2027", ["levers.exit_window.start: needs a target or a path"]),
        ("levers.exit_window=[1,2]", ["levers.exit_window", "found a list, needs a number"]),
        ("levers.exit_window.path=3", ["levers.exit_window.path: found 3, needs a list"]),
        (
            "levers.exit_window.path=[]",
            ["levers.exit_window.path: found a list, needs a list of {time, value}"],
        ),
        ("levers.exit_window.path=[2026]", ["levers.exit_window.path.0: found 2026"]),
        ("levers.exit_window.path=[{time:2026}]", ["levers.exit_window.path.0: found a mapping"]),
        ("levers.exit_window.path=[{time:2026,value:9}]", ["levers.exit_window.path.0.value: found 9"]),
        ("levers.exit_window.path=[{time:2025,value:1}]", ["levers.exit_window.path.0.time: found 2025"]),
        ("levers.exit_window.path=[{time:2026.1,value:1}]", ["path.0.time: 2026.1 is not on the grid"]),
        ("~levers.exit_window", ["'~levers.exit_window': keys are set, never deleted"]),
        ("levers@x=1", ["keys are set, never deleted or moved"]),
        ("exit_drought", ["'exit_drought': not of the form key=value"]),
        ("levers.exit_window=[1", ["'levers.exit_window=[1': cannot be read"]),
        ("simulation.first_year=2016", ["simulation.first_year: found 2016, allowed from 2015 to 2015"]),
        ("simulation.last_year=2025", ["simulation.last_year: found 2025, allowed from 2026 to 2060"]),
        ("simulation.last_year=2061", ["simulation.last_year: found 2061"]),
        ("simulation.last_year=2030.5", ["simulation.last_year: found 2030.5, needs a whole number"]),
        ("simulation.dt=0.25", ["simulation.dt: found 0.25", "nearest: 0.125"]),
        ("simulation.dt=0.07", ["simulation.dt: found 0.07", "nearest: 0.0714286"]),
        ("simulation.dt=0", ["simulation.dt: found 0"]),
        ("simulation.dt=-0.0625", ["simulation.dt: found -0.0625"]),
        ("simulation.save_every=0.4", ["simulation.save_every: found 0.4"]),
        (
            "simulation.save_every=0.2",
            ["simulation.save_every: found 0.2, not a whole number of steps", "0.25"],
        ),
        (
            "simulation.method=rk45",
            ["simulation.method: found 'rk45', allowed: rk4, euler", "did you mean 'rk4'"],
        ),
        ("simulation=3", ["simulation: needs a mapping"]),
        ("ensemble.size=-1", ["ensemble.size: found -1, allowed from 0"]),
        ("ensemble.size=ten", ["ensemble.size: found 'ten', needs a whole number"]),
        ("ensemble=true", ["ensemble.size: found true, needs a whole number"]),
        ("ensemble.size=010", ["ensemble.size: found '010', needs a whole number"]),
        ("ensemble.seed=1.5", ["ensemble.seed: found 1.5"]),
        ("ensemble.kind=laplac", ["ensemble.kind: found 'laplac'", "did you mean 'laplace'"]),
        (
            "engine=kernal",
            ["engine: found 'kernal', allowed: auto, kernel, reference", "did you mean 'kernel'"],
        ),
        ("fit=runs/nothing", ["fit: found 'runs/nothing', allowed: shipped, declared, or a folder"]),
        ("evidence=nowhere", ["evidence: found 'nowhere'"]),
        ("output.figures=1", ["output.figures: found 1, allowed: true, false"]),
        ("output.lang=fr", ["output.lang: found 'fr', allowed: en, zh"]),
        ("output.folder=", ["output.folder: found '', needs text"]),
        ("output=here", ["output: needs a mapping"]),
    ],
)
def test_a_bad_word_is_refused_in_one_line(word: str, parts: list[str]) -> None:
    message = refusal(lambda: composed(word))
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["levers.exit_window.start=2025.5"], "levers.exit_window.start: found 2025.5, allowed from 2026"),
        (
            ["levers.exit_window.start=2100"],
            "levers.exit_window.start: found 2100, allowed from 2026 to 2061",
        ),
        (
            ["levers.exit_window.start=2026.3"],
            "2026.3 is not on the grid of steps of 0.0625 year; nearest: 2026.25, 2026.3125",
        ),
        (
            ["levers.exit_window.start=soon"],
            "levers.exit_window.start: found 'soon', needs a number or YYYY-MM, from 2026 to 2061",
        ),
        (
            ["levers.exit_window.shape=rampe"],
            "levers.exit_window.shape: found 'rampe', allowed: step, ramp, pulse",
        ),
        (["levers.exit_window.shape=ramp"], "levers.exit_window.end: missing"),
        (["levers.exit_window.end=2027"], "levers.exit_window.end: found 2027, but a step has none"),
        (
            [
                "levers.exit_window.shape=pulse",
                "levers.exit_window.start=2028",
                "levers.exit_window.end=2027",
            ],
            "levers.exit_window.end: found 2027, must be later than the start, 2028",
        ),
    ],
)
def test_dates_and_shapes_that_do_not_fit_are_refused(words: list[str], part: str) -> None:
    assert part in refusal(lambda: composed("levers.exit_window.target=1", *words))


def test_a_coarser_step_has_a_coarser_grid() -> None:
    words = ["levers.exit_window.target=1", "levers.exit_window.start=2026.0625"]
    assert composed(*words).scenarios[-1].levers["exit_window"].start == 2026.0625
    assert "nearest: 2026, 2026.125" in refusal(lambda: composed(*words, "simulation.dt=0.125"))


def test_an_unknown_scenario_lists_all_names() -> None:
    message = refusal(lambda: composed("scenario=nothing_like_it"))
    assert all(name in message for name in group_files("scenario", [CONFIGS]))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("title: [unclosed\nlevers: {}\n", "scenario/mine.yaml:2: not YAML"),
        ("title: A\n\ttabbed: 1\n", "scenario/mine.yaml:2: not YAML"),
        ("", "scenario/mine.yaml: found nothing, needs a mapping"),
        ("- a\n- b\n", "scenario/mine.yaml: found a list, needs a mapping"),
        ("just words\n", "scenario/mine.yaml: found 'just words', needs a mapping"),
        ("title: A\ntitle: B\nlevers: {}\n", "scenario/mine.yaml:2: not YAML: found duplicate key title"),
        ("title: A\nlevers:\n- exit_window\n", "scenario/mine.yaml:2: levers: found a list, needs a mapping"),
        ("title: 3\nlevers: {}\n", "scenario/mine.yaml:1: title: found 3, needs text"),
        (
            "levers: {}\nparameters:\n  failure_rate: 0.2\n",
            "scenario/mine.yaml:2: parameters: a scenario or shock",
        ),
        ("lever: {}\n", "scenario/mine.yaml:1: lever: unknown key; allowed: title, meaning"),
        ("levers:\n  exit_windw: 1\n", "scenario/mine.yaml:2: levers.exit_windw: unknown lever"),
        (
            "levers:\n  exit_window:\n    goal: 1\n",
            "scenario/mine.yaml:3: levers.exit_window.goal: unknown key",
        ),
        ("levers:\n  exit_window: {target: 9}\n", "scenario/mine.yaml:2: levers.exit_window.target: found 9"),
        ("levers:\n  exit_window: high\n", "scenario/mine.yaml:2: levers.exit_window.target: found 'high'"),
        (
            "levers:\n  exit_window:\n    target: .nan\n",
            "scenario/mine.yaml:3: levers.exit_window.target: found nan",
        ),
        (
            "levers:\n  exit_window: {target: 1, path: [{time: 2026, value: 1}]}\n",
            "path: found beside 'target'",
        ),
        (
            "levers:\n  exit_window:\n    path:\n    - {time: 2026, value: 1}\n    - {time: 2027, value: 7}",
            "scenario/mine.yaml:5: levers.exit_window.path.1.value: found 7",
        ),
        (
            "levers:\n  exit_window:\n    target: 1\n    start: 2026.3\n",
            "scenario/mine.yaml:4: levers.exit_window.start",
        ),
        ("levers: {exit_window: '${nowhere}'}\n", "nowhere"),
        ("# @package _global_\nlevers: {}\n", "scenario/mine.yaml: not read as a group's file"),
        ("defaults: [nowhere, _self_]\nlevers: {}\n", "nowhere"),
        ("levers:\n  exit_window: 01\n", "scenario/mine.yaml:2: levers.exit_window: found 01, which YAML reads"),
        ("levers:\n  incubator_openings:\n    target: 010\n", "scenario/mine.yaml:3: levers.incubator_openings.target"),
        ("levers:\n  exit_window:\n    path: [{time: 2026, value: 1:30}]\n", "path.0.value: found 1:30"),
    ],
)
def test_a_fault_in_a_users_file_is_named_by_file_and_line(
    content: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "scenario/mine.yaml", content)
    assert part in refusal(lambda: composed("scenario=mine", config_dir=tmp_path))


def test_a_fault_in_a_file_is_named_there_though_the_user_changed_the_lever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "scenario/mine.yaml", "title: A\nlevers:\n  exit_window: {target: 9}\n")
    message = refusal(lambda: composed("scenario=mine", "levers.exit_window.start=2027", config_dir=tmp_path))
    assert "scenario/mine.yaml:3: levers.exit_window.target: found 9" in message


def test_a_fault_in_a_users_main_file_is_named_by_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    defaults = "defaults: [{scenario: baseline}, {shock: none}, _self_]\n"
    for content, part in {
        "ensemble:\n  size: many\n": "config.yaml:3: ensemble.size: found 'many'",
        "ensemble:\n  sise: 3\n": "config.yaml:3: ensemble.sise: unknown key",
        "colour: red\n": "config.yaml:2: colour: unknown key",
    }.items():
        write(tmp_path, "config.yaml", defaults + content)
        assert part in refusal(lambda: composed(config_dir=tmp_path))
    write(tmp_path, "config.yaml", "ensemble: {size: 3}\n")
    assert "config.yaml" in refusal(lambda: composed("scenario=exit_drought", config_dir=tmp_path))


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "--config-dir: found" in refusal(lambda: composed(config_dir=tmp_path / "none"))


def test_a_resolved_configuration_that_was_edited_is_checked_again(tmp_path: Path) -> None:
    def edited(edit: Callable[[dict[str, Any]], Any]) -> str:
        raw = yaml.safe_load(composed("scenario=exit_drought").as_yaml())
        edit(raw)
        file = write(tmp_path, "config.yaml", yaml.safe_dump(raw, sort_keys=False))
        return refusal(lambda: read(file, MODEL))

    assert "levers.exit_window.target: found 9" in edited(
        lambda raw: raw["scenarios"][1]["levers"]["exit_window"].update(target=9)
    )
    assert "unknown parameter 'x'" in edited(lambda raw: raw["scenarios"][1].update(parameters={"x": 1}))
    assert "parameters.failure_rate: found 9" in edited(
        lambda raw: raw["scenarios"][1].update(parameters={"failure_rate": 9})
    )
    assert "colour: unknown key" in edited(lambda raw: raw.update(colour="red"))
    assert "simulation.dt: found 0.3" in edited(lambda raw: raw["simulation"].update(dt=0.3))
    assert "the first must be 'baseline'" in edited(lambda raw: raw["scenarios"].reverse())
    assert "needs a list of scenarios" in edited(lambda raw: raw.pop("scenarios"))


def refusal(attempt: Callable[[], Any]) -> str:
    """The message an attempt is refused with, which is one line."""
    with pytest.raises(InputError) as caught:
        attempt()
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- names of files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["结果", "a [b] (c)", "a=b, c", "it's {here}", "C:\\runs", "null", "1e3"])
@pytest.mark.parametrize("key", ["output.folder", "evidence", "fit", "+output.folder"])
def test_names_of_files_are_taken_as_they_stand(key: str, name: str) -> None:
    assert parse([f"{key}={name}"]) == {key.lstrip("+"): name}
    assert parse_sweep([f"{key}={name}"]).settings == {key.lstrip("+"): name}


def test_a_file_of_points_may_have_any_name() -> None:
    assert parse_sweep(["design.file=点 [1].csv"]).own == {"design.file": "点 [1].csv"}


def test_quotes_around_a_name_are_taken_off() -> None:
    assert parse(["output.folder='a b'", 'evidence="c"']) == {"output.folder": "a b", "evidence": "c"}


# --- options ------------------------------------------------------------------------------------------------

OPTIONS = {
    **run_options(MODEL),
    **{f"levers.exit_window.{k}": o for k, o in lever_options(MODEL, "exit_window").items()},
}
OPTIONS |= {f"parameters.{name}": parameter_option(MODEL, name) for name in MODEL.parameter_names} | SWEEP
NUMBERS = {"number": 1.0, "date": 1.0, "whole number": 1}


def outside(option: Option) -> list[Any]:
    """Values that are just not allowed."""
    if option.kind == "part of a year":
        return [1 / (option.high + 1), *([1 / (option.low - 1)] if option.low > 1 else [2.0])]
    step = NUMBERS[option.kind] * (1 if option.kind == "whole number" else 1e-6 * max(1, abs(option.high)))
    return [option.low - step, option.high + step]


def told(key: str, value: Any) -> str:
    """The message a value of a key is refused with, wherever that key belongs."""
    if key in SWEEP and key.startswith("output."):
        return refusal(lambda: kept_of({key: value}, MODEL))
    if key in SWEEP:
        return refusal(lambda: design_of({"design.kind": "lhs", key: value}))
    beside = {"levers.exit_window.target": 1.0} if key.startswith("levers.") and not key.endswith("path") else {}
    return refusal(lambda: compose({**beside, key: value}, MODEL, [CONFIGS]))


@pytest.mark.parametrize("key", [key for key, o in OPTIONS.items() if o.high < math.inf])
def test_a_value_just_outside_a_bound_is_refused_and_the_bounds_named(key: str) -> None:
    option = OPTIONS[key]
    for value in outside(option):
        message = told(key, value)
        assert message.startswith(f"{key}: found "), message
        assert f"from {option.low:.10g} to {option.high:.10g}" in message


@pytest.mark.parametrize("key", [key for key, o in OPTIONS.items() if o.high < math.inf])
def test_the_bounds_themselves_are_allowed(key: str) -> None:
    option = OPTIONS[key]
    for bound in (option.low, option.high):
        value = 1 / bound if option.kind == "part of a year" else bound
        assert option.check(value, key) == value


@pytest.mark.parametrize("key", [key for key, o in OPTIONS.items() if o.words and o.kind == "word"])
def test_a_word_that_is_none_of_an_option_is_refused_and_the_words_named(key: str) -> None:
    option = OPTIONS[key]
    place = "design" if key == "design.kind" else key  # as it is mostly written
    assert f"{place}: found 'nonsense', allowed: {', '.join(option.words)}" in told(key, "nonsense")
    assert all(option.check(word, key) == word for word in option.words)


@pytest.mark.parametrize("key", OPTIONS)
def test_every_option_says_what_it_means_and_its_default_is_allowed(key: str) -> None:
    option = OPTIONS[key]
    assert option.doc.strip()
    if option.default is not None:
        assert option.check(option.default, key) == option.default


# --- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", [1, 2, 6, 12])
def test_what_a_message_offers_is_accepted_when_typed_and_a_month_is_that_date(month: int) -> None:
    monthly = ["simulation.dt=0.083333", "levers.exit_window.target=1"]
    point = 2026 + (month - 1) / 12
    message = refusal(lambda: composed(*monthly, f"levers.exit_window.start={point + 0.03}"))
    low, high = message.partition("nearest: ")[2].split(", ")
    found = [composed(*monthly, f"levers.exit_window.start={date}") for date in (low, f"2026-{month:02}")]
    starts = {config.scenarios[-1].levers["exit_window"].start for config in found}
    assert starts == {round(point * 12) * (1 / 12)}
    assert composed(*monthly, f"levers.exit_window.start={high}")


def test_a_month_may_stand_in_a_file_and_in_a_path(tmp_path: Path) -> None:
    write(tmp_path, "scenario/mine.yaml", "levers:\n  exit_window: {target: 1, start: 2026-07}\n")
    mine = composed("scenario=mine", config_dir=tmp_path).scenarios[-1]
    assert mine.levers["exit_window"].start == 2026.5
    path = window("levers.exit_window.path=[{time:2026-04,value:0.5},{time:2027-10,value:1}]")
    assert path == LeverSetting(path=((2026.25, 0.5), (2027.75, 1.0)))
    assert "2026.083333 is not on the grid" in refusal(
        lambda: composed("levers.exit_window.target=1", "levers.exit_window.start=2026-02")
    )


# --- several values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("range(0,0.6,0.2)", (0.0, 0.2, 0.4)),
        ("range(0,0.9,0.3)", (0.0, 0.3, 0.6)),
        ("range(0,1.01,0.25)", (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("range(3,0,-1)", (3.0, 2.0, 1.0)),
        ("range(3)", (0.0, 1.0, 2.0)),
    ],
)
def test_the_end_of_a_range_is_left_out(written: str, values: tuple[float, ...]) -> None:
    assert parse_sweep([f"levers.exit_window.target={written}"]).axes == {"levers.exit_window.target": values}


def test_the_end_of_every_tidy_range_is_left_out() -> None:
    for step in range(1, 10):
        for count in range(1, 40, 2):
            end, width = step * count / 100, step / 100
            found = parse_sweep([f"levers.exit_window.target=range(0,{end},{width})"])
            assert len(found.axes["levers.exit_window.target"]) == count, (end, width)


# --- threads ------------------------------------------------------------------------------------------------


def test_threads_get_each_their_own_configuration(tmp_path: Path) -> None:
    for name, target in {"a": 0.1, "b": 0.9}.items():
        write(tmp_path / name, "scenario/plan.yaml", f"levers: {{exit_window: {target}}}\n")

    def target(name: str) -> float | None:
        return composed("scenario=plan", config_dir=tmp_path / name).scenarios[-1].levers["exit_window"].target

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(target, ["a", "b"] * 5)) == [0.1, 0.9] * 5


# --- names of files -----------------------------------------------------------------------------------------

NAMES = [
    "上海", "été", "a & b", "it's", "a=b", "a(b", "a#b", "a,b", "a;b", "2030", "true", "1e3", "010", "null", "$x",
    "a$b$c", "[x]", "{y}", " lead", "a:b", "range(0,1)", "_u", "~t", '"q"', "a\\b", "a@b", "a%b", "-dash", "<b>",
]  # fmt: skip


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scenarios and shocks that are called what files may be called."""
    folder = tmp_path_factory.mktemp("named")
    for group in ("scenario", "shock"):
        (folder / group).mkdir()
        for name in NAMES:
            (folder / group / f"{name}.yaml").write_text("levers: {exit_window: 0.8}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_listed_can_be_named(model: Model, named: Path, name: str) -> None:
    assert {name} <= model.options("scenario", named).keys()
    folders = model.folders(named)
    quoted = f'"{name}"' if "'" in name else f"'{name}'"
    for asked in (
        parse([f"scenario={name}", f"shock={name}"], folders),
        parse([f"scenario=baseline,{quoted}"], folders),
        flat({"scenario": name, "shock": name}),
        dict(parse_sweep([f"scenario={name}", f"shock={name}"], folders).settings),
    ):
        config = model.compose(asked, named)
        assert config.scenarios[-1].name == name
        assert config.scenarios[-1].levers["exit_window"].target == 0.8


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_listed_can_be_built_on(model: Model, named: Path, tmp_path: Path, name: str) -> None:
    """hydra composes a file that builds on another: names must reach it whole."""
    (tmp_path / "scenario").mkdir()
    for file in (named / "scenario").iterdir():
        (tmp_path / "scenario" / file.name).write_text(f"# {'$'}{{}}\nlevers: {{exit_window: 0.8}}\n", encoding="utf-8")
    assert model.configure(name, config_dir=tmp_path).scenarios[-1].levers["exit_window"].target == 0.8


@pytest.mark.parametrize("name", ["2030", "true", "1e3", "上海"])
def test_the_main_file_may_name_any(model: Model, named: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "scenario").symlink_to(named / "scenario")
    text = (CONFIGS / "config.yaml").read_text(encoding="utf-8").replace("scenario: baseline", f"scenario: {name}")
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    assert model.compose({}, tmp_path).scenarios[-1].name == name


@pytest.mark.parametrize("ending", [".yml", ".YAML", ".YML"])
def test_a_file_that_ends_otherwise_is_refused_with_a_word(model: Model, tmp_path: Path, ending: str) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / f"mine{ending}").write_text("levers: {exit_window: 0.8}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"mine{ending}.*rename it mine\.yaml"):
        model.configure(config_dir=tmp_path)


@pytest.mark.parametrize(
    "words", [["scenario=a", "scenario=b"], ["levers.x=1", "levers.x=2"], ["ensemble=1", "ensemble.size=2"]]
)
def test_what_is_set_twice_is_refused(words: list[str]) -> None:
    for read_words in (parse, parse_sweep):
        with pytest.raises(InputError, match="set twice"):
            read_words(words)


def test_several_values_in_a_run_are_pointed_to_a_sweep() -> None:
    with pytest.raises(InputError, match=r"shock: found several values.*pujiang sweep 'shock=none,us_restrictions'"):
        parse(["shock=none,us_restrictions"])
