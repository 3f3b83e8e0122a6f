"""Peak memory of one task in a process of its own: `python -m benchmarks.memory TASK MEMBERS`."""

import resource
import subprocess
import sys
from pathlib import Path

from benchmarks import subjects
from pujiang.engine import kernel

PIECE = 16_384


def peak(task: str, members: int) -> float:
    """Peak resident memory, in megabytes, of a new process that does the task."""
    command = [sys.executable, "-m", "benchmarks.memory", task, str(members)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _do(task: str, members: int) -> None:
    make = subjects.small if task.startswith("small") else subjects.model
    if task.endswith("whole"):
        s = make(members)
        kernel.run(s.program, s.grid, s.batch, s.record, s.method)
    elif task.endswith("pieces"):
        for start in range(0, members, PIECE):
            s = make(min(PIECE, members - start), seed=start)
            kernel.run(s.program, s.grid, s.batch, s.record, s.method)
    else:
        make(1)


def _used() -> float:
    """Peak memory of this process in megabytes (resource alone would count the process it was forked from)."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return float(line.split()[1]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024**2 if sys.platform == "darwin" else used / 1024


if __name__ == "__main__":
    _do(sys.argv[1], int(sys.argv[2]))
    print(_used())
