"""Is a sweep on disk whole: the same as in memory, resumed bit for bit, and never half there?"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import pujiang
from pujiang.cli import main
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment import sweep as sweeps
from pujiang.results import run_folder, sweep_folder, sweep_notes, sweep_store
from pujiang.results.locks import locked
from pujiang.results.unfinished_sweep import IDENTITY, can_be_resumed

SOURCE_ROOT = Path(pujiang.__file__).parents[1]
SETTINGS: dict[str, Any] = {"fit": "declared", "simulation": {"last_year": 2026}}
AXES = {"levers.exit_window.target": "range(0,1,0.1)", "parameters.startup_failure_rate": [0.1, 0.2]}
WORDS = (
    "levers.exit_window.target=range(0,1,0.1)",
    "parameters.startup_failure_rate=0.1,0.2",
    "fit=declared",
    "simulation.last_year=2026",
    "output.figures=false",  # which take as long as all the rest
)
SMALL_BLOCKS = "import pujiang.experiment.sweep as sweeps; sweeps.RUNS_IN_BLOCK = 4\n"
DIES = """
import os, signal
import pujiang.results.sweep_store as store
cube, calls = store.cube, []
def dying(plan, system, name, results, block):
    calls.append(name)
    if len(calls) == 2 * len(plan.outcomes) + 5:  # in the middle of the third block
        {how}
    return cube(plan, system, name, results, block)
store.cube = dying
"""


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty points in five blocks."""
    monkeypatch.setattr(sweeps, "RUNS_IN_BLOCK", 4)


def process(program: str, *argv: str, cwd: Path) -> "subprocess.Popen[str]":
    """A sweep in a process of its own, in small blocks."""
    code = f"{SMALL_BLOCKS}{program}\nimport sys\nfrom pujiang.cli import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *argv],
        env={**os.environ, "PYTHONPATH": str(SOURCE_ROOT)},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A sweep nothing happened to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeps, "RUNS_IN_BLOCK", 4)
        folder = tmp_path_factory.mktemp("whole") / "runs"
        assert main(["sweep", *WORDS, f"output.folder={folder}"]) == 0
        yield run_folder.latest(folder)


# --- a whole one ------------------------------------------------------------------------------------------


def test_does_the_store_hold_what_memory_holds(whole: Path, system: System) -> None:
    tree = pujiang.open(whole)
    memory = pujiang.sweep(AXES, system=system, **SETTINGS)
    for part in ("annual", "reference"):
        xr.testing.assert_identical(tree[part].to_dataset().load(), memory[part].to_dataset())
    assert tree["annual"]["gdp"].attrs["units"] == "billion_yuan"
    assert tree["annual"]["exit_window"].attrs["key"] == "levers.exit_window.target"
    assert tree["annual"]["gdp"].sel(exit_window=0.3, startup_failure_rate=0.2, year=2026).size == 1


def test_can_others_read_the_store(whole: Path) -> None:
    with xr.open_zarr(whole / sweep_store.STORE, consolidated=False, chunks=None) as plain:
        assert dict(plain.sizes)["exit_window"] == 10
        assert np.isfinite(plain["gdp"]).all()


def test_has_the_folder_all_a_run_has(whole: Path) -> None:
    manifest = run_folder.read_manifest(whole)
    assert manifest["kind"] == "sweep"
    assert manifest["points"] == 20
    assert manifest["axes"] == ["levers.exit_window.target", "parameters.startup_failure_rate"]
    assert {"config.yaml", "sweep.yaml", "certificate.json", "summary.csv", "reference.nc"} <= set(manifest["files"])
    assert not (whole / run_folder.UNFINISHED).exists()
    assert not [name for name in manifest["files"] if name.startswith(".") or "partial" in name]
    certificate = run_folder.read_certificate(whole)
    assert certificate["passed"]
    assert certificate["points_checked"] == 8


def test_does_the_summary_span_the_cube(whole: Path) -> None:
    lines = (whole / "summary.csv").read_text(encoding="utf-8").splitlines()
    row = next(line.split(",") for line in lines if line.startswith("star_listings,,2026,"))
    listings = pujiang.open(whole)["annual"]["star_listings"].sel(year=2026)
    assert float(row[5]) == pytest.approx(float(listings.min()), rel=1e-9)
    assert float(row[6]) == pytest.approx(float(listings.max()), rel=1e-9)


