"""Measure everything and write docs/benchmarks.md: `python -m benchmarks` (some ten minutes)."""

import sys
import tempfile
from pathlib import Path

from benchmarks import machine, sections, subjects
from benchmarks.specialist_c import STRICT
from pujiang.engine import kernel

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Run every section; print each as soon as it is there, and write the page at the end."""
    reason = kernel.unavailable()
    if reason is not None:
        sys.exit(f"the compiled engine cannot be had here: {reason}")
    page: list[str] = []

    def say(text: str) -> None:
        print(text, "\n", flush=True)
        page.append(text)

    say("# Measurements\n\nWritten by `make bench`, all in one run on one machine. Contestants take turns: "
        f"{sections.ROUNDS} rounds unless said otherwise, times are medians; processor time is user and system "
        "time of all threads. A ratio is the median of the rounds' ratios.")  # fmt: skip
    say("\n".join(f"- {what}: {which}" for what, which in machine.facts()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        s = subjects.model(1_024)
        program, size = s.program, len(s.program.main)
        variants = sections.all_c(s, folder) if machine.gcc() else {}
        report, best = sections.against_c(s, variants)
        say(f"## The model, against C\n\nAnnual outcomes of {s.batch.runs:,} members, {len(program.states)} states, "
            f"{size:,} lines, {s.grid.steps} steps of Runge-Kutta order four. The C is generated from the same "
            "program with the same work taken out of the loop, and written as loops over a block of members that "
            f"gcc turns into vector code (`{sections.FLAGS}`; unless said otherwise also `{' '.join(STRICT)}`). It "
            "leaves out what the kernel guards: numbers that are none, negative bases, overflow.\n\n"
            + report)  # fmt: skip
        say(
            "## Threads\n\n2,048 members. The last column says how much of the machine a contestant got: a gain "
            "means something only where it is near the number of threads.\n\n"
            + sections.threads(subjects.model(2_048), variants.get(best))
        )
        small = folder / "small"
        small.mkdir()
        small_variants = sections.all_c(subjects.small(8), small) if machine.gcc() else {}
        say("## Other simulators\n\nThe small model (`benchmarks/small_model.xmile`: 8 stocks, a table, four "
            "transcendental functions), outcomes once a year. pysimlin and PySD run one member at a time, for "
            "fewer members; times are processor time per member.\n\n"
            + sections.small_model(small_variants))  # fmt: skip
        say(
            "## Members\n\nWall-clock time of the model; 9, 15, 9, 5, 3 and 1 rounds.\n\n"
            + sections.members(variants.get(best))
        )
    say("## Steps\n\n" + sections.steps())
    say("## Compiling\n\nMedians of 5 builds and 50 runs.\n\n" + sections.building())
    say("## Memory\n\n" + sections.peaks())
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
