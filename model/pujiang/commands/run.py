"""`pujiang run`: compose, run, write a run folder, print the outcomes."""

import argparse
import json
import shlex
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter as clock
from typing import Any

from pujiang.api import evidence_of, finish, parameter_bounds, run_config
from pujiang.commands import say, say_whose
from pujiang.configuration import compose, parse, read
from pujiang.errors import InputError
from pujiang.experiment.model import load_model
from pujiang.experiment.scenario import RunConfig
from pujiang.results import run_folder

NOTES = {"laplace": "approximate (normal around the fit)", "prior": "drawn from the priors alone"}
"""What is said of an ensemble beside every probability read from it."""


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the run failed its certificate."""
    system = load_model()
    known: dict[str, Any] = {"levers": system.levers, "parameters": parameter_bounds(system)}
    parent = None
    if arguments.source is None:
        config = compose(parse(arguments.words), config_dir=arguments.config_dir, **known)
    else:
        if arguments.words:
            raise InputError(f"'{arguments.words[0]}': --from repeats a run as it was, and takes no settings")
        parent = run_folder.find(arguments.source)
        _refuse_unrepeatable(parent)
        config = read(parent, **known)
    if arguments.cfg is not None:
        sys.stdout.write(config.as_yaml())
        return 0
    start = clock()
    with run_folder.building(Path(config.output.folder)) as partial:
        with _working(config):
            tree = run_config(config, system)
        facts = {"argv": arguments.argv, "parent": None if parent is None else parent.name}
        runs = len(config.scenarios) * (config.ensemble.size + 1)
        log = [f"pujiang {shlex.join(arguments.argv)}", f"{runs} runs in {clock() - start:.1f} s"]
        path = finish(partial, tree, figures=config.output.figures, facts=facts, log_lines=log)
    certificate = json.loads(tree.attrs["certificate"])
    from pujiang.results.table import run_table
    from pujiang.results.text_tables import terminal_width

    note = NOTES[config.ensemble.kind]
    say_whose(evidence_of(config.evidence))
    shown = run_table(
        tree,
        certificate=certificate,
        run=path,
        ensemble_note=note,
        width=terminal_width(),
        terminal=sys.stdout.isatty(),
    )
    sys.stdout.write(shown)
    if parent is not None:
        different = ", ".join(run_folder.identical(parent, path))
        say(f"Differs from {parent.name} in {different}." if different else f"Identical to {parent.name}.")
    return 0 if certificate["passed"] else 1


def _refuse_unrepeatable(parent: Path) -> None:
    """What was changed since, or is of another kind, cannot be repeated."""
    manifest = run_folder.read_manifest(parent)
    kind = manifest.get("kind")
    if kind == "sweep":
        raise InputError(f"--from: '{parent}' is a sweep; repeat it with 'pujiang sweep --from'")
    if "annual.nc" not in manifest["files"]:
        raise InputError(f"--from: '{parent}' holds no scenarios to repeat: it is {kind or 'a run of another kind'}")
    run_folder.refuse_damaged(parent, ["config.yaml"])


def _working(config: RunConfig) -> AbstractContextManager[Any]:
    """A sign of life on the terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    what = ", ".join(scenario.name for scenario in config.scenarios)
    return Console(stderr=True).status(f"Running {what}: {config.ensemble.size + 1:,} members")
