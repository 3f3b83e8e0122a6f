"""What a sweep or a study will cost, before it starts: bytes on disk, and time by a trial of a few points."""

import shutil
import time
from pathlib import Path

from pujiang.api.loaded import Loaded
from pujiang.api.sweeps import prepared
from pujiang.errors import InputError
from pujiang.experiment.sweep import RUNS_IN_BLOCK, Plan, spread_of_points
from pujiang.experiment.sweep_runs import simulate_points
from pujiang.results.sweep_layout import size_in_bytes

MANY = 20_000
"""Runs worth a word on how long they take."""

TRIAL = 0.3
"""Seconds a trial takes at least, so that what a batch costs whatever its size hardly counts."""

ROOM = 1.1
"""Bytes of disk a sweep needs for each of its outcomes: coordinates, tables and notes are the rest."""


def seconds_of(model: Loaded, made: Plan, points: int | None = None) -> float:
    """About how long a plan takes at so many of its points (all of them by default), by running a few."""
    run, _ = prepared(model, made)
    total = made.points if points is None else points
    most = min(made.points, max(1, RUNS_IN_BLOCK // (len(made.cases) * made.members)))
    simulate_points(run, spread_of_points(made, 1, run.find))  # compiles the model
    count = min(4, most)
    while True:
        chosen = spread_of_points(made, count, run.find)
        start = time.perf_counter()
        simulate_points(run, chosen)
        taken = time.perf_counter() - start
        if taken > TRIAL or count >= most:
            return float(taken / chosen.shape[1] * total)
        count = min(4 * count, most)


def told_time(model: Loaded, made: Plan, runs: int, points: int | None = None) -> str:
    """ "It will take about 5 min", of so many runs at so many points, where that is worth a word; else empty."""
    return f"It will take {in_words(seconds_of(model, made, points))}" if runs > MANY else ""


def refuse_without_room(made: Plan, model: Loaded, folder: Path) -> None:
    """Raise InputError where a sweep is larger than what is free on the disk of its folder."""
    size = size_in_bytes(made, model.system)
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if size * ROOM > free:
        raise InputError(
            f"sweep: writes about {size / 1e9:.1f} GB before compression, and '{folder}' has {free / 1e9:.1f} GB free; "
            "output.precision=float32 halves it, output.outcomes=[...] keeps fewer outcomes, --yes tries all the same"
        )


def in_words(seconds: float) -> str:
    """A time as people say it: "about 5 min"."""
    for size, word in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"about {seconds / size:,.0f} {word}"
    return f"about {max(1, round(seconds))} s"
