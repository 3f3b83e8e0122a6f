"""How far a long job is, on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on a terminal, for what takes longer than a second; elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("Blocks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    started, task = time.monotonic(), bar.add_task("", total=None)

    def report(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)
        if time.monotonic() - started > 1 and not bar.live.is_started:
            bar.start()

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


def _lines() -> Callable[[int, int], None]:
    """Progress as lines: after ten seconds, and each time that twice as long has passed."""
    started = time.monotonic()
    due = [started + 10]

    def report(done: int, of: int) -> None:
        now = time.monotonic()
        if now > due[0] and done < of:
            due[0] = now + (now - started)
            sys.stderr.write(f"{done:,} of {of:,} blocks done\n")

    return report
