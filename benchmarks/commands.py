"""What the commands cost, from the shell: `python -m benchmarks commands [--before CHECKOUT]`.

Processor time (user and system) of the whole process, medians over rounds in which the checkouts take turns; the first
words on the terminal by the wall clock; and where the time goes (`benchmarks.shares`). Bytecode is kept, as for a user.
"""

import json
import math
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks.sections import table

HERE = Path(__file__).resolve().parents[1]
COMMANDS: tuple[tuple[str, float], ...] = (
    ("list", 0.3),
    ("list levers", 0.3),
    ("describe gdp", 0.3),
    ("run ensemble=0 output.figures=false", 1.5),
    ("run scenario=fifteenth_plan output.figures=false", 2.5),
    ("run scenario=fifteenth_plan", 4.5),
    ("compare latest", 2.0),
    ("report latest --force", 3.0),
    ("show latest", 1.0),
    ("check", 5.0),
    ("explain latest:fifteenth_plan", 3.0),
)
"""Each command and the seconds of processor time it should stay under on a machine that does nothing else."""
PARTS = ("imports", "model", "configuration", "simulation", "labels", "files", "tables", "figures")


@dataclass(frozen=True)
class Cost:
    """Seconds of one call: of the processor, and of the clock."""

    processor: float
    wall: float


def environment(checkout: Path, folder: Path) -> dict[str, str]:
    """That of a user of a checkout, whose caches lie in a folder."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPATH": f"{checkout / 'model'}{os.pathsep}{HERE}", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    return {**kept, **own, "XDG_CACHE_HOME": str(folder / "cache")}


def cost(words: str, checkout: Path, folder: Path) -> Cost:
    """Call a command in a folder; one that fails raises."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "pujiang", *words.split()],
        cwd=folder,
        env=environment(checkout, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"pujiang {words}: status {child.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start)


def first_words(words: str, checkout: Path, folder: Path) -> float:
    """Seconds by the clock until a command writes anything to a terminal."""
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "pujiang", *words.split()],
        cwd=folder,
        env=environment(checkout, folder),
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
    ) as child:
        os.close(theirs)
        os.read(ours, 1)
        found = time.perf_counter() - start
        while True:
            try:
                if not os.read(ours, 65_536):
                    break
            except OSError:  # the other end is closed
                break
        child.wait()
    os.close(ours)
    return found


def shares(words: str, checkout: Path, folder: Path) -> dict[str, float]:
    """Seconds of processor time by part of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.shares", *words.split()],
        cwd=folder,
        env=environment(checkout, folder),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)[1]
    return found


def measured(checkouts: Sequence[Path], rounds: int) -> str:
    """A table of every command: this checkout, and before it the one it is held against, where there is one."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folders = {checkout: Path(name) / str(place) for place, checkout in enumerate(checkouts)}
        for folder in folders.values():
            folder.mkdir()
        for words, allowed in COMMANDS:
            print(f"pujiang {words} ...", file=sys.stderr, flush=True)
            found: dict[Path, list[Cost]] = {checkout: [] for checkout in checkouts}
            for turn in range(rounds + 1):  # the first fills the caches
                for checkout, folder in folders.items():
                    try:
                        taken = cost(words, checkout, folder)
                    except RuntimeError:
                        if checkout == checkouts[0]:
                            raise
                        continue  # another version may not have the command
                    found[checkout] += [taken] if turn else []
            this, *others = (
                [statistics.median(seconds) for seconds in zip(*map(astuple, found[c]), strict=True)] or [math.nan]
                for c in checkouts
            )
            said = first_words(words, checkouts[0], folders[checkouts[0]])
            where = shares(words, checkouts[0], folders[checkouts[0]])
            seconds = ["–" if math.isnan(s) else f"{s:.2f}" for s in (*(other[0] for other in others), *this)]
            parts = [f"{s:.2f}" for s in (said, *(where.get(part, 0.0) for part in PARTS))]
            rows.append([f"`{words}`", *seconds, f"{allowed:g}", *parts])
            print("| " + " | ".join(rows[-1]) + " |", file=sys.stderr, flush=True)
    head = [
        "command",
        *(["before"] if len(checkouts) > 1 else []),
        "processor, s",
        "clock, s",
        "goal",
        "first words, s",
    ]
    return table([*head, *PARTS], rows)
