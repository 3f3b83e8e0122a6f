"""Is what is killed at any moment (kill -9) the same bytes at last, once it is resumed or run again?"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pujiang.results import run_folder

LIBRARY = Path(__file__).parent / "library"
SOURCE_ROOT = Path(__file__).parents[1] / "model"
KILLS = 20
"""Of each command; seven commands are 140."""

PROGRAM = """
import sys
import pujiang.experiment.sweep as sweeps
from pujiang.cli import main
sweeps.RUNS_IN_BLOCK = 6
sys.exit(main(sys.argv[1:]))
"""
COMMANDS = {
    "run": ["run", "scenario=more_books", "ensemble=20", "output.figures=false"],
    "run with figures": ["run", "scenario=more_books", "ensemble=3"],
    "grid with members": [
        "sweep", "levers.purchases_a_year=range(0,900,100)", "parameters.wear_rate=0.05,0.1,0.15,0.2", "ensemble=2",
    ],
    "sample": ["sweep", "design=sobol", "design.size=128", "parameters=prior"],
    "quantiles": ["sweep", "design=sobol", "design.size=512", "parameters=prior", "output.keep=quantiles"],
    "calibrate": ["calibrate"],
    "sensitivity": ["sensitivity", "output.figures=false", "morris.size=4", "sobol.size=16"],
}  # fmt: skip


def started(words: list[str], cwd: Path, seed: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        # Another order of sets in every process: it may not show.
        env={
            **os.environ,
            "PYTHONPATH": str(SOURCE_ROOT),
            "PUJIANG_PROJECT": str(LIBRARY),
            "PYTHONHASHSEED": str(seed),
        },
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def ended(words: list[str], cwd: Path, seed: int) -> None:
    process = started(words, cwd, seed)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()


@pytest.mark.slow
@pytest.mark.parametrize("command", list(COMMANDS))
def test_is_what_is_killed_the_same_bytes_at_last(command: str, tmp_path: Path) -> None:
    words, draw = COMMANDS[command], random.Random(command)
    ended(words, tmp_path, 0)  # compiles the model
    begun = time.monotonic()
    ended(words, tmp_path, 1)
    whole, length = run_folder.latest(tmp_path / "runs"), time.monotonic() - begun
    assert run_folder.identical(run_folder.runs(tmp_path / "runs")[0], whole) == []

    killed = resumed = 0
    for number in range(KILLS):
        home = tmp_path / str(number)
        home.mkdir()
        process = started(words, home, number)
        time.sleep(length * draw.uniform(0.3, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        left = list((home / "runs").iterdir()) if (home / "runs").exists() else []
        partial = [path for path in left if path.suffix == run_folder.PARTIAL]
        for path in set(left) - set(partial):  # what has its name is whole
            assert path.name.startswith((".latest", "latest")) or run_folder.identical(whole, path) == []
        again = words
        if partial and words[0] == "sweep":
            process = started(["sweep", "--resume", f"runs/{partial[0].name}"], home, number + 100)
            _, err = process.communicate(timeout=120)
            # Without a finished block there is nothing to resume: in one line.
            assert process.returncode == 0 or (err.decode().count("\n") == 1 and b"start the sweep anew" in err), err
            resumed += process.returncode == 0
            again = [] if process.returncode == 0 else words
        if again:
            ended(again, home, number + 200)
        found = run_folder.runs(home / "runs")
        assert found
        for path in found:
            assert run_folder.identical(whole, path) == [], f"kill {number}"

    assert killed >= KILLS // 2, "most ended before they could be killed"
