"""Measure and write docs/benchmarks.md: `python -m benchmarks` (three rounds, a quarter of an hour; `--whole`: nine,
all sizes), or only the sections named; `--before CHECKOUT` times its commands in turn with ours.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import commands, machine, scaling, sections, subjects
from benchmarks.specialist_c import STRICT
from pujiang.engine import kernel
from pujiang.engine.kernel.runs import Kernel

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = (
    "# Measurements\n\nWritten by `make bench`, on one machine. Contestants take turns: three rounds, or nine with "
    "`--whole`, times are medians; processor time is user and system time of all threads. A ratio is "
    "the median of the rounds' ratios. Where other work has the machine, processor time grows too, up to threefold "
    "where cores share their units; ratios hold. No processor with AVX-512, and none of ARM's, was at hand: these are "
    "not measured."
)


@dataclass
class Bench:
    """The sections; what several of them need is made once."""

    folder: Path
    before: Path | None = None
    _compiled: dict[str, dict[str, Kernel]] = field(default_factory=dict)

    def _c(self, name: str, subject: subjects.Subject) -> dict[str, Kernel]:
        if machine.gcc() and name not in self._compiled:
            (self.folder / name).mkdir()
            self._compiled[name] = sections.all_c(subject, self.folder / name)
        return self._compiled.get(name, {})

    def _first_c(self) -> Kernel | None:
        return next(iter(self._c("model", subjects.model(8)).values()), None)

    def against_c(self) -> str:
        """Kernel, C and NumPy."""
        s = subjects.model(1_024)
        return (
            f"Annual outcomes of {s.batch.runs:,} members, {len(s.program.states)} states, {len(s.program.main):,} "
            f"lines, {s.grid.steps} steps of Runge-Kutta order four. The C is generated from the same program with "
            "the same work taken out of the loop, and written as loops over a block of members that gcc turns into "
            f"vector code (`{sections.FLAGS}`; unless said otherwise also `{' '.join(STRICT)}`). It leaves out what "
            "the kernel guards: numbers that are none, negative bases, overflow."
            f"{'' if sections.WHOLE else ' More ways to write and compile it: `--whole`.'}\n\n"
            + sections.against_c(s, self._c("model", s))
        )

    def threads(self) -> str:
        """What threads gain."""
        return (
            "2,048 members. The last column says how much of the machine a contestant got: a gain means something "
            "only where it is near the number of threads.\n\n"
            + sections.threads(subjects.model(2_048), self._first_c())
        )

    def simulators(self) -> str:
        """Other simulators."""
        return (
            "The small model (`benchmarks/small_model.xmile`: 8 stocks, a table, five powers, exponentials and "
            "logarithms), outcomes once a year. pysimlin and PySD run one member at a time, for fewer members, and "
            "have one thread; times are processor time per member, the last ratio but one is of the clock.\n\n"
            + sections.small_model(self._c("small", subjects.small(8)))
        )

    def members(self) -> str:
        """By number of members."""
        return "Wall-clock and processor time.\n\n" + sections.members(self._first_c())

    def scenarios(self) -> str:
        """By number of scenarios."""
        return "Scenarios side by side, 10 members each, every one a course of its own.\n\n" + sections.scenarios()

    def many(self) -> str:
        """Members of the small model, and points of sweeps."""
        return (
            "Members of the small model, one thread; then whole processes of `pujiang sweep`, from the shell to the "
            "folder: the shipped model, and the library of `tests/library` (ten variables)."
            f"{'' if sections.WHOLE else ' Larger sizes: `--whole`.'}\n\n"
            + scaling.members((10**2, 10**3, 10**4, 10**5, 10**6))
            + "\n\n"
            + scaling.points(scaling.WHOLE if sections.WHOLE else scaling.QUICK)
        )

    def commands(self) -> str:
        """From the shell."""
        which, others = "", []
        if self.before is not None:
            others = [self.before]
            which = f" Here `before` is commit {_commit(self.before)}, whose runs and reports may hold less."
        return (
            "Processor time of whole processes, caches filled; `python -m benchmarks commands --before CHECKOUT` holds "
            f"another version against this one, in turns.{which} The parts are seconds of one call.\n\n"
            + commands.measured([commands.HERE, *others], sections.rounds())
        )

    def steps(self) -> str:
        """By step."""
        return sections.steps()

    def compiling(self) -> str:
        """Build and load."""
        return "Medians of some builds and 50 runs.\n\n" + sections.building()

    def memory(self) -> str:
        """Peaks."""
        return "Each task in a process of its own.\n\n" + sections.peaks()


TITLES: dict[str, tuple[str, Callable[[Bench], str]]] = {
    "c": ("The model, against C", Bench.against_c),
    "threads": ("Threads", Bench.threads),
    "simulators": ("Other simulators", Bench.simulators),
    "members": ("Members", Bench.members),
    "scenarios": ("Scenarios", Bench.scenarios),
    "many": ("Many members and points", Bench.many),
    "commands": ("Commands", Bench.commands),
    "steps": ("Steps", Bench.steps),
    "compiling": ("Compiling", Bench.compiling),
    "memory": ("Memory", Bench.memory),
}


def _commit(checkout: Path) -> str:
    words = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Measure some sections (all, if none is named), print them, and put them into the page."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure and write docs/benchmarks.md.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"by default all: {', '.join(TITLES)}")
    parser.add_argument("--whole", action="store_true", help="every size, nine rounds")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="another version, whose commands are timed too")
    given = parser.parse_args()
    sections.WHOLE = given.whole
    unknown = [name for name in given.sections if name not in TITLES]
    if unknown:
        sys.exit(f"there is no section '{unknown[0]}'; allowed: {', '.join(TITLES)}")
    reason = kernel.unavailable()
    if reason is not None:
        sys.exit(f"the compiled engine cannot be had here: {reason}")
    page = _written()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), given.before and given.before.resolve())
        for key in given.sections or TITLES:
            title, measure = TITLES[key]
            cpu, wall = time.process_time(), time.perf_counter()
            print(f"{title} ...", file=sys.stderr, flush=True)
            page[title] = measure(bench)
            taken = f"{time.process_time() - cpu:.0f} s of the processor, {time.perf_counter() - wall:.0f} of the clock"
            print(f"{title}: {taken}", file=sys.stderr, flush=True)
            print(f"## {title}\n\n{page[title]}\n", flush=True)
    facts = "\n".join(f"- {what}: {which}" for what, which in machine.facts())
    body = [f"## {title}\n\n{page[title]}" for title, _ in TITLES.values() if title in page]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n\n".join([HEAD, facts, *body]) + "\n", encoding="utf-8")


def _written() -> dict[str, str]:
    """The sections of the page as it stands, by title."""
    if not PAGE.is_file():
        return {}
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    return {title: body.strip() for title, _, body in (part.partition("\n") for part in parts)}


if __name__ == "__main__":
    main()
