"""Are run folders whole or absent, the same when repeated, and refused in one line when damaged?"""

import json
import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr

from pujiang.errors import InputError
from pujiang.results import run_folder
from pujiang.results.record import sha256

FILES = [
    "annual.nc",
    "certificate.json",
    "config.yaml",
    "iamc.csv",
    "run.log",
    "summary.csv",
    "trajectories.nc",
]
Write = Callable[..., Path]


def one_line(error: pytest.ExceptionInfo[InputError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def few(tree: xr.DataTree) -> xr.DataTree:
    """The tree with two outcomes, whose figures take no time."""
    annual = tree["annual"].to_dataset()[["gdp", "research_intensity"]]
    return xr.DataTree.from_dict({"/annual": annual, "/trajectories": tree["trajectories"].to_dataset()})


def test_a_run_holds_what_was_given(write: Write, tree: xr.DataTree) -> None:
    back = run_folder.open(write())
    for name in ("annual", "trajectories"):
        xr.testing.assert_identical(back[name].to_dataset(), tree[name].to_dataset())
    assert back.attrs["seed"] == 1
    assert back.attrs["certificate_passed"] is True
    assert back.attrs["config"] == "scenario: fifteenth_plan\n"
    assert json.loads(back.attrs["certificate"])["passed"] is True


def test_the_parameters_of_the_members_are_kept_where_there_are_any(write: Write, tree: xr.DataTree) -> None:
    drawn = xr.Dataset(
        {"value": (("parameter", "member"), np.arange(6.0).reshape(2, 3)), "unit": ("parameter", ["1", "1/year"])},
        {"parameter": ["share", "output.ic"], "member": [0, 1, 2]},
    )
    parts = {f"/{name}": tree[name].to_dataset() for name in ("annual", "trajectories")}
    with_them = write(tree=xr.DataTree.from_dict({**parts, "/parameters": drawn}))
    assert "parameters.nc" in json.loads((with_them / "manifest.json").read_text())["files"]
    xr.testing.assert_identical(run_folder.open(with_them)["parameters"].to_dataset(), drawn)
    assert "parameters" not in run_folder.open(write()).children


def test_a_run_of_another_kind_is_named(tmp_path: Path) -> None:
    with run_folder.building(tmp_path / "runs") as partial:
        (partial / "fit.yaml").write_text("x: 1\n")
        run = run_folder.finish(partial, {"kind": "calibration"})
    with pytest.raises(InputError, match="holds no scenarios"):
        run_folder.open(run)


def test_the_manifest_lists_every_file_with_its_checksum(write: Write) -> None:
    run = write()
    record = json.loads((run / "manifest.json").read_text())
    assert sorted(record["files"]) == FILES
    assert {path.name for path in run.iterdir()} == {*FILES, "manifest.json"}
    assert all(sha256(run / name) == value for name, value in record["files"].items())
    assert {"python", "numpy", "xarray"} <= set(record["versions"])
    assert record["scenarios"] == ["baseline", "fifteenth_plan"]
    assert record["id"] == run.name
    assert record["started"] <= record["finished"]


def test_the_id_is_the_second_of_the_start_and_four_hex_digits(write: Write) -> None:
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{4}", write().name)


def test_two_writes_give_the_same_bytes(write: Write, tmp_path: Path, synthetic: ModuleType) -> None:
    """In another process, with another hash seed, locale and time zone: sets and dates come differently."""
    script = f"""
import sys
sys.path[:0] = {[str(Path(run_folder.__file__).parents[2]), str(Path(__file__).parent)]!r}
import synthetic
from pathlib import Path
print(synthetic.write_run(synthetic.make_tree(), folder=Path({str(tmp_path / "other")!r}),
            config_yaml="scenario: fifteenth_plan\\n", certificate=synthetic.CERTIFICATE, facts={{}},
            observations=synthetic.make_observations(), log_lines=["another day"]))
"""
    first = write(figures=True, observations=synthetic.make_observations())
    time.sleep(1.1)  # a time stamp to the second, in whatever file, would show
    environment = {**os.environ, "PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Asia/Shanghai"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    second = Path(done.stdout.strip())
    assert run_folder.identical(first, second) == []
    assert len(list((first / "figures").glob("*.svg"))) == 4
    for name in FILES:
        same = (first / name).read_bytes() == (second / name).read_bytes()
        assert same is (name != "run.log"), name


def test_identical_names_the_files_that_differ(write: Write, synthetic: ModuleType) -> None:
    first = write()
    second = write(tree=few(synthetic.make_tree(seed=2)), figures=True)
    differing = run_folder.identical(first, second)
    assert {"annual.nc", "summary.csv", "iamc.csv", "figures/outcomes.svg"} <= set(differing)
    assert "config.yaml" not in differing


def test_a_failing_write_leaves_nothing(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("pujiang.results.summary.iamc_csv", fail)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_failing_write_spares_the_runs_that_are_there(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write()
    monkeypatch.setattr("pujiang.results.summary.iamc_csv", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write()
    assert run_folder.runs(tmp_path / "runs") == [run]
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {run.name, "latest"}


def test_an_error_of_the_work_inside_is_not_blamed_on_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), run_folder.building(tmp_path / "runs"):
        (tmp_path / "evidence.csv").read_text()


def test_a_folder_that_cannot_be_written_is_one_line(write: Write, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as error:
        write(folder=tmp_path / "file" / "runs")
    assert str(tmp_path / "file" / "runs") in one_line(error)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_line(write: Write, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir(mode=0o500)
    with pytest.raises(InputError) as error:
        write()
    assert "Permission denied" in one_line(error)


def _write_with_little_room(limit: int, write_run: Any, tree: xr.DataTree, folder: Path, answer: Any) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write_run(tree, folder=folder, config_yaml="x: 1\n", certificate={"passed": True}, facts={}, figures=False)
        answer.put("written")
    except BaseException as error:
        answer.put(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("limit", [2, 2_000, 50_000])
def test_no_room_is_one_line_and_leaves_nothing(limit: int, synthetic: ModuleType, tmp_path: Path) -> None:
    """The limit is met in the first file, in a netCDF file early, and in one nearly done."""
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    tree = synthetic.make_tree(draws=200)
    child = context.Process(
        target=_write_with_little_room, args=(limit, synthetic.write_run, tree, tmp_path / "runs", answer)
    )
    child.start()
    child.join()
    text = answer.get()
    assert text.startswith("InputError: cannot write a run below")
    assert "\n" not in text
    assert list(tmp_path.iterdir()) == []


def _write_many(folder: Path, count: int, tree: xr.DataTree, answer: Any) -> None:
    for _ in range(count):
        with run_folder.building(folder) as partial:
            (partial / "config.yaml").write_text("x: 1\n")
            answer.put(run_folder.finish(partial, {}).name)


def test_parallel_starts_get_ids_of_their_own(tmp_path: Path, tree: xr.DataTree) -> None:
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    children = [context.Process(target=_write_many, args=(tmp_path / "runs", 10, tree, answer)) for _ in range(4)]
    for child in children:
        child.start()
    names = [answer.get() for _ in range(40)]
    for child in children:
        child.join()
    assert len(set(names)) == 40
    assert sorted(names) == [path.name for path in run_folder.runs(tmp_path / "runs")]
    assert run_folder.latest(tmp_path / "runs").name in names


def test_an_id_that_is_taken_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Frozen":
            return cls(2026, 1, 1, tzinfo=tz)

    draws = iter(["aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr(run_folder, "datetime", Frozen)
    monkeypatch.setattr(run_folder.secrets, "token_hex", lambda _: next(draws))
    names = []
    for _ in range(2):
        with run_folder.building(tmp_path / "runs") as partial:
            names.append(run_folder.finish(partial, {}).name)
    assert names == ["20260101T000000Z-aaaa", "20260101T000000Z-bbbb"]


def test_a_killed_run_never_counts(write: Write, tmp_path: Path) -> None:
    run = write()
    stale = tmp_path / "runs" / "20991231T235959Z-ffff.partial"
    stale.mkdir()
    (stale / "manifest.json").write_text("{}")
    assert run_folder.runs(tmp_path / "runs") == [run]
    assert run_folder.latest(tmp_path / "runs") == run
    with pytest.raises(InputError, match="interrupted"):
        run_folder.open(stale)


def test_latest_is_the_last_finished(write: Write, tmp_path: Path) -> None:
    write()
    second = write()
    assert run_folder.find("latest", tmp_path / "runs") == second
    assert run_folder.find(tmp_path / "runs" / "latest") == second
    assert run_folder.find(second.name, tmp_path / "runs") == second
    assert run_folder.find(second) == second


def test_latest_works_without_links(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("links are not allowed")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    write()
    second = write()
    assert not (tmp_path / "runs" / "latest").is_symlink()
    assert run_folder.find(tmp_path / "runs" / "latest") == second


def test_latest_survives_the_loss_of_what_it_names(write: Write, tmp_path: Path) -> None:
    import shutil

    first, second = sorted((write(), write()))
    (tmp_path / "runs" / "latest").unlink()
    (tmp_path / "runs" / "latest").symlink_to(second.name)
    shutil.rmtree(second)
    assert run_folder.latest(tmp_path / "runs") == first


def test_no_run_at_all_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        run_folder.open("latest", tmp_path / "nowhere")


def test_an_unknown_id_names_the_nearest(write: Write, tmp_path: Path) -> None:
    run = write()
    with pytest.raises(InputError) as error:
        run_folder.open(run.name[:-1], tmp_path / "runs")
    assert f"did you mean '{run.name}'" in one_line(error)


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no manifest\.json"):
        run_folder.open(tmp_path)


DAMAGE: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "missing data": ("annual.nc", Path.unlink, "is missing"),
    "missing certificate": ("certificate.json", Path.unlink, "is missing"),
    "truncated data": ("annual.nc", lambda file: file.write_bytes(file.read_bytes()[:5000]), "checksum"),
    "empty data": ("trajectories.nc", lambda file: file.write_bytes(b""), "checksum"),
    "changed table": ("summary.csv", lambda file: file.write_text("outcome\n"), "checksum"),
    "a folder for a file": ("annual.nc", lambda file: (file.unlink(), file.mkdir()), "cannot read"),
    "broken manifest": ("manifest.json", lambda file: file.write_text('{"files": '), "not JSON"),
    "binary manifest": ("manifest.json", lambda file: file.write_bytes(b"\xff\xfe\x00"), "not UTF-8"),
    "empty manifest": ("manifest.json", lambda file: file.write_text("{}"), "no list of files"),
    "manifest of another kind": ("manifest.json", lambda file: file.write_text("[1]"), "found list"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_one_line_naming_the_file(kind: str, write: Write) -> None:
    name, harm, said = DAMAGE[kind]
    run = write()
    harm(run / name)
    with pytest.raises(InputError) as error:
        run_folder.open(run)
    text = one_line(error)
    assert str(run / name) in text
    assert said in text


def test_truncated_data_with_a_manifest_that_agrees_is_one_line(write: Write) -> None:
    run = write()
    (run / "annual.nc").write_bytes((run / "annual.nc").read_bytes()[:5000])
    record = json.loads((run / "manifest.json").read_text())
    record["files"]["annual.nc"] = sha256(run / "annual.nc")
    (run / "manifest.json").write_text(json.dumps(record))
    with pytest.raises(InputError) as error:
        run_folder.open(run)
    assert "not a netCDF file that can be read" in one_line(error)


def test_a_figure_touched_up_does_not_close_the_run(write: Write, tree: xr.DataTree) -> None:
    run = write(tree=few(tree), figures=True)
    (run / "figures" / "outcomes.svg").write_text("<svg/>")
    assert "annual" in run_folder.open(run)
    assert [line for line in run_folder.damage(run) if "outcomes.svg" in line]


def test_a_failed_certificate_is_marked(write: Write, tree: xr.DataTree, synthetic: ModuleType) -> None:
    failed = {**synthetic.CERTIFICATE, "passed": False, "failures": ["gdp: not finite"], "worst": np.inf}
    run = write(tree=few(tree), certificate=failed, figures=True)
    assert run_folder.open(run).attrs["certificate_passed"] is False
    assert run_folder.read_certificate(run)["worst"] == "inf"
    assert "FAILED ITS CERTIFICATE" in (run / "figures" / "outcomes.svg").read_text()


def test_attributes_netcdf_cannot_hold_are_kept_as_json(write: Write, tree: xr.DataTree) -> None:
    changed = tree.copy()
    changed["annual"].attrs = {"flags": {"a": [1, 2]}, "passed": True, "nothing": None}
    attributes = run_folder.open(write(tree=changed))["annual"].attrs
    assert json.loads(attributes["flags"]) == {"a": [1, 2]}
    assert json.loads(attributes["passed"]) is True
