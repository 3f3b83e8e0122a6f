"""`pujiang check`: is the model sound?"""

import argparse
import sys
import time

from pujiang.api.checks import check_config, check_posterior
from pujiang.api.loaded import Loaded
from pujiang.commands import model_of, refuse_others, say, say_whose, table
from pujiang.experiment.simulation_based import COVERED
from pujiang.values import whole

KEYS = ("evidence", "engine", "fit")
POSTERIOR_KEYS = ("evidence", "engine", "ensemble.seed", "output.folder")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where a check is not passed. Runs every scenario and extreme condition."""
    model = model_of(arguments)
    if arguments.posterior:
        return _posterior(model, arguments)
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


def _posterior(model: Loaded, arguments: argparse.Namespace) -> int:
    """Whether fits of simulated data find what made them; interrupted, it says what it found so far."""
    changes = model.words(arguments.words)
    refuse_others(changes, "check --posterior", POSTERIOR_KEYS)
    config = model.compose({"fit": "declared", **changes})
    given = arguments.worlds
    worlds = whole(int(given) if given.isdecimal() else given, "--worlds", 2, 10_000)
    say(f"{worlds} worlds drawn from the priors, their data simulated and fitted: about a minute each.")
    sys.stdout.flush()
    began = time.monotonic()

    def tell(what: str, done: int) -> None:
        left = f", {(time.monotonic() - began) / done * (worlds - done) / 60:.0f} min left" if done else ""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K[{done} of {worlds}{left}] {what}")
            sys.stderr.flush()
        elif what == "done":
            sys.stderr.write(f"{done} of {worlds} worlds done{left}\n")

    found = check_posterior(model, config, worlds, tell)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    path = found.save(config.output.folder)
    rows = [
        (
            each.group,
            str(each.count),
            f"{each.coverage:.1%} ± {each.coverage_error:.1%}",
            f"{each.mean:.2f} ± {each.mean_error:.2f}",
        )
        for each in found.groups
    ]
    table(("truths", "n", "in the 90 % interval", "mean rank"), rows)
    failed = [each.group for each in found.groups if not each.passed]
    unconverged = sum(not each.converged for each in found.replicas)
    say(
        f"{len(found.replicas)} worlds, {unconverged} of them not converged, {len(found.failures)} not fitted; the "
        f"interval must hold {COVERED[0]:.0%} to {COVERED[1]:.0%}: "
        f"{', '.join(failed) + ' FAILED' if failed else 'passed'}."
    )
    for line in found.failures:
        say(line)
    say(f"Files: {path}")
    return 1 if failed else 0
