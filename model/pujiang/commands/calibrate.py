"""`pujiang calibrate`: fit the model, leave a run folder, and, with --ship, renew the shipped fit."""

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import Any

from pujiang.api import calibrate, evidence_of, shipped_fit
from pujiang.commands import say, table
from pujiang.configuration import compose, parse, shipped_folder
from pujiang.errors import InputError, nearest
from pujiang.experiment import fit as fits
from pujiang.experiment.calibrate import Calibration
from pujiang.experiment.goodness import goodness
from pujiang.experiment.model import load_model
from pujiang.results import run_folder

KEYS = ("evidence", "engine", "fit", "simulation.dt", "simulation.method", "output.folder")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the search did not converge (nothing is shipped then)."""
    changes = parse(arguments.words)
    for key in changes:
        if key not in KEYS:
            raise InputError(
                f"{key}: not a setting of calibrate; allowed: {', '.join(KEYS)}{nearest(key, KEYS)}"
            )
    target = _shipping() if arguments.ship else None
    system = load_model()
    config = compose({"fit": "declared", **changes}, levers=system.levers, parameters={})
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
        fits.save(found.fit, partial)
        _write(partial / "config.yaml", config.as_yaml())
        _write(partial / "comparisons.csv", _comparisons(found))
        facts: dict[str, Any] = {
            "kind": "calibration",
            "argv": arguments.argv,
            "model_hash": system.hash,
            "data_hash": evidence_of(config.evidence).sha256,
            "converged": found.converged,
            "cost": found.cost,
        }
        path = run_folder.finish(partial, facts)
    _report(found)
    say(f"Files: {path}; use it: pujiang run fit={path}")
    if not found.converged:
        say(f"The search did not converge in {found.iterations} iterations.")
        return 1
    if target is not None:
        target.parent.mkdir(exist_ok=True)
        fits.save(found.fit, target.parent, target.stem)
        say(f"Shipped: {target}")
    return 0


def _shipping() -> Path:
    """The file of the shipped fit, where it may be written: an installed package never writes into itself."""
    target = shipped_fit()
    if not (shipped_folder().parent / "pyproject.toml").is_file():
        raise InputError(
            "--ship: the shipped fit is part of the source; it can be renewed in a source checkout alone"
        )
    return target


def _progress(iteration: int, cost: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\riteration {iteration}: cost {cost:.2f}   ")
        sys.stderr.flush()


def _comparisons(found: Calibration) -> str:
    """Every observation beside the model's value, with the error in units of its sd."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("series", "outcome", "year", "role", "observed", "modelled", "error_in_sd"))
    for c in found.comparisons:
        o = c.observation
        writer.writerow(
            (o.series, o.outcome, o.year, o.role, f"{o.value:.6g}", f"{c.modelled:.6g}", f"{c.error:.3f}")
        )
    return text.getvalue()


def _report(found: Calibration) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    say(f"Cost {found.cost:.2f} after {found.iterations} iterations.")
    columns = ("series", "role", "n", "error", "R²", "worst, sd")
    rows = [
        (g.series, g.role, str(g.count), f"{g.rmspe:.1%}", f"{g.r_squared:.2f}", f"{g.worst:+.1f}")
        for g in goodness(found.comparisons)
    ]
    table(columns, rows)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
