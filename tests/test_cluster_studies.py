"""Long studies of sweeps on a cluster: what it costs, what kills do to it, and a hundred million runs in little memory.

Each prints what it measured; `pytest -m slow -s tests/test_cluster_studies.py` shows it.
"""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import xarray as xr

import pujiang
from pujiang.results import run_folder

LIBRARY = Path(__file__).parent / "library"
MILLION = 2**20
HUNDRED_MILLIONS = 2**27
"""Sobol' sequences have powers of two: 134 million."""
KILLS = 5

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def say(line: str) -> None:
    """Tell what was measured, to whoever runs this with `-s`."""
    sys.stdout.write(f"\n{line}\n")


def words(points: int, folder: Path, *more: str) -> list[str]:
    """A sweep of a model over all its uncertain parameters."""
    return [
        "sweep", "design=sobol", f"design.size={points}", "parameters=prior", "output.figures=false",
        f"output.folder={folder}", *more,
    ]  # fmt: skip


def begun(argv: list[str], cwd: Path, project: Path | None = LIBRARY) -> "subprocess.Popen[bytes]":
    """A command about a project (None: the shipped one), in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(Path(pujiang.__file__).parents[1])}
    env |= {} if project is None else {"PUJIANG_PROJECT": str(project)}
    return subprocess.Popen([sys.executable, "-m", "pujiang", *argv], env=env, cwd=cwd, stdout=subprocess.DEVNULL)


def measured(argv: list[str], cwd: Path, project: Path | None = LIBRARY) -> tuple[float, float]:
    """Seconds, and seconds of processors, of a command and of all it started."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    assert begun(argv, cwd, project).wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, used


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A million runs by one process, and the seconds of processors they took."""
    home = tmp_path_factory.mktemp("whole")
    wall, used = measured(words(MILLION, home / "runs"), home)
    say(f"one process: {wall:.0f} s, {used:.1f} s of processors")
    return run_folder.latest(home / "runs"), used


def test_what_do_two_workers_cost_at_a_million_points(whole: tuple[Path, float], tmp_path: Path) -> None:
    wall, used = measured(words(MILLION, tmp_path / "runs", "cluster=local", "cluster.workers=2"), tmp_path)
    _, start = measured(words(1024, tmp_path / "few", "cluster=local", "cluster.workers=2"), tmp_path)
    _, alone = measured(words(1024, tmp_path / "fewer"), tmp_path)
    over = used - whole[1]
    rest = over - (start - alone)
    say(
        f"two workers: {wall:.0f} s, {used:.1f} s of processors, {over:.1f} s more than one process: "
        f"{start - alone:.1f} s to start them, and {100 * rest / whole[1]:+.1f} %"
    )
    assert run_folder.identical(whole[0], run_folder.latest(tmp_path / "runs")) == []
    assert rest < 0.3 * whole[1]  # of a model whose runs take ten microseconds; docs/cluster.md has a larger one


def test_what_do_two_workers_cost_where_a_run_takes_a_millisecond(tmp_path: Path) -> None:
    few = ["output.outcomes=[high_tech_firms,gdp]"]
    on_two = [*few, "cluster=local", "cluster.workers=2"]
    wall, before = measured(words(2**16, tmp_path / "here", *few), tmp_path, None)
    say(f"one process: {wall:.0f} s, {before:.1f} s of processors")
    wall, used = measured(words(2**16, tmp_path / "there", *on_two), tmp_path, None)
    _, after = measured(words(2**16, tmp_path / "again", *few), tmp_path, None)
    alone = (before + after) / 2  # a machine may be a tenth faster two minutes later
    say(f"two workers: {wall:.0f} s, {used:.1f} s of processors: {100 * (used / alone - 1):+.1f} %, start included")
    assert run_folder.identical(*(run_folder.latest(tmp_path / at) for at in ("here", "there"))) == []
    assert used < 1.05 * alone


def test_is_the_memory_of_the_scheduler_flat(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    sizes: list[tuple[int, int]] = []

    def tell(done: int, of: int) -> None:
        sizes.append((done, psutil.Process().memory_info().rss))

    design: dict[str, Any] = {"kind": "sobol", "size": MILLION}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as at,
        Client(at) as client,
    ):
        pujiang.Model(LIBRARY).sweep(
            {"parameters": "prior"}, design=design, folder=tmp_path, cluster=client, progress=tell
        )
    at_quarter = max(size for done, size in sizes if done <= 64)
    most = max(size for done, size in sizes)
    say(f"scheduler and client: {at_quarter / 1e6:.0f} MB after a quarter, at most {most / 1e6:.0f} MB")
    assert most < at_quarter + 30e6


def test_are_five_workers_and_a_client_killed_the_same_bytes(whole: tuple[Path, float], tmp_path: Path) -> None:
    draw = random.Random(7)
    process = begun(words(MILLION, tmp_path / "runs", "cluster=local", "cluster.workers=2"), tmp_path)
    killed = 0
    while killed < KILLS:
        assert process.poll() is None, f"it ended after {killed} kills"
        time.sleep(draw.uniform(0.5, 1.5))
        workers = list(workers_of(process.pid))
        if workers and blocks_done(tmp_path):
            draw.choice(workers).send_signal(signal.SIGKILL)
            killed += 1
    before = blocks_done(tmp_path)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    psutil.wait_procs(family, timeout=30)  # workers without a scheduler go by themselves
    for left in family:
        if left.is_running():
            left.kill()
    (partial,) = (tmp_path / "runs").glob("*.partial")
    say(f"killed {killed} workers; the client with {before} of 256 blocks done")
    assert begun(["sweep", "--resume", str(partial), "cluster=local", "cluster.workers=2"], tmp_path).wait() == 0
    assert run_folder.identical(whole[0], run_folder.latest(tmp_path / "runs")) == []


def workers_of(pid: int) -> Iterator[psutil.Process]:
    """The worker processes a command has started."""
    for child in psutil.Process(pid).children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                yield child
        except psutil.Error:
            continue


def blocks_done(home: Path) -> int:
    """How many blocks are noted."""
    return sum(1 for _ in home.glob("runs/*.partial/.unfinished/blocks/*.json"))


def test_do_a_hundred_million_runs_become_quantiles_in_little_memory(whole: tuple[Path, float], tmp_path: Path) -> None:
    given = ["output.keep=quantiles", "cluster=local", "cluster.workers=2"]
    assert begun(words(MILLION, tmp_path / "million", *given), tmp_path).wait() == 0
    found = pujiang.open(run_folder.latest(tmp_path / "million"))["quantiles"].to_dataset()
    exact = pujiang.open(whole[0])["annual"].to_dataset()
    worst = max(_error(exact[name], found[name]) for name in map(str, found.data_vars))
    say(f"5 % quantile of a million runs against the exact one: at most {100 * worst:.3f} % of it away")
    assert worst <= 0.0011  # the value of that rank, and half a step to the next

    process = begun(words(HUNDRED_MILLIONS, tmp_path / "runs", *given), tmp_path)
    start, most, notes = time.monotonic(), 0, 0
    while process.poll() is None:
        time.sleep(5)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        sizes = []
        for one in family:
            try:
                sizes.append(one.memory_info().rss)
            except psutil.Error:
                continue
        most = max(most, *sizes, 0)
        notes = max(notes, sum(path.stat().st_size for path in tmp_path.glob("runs/*.partial/.unfinished/blocks/*")))
    assert process.returncode == 0
    minutes = (time.monotonic() - start) / 60
    say(f"{HUNDRED_MILLIONS:,} runs: {minutes:.0f} min; {most / 1e6:.0f} MB a process, notes {notes / 1e6:.0f} MB")
    more = pujiang.open(run_folder.latest(tmp_path / "runs"))["quantiles"].to_dataset()
    apart = max(_error(exact[name], more[name]) for name in map(str, more.data_vars))
    say(f"5 % quantile of all of them against the exact one of the first million: {100 * apart:.3f} % away")
    assert most < 600e6
    assert apart < 0.003


def _error(runs: xr.DataArray, found: xr.DataArray) -> float:
    """How far the 5 % quantile lies from the exact one, relative to it, at most over the years."""
    exact = np.quantile(runs.isel(scenario=0, member=0).values, 0.05, axis=0, method="lower")
    return float(np.max(np.abs(found.isel(scenario=0).sel(statistic="q05").values / exact - 1)))
