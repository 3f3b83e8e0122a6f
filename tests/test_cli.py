"""Does the command line do what it says, and refuse bad input in one line with status 2?"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import pujiang
from pujiang.api.model import Model
from pujiang.api.runs import refuse_too_large
from pujiang.api.sensitivities import Sizes, sensitivity_of
from pujiang.api.sweeps import plan_of
from pujiang.cli import COMMANDS, QUICK, main
from pujiang.configuration.sweep_words import request
from pujiang.errors import InputError
from pujiang.experiment.scenario import Output
from pujiang.options import options_of
from pujiang.results import run_folder

SOURCE_ROOT = Path(pujiang.__file__).parents[1]
PARAMETER = "exit_window_realisation"
# A small run: no ensemble, the coarsest step, one year beyond the data.
SMALL = (
    "fit=declared",
    "ensemble.size=0",
    "simulation.dt=0.125",
    "simulation.last_year=2026",
    "output.figures=false",
)


def pujiang_process(*argv: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, without pytest's warnings as errors."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "pujiang", *argv], env=environment, capture_output=True, text=True, **options
    )


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The line a command is refused with."""
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("pujiang: ")
    return err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run of the drought beside the baseline."""
    path = tmp_path_factory.mktemp("work") / "runs"
    words = ["scenario=exit_drought", "parameters.startup_failure_rate=0.2", f"output.folder={path}"]
    assert main(["run", *words, *SMALL]) == 0
    return path


# --- running ----------------------------------------------------------------------------------------------


def test_a_run_leaves_a_whole_folder(folder: Path) -> None:
    [run] = run_folder.runs(folder)
    assert run_folder.damage(run) == []
    tree = pujiang.open(run)
    assert tree["annual"]["scenario"].values.tolist() == ["baseline", "exit_drought"]
    assert tree.attrs["argv"][:2] == ["run", "scenario=exit_drought"]
    assert len(tree.attrs["model_hash"]) >= 8
    assert len(tree.attrs["data_hash"]) >= 8


def test_the_lever_of_the_scenario_was_set_and_the_baseline_was_not(folder: Path) -> None:
    lever = pujiang.open(run_folder.latest(folder))["trajectories"]["star_listings"]
    at_end = lever.sel(time=2026.75)
    assert float(at_end.sel(scenario="exit_drought")) < 0.5 * float(at_end.sel(scenario="baseline"))


def test_a_run_repeated_from_its_folder_is_identical(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = run_folder.runs(folder)[0]
    assert main(["run", "--from", str(original)]) == 0
    assert f"Identical to {original.name}." in capsys.readouterr().out
    again = run_folder.runs(folder)[-1]
    assert again != original
    assert run_folder.identical(original, again) == []
    assert run_folder.read_manifest(again)["parent"] == original.name


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("config.yaml", None, "config.yaml' is damaged or was changed"),
        ("annual.nc", "", "annual.nc' is damaged or was changed"),
        ("manifest.json", "{}", "is damaged: it has no list of files"),
        ("manifest.json", '{"files": {"annual.nc": "0"}}', "annual.nc' is damaged or was changed"),
        ("manifest.json", '{"files": {}, "kind": "calibration"}', "holds no scenarios to repeat: it is calibration"),
        ("manifest.json", '{"files": {}, "kind": "sweep"}', "is a sweep; repeat it with 'pujiang sweep --from'"),
    ],
)
def test_a_run_that_was_changed_is_not_repeated(
    name: str, content: str | None, part: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "runs" / "changed"
    shutil.copytree(run_folder.runs(folder)[0], run)
    was = (run / name).read_bytes()
    (run / name).write_bytes(was + b"# more\n" if content is None else content.encode())
    assert part in refused(capsys, "run", "--from", str(run))
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["changed"]


def test_a_sweep_that_was_changed_is_not_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with run_folder.building(tmp_path) as partial:
        (partial / "config.yaml").write_text("x: 1\n", encoding="utf-8")
        run = run_folder.finish(partial, {"kind": "sweep"})
    (run / "config.yaml").write_text("x: 2\n", encoding="utf-8")
    for words in (["sweep", "--from", str(run)], ["sensitivity", str(run)]):
        assert "config.yaml' is damaged or was changed" in refused(capsys, *words)


def test_a_folder_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", *SMALL, "output.folder=结果 [一], a=b"]) == 0
    [run] = run_folder.runs(tmp_path / "结果 [一], a=b")
    assert run_folder.damage(run) == []


def test_of_an_evidence_folder_is_said_which_files_are_whose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(Model().project.folder_of("data") / "observations.csv", tmp_path)
    words = [f"evidence={tmp_path}", f"output.folder={tmp_path / 'runs'}"]
    assert main(["run", *SMALL, *words]) == 0
    line = f"Evidence: observations.csv from {tmp_path}; shipped: inputs.csv, figures.csv, sources.csv, traps.yaml"
    assert line in capsys.readouterr().out.splitlines()
    assert main(["run", *SMALL, words[1]]) == 0
    assert "Evidence:" not in capsys.readouterr().out


def test_an_ensemble_too_large_for_memory_is_refused_with_the_size_that_fits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ",".join(list(Model().options("scenario"))[:6])
    words = ["run", "fit=declared", f"scenario={names}", f"output.folder={tmp_path / 'runs'}"]
    line = refused(capsys, *words, "ensemble.size=100000")
    assert "pujiang sweep" in line
    fits = int(line.partition("allowed: up to ")[2].partition(";")[0].replace(",", ""))
    assert 1_000 < fits < 100_000
    assert list(tmp_path.iterdir()) == []
    model = Model()
    for size, refuses in ((fits, False), (fits + 1, True)):
        config = pujiang.configure(names.split(","), ensemble=size)
        if refuses:
            with pytest.raises(InputError, match=f"up to {fits:,}"):
                refuse_too_large(model, config)
        else:
            refuse_too_large(model, config)


def test_unfinished_runs_are_listed_as_such(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = folder / "20260101T000000Z-abcd.partial"
    left.mkdir()
    try:
        assert main(["list", "runs", "--folder", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith(f"{left.name}\tunfinished")
    finally:
        left.rmdir()


def test_a_shipped_scenario_is_described_without_the_path_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["describe", "fifteenth_plan"]) == 0
    assert "- file: configs/scenario/fifteenth_plan.yaml" in capsys.readouterr().out


def test_python_and_the_command_line_give_the_same_run(folder: Path) -> None:
    tree = pujiang.run(
        "exit_drought",
        parameters={"startup_failure_rate": 0.2},
        ensemble=0,
        fit="declared",
        simulation={"dt": 0.125, "last_year": 2026},
    )
    written = pujiang.open(run_folder.runs(folder)[0])
    for name in ("annual", "trajectories"):
        for variable in written[name].data_vars:
            np.testing.assert_array_equal(tree[name][variable].values, written[name][variable].values)
    saved = pujiang.save(tree, folder.parent / "saved", figures=False)
    facts = [run_folder.read_manifest(run) for run in (saved, run_folder.runs(folder)[0])]
    for key in ("model_hash", "data_hash", "fit", "seed"):
        assert facts[0][key] == facts[1][key]


def test_a_run_that_fails_its_certificate_says_so_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coarse = ["simulation.method=euler", f"output.folder={tmp_path / 'runs'}"]
    assert main(["run", *SMALL, *coarse]) == 1
    assert "FAILED" in capsys.readouterr().out
    assert main(["list", "runs", "--folder", str(tmp_path / "runs")]) == 0
    assert "FAILED" in capsys.readouterr().out


def test_show_and_list_and_compare_read_the_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_folder.runs(folder)[0]
    assert main(["show", run.name, "--folder", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "Exit drought: Exit drought with startup_failure_rate = 0.2" in shown
    assert "Certificate: passed" in shown
    assert "annual.nc" in shown
    assert main(["list", "runs", "--folder", str(folder)]) == 0
    told = "baseline, exit_drought: Exit drought with startup_failure_rate = 0.2"
    assert f"{run.name}\t{told}\t1\tpassed" in capsys.readouterr().out
    assert main(["compare", str(run)]) == 0
    assert "Differences from baseline" in capsys.readouterr().out


def test_a_run_that_is_stopped_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pujiang.commands.run.run_config", stop)
    assert main(["run", *SMALL, f"output.folder={tmp_path / 'runs'}"]) == 130
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_resolved_configuration_is_printed_and_nothing_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "scenario=exit_drought", "--cfg", "job", "ensemble=7"]) == 0
    (tmp_path / "config.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]
    import yaml

    printed = yaml.safe_load((tmp_path / "config.yaml").read_text(encoding="utf-8"))
    assert [scenario["name"] for scenario in printed["scenarios"]] == ["baseline", "exit_drought"]
    assert printed["ensemble"]["size"] == 7


def test_a_folder_of_ones_own_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_text("title: Mine\nlevers: {exit_window: 1.0}\n", encoding="utf-8")
    assert main(["run", "scenario=mine", "--cfg", "job", "--config-dir", str(tmp_path)]) == 0
    assert "title: Mine" in capsys.readouterr().out
    assert main(["list", "scenarios", "--config-dir", str(tmp_path)]) == 0
    assert "mine\tMine" in capsys.readouterr().out


def test_every_shipped_scenario_fits_the_model() -> None:
    names = list(Model().options("scenario"))
    config = pujiang.configure(names)
    assert [scenario.name for scenario in config.scenarios] == names
    assert all(scenario.levers for scenario in config.scenarios[1:])


# --- calibrating --------------------------------------------------------------------------------------------


def test_a_calibration_leaves_a_fit_that_a_run_can_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pujiang.experiment.calibrate import Calibration
    from pujiang.experiment.fit import Fit, declared
    from pujiang.experiment.posterior import Mixing
    from pujiang.experiment.sampling import Posterior

    system = pujiang.load_model()
    start = declared(system)
    found = Fit({**start.values, "startup_failure_rate": 0.21}, start.factor / 2, {"cost": 1.0})
    result = Calibration(found, 1.0, 3, True, (), ())
    draws = {name: np.full((4, 8), value) for name, value in found.values.items()}
    posterior = Posterior(draws, Mixing({}, {}, {}), 0.3, 0.2, 80.0, 2026)
    monkeypatch.setattr("pujiang.api.calibrations.search", lambda *_, **__: result)
    monkeypatch.setattr("pujiang.api.calibrations.sample", lambda *_, **__: posterior)
    assert main(["calibrate", f"output.folder={tmp_path / 'runs'}"]) == 0
    shown = capsys.readouterr().out
    assert "Cost 1.00 after 3 iterations" in shown
    assert "32 draws of the posterior" in shown
    [run] = run_folder.runs(tmp_path / "runs")
    assert run_folder.damage(run) == []
    used = Model().fit(str(run))
    assert used.values["startup_failure_rate"] == 0.21
    np.testing.assert_allclose(used.factor, start.factor / 2, atol=1e-6)
    assert used.draws["startup_failure_rate"] == pytest.approx(np.full(32, 0.21))
    assert main(["run", f"fit={run}", "--cfg", "job"]) == 0
    capsys.readouterr()
    (run / "fit.yaml").write_text((run / "fit.yaml").read_text().replace("0.21", "0.2"), encoding="utf-8")
    changed = refused(capsys, "run", *SMALL[1:], f"fit={run}", f"output.folder={tmp_path / 'new'}")
    assert changed.startswith(f"pujiang: fit: '{run / 'fit.yaml'}' is damaged or was changed")
    assert changed == refused(capsys, "check", f"fit={run}")
    assert not (tmp_path / "new").exists()


def test_a_fit_is_the_folder_of_a_calibration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pujiang.experiment.fit import declared
    from pujiang.experiment.fit_files import save

    save(declared(pujiang.load_model()), tmp_path)
    assert "has no manifest.json" in refused(capsys, "run", *SMALL[1:], f"fit={tmp_path}")


def test_show_prints_how_well_a_calibration_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with run_folder.building(tmp_path) as partial:
        (partial / "series.csv").write_text(
            "series,outcome,role,count,rmspe,r_squared,bias,variance,covariance,worst\n"
            "gdp_reported,gdp,fit,10,0.0123,0.99,0.1,0.2,0.7,-1.5\n"
            "one_point,gdp,check,1,nan,nan,nan,nan,nan,0.4\n",
            encoding="utf-8",
        )
        run = run_folder.finish(partial, {"kind": "calibration", "cost": 28.5, "converged": False})
    assert main(["show", str(run)]) == 0
    shown = capsys.readouterr().out
    [line] = [line for line in shown.splitlines() if line.startswith("gdp_reported")]
    assert line.split() == ["gdp_reported", "fit", "10", "1.2%", "0.99", "0.10", "0.20", "0.70", "-1.5"]
    assert "Cost 28.50; the search did NOT converge." in shown
    (run / "series.csv").write_text("series\n", encoding="utf-8")
    assert "is damaged or was changed" in refused(capsys, "show", str(run))


def test_only_a_source_checkout_ships_a_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = tmp_path / "pujiang" / "configs"
    shutil.copytree(Model().project.folder_of("configs"), installed)
    monkeypatch.setattr("pujiang.commands.calibrate.model_of", lambda _: Model(configs=installed))
    assert "source checkout" in refused(capsys, "calibrate", "--ship")


# --- asking -------------------------------------------------------------------------------------------------


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert f"usage: pujiang {command}" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pujiang.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('loaded:', [m for m in ('numpy', 'hydra', 'xarray', 'yaml', 'rich') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "loaded: []" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        ("compare {run}", ("matplotlib", "jinja2")),
        ("compare {run} --out {out}/compared", ("jinja2",)),
        ("report {run} --out {out}/report.html", ()),
    ],
)
def test_runs_are_compared_and_reported_on_without_libraries_of_tables(
    command: str, unneeded: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    words = command.format(run=run_folder.runs(folder)[0], out=tmp_path).split()
    code = (
        f"import sys; from pujiang.cli import main; assert main({words!r}) == 0\n"
        f"print('loaded:', [m for m in {('pandas', 'xarray', *unneeded)!r} if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "loaded: []" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("scenarios", "exit_drought\tExit drought\t"),
        ("shocks", "none\tno shock\t"),
        ("levers", "exit_window\t1\t0.35\t0 to 1.5\t"),
        ("parameters", "initial_output.ic\tbillion_yuan/year\t"),
        ("outcomes", "research_intensity\t1\t"),
    ],
)
def test_lists_are_plain_lines_when_not_on_a_terminal(kind: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", kind]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(found.startswith(line) for found in lines)
    assert not any("\x1b" in found for found in lines)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("gdp", ["billion_yuan/year", "equation: `gdp = ", "causes:", "effects:", "shanghai/sectors/economy.py"]),
        ("star_listed_firms", ["stock, firm", "filled by", "emptied by `star_delistings`"]),
        ("exit_window", ["lever, 1", "default: 0.35", "bounds: 0 to 1.5", "assumed:"]),
        ("research_intensity_target", ["not set unless a scenario sets it"]),
        ("startup_failure_rate", ["parameter, 1/year", "prior lognormal", "bounds:", "seen:"]),
        ("initial_output.ic", ["## initial_output.ic", "- ic: "]),
        ("listing_window", ["series, 1", "read by", "inputs.csv"]),
        ("exit_drought", ["scenario", "exit_window: target 0.0", "exit_drought.yaml"]),
    ],
)
def test_describe_tells_what_a_name_is(name: str, parts: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", name]) == 0
    told = capsys.readouterr().out
    for part in parts:
        assert part in told


def test_describe_all_tells_of_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "--all"]) == 0
    told = capsys.readouterr().out.splitlines()
    headings = [line.removeprefix("## ") for line in told if line.startswith("## ")]
    assert headings == list(pujiang.load_model().variables)


def test_version_and_lazy_names() -> None:
    assert callable(pujiang.compare)
    assert {"run", "compare", "calibrate", "open"} <= set(dir(pujiang))
    with pytest.raises(AttributeError, match="rum"):
        _ = pujiang.rum


def test_a_reader_that_leaves_early_causes_no_noise() -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}
    command = [sys.executable, "-m", "pujiang", "describe", "--all"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


# --- refusing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["rnu"], f"'rnu': unknown command; allowed: {', '.join(COMMANDS)}; did"),
        (["rnu"], "did you mean 'run'?"),
        (
            ["run", "--form", "x"],
            "'--form': unknown option (see 'pujiang run --help'); did you mean '--from'?",
        ),
        (["run", "--cfg", "jbo"], "invalid choice: 'jbo'"),
        (["run", "--from"], "expected one argument"),
        (["run", "scenario=exit_droght"], "did you mean 'exit_drought'"),
        (["run", "exit_drought"], "'exit_drought': not of the form key=value"),
        (["run", "exit_drought"], "did you mean 'scenario=exit_drought'?"),
        (["run", "baseline"], "did you mean 'scenario=baseline'?"),
        (["run", "ensembel"], "did you mean 'ensemble'?"),
        (["run", "levers.exit_windw.target=1"], "unknown lever 'exit_windw'"),
        (["run", "+levers.exit_windw=1"], "unknown lever 'exit_windw'"),
        (["run", "parameters.startup_failure_rate=7"], "found 7, allowed from 0.05 to 0.3"),
        (["run", "--config-dir", "nowhere"], "--config-dir: found 'nowhere', which is not a folder"),
        (["run", "--from", "nowhere"], "no run 'nowhere'"),
        (["run", "--from", "nowhere", "ensemble=3"], "no run 'nowhere'"),
        (["run", "evidence=nowhere"], "evidence: found 'nowhere'"),
        (["show", "nowhere"], "no run 'nowhere'"),
        (["sweep", "parameters.capacity_margin=0.9,1", "levers=0.5"], "levers: unknown lever"),
        (["show", "a", "b"], "show: found 2 runs"),
        (["list", "levrs"], "did you mean 'levers'?"),
        (["describe", "gpd"], "'gpd': nothing in the model has this name; did you mean 'gdp'?"),
        (["describe"], "describe: needs names, or --all"),
        (["compare"], "compare: needs runs"),
        (["compare", "nowhere"], "no run 'nowhere'"),
        (["calibrate", "scenario=exit_drought"], "scenario: not a setting of calibrate"),
        (["calibrate", "evidence=nowhere"], "evidence: found 'nowhere'"),
        (["check", "fit=nowhere"], "fit: found 'nowhere'"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    argv: list[str],
    part: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert part in refused(capsys, *argv)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_found_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot write a run" in refused(capsys, "run", *SMALL, f"output.folder={tmp_path / 'file' / 'runs'}")


def test_python_refuses_what_the_command_line_refuses() -> None:
    for arguments, part in (
        ({"levers": {"exit_windw": 1.0}}, "levers.exit_windw: unknown lever"),
        ({"levers": {"exit_window": True}}, "levers.exit_window.target: found true"),
        ({"levers": {"exit_window": {"target": 1.0, "start": 2026.3}}}, "2026.3 is not on the grid"),
        ({"parameters": {"startup_failure_rate": float("nan")}}, "found nan, needs a finite number"),
        ({"ensemble": {"kind": "laplac"}}, "did you mean 'laplace'"),
        ({"scenario": ["exit_drought", "exit_drought"]}, "twice"),
        ({"colour": "red"}, "colour: unknown key"),
    ):
        with pytest.raises(InputError) as caught:
            pujiang.run(**arguments)  # type: ignore[arg-type]
        assert part in str(caught.value)


def test_an_unforeseen_error_is_one_line_unless_the_traceback_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("pujiang.commands.describe.answers_of", fail)
    assert main(["describe", "gdp"]) == 1
    assert "a fault in pujiang itself: RuntimeError: two lines" in capsys.readouterr().err
    monkeypatch.setenv("PUJIANG_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        main(["describe", "gdp"])


def test_a_process_ends_with_the_status(tmp_path: Path) -> None:
    done = pujiang_process("run", "scenario=nothing", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    done = pujiang_process("run", "--cfg", "job", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.dumps("baseline") in json.dumps(done.stdout.split())


# --- small promises -----------------------------------------------------------------------------------------


def test_several_runs_are_pointed_to_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("-m", "--multirun"):
        assert main(["run", word, "levers.exit_window=0.2,0.5"]) == 2
        assert "pujiang sweep" in capsys.readouterr().err


def test_a_run_can_be_repeated_with_changes(tmp_path: Path) -> None:
    rest = ["ensemble=0", "output.figures=false", f"output.folder={tmp_path}"]
    assert main(["run", "scenario=exit_drought", "levers.merger_support=2", *rest]) == 0
    first = run_folder.latest(tmp_path)
    changes = ["simulation.last_year=2028", "levers.exit_window.target=0.5", f"parameters.{PARAMETER}=0.8"]
    assert main(["run", "--from", str(first), *changes]) == 0
    second = run_folder.latest(tmp_path)
    assert second != first
    found = yaml.safe_load((second / "config.yaml").read_text(encoding="utf-8"))
    base, changed = found["scenarios"]
    assert (base["levers"], base["parameters"]) == ({}, {})
    assert changed["levers"]["merger_support"]["target"] == 2
    assert changed["levers"]["exit_window"]["target"] == 0.5
    assert changed["parameters"] == {PARAMETER: 0.8}
    assert "exit_window.target = 0.5" in changed["title"]
    assert found["simulation"]["last_year"] == 2028
    expected = pujiang.run(
        "exit_drought", levers={"merger_support": 2, "exit_window": {"target": 0.5}}, parameters={PARAMETER: 0.8},
        ensemble=0, simulation={"last_year": 2028},
    )  # fmt: skip
    assert pujiang.open(second)["annual"].gdp.equals(expected["annual"].gdp)
    for wrong in ("scenario=new_core", "levers.nothing=1", "simulation.last_year=1999"):
        assert main(["run", "--from", str(first), wrong]) == 2


def test_a_report_that_is_no_html_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = folder.parent / "a.pdf"
    assert main(["report", str(run_folder.latest(folder)), "--out", str(target)]) == 2
    assert "a report is HTML: name it a.html" in capsys.readouterr().err
    assert not target.exists()


def test_a_study_says_how_far_it_is() -> None:
    seen: list[tuple[int, int]] = []
    model = Model()
    asked = request({"levers.exit_window.target": "bounds"}, {"simulation.last_year": 2026}, {"design": "saltelli"})
    made = plan_of(model, asked)
    sensitivity_of(model, made, methods=["sobol"], sizes=Sizes(sobol=2048), progress=lambda *at: seen.append(at))
    assert seen[0] == (0, seen[0][1])
    assert seen[-1][0] == seen[-1][1] > 1


def test_the_makefile_and_the_readme_agree() -> None:
    root = Path(__file__).parents[1]
    makefile, readme = ((root / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md"))
    scenarios = re.search(r"^SCENARIOS := (.*)$", makefile, re.MULTILINE)
    assert scenarios is not None
    number = {5: "five", 6: "six"}[len(scenarios[1].split(","))]
    for text in (makefile, readme):
        assert f"{number} scenarios beside the baseline" in text
        assert "about ten seconds" in text
    minutes = re.findall(r"about (\d+) minutes on two cores", makefile + readme)
    assert len(minutes) == 3
    assert len(set(minutes)) == 1


def test_a_list_of_outcomes_takes_no_run_for_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--year", "2026", "--outcome", "high_tech_firms", str(folder / "latest")]) == 0
    whole = capsys.readouterr().out
    assert "High-tech firms" in whole
    short = run_folder.runs(folder)[0].name[-4:]
    monkeypatch.chdir(folder.parent)
    assert main(["compare", short, "--year", "2026", "--outcome", "high_tech_firms"]) == 0
    assert capsys.readouterr().out == whole


def test_latest_is_the_newest_of_the_kind_that_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "runs"
    assert main(["run", "scenario=exit_drought", f"output.folder={folder}", *SMALL]) == 0
    assert main(["sweep", "levers.exit_window=0.5,1", f"output.folder={folder}", "simulation.last_year=2026"]) == 0
    capsys.readouterr()
    assert main(["run", "--from", str(folder / "latest")]) == 0
    assert "Identical to" in capsys.readouterr().out


def test_every_option_of_the_output_is_in_the_record() -> None:
    shown = yaml.safe_load(pujiang.configure("baseline").as_yaml())["output"]
    assert shown.keys() == {key for key in options_of(Output) if key != "folder"}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in QUICK])
def test_what_takes_long_says_so_before_anything_is_loaded(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(name: str) -> Any:
        assert capsys.readouterr().err == f"pujiang {command}: {COMMANDS[command]} ...\n"
        raise InputError(f"{name} was to be loaded")

    monkeypatch.setattr("pujiang.cli.import_module", load)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main([command]) == 2
    assert capsys.readouterr().err == f"pujiang: pujiang.commands.{command} was to be loaded\n"
