"""Does a sweep on other processes find what it finds here, byte for byte, whoever dies meanwhile?"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from distributed import Client, LocalCluster

import pujiang
from pujiang.cli import main
from pujiang.commands import sweep as sweep_command
from pujiang.errors import InputError
from pujiang.experiment import cluster
from pujiang.experiment.cluster import ClusterLostError, each
from pujiang.results import places, run_folder, sweep_folder, sweep_notes

LIBRARY = Path(__file__).parent / "library"
MODEL = pujiang.Model(LIBRARY)
WORDS = ["sweep", "design=sobol", "design.size=16384", "parameters=prior", "output.figures=false"]
"""Four blocks, of a model of ten variables."""
AXES: dict[str, Any] = {"axes": {"parameters": "prior"}, "design": {"kind": "sobol", "size": 16384}}

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # dask closes what it opened when it comes to it


@pytest.fixture(scope="module", autouse=True)
def no_scheduler_is_left() -> Iterator[None]:
    """A client that lost its scheduler stays the default of dask, to which other tests would then send their work."""
    import dask

    yield
    dask.config.config.pop("scheduler", None)


@pytest.fixture(scope="module", autouse=True)
def at_the_library() -> Iterator[None]:
    """Commands are about the small model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUJIANG_PROJECT", str(LIBRARY))
        yield


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two worker processes."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=60
        ) as at,
        Client(at, direct_to_workers=True) as found,
    ):
        yield found


@pytest.fixture
def inside() -> Iterator[Client]:
    """Two threads of this process, which see its memory."""
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0", silence_logs=60
        ) as at,
        Client(at) as found,
    ):
        yield found


def swept(folder: Path | str, *more: str) -> Path:
    """The folder of a sweep by command."""
    assert main([*WORDS, f"output.folder={folder}", *more]) == 0
    return run_folder.latest(Path(folder))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, at_the_library: None) -> Path:
    """The sweep, run by this process."""
    return swept(tmp_path_factory.mktemp("here") / "runs")


# --- the same ---------------------------------------------------------------------------------------------


