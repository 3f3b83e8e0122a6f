"""`pujiang compare`: scenarios of runs, and points of sweeps, held against one of them."""

import argparse
import sys
from pathlib import Path

from pujiang.commands import model_of, say
from pujiang.errors import InputError
from pujiang.results.compare import files
from pujiang.results.compare.table import comparison_table
from pujiang.results.text_tables import terminal_width


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if not arguments.words:
        raise InputError("compare: needs runs (folders, ids, or latest), or scenarios of them as in latest:SCENARIO")
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        files.check_free(out)
    found = model_of(arguments).compare(*arguments.words, baseline=arguments.baseline, outcomes=arguments.outcome)
    if len(found.cases) < 2:
        run = arguments.words[0]
        raise InputError(f"compare: '{run}' holds nothing but {found.cases[0]}; name a second run or scenario")
    settings = {"year": arguments.year, "outcomes": arguments.outcome}
    sys.stdout.write(comparison_table(found, **settings, width=terminal_width(), terminal=sys.stdout.isatty()))
    if out is not None:
        files.write_comparison(found, out, comparison_table(found, **settings), arguments.year)
        say(f"Files: {out}")
    return 0