@pytest.mark.usefixtures("small_blocks")
def test_does_a_repetition_have_the_same_bytes(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--from", str(whole)]) == 0
    assert f"Identical to {whole.name}." in capsys.readouterr().out


def test_is_less_kept_where_less_is_asked_for(tmp_path: Path, system: System, whole: Path) -> None:
    tree = pujiang.sweep(
        AXES,
        outcomes=["star_listings", "industry_output"],
        precision="float32",
        folder=tmp_path,
        system=system,
        **SETTINGS,
    )
    annual = tree["annual"].to_dataset()
    assert set(annual.data_vars) == {"star_listings", "industry_output"}
    full = pujiang.open(whole)["annual"]["industry_output"].values
    assert annual["industry_output"].dtype == np.float32
    np.testing.assert_array_equal(annual["industry_output"].values, full.astype(np.float32))


def test_are_scattered_points_beside_their_values(tmp_path: Path, system: System) -> None:
    axes = {"levers.exit_window.target": "interval(0,1)", "parameters.startup_failure_rate": "prior"}
    given = {"design": {"kind": "sobol", "size": 8}, "outcomes": ["gdp"], "system": system, **SETTINGS}
    stored = pujiang.sweep(axes, folder=tmp_path, **given)["annual"].to_dataset().load()
    xr.testing.assert_identical(stored, pujiang.sweep(axes, **given)["annual"].to_dataset())
    assert stored["exit_window"].dims == ("point",)


# --- interrupted -------------------------------------------------------------------------------------------


def test_is_a_killed_sweep_gone_on_with_bit_for_bit(tmp_path: Path, whole: Path, system: System) -> None:
    killed = process(DIES.format(how="os.kill(os.getpid(), signal.SIGKILL)"), "sweep", *WORDS, cwd=tmp_path)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    (partial,) = (tmp_path / "runs").iterdir()
    assert partial.name.endswith(run_folder.PARTIAL)
    assert len(list((partial / sweep_notes.DONE).glob("*.json"))) == 2
    # A chunk half written, as by a killed writer.
    (partial / sweep_store.STORE / "gdp" / "c" / "rest.partial").write_bytes(b"half")
    # The last outcome: its chunk of the block that was being written is not there yet.
    written = (path for path in (partial / sweep_store.STORE / system.outcomes[-1] / "c").rglob("*") if path.is_file())
    finished = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in written}
    assert len(finished) == 2

    again = process("", "sweep", "--resume", f"runs/{partial.name}", cwd=tmp_path)
    _, err = again.communicate()
    assert again.returncode == 0, err
    run = run_folder.latest(tmp_path / "runs")
    assert run.name == partial.name.removesuffix(run_folder.PARTIAL)
    assert not partial.exists()
    assert run_folder.identical(whole, run) == []
    for path, (time, content) in finished.items():
        kept = run / path.relative_to(partial)
        assert (kept.stat().st_mtime_ns, kept.read_bytes()) == (time, content)


STAGES = {
    "a block half written": ("pujiang.results.sweep_store", "cube", 2 * 2 + 1),
    "a block written and not noted": ("pathlib.Path", "replace", 3),
    "blocks done, not yet finished": ("pujiang.results.sweep_folder", "certify_points", 1),
    "the manifest about to be written": ("pujiang.results.run_folder", "manifest", 1),
    "the manifest written, not yet renamed": ("shutil", "rmtree", 1),
    "about to be renamed": ("pathlib.Path", "rename", 1),
}
"""Where a sweep is killed: at the n-th call of a function."""
KILL = """
import os, signal, importlib
home, name, n = {stage!r}
module, _, holder = home.rpartition(".") if home == "pathlib.Path" else (home, "", "")
owner = importlib.import_module(module)
owner = getattr(owner, holder) if holder else owner
real, calls = getattr(owner, name), []
def dying(*given, **named):
    calls.append(name)
    if len(calls) == n:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
"""
SAMPLE = ("design=sobol", "design.size=16", "levers.exit_window.target=bounds", "parameters.startup_failure_rate=prior")
GRID = (
    "levers.exit_window.target=0.2,0.4,0.8",
    "levers.market_valuation.target=0.5,1.0",
    "parameters.startup_failure_rate=0.1,0.2",
    "ensemble=1",
)


