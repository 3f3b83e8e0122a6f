"""`pujiang report`: one HTML file on a run or several, to read, print and hand on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from pujiang.api import evidence_of
from pujiang.commands import say
from pujiang.errors import InputError, ModelError
from pujiang.experiment.model import load_model
from pujiang.results import run_folder
from pujiang.results.report import report, write_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.evidence import Evidence

FOLDER = Path("reports")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, whatever the certificates say: the report says it too."""
    trees = [run_folder.open(word, Path(arguments.folder)) for word in arguments.words or ["latest"]]
    path = FOLDER / _file_name(trees) if arguments.out is None else Path(arguments.out)
    text = report(
        trees,
        [_evidence(tree) for tree in trees],
        _levers(),
        title=arguments.title,
        question=arguments.question,
        language=arguments.lang or _setting(trees[0], "output", "lang") or "en",
    )
    changed = write_report(text, path, force=arguments.force)
    say(f"Report: {path}" if changed else f"Report: {path} (unchanged)")
    return 0


def _file_name(trees: "list[xr.DataTree]") -> str:
    names = [Path(str(tree.attrs["run"])).name for tree in trees]
    return f"{'_'.join(names)}.html" if len(names) < 4 else f"{names[0]}_and_{len(names) - 1}_more.html"


def _levers() -> "Mapping[str, Lever]":
    """The levers of the model; none where somebody is at work on it: runs are read all the same."""
    try:
        return load_model().levers
    except ModelError:
        return {}


def _evidence(tree: "xr.DataTree") -> "Evidence | None":
    """The evidence a run was made with, as it is now; None where its folder is gone or faulty."""
    try:
        return evidence_of(_setting(tree, "evidence") or "shipped")
    except InputError:
        return None


def _setting(tree: "xr.DataTree", *keys: str) -> str:
    """A setting of a run's configuration; empty where it has none."""
    found = yaml.safe_load(str(tree.attrs["config"]))
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return str(found or "")
