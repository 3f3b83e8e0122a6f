"""`pujiang show RUN`: what a run holds, its table, its certificate, where its files are."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pujiang.commands import say
from pujiang.errors import InputError
from pujiang.results import run_folder


def main(arguments: argparse.Namespace) -> int:
    """Status 0, whatever the run's certificate says: the run was shown."""
    if len(arguments.words) > 1:
        raise InputError(f"show: found {len(arguments.words)} runs, shows one; to compare: pujiang compare")
    path = run_folder.find(arguments.words[0] if arguments.words else "latest", Path(arguments.folder))
    manifest = run_folder.read_manifest(path)
    if manifest.get("kind") == "calibration":
        _show_calibration(path, manifest)
        return 0
    if "annual.nc" not in manifest["files"]:
        say(f"{path.name}: {manifest.get('kind', 'no run of scenarios')}")
        if manifest.get("axes"):
            axes = manifest["axes"] if len(manifest["axes"]) < 8 else [f"{len(manifest['axes'])} inputs"]
            say(f"  over {', '.join(axes)}" + (f": {manifest['points']:,} points" if "points" in manifest else ""))
        # A Zarr store is one thing in many files.
        names = (name.partition(".zarr/")[0] + ".zarr" if ".zarr/" in name else name for name in manifest["files"])
        for name in sorted(set(names)):
            say(f"  {path / name}")
        return 0
    from pujiang.commands.run import NOTES
    from pujiang.results.table import run_table
    from pujiang.results.text_tables import terminal_width

    tree = run_folder.read(path, parts=("annual",))
    certificate = run_folder.read_certificate(path)
    note = NOTES.get(str(run_folder.read_config(path).get("ensemble", {}).get("kind")), "")
    shown = run_table(
        tree,
        certificate=certificate,
        run=path,
        ensemble_note=note,
        width=terminal_width(),
        terminal=sys.stdout.isatty(),
    )
    sys.stdout.write(shown)
    for name in sorted(name for name in manifest["files"] if "/" not in name):
        say(f"  {name}")
    figures = [name for name in manifest["files"] if name.startswith("figures/")]
    if figures:
        say(f"  figures/: {len(figures)}")
    return 0


def _show_calibration(path: Path, manifest: Mapping[str, Any]) -> None:
    from rich.console import Console

    from pujiang.results.calibration import fit_table, read_goodness

    run_folder.refuse_damaged(path, ["series.csv"])
    width = None if sys.stdout.isatty() else 110
    Console(markup=False, highlight=False, width=width).print(fit_table(read_goodness(path)))
    say(f"Cost {manifest.get('cost', float('nan')):.2f}; the search {_converged(manifest)}.")
    say(f"Files: {path}; use it: pujiang run fit={path}")


def _converged(manifest: Mapping[str, Any]) -> str:
    return "converged" if manifest.get("converged") else "did NOT converge"