@pytest.mark.parametrize(
    "axes", [pytest.param(GRID, id="grid with members"), pytest.param(SAMPLE, id="sample", marks=pytest.mark.slow)]
)
def test_is_a_sweep_killed_at_every_stage_the_same_bytes_at_last(tmp_path: Path, axes: tuple[str, ...]) -> None:
    words = ["sweep", *axes, "output.outcomes=[gdp,star_listings]", *WORDS[2:]]

    def killed(stage: tuple[str, str, int], argv: list[str], seed: int) -> int:
        program = KILL.format(stage=stage) + "setattr(owner, name, dying)\n"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONHASHSEED", str(seed))  # the order of sets may not show
            one = process(program, *argv, cwd=tmp_path)
        _, err = one.communicate()
        assert one.returncode in (0, -signal.SIGKILL), err
        return one.returncode

    assert killed(("shutil", "rmtree", 99), words, 0) == 0
    whole = run_folder.latest(tmp_path / "runs")
    argv = [*words, "output.folder=broken"]
    for seed, stage in enumerate(STAGES.values(), 1):
        assert killed(stage, argv, seed) == -signal.SIGKILL, stage
        (partial,) = (tmp_path / "broken").iterdir()
        argv = ["sweep", "--resume", f"broken/{partial.name}"]
    assert killed(("shutil", "rmtree", 99), argv, 9) == 0
    (run,) = run_folder.runs(tmp_path / "broken")
    assert run_folder.identical(whole, run) == []


@pytest.mark.usefixtures("small_blocks")
def test_does_an_interrupt_keep_what_is_finished_and_say_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = process(DIES.format(how="raise KeyboardInterrupt"), "sweep", *WORDS, cwd=tmp_path)
    _, err = stopped.communicate()
    assert stopped.returncode == 130
    (partial,) = (tmp_path / "runs").iterdir()
    how = f"pujiang sweep --resume runs/{partial.name}\n"
    assert err.endswith(f"to go on: {how}")

    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *WORDS]) == 0  # the same anew
    assert capsys.readouterr().err == f"The same sweep was interrupted before; to resume it: {how}"


@pytest.fixture
def interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: System) -> Path:
    """A sweep that stopped after two blocks of five."""
    monkeypatch.setattr(sweeps, "RUNS_IN_BLOCK", 4)

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pujiang.sweep(AXES, folder=tmp_path, progress=stop, system=system, **SETTINGS)
    (partial,) = tmp_path.iterdir()
    return partial


def test_is_a_sweep_of_another_model_not_resumed(interrupted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = interrupted / IDENTITY
    noted = json.loads(file.read_text(encoding="utf-8"))
    for part in ("the model", "the evidence", "the members", "the engine", "the configuration"):
        file.write_text(json.dumps({**noted, part: "other"}), encoding="utf-8")
        assert main(["sweep", "--resume", str(interrupted)]) == 2
        err = capsys.readouterr().err
        assert err.endswith(f"other than when it was started are {part}; start it anew\n")
        assert err.count("\n") == 1
    assert can_be_resumed(interrupted)


def test_is_a_sweep_somebody_works_on_left_alone(interrupted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(interrupted):
        assert main(["sweep", "--resume", str(interrupted)]) == 2
    assert "another process is working on it" in capsys.readouterr().err
    assert main(["sweep", "--resume", str(interrupted)]) == 0


@pytest.mark.parametrize("what", ["nowhere", "run.partial", "run"])
def test_is_what_is_no_unfinished_sweep_refused(tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("run.partial", "run"):
        (tmp_path / name).mkdir()
    assert main(["sweep", "--resume", str(tmp_path / what)]) == 2
    assert capsys.readouterr().err.startswith("pujiang: --resume: ")


def test_does_a_sweep_without_a_finished_block_leave_nothing(
    tmp_path: Path, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sweep_folder, "simulate_points", full)
    with pytest.raises((InputError, OSError)):
        pujiang.sweep(AXES, folder=tmp_path / "runs", system=system, **SETTINGS)
    assert not (tmp_path / "runs").exists()


def test_do_two_sweeps_of_the_same_second_write_two_folders(tmp_path: Path) -> None:
    both = [process("", "sweep", *WORDS, cwd=tmp_path) for _ in range(2)]
    for one in both:
        _, err = one.communicate()
        assert one.returncode == 0, err
    first, second = run_folder.runs(tmp_path / "runs")
    assert run_folder.identical(first, second) == []
