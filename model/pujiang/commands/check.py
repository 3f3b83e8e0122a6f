"""`pujiang check`: is the model sound?"""

import argparse

from pujiang.api import evidence_of, fit_of, parameter_bounds
from pujiang.commands import say, say_whose, table
from pujiang.configuration import compose, options, parse
from pujiang.errors import InputError, nearest
from pujiang.experiment.check import check
from pujiang.experiment.model import load_model
from pujiang.shanghai.extremes import EXTREMES

KEYS = ("evidence", "engine", "fit")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where a check is not passed. Runs every scenario and extreme condition."""
    changes = parse(arguments.words)
    for key in changes:
        if key not in KEYS:
            raise InputError(f"{key}: not a setting of check; allowed: {', '.join(KEYS)}{nearest(key, KEYS)}")
    model = load_model()
    every = {"scenario": list(options("scenario")), **changes}
    config = compose(every, levers=model.levers, parameters=parameter_bounds(model))
    fit = fit_of(config.fit, model)
    evidence = evidence_of(config.evidence)
    say_whose(evidence)
    found = check(model, evidence, fit, config.scenarios, EXTREMES, config.engine)
    rows = [(finding.name, "passed" if finding.passed else "FAILED", finding.line) for finding in found]
    table(("check", "", "found"), rows)
    failed = sum(not finding.passed for finding in found)
    say(f"{failed} of {len(found)} checks FAILED." if failed else f"All {len(found)} checks passed.")
    return 1 if failed else 0
