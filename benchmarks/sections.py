"""The sections of the report: each measures and returns Markdown."""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks import memory, simulators, subjects
from benchmarks.clock import interleaved, ratio
from benchmarks.specialist_c import COMMON, VARIANTS, compile_c
from benchmarks.subjects import Subject
from pujiang.engine import kernel, reference
from pujiang.engine.batch import Floats, Record, Recorded
from pujiang.engine.kernel import compile as compiling
from pujiang.engine.kernel.frame import layout
from pujiang.engine.kernel.ir import opening_module, stage_module
from pujiang.engine.kernel.plan import planned
from pujiang.engine.kernel.runs import Kernel, available_threads, run_compiled

WHOLE = False
"""Whether every size is measured, and nine rounds."""
THREADS = available_threads()
LARGE = 1_000
"""Lines of a program from which gcc takes half a minute for each variant."""


def rounds() -> int:
    """Turns of every contestant."""
    return 9 if WHOLE else 3


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, numbers to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def difference(found: Floats, expected: Floats) -> str:
    """The largest difference relative to each outcome's largest value."""
    size = np.abs(expected).max(axis=0, keepdims=True)
    return f"{float(np.max(np.abs(found - expected) / np.where(size == 0, 1.0, size))):.0e}"


def by_kernel(s: Subject, threads: int | None = None) -> Recorded:
    """A subject through the compiled engine."""
    return kernel.run(s.program, s.grid, s.batch, s.record, s.method, threads=threads)


def by_numpy(s: Subject) -> Recorded:
    """A subject through the reference engine."""
    return reference.run(s.program, s.grid, s.batch, s.record, s.method)


def by_c(made: Kernel, s: Subject, threads: int = 1) -> Recorded:
    """A subject through C, under the same Python code as the kernel."""
    return run_compiled(made, s.grid, s.batch, s.record, s.method, threads)


def all_c(s: Subject, folder: Path) -> dict[str, Kernel]:
    """The C variants of a subject's program; of a large one, which gcc takes long for, the fastest two."""
    recorded = (*s.record.snapshots, *s.record.integrals)
    kept = VARIANTS if WHOLE or len(s.program.main) < LARGE else VARIANTS[:2]
    return {v.name: compile_c(s.program, recorded, v, folder) for v in kept}


def against_c(s: Subject, variants: Mapping[str, Kernel]) -> str:
    """Kernel, C and NumPy on one subject."""
    runs = s.batch.runs
    contestants = {f"C, {name}": (lambda m=made: by_c(m, s)) for name, made in variants.items()}
    contestants = {"kernel": lambda: by_kernel(s, 1), **contestants, "NumPy (reference engine)": lambda: by_numpy(s)}
    expected = by_numpy(s).snapshots
    apart = {name: difference(run().snapshots, expected) for name, run in contestants.items()}
    times = interleaved(contestants, rounds())
    best = min((name for name in times if name.startswith("C, ")), key=lambda n: times[n].cpu_median, default="kernel")
    rows = [
        [
            name,
            f"{t.cpu_median / runs * 1e3:.4f}",
            f"{min(t.cpu) / runs * 1e3:.4f}",
            f"{ratio(t, times[best]):.2f}",
            apart[name],
        ]
        for name, t in times.items()
    ]
    head = ["one thread", "median, ms a member", "fastest", "to the best C", "apart from the reference"]
    return table(head, rows)


def threads(s: Subject, made: Kernel | None) -> str:
    """What all threads gain, by the wall clock, and what they cost in processor time."""
    contestants: dict[str, Callable[[], object]] = {}
    for count in (1, THREADS):
        contestants[f"kernel, {count}"] = lambda n=count: by_kernel(s, n)
        if made is not None:
            contestants[f"C, {count}"] = lambda n=count, c=made: by_c(c, s, n)
    times = interleaved(contestants, rounds())
    rows = []
    for name, t in times.items():
        one = times[name.partition(",")[0] + ", 1"]
        gains = np.array(one.wall) / np.array(t.wall)
        had = np.array(t.cpu) / np.array(t.wall)
        rows.append(
            [name, f"{s.batch.runs / min(t.wall):,.0f}", f"{np.median(gains):.2f}",
             f"{min(one.wall) / min(t.wall):.2f}", f"{ratio(t, one):.2f}", f"{np.median(had):.2f}"]
        )  # fmt: skip
    head = ["threads", "members a second, best", "gain, median", "gain, best to best", "processor time to one thread's",
            "processors had"]  # fmt: skip
    return table(head, rows)


def small_model(variants: Mapping[str, Kernel]) -> str:
    """The small model by every simulator."""
    s, few, fewer = subjects.small(10_000), subjects.small_values(100), subjects.small_values(3)
    runners = {"pysimlin": simulators.pysimlin(), "PySD": simulators.pysd()}
    counts = {"pysimlin": 100, "PySD": 3}
    given = {"pysimlin": few, "PySD": fewer}
    everywhere = f"kernel, {THREADS} threads"
    contestants = {f"C, {name}": (lambda m=made: by_c(m, s)) for name, made in variants.items()}
    contestants = {
        "kernel": lambda: by_kernel(s, 1),
        everywhere: lambda: by_kernel(s, THREADS),
        **contestants,
        "NumPy (reference engine)": lambda: by_numpy(s),
        **{name: (lambda r=run, v=given[name]: r(v)) for name, run in runners.items()},
    }
    times = interleaved(contestants, rounds())
    best = min((n for n in times if n.startswith("C, ")), key=lambda n: times[n].cpu_median, default="kernel")
    rows = []
    fastest, own = np.array(times[best].cpu) / 10_000, np.array(times["kernel"].cpu) / 10_000
    clock = np.array(times[everywhere].wall) / 10_000
    expected = by_numpy(s).snapshots
    for name, t in times.items():
        count = counts.get(name, 10_000)
        each = np.array(t.cpu) / count
        if name in runners:
            apart = difference(runners[name](given[name]), by_numpy(subjects.small(count)).snapshots)
        else:
            apart = difference(contestants[name]().snapshots, expected)
        rows.append(
            [name, f"{count:,}", f"{np.median(each) * 1e6:,.2f}", f"{min(each) * 1e6:,.2f}",
             f"{np.median(each / fastest):,.2f}", f"{np.median(each / own):,.1f}",
             f"{np.median(np.array(t.wall) / count / clock):,.1f}", apart]
        )  # fmt: skip
    head = ["Euler, 256 steps, one thread", "members", "µs a member", "fastest", "to the best C", "to the kernel",
            f"clock, to the kernel's on {THREADS} threads", "apart from the reference"]  # fmt: skip
    return table(head, rows)