def test_does_a_sweep_by_two_workers_have_the_same_bytes(whole: Path, client: Client, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    tree = MODEL.sweep(**AXES, folder=tmp_path, cluster=client, progress=lambda *done: progress.append(done))
    run = Path(tree.attrs["run"])
    assert set(run_folder.identical(whole, run)) <= {"config.yaml", "figures/response.svg", "figures/response.png"}
    assert progress[0] == (0, 4)
    assert progress[-1] == (4, 4)
    assert run_folder.damage(run) == []


@pytest.mark.parametrize("keep", ["quantiles", "outcomes"])
def test_do_reduced_runs_have_the_same_bytes_in_whatever_order_they_come(
    keep: str, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = MODEL.sweep(**AXES, folder=tmp_path / "here", keep=keep)
    send = cluster.each
    # The first come last.
    monkeypatch.setattr(cluster, "each", lambda on, task, shared, items: send(on, task, shared, [*items][::-1]))
    there = MODEL.sweep(**AXES, folder=tmp_path / "there", keep=keep, cluster=client)
    assert run_folder.identical(Path(here.attrs["run"]), Path(there.attrs["run"])) == []
    assert ("annual" in there.children) == (keep == "outcomes")
    assert here["quantiles"]["loans"].dims == ("scenario", "statistic", "year")


def test_is_what_is_in_memory_and_what_a_study_finds_the_same(client: Client) -> None:
    given: dict[str, Any] = {"axes": {"parameters": "prior"}, "design": {"kind": "lhs", "size": 10_000}}
    xr.testing.assert_identical(
        MODEL.sweep(**given)["annual"].to_dataset(), MODEL.sweep(**given, cluster=client)["annual"].to_dataset()
    )
    sizes: dict[str, Any] = {"morris_size": 1500, "sobol_size": 1024}
    here, there = MODEL.sensitivity(**sizes), MODEL.sensitivity(**sizes, cluster=client)
    for method in ("tornado", "morris", "sobol"):
        assert getattr(here, method).equals(getattr(there, method)), method


def test_does_the_command_start_workers_of_its_own(whole: Path, tmp_path: Path) -> None:
    assert run_folder.identical(whole, swept(tmp_path / "runs", "cluster=local", "cluster.workers=1")) == []


def test_does_the_sequence_of_a_design_not_depend_on_who_draws_it() -> None:
    from pujiang.experiment.designs import Design, sampler

    draw = sampler(Design("sobol", 1024), 3)
    every = draw(0, 1024)
    for start in (512, 600, 100, 101):
        np.testing.assert_array_equal(draw(start, start + 100), every[:, start : start + 100])


# --- tasks ------------------------------------------------------------------------------------------------


def square(shared: int, item: int) -> int:
    return shared * item**2


def dying(shared: Path, item: int) -> int:
    """Dies at item 5, once where `shared` is a folder, always where it is not."""
    if item == 5 and not (shared / "died").exists():
        if shared.is_dir():
            (shared / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def leaving(shared: Path, item: int) -> int:
    """Its worker dies a moment after it has done item 1; done once more, that takes a while."""
    if item == 1:
        if (shared / "left").exists():
            time.sleep(3)
        else:
            (shared / "left").touch()
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return item


def failing(shared: int, item: int) -> int:
    raise InputError(f"found {item}, allowed: none")


def test_are_many_items_never_many_tasks(client: Client) -> None:
    drawn: list[int] = []
    most = 0

    def items() -> Iterator[int]:
        for item in range(300):
            drawn.append(item)
            yield item

    found = {}
    for item, result in each(client, square, 3, items()):
        found[item] = result
        most = max(most, len(drawn) - len(found))
    assert found == {item: 3 * item**2 for item in range(300)}
    assert most <= cluster.AHEAD * 2


def test_is_a_task_of_a_worker_that_was_killed_done_by_another(client: Client, tmp_path: Path) -> None:
    assert sorted(each(client, dying, tmp_path, range(12))) == [(item, item) for item in range(12)]
    assert (tmp_path / "died").exists()


def test_is_a_result_that_died_with_its_worker_made_again(client: Client, tmp_path: Path) -> None:
    results = each(client, leaving, tmp_path, range(4))
    found = [next(results)]
    time.sleep(1.5)  # what was done and not fetched is lost by now, and on its way once more
    assert sorted([*found, *results]) == [(item, item) for item in range(4)]


def test_is_a_task_that_kills_every_worker_given_up_in_one_line(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "DEATHS", 1)
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", 0)
    with pytest.raises(InputError, match="each worker that took it died; had it too little memory"):
        list(each(client, dying, tmp_path / "nowhere", range(12)))
    assert dict(each(client, square, 1, range(3))) == {0: 0, 1: 1, 2: 4}, "the cluster is of no use any more"


def test_is_what_a_task_raises_raised_here(client: Client) -> None:
    with pytest.raises(InputError, match="found 0, allowed: none"):
        list(each(client, failing, 0, range(1)))


# --- faults -----------------------------------------------------------------------------------------------


@contextmanager
def own_scheduler(folder: Path) -> "Iterator[tuple[Path, subprocess.Popen[bytes]]]":
    """A scheduler and a worker, each a process: the scheduler's file, and the scheduler."""
    file = folder / "scheduler.json"
    module = [sys.executable, "-m"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    at = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*module, "distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(file), *at], **quiet
    )
    worker = subprocess.Popen(
        [*module, "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", *at],
        **quiet,
    )
    try:
        deadline = time.monotonic() + 60
        while not file.is_file() or not file.read_text().strip():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield file, scheduler
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()


def told(monkeypatch: pytest.MonkeyPatch, tell: Callable[[int, int], None]) -> None:
    """Let a command tell its progress to a function."""

    @contextmanager
    def progress() -> Iterator[Callable[[int, int], None]]:
        yield tell

    monkeypatch.setattr(sweep_command, "progress", progress)


def test_is_a_sweep_whose_scheduler_is_lost_gone_on_with(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sweep_folder, "PARTS_OF_TASK", 1)
    with own_scheduler(tmp_path) as (file, scheduler):
        told(monkeypatch, lambda done, of: scheduler.kill() if done == 1 else None)
        assert main([*WORDS, f"output.folder={tmp_path / 'runs'}", f"cluster={file}"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    found = re.search(r"the scheduler is lost; finished blocks are kept; to go on: pujiang sweep --resume (\S+)", err)
    assert found, err
    done = len(list((Path(found[1]) / sweep_notes.DONE).glob("*.json")))
    assert 1 <= done < 4
    told(monkeypatch, lambda done, of: None)
    assert main(["sweep", "--resume", found[1]]) == 0  # without a cluster
    assert run_folder.identical(whole, run_folder.latest(tmp_path / "runs")) == []


@pytest.fixture
def memory() -> Iterator[Any]:
    """The store of objects that is this process's memory, empty."""
    from fsspec.implementations.memory import MemoryFileSystem

    MemoryFileSystem.store.clear()
    yield MemoryFileSystem
    MemoryFileSystem.store.clear()


def brought(url: str, folder: Path) -> Path:
    """A run of a store of objects, on this disk."""
    there = places.at_url(url)
    for path in there.rglob("*"):
        if path.is_file():
            here = folder / path.relative_to(there).as_posix()
            here.parent.mkdir(parents=True, exist_ok=True)
            here.write_bytes(path.read_bytes())
    return folder


@pytest.mark.usefixtures("memory")
def test_has_a_store_of_objects_the_same_bytes(whole: Path, tmp_path: Path, inside: Client) -> None:
    config: dict[str, Any] = {"output": {"figures": False}}
    tree = MODEL.sweep(**AXES, **config, folder="memory://runs", cluster=inside)
    run = brought(tree.attrs["run"], tmp_path)
    assert run_folder.identical(whole, run) == []
    assert run_folder.damage(run) == []
    assert not (run / run_folder.UNFINISHED).exists()
    xr.testing.assert_identical(
        pujiang.open(tree.attrs["run"])["annual"].to_dataset().load(), pujiang.open(whole)["annual"].to_dataset().load()
    )


def test_is_a_store_that_refuses_for_a_while_waited_for(
    whole: Path, tmp_path: Path, inside: Client, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, refused = memory.pipe_file, set()

    def refusing(self: Any, path: str, value: bytes, **more: Any) -> None:
        if path not in refused:
            refused.add(path)
            raise OSError(f"503 Slow Down: {path}")
        write(self, path, value, **more)

    monkeypatch.setattr(memory, "pipe_file", refusing)
    monkeypatch.setattr(places, "WAITS", (0.0,) * 30)
    config: dict[str, Any] = {"output": {"figures": False}}
    tree = MODEL.sweep(**AXES, **config, folder="memory://runs", cluster=inside)
    assert len(refused) > 20
    assert run_folder.identical(whole, brought(tree.attrs["run"], tmp_path)) == []


def test_is_a_store_that_goes_on_refusing_one_line_and_what_is_there_resumed(
    whole: Path, tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write, chunks = memory.pipe_file, []

    def refusing(self: Any, path: str, value: bytes, **more: Any) -> None:
        chunks.extend([path] if "/c/" in path else [])
        if len(chunks) > 10:
            raise OSError("503 Slow Down")
        write(self, path, value, **more)

    monkeypatch.setattr(places, "WAITS", (0.0, 0.0))
    with monkeypatch.context() as patch:
        patch.setattr(memory, "pipe_file", refusing)
        assert main([*WORDS, "output.folder=memory://runs"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    found = re.search(r"503 Slow Down; finished blocks are kept; to go on: pujiang sweep --resume (\S+)", err)
    assert found, err
    assert main(["sweep", "--resume", found[1]]) == 0
    assert run_folder.identical(whole, brought(found[1], tmp_path)) == []
    assert main(["sweep", "--resume", found[1]]) == 2
    assert "is no interrupted sweep" in capsys.readouterr().err


@pytest.mark.usefixtures("memory")
def test_does_a_sweep_without_a_finished_block_leave_nothing_in_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError("503 Slow Down")

    monkeypatch.setattr(sweep_folder, "_run_parts", full)
    with pytest.raises(InputError, match="503 Slow Down"):
        MODEL.sweep(**AXES, folder="memory://runs")
    assert not [path for path in places.at_url("memory://runs").rglob("*") if path.is_file()]


@pytest.mark.usefixtures("memory")
def test_is_a_folder_the_workers_do_not_see_told_in_one_line(client: Client) -> None:
    with pytest.raises(InputError, match=r"a worker does not see 'memory://.*a folder that all machines share"):
        MODEL.sweep(**AXES, folder="memory://runs", cluster=client)


def test_is_another_processor_said_in_the_manifest(
    tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pujiang.results import sweep_store

    def stop(done: int, of: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sweep_store, "processor", lambda run: "another")
        with pytest.raises(KeyboardInterrupt):
            MODEL.sweep(**AXES, folder=tmp_path, progress=stop)
    (partial,) = tmp_path.iterdir()
    assert main(["sweep", "--resume", str(partial)]) == 0
    manifest = run_folder.read_manifest(run_folder.latest(tmp_path))
    assert len(manifest["processors"]) == 2
    assert "another" in manifest["processors"]
    assert "equal to rounding, not to the bit" in manifest["processors_note"]


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["cluster.workers=2"], "cluster.workers: found without cluster=local, or cluster=ADDRESS"),
        (["cluster=local", "cluster.workers=0"], "cluster.workers: found 0, allowed from 1 to 100000"),
        (["cluster=local", "cluster=local"], "cluster.address: set twice"),
        (["cluster.wokers=2"], "unknown key; allowed: cluster, cluster.address, cluster.workers; did you mean"),
        (["cluster=lokal"], "cluster: found 'lokal', allowed: local, the address of a scheduler (tcp://HOST:8786)"),
        (["cluster=ftp://here:1"], "cluster: 'ftp://here:1' cannot be used: "),
        (["output.keep=some"], "output.keep: found 'some', allowed: all, outcomes, quantiles"),
        (["output.folder=s3://me:secret@bucket/runs"], "'s3://…' holds credentials; they come from the environment"),
        (["output.folder=nowhere://bucket/runs"], "'nowhere://bucket/runs': cannot be used: "),
    ],
)
def test_is_what_cannot_be_refused_in_one_line(words: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, *words]) == 2
    err = capsys.readouterr().err
    assert line in err
    assert err.count("\n") == 1
    assert "secret" not in err


def test_does_the_manifest_say_what_it_was_computed_on(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["processors"]) == 1
    assert "processors_note" not in manifest


def test_is_a_lost_scheduler_an_input_error() -> None:
    assert issubclass(ClusterLostError, InputError)  # the command line says it in one line
