"""`pujiang calibrate`: fit the model, leave a run folder, and, with --ship, renew the shipped fit."""

import argparse
import sys
from pathlib import Path

from pujiang.api.calibrations import calibrate_config
from pujiang.api.loaded import Loaded
from pujiang.commands import model_of, refuse_others, say, say_whose
from pujiang.errors import InputError
from pujiang.experiment.fit import save
from pujiang.experiment.goodness import goodness
from pujiang.results import run_folder
from pujiang.results.calibration import fit_table

KEYS = ("evidence", "engine", "fit", "simulation.dt", "simulation.method", "output.folder")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the search did not converge (nothing is shipped then)."""
    from rich.console import Console

    model = model_of(arguments)
    changes = model.words(arguments.words)
    refuse_others(changes, "calibrate", KEYS)
    target = _shipping(model) if arguments.ship else None
    config = model.compose({"fit": "declared", **changes})
    with run_folder.building(Path(config.output.folder)) as partial:
        found = calibrate_config(model, config, _progress)
        path = found.finish(partial, {"argv": arguments.argv})
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    say_whose(model, config.evidence)
    width = None if sys.stdout.isatty() else 110
    Console(markup=False, highlight=False, width=width).print(fit_table(goodness(found.comparisons)))
    say(f"Cost {found.cost:.2f} after {found.iterations} iterations.")
    for name in found.at_bounds:
        low, high = model.system.parameters[name.partition(".")[0]].bounds or (0.0, 0.0)
        say(f"{name} ended at a bound: {found.fit.values[name]:.6g}, allowed from {low:g} to {high:g}")
    say(f"Files: {path}; use it: pujiang run fit={path}")
    if not found.converged:
        say("The search did NOT converge; start another from here: pujiang calibrate fit=" + str(path))
        return 1
    if target is not None:
        target.parent.mkdir(exist_ok=True)
        save(found.fit, target.parent, target.stem)
        say(f"Shipped: {target}")
    return 0


def _shipping(model: Loaded) -> Path:
    """The file of the shipped fit, where it may be written: an installed package never writes into itself."""
    file = model.shipped_fit
    if not (file.parents[2] / "pyproject.toml").is_file():
        raise InputError("--ship: renews the shipped fit, which only a source checkout can; fit=FOLDER uses a fit")
    return file


def _progress(iteration: int, cost: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\riteration {iteration}: cost {cost:.2f}   ")
        sys.stderr.flush()
