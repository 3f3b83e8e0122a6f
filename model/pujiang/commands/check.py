"""`pujiang check`: is the model sound?"""

import argparse

from pujiang.api.checks import check_config
from pujiang.commands import model_of, refuse_others, say, say_whose, table

KEYS = ("evidence", "engine", "fit")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where a check is not passed. Runs every scenario and extreme condition."""
    model = model_of(arguments)
    changes = model.words(arguments.words)
    refuse_others(changes, "check", KEYS)
    config = model.compose({"scenario": list(model.options("scenario")), **changes})
    say_whose(model, config.evidence)
    found = check_config(model, config)
    rows = [(finding.name, "passed" if finding.passed else "FAILED", finding.line) for finding in found]
    table(("check", "", "found"), rows)
    failed = sum(not finding.passed for finding in found)
    say(f"{failed} of {len(found)} checks FAILED." if failed else f"All {len(found)} checks passed.")
    return 1 if failed else 0
