"""`pujiang calibrate`: fit the model, leave a run folder, and, with --ship, renew the shipped fit."""

import argparse
import sys
from pathlib import Path
from typing import Any

from pujiang.api import calibrate, evidence_of, shipped_fit
from pujiang.commands import say, say_whose
from pujiang.configuration import compose, parse, shipped_folder
from pujiang.errors import InputError, nearest
from pujiang.experiment.fit import save
from pujiang.experiment.goodness import goodness
from pujiang.experiment.model import load_model
from pujiang.results import run_folder
from pujiang.results.calibration import fit_table, write_calibration

KEYS = ("evidence", "engine", "fit", "simulation.dt", "simulation.method", "output.folder")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the search did not converge (nothing is shipped then)."""
    from rich.console import Console

    changes = parse(arguments.words)
    for key in changes:
        if key not in KEYS:
            raise InputError(f"{key}: not a setting of calibrate; allowed: {', '.join(KEYS)}{nearest(key, KEYS)}")
    target = _shipping() if arguments.ship else None
    system = load_model()
    config = compose({"fit": "declared", **changes}, levers=system.levers, parameters={})
    evidence = evidence_of(config.evidence)
    with run_folder.building(Path(config.output.folder)) as partial:
        found = calibrate(
            evidence=config.evidence,
            start=config.fit,
            engine=config.engine,
            dt=config.simulation.dt,
            method=config.simulation.method,
            system=system,
            progress=_progress,
        )
        write_calibration(partial, found, system)
        (partial / "config.yaml").write_text(config.as_yaml(), encoding="utf-8", newline="\n")
        facts: dict[str, Any] = {
            "kind": "calibration",
            "argv": arguments.argv,
            "model_hash": system.hash,
            "data_hash": evidence.sha256,
            "converged": found.converged,
            "cost": found.cost,
        }
        path = run_folder.finish(partial, facts)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    say_whose(evidence)
    width = None if sys.stdout.isatty() else 110
    Console(markup=False, highlight=False, width=width).print(fit_table(goodness(found.comparisons)))
    say(f"Cost {found.cost:.2f} after {found.iterations} iterations.")
    for name in found.at_bounds:
        low, high = system.parameters[name.partition(".")[0]].bounds or (0.0, 0.0)
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


def _shipping() -> Path:
    """The file of the shipped fit, where it may be written: an installed package never writes into itself."""
    if not (shipped_folder().parent / "pyproject.toml").is_file():
        raise InputError("--ship: renews the shipped fit, which only a source checkout can; fit=FOLDER uses a fit")
    return shipped_fit()


def _progress(iteration: int, cost: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\riteration {iteration}: cost {cost:.2f}   ")
        sys.stderr.flush()
