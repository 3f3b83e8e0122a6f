"""Does the cost of a sweep stay in proportion to its points, and simulation its largest part?

Whole processes of `pujiang sweep`, from the shell to the folder: what is simulated, labelled, counted into quantiles
and written into the Zarr store.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import subjects
from benchmarks.clock import interleaved
from benchmarks.commands import HERE, cost, shares
from benchmarks.sections import by_kernel, table

LIBRARY = HERE / "tests" / "library"
"""A project of ten variables: ten million points of it take minutes, of the shipped model hours."""
QUICK = (("shipped", (1_000, 10_000)), ("library", (1_000, 10_000, 100_000)))
WHOLE = (("shipped", (1_000, 10_000, 100_000)), ("library", (1_000, 10_000, 100_000, 1_000_000, 10_000_000)))
PARTS = ("simulation", "labels", "quantiles", "files")


def members(counts: Sequence[int]) -> str:
    """A row a number of members of the small model."""
    rows = []
    for count in counts:
        subject = subjects.small(count)
        taken = interleaved({"": lambda s=subject: by_kernel(s, 1)}, 3)[""].cpu_median
        rows.append([f"{count:,}", f"{taken * 1e3:,.1f}", f"{taken / count * 1e6:.2f}"])
    return table(["members", "ms", "µs a member"], rows)


def points(sizes: Sequence[tuple[str, Sequence[int]]]) -> str:
    """A row a number of points: processor time, its parts, and what a further point costs.

    Args:
        sizes: pairs of a name ("shipped" or "library") and numbers of points, from few to many.
    """
    rows = []
    for name, counts in sizes:
        before = 0, 0.0
        for count in counts:
            words = f"sweep design=lhs design.size={count} parameters=prior output.figures=false --yes"
            words = words if name == "shipped" else f"--project {LIBRARY} {words}"
            with tempfile.TemporaryDirectory() as folder:
                cost(words.replace(str(count), "64"), HERE, Path(folder))  # fills the caches
                taken = cost(words, HERE, Path(folder))
                parts = shares(words, HERE, Path(folder))
            further = (taken.processor - before[1]) / (count - before[0])
            rows.append(
                [f"{name}, {count:,}", f"{taken.processor:.1f}", f"{taken.wall:.1f}"]
                + [f"{parts.get(part, 0.0):.1f}" for part in PARTS]
                + [f"{1e6 * further:,.0f}" if before[0] else ""]
            )
            before = count, taken.processor
    head = ["model, points", "processor, s", "clock, s", *PARTS, "µs a further point"]
    return table(head, rows)
