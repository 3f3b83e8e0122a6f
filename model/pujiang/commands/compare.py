"""`pujiang compare`: scenarios of several runs, held against one of them."""

import argparse
import sys

from pujiang.errors import InputError
from pujiang.results.compare import compare
from pujiang.results.compare_table import comparison_table


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if not arguments.words:
        raise InputError("compare: needs runs: folders, ids, or latest")
    found = compare(*arguments.words, baseline=arguments.baseline)
    sys.stdout.write(comparison_table(found, terminal=sys.stdout.isatty()))
    return 0
