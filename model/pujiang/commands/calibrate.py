"""`pujiang calibrate`: fit the model and draw from its posterior; with --ship, renew what is shipped."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from pujiang.api.calibrations import FittedModel, Progress, calibrate_config
from pujiang.api.clusters import workers_of
from pujiang.api.loaded import Loaded
from pujiang.commands import model_of, refuse_others, say, say_whose, source_checkout
from pujiang.commands.resumable import building, unfinished
from pujiang.configuration.cluster_words import cluster_words
from pujiang.errors import InputError
from pujiang.experiment.fit_files import save
from pujiang.experiment.goodness import goodness
from pujiang.experiment.sampling import SHIPPED
from pujiang.results import unfinished_calibration
from pujiang.results.calibration import fit_table

KEYS = (
    "evidence", "engine", "fit", "ensemble.seed", "simulation.dt", "simulation.method", "output.folder",
)  # fmt: skip

UNLIKELY = 0.025
"""The probability of a series' misfit below which it is named."""


def main(arguments: argparse.Namespace) -> int:
    """Status 0; 1 where the search did not converge or the chains did not mix (nothing is shipped then)."""
    from rich.console import Console

    model = model_of(arguments)
    resume = unfinished(arguments.resume, "calibration", unfinished_calibration.can_be_resumed)
    asked = arguments.profile or ()
    # Settings may follow the names.
    cluster, words = cluster_words([*arguments.words, *(word for word in asked if "=" in word)])
    profiles = [word for word in asked if "=" not in word]
    changes = model.words(words)
    refuse_others(changes, "calibrate", KEYS)
    if resume is not None and changes:
        raise InputError(f"'{words[0]}': --resume takes a calibration as it is, and no settings")
    target = model.shipped_fit if arguments.ship else None
    if target is not None:
        source_checkout(model, "the shipped fit", "; fit=FOLDER uses a fit")
    config = model.compose({"fit": "declared", **changes}) if resume is None else model.configuration_of(resume)
    folder = Path(config.output.folder)
    with (
        workers_of(cluster) as client,
        building(folder, resume, "calibrate", unfinished_calibration.can_be_resumed) as partial,
    ):
        found = calibrate_config(model, config, _progress(), partial, profiles, client)
        path = found.finish(partial, {"argv": arguments.argv})
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    say_whose(model, config.evidence)
    width = None if sys.stdout.isatty() else 110
    Console(markup=False, highlight=False, width=width).print(fit_table(goodness(found.comparisons)))
    _report(found, model)
    say(f"Files: {path}; use it: pujiang run fit={path}")
    if not found.converged:
        say("The search did NOT converge; start another from here: pujiang calibrate fit=" + str(path))
    if not found.posterior.mixing.converged:
        say("The chains did NOT mix: do not use these draws; ensemble.kind=laplace draws around the fit.")
    if not found.settled:
        return 1
    if target is not None:
        target.parent.mkdir(exist_ok=True)
        save(found.posterior.given_to(replace(found.fit, draws={}), SHIPPED), target.parent, target.stem)
        say(f"Shipped: {target}")
    return 0


def _report(found: FittedModel, model: Loaded) -> None:
    say(f"Cost {found.cost:.2f} after {found.iterations} iterations.")
    for name in found.at_bounds:
        low, high = model.system.parameters[name.partition(".")[0]].bounds or (0.0, 0.0)
        say(f"{name} ended at a bound: {found.fit.values[name]:.6g}, allowed from {low:g} to {high:g}")
    drawn, mixed = found.posterior, found.posterior.mixing
    count = next(iter(drawn.chains.values())).size
    say(
        f"{count:,} draws of the posterior: R-hat at most {mixed.largest_rhat:.4f}, {mixed.fewest_draws:.0f} effective "
        f"draws at least, over {len(mixed.rhat)} parameters and outcomes (diagnostics.csv)."
    )
    say(
        f"The map they are drawn by: effective share {drawn.effective_share:.2f}, Pareto k {drawn.pareto_k:.2f} "
        "(under .7: to be relied upon)."
    )
    badly = [check for check in found.checks if check.kind == "posterior" and check.tail < UNLIKELY]
    if badly:
        named = ", ".join(f"{check.series} ({check.tail:.3f})" for check in badly)
        say(f"Series that the posterior hardly makes, with the probability of as large a misfit: {named}")


def _progress() -> Progress:
    """Tells how far it is, on a terminal, with the time left where it is known."""
    began = {"": 0.0}

    def tell(what: str, done: int, of: int) -> None:
        if not sys.stderr.isatty():
            return
        since = time.monotonic() - began.setdefault(what.partition(",")[0], time.monotonic())
        many = f"{done} of {of}, {since * (of - done) / max(done, 1):.0f} s left" if of else f"iteration {done}"
        sys.stderr.write(f"\r\033[K{what}: {many}")
        sys.stderr.flush()

    return tell
