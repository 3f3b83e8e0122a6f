"""Where a command's processor time goes: `python -m benchmarks.shares run ensemble=0` runs it and prints the shares.

The running command is looked at every millisecond of processor time; what passed since the last look belongs to the
part whose files stand on the stack.
"""

import contextlib
import io
import json
import signal
import sys
import time
from collections import Counter
from types import FrameType

PARTS = (
    ("model", ("/pujiang/shanghai/", "/pujiang/engine/system.py", "/pujiang/api/kept.py", "/answers.py")),
    ("imports", ("<frozen importlib._bootstrap>",)),
    ("figures", ("/pujiang/results/figures/",)),
    ("labels", ("/pujiang/engine/dataset.py", "/pujiang/results/checked.py")),
    ("quantiles", ("/pujiang/experiment/reduction.py", "/pujiang/results/sweep_reduced.py")),
    ("simulation", ("/pujiang/engine/", "/pujiang/experiment/")),
    ("files", ("/pujiang/results/run_folder.py", "/pujiang/results/sweep_")),
    ("tables", ("/pujiang/results/",)),
    ("configuration", ("/pujiang/configuration/", "/pujiang/evidence/", "/pujiang/api/loaded.py")),
)
"""Each part, and the files of which one on the stack decides for it; the first that fits."""
EVERY = 0.001


def part_of(frame: FrameType | None) -> str:
    """The part a stack belongs to."""
    files = set()
    while frame is not None:
        files.add(frame.f_code.co_filename)
        frame = frame.f_back
    for part, marks in PARTS:
        if any(mark in file for file in files for mark in marks):
            return part
    return "rest"


def shares(words: list[str]) -> tuple[int, dict[str, float]]:
    """Run a command; its status, and seconds of processor time by part."""
    taken: Counter[str] = Counter()
    last = 0.0  # the interpreter's own start belongs to the imports

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.process_time()
        taken[part_of(frame) if last else "imports"] += now - last
        last = now

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    from pujiang.cli import main

    with contextlib.redirect_stdout(io.StringIO()):
        status = main(words)
    signal.setitimer(signal.ITIMER_PROF, 0)
    taken["rest"] += time.process_time() - last
    return status, dict(taken)


if __name__ == "__main__":
    found = shares(sys.argv[1:])
    print(json.dumps(found))