def members(made: Kernel | None) -> str:
    """Time by number of members."""
    rows = []
    sizes = [(1, 30), (8, 15), (100, 9), (1_000, 5), (10_000, 3), *([(100_000, 1)] if WHOLE else [])]
    for count, turns in sizes if WHOLE else [(count, min(turns, 3)) for count, turns in sizes]:
        s = subjects.model(count)
        contestants = {"all": lambda s=s: by_kernel(s)}
        if count <= 10_000:
            contestants["one"] = lambda s=s: by_kernel(s, 1)
        if made is not None and count <= 10_000:
            contestants["c"] = lambda s=s, c=made: by_c(c, s)
        if WHOLE and count in (1, 1_000):  # a minute and more
            contestants["numpy"] = lambda s=s: by_numpy(s)
        times = interleaved(contestants, turns)
        wall = {name: f"{t.wall_median * 1e3:,.1f}" for name, t in times.items()}
        each = times["all"].cpu_median / count * 1e6
        rows.append(
            [f"{count:,}", wall["all"], f"{each:,.0f}", wall.get("one", ""), wall.get("c", ""), wall.get("numpy", "")]
        )
    head = [
        "members",
        f"kernel, {THREADS} threads, ms",
        "µs of the processor a member",
        "kernel, 1 thread, ms",
        "C, 1 thread, ms",
        "NumPy, ms",
    ]
    return table(head, rows)


def scenarios() -> str:
    """Time by number of scenarios side by side."""
    contestants, counts = {}, (1, 10, 100)
    for count in counts:
        s = subjects.scenarios(count, 10)
        contestants[f"{count}"] = lambda s=s: by_kernel(s, 1)
    times = interleaved(contestants, rounds())
    rows = [[name, f"{t.cpu_median * 1e3:,.0f}", f"{t.cpu_median / int(name) * 1e3:.2f}"] for name, t in times.items()]
    return table(["scenarios", "ms", "ms a scenario"], rows)


def steps() -> str:
    """Time by size of the step."""
    contestants, counts = {}, {}
    for per_year in (8, 16, 32, 64):
        s = subjects.model(256, 1 / per_year)
        contestants[f"1/{per_year}"] = lambda s=s: by_kernel(s, 1)
        counts[f"1/{per_year}"] = s.grid.steps
    times = interleaved(contestants, rounds())
    rows = [
        [name, str(counts[name]), f"{t.cpu_median / 256 * 1e3:.3f}", f"{t.cpu_median / 256 / counts[name] * 1e6:.2f}"]
        for name, t in times.items()
    ]
    return table(["step, years", "steps", "ms a member, one thread", "µs a step"], rows)


def building() -> str:
    """Time to compile, and to load from the cache."""
    s = subjects.model(1)
    recorded: dict[str, Record] = {"annual outcomes": s.record, "every variable": subjects.everything(s)}
    rows = []
    for name, record in recorded.items():
        build, load, run = [], [], []
        for _ in range(5 if WHOLE else 2):
            with tempfile.TemporaryDirectory() as folder:
                for times in (build, load):
                    start = time.perf_counter()
                    made = planned(s.program, tuple(sorted({*record.snapshots, *record.integrals})))
                    width = compiling.this_processor().width
                    modules = (opening_module(made, width, width), stage_module(made, width, width))
                    code = compiling.load_code(modules, compiling.this_processor(), Path(folder))
                    times.append(time.perf_counter() - start)
        ready = Kernel.of(made, layout(made, width), width, code)
        for _ in range(50):
            start = time.perf_counter()
            run_compiled(ready, s.grid, s.batch, record, s.method, 1)
            run.append(time.perf_counter() - start)
        lines = sum(len(chunk.lines) for chunk in (*made.stage.chunks, *made.opening.chunks))
        rows.append([name, str(lines), f"{statistics.median(build):.2f}", f"{statistics.median(load):.3f}",
                     f"{statistics.median(run) * 1e3:.1f}"])  # fmt: skip
    return table(["recorded", "lines", "compile, s", "load from cache, s", "one run, warm, ms"], rows)


def peaks() -> str:
    """Peak memory."""
    tasks = [
        ("imports and the model's batch", "model nothing", 1),
        ("1 member", "model whole", 1),
        ("10,000 members at once", "model whole", 10_000),
        *([("100,000 members at once", "model whole", 100_000)] if WHOLE else []),
        *([("100,000 members, 16,384 at a time", "model pieces", 100_000)] if WHOLE else []),
        ("small model, 1,000,000 members, 16,384 at a time", "small pieces", 1_000_000),
    ]
    return table(["task", "peak memory, MB"], [[text, f"{memory.peak(task, n):,.0f}"] for text, task, n in tasks])


FLAGS = " ".join(COMMON)
