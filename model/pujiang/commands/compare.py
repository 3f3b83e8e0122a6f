"""`pujiang compare`: scenarios of runs, and points of sweeps, held against one of them."""

import argparse
import sys
from pathlib import Path

from pujiang.commands import model_of, say
from pujiang.errors import InputError
from pujiang.results import run_folder
from pujiang.results.compare import files
from pujiang.results.compare.table import comparison_table
from pujiang.results.text_tables import terminal_width


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    runs: list[str] = [*arguments.words]
    outcomes: list[str] = []
    for word in arguments.outcome or ():  # the option takes what follows it: a run after it is still a run
        (runs if _is_run(word) else outcomes).append(word)
    if not runs:
        raise InputError("compare: needs runs (folders, ids, or latest), or scenarios of them as in latest:SCENARIO")
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        files.check_free(out)
    found = model_of(arguments).compare(*runs, baseline=arguments.baseline, outcomes=outcomes or None)
    if len(found.cases) < 2:
        run = runs[0]
        raise InputError(f"compare: '{run}' holds nothing but {found.cases[0]}; name a second run or scenario")
    settings = {"year": arguments.year, "outcomes": outcomes or None}
    sys.stdout.write(comparison_table(found, **settings, width=terminal_width(), terminal=sys.stdout.isatty()))
    if out is not None:
        files.write_comparison(found, out, comparison_table(found, **settings), arguments.year)
        say(f"Files: {out}")
    return 0


def _is_run(word: str) -> bool:
    """Whether a word names a run, with or without a part of it."""
    for name in (word, word.rpartition(":")[0]):
        try:
            run_folder.find(name)
        except InputError:
            continue
        return name != ""
    return False
