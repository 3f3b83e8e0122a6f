"""`pujiang run`: compose, run, write a run folder, print the outcomes."""

import argparse
import json
import shlex
import sys
from pathlib import Path
from time import perf_counter as clock

from pujiang.api.runs import finish, run_config
from pujiang.commands import model_of, say, say_whose, verdict, working
from pujiang.errors import InputError
from pujiang.results import run_folder

NOTES = {
    "posterior": "drawn from the posterior",
    "laplace": "approximate (normal around the fit)",
    "prior": "drawn from the priors alone",
}
"""What is said of an ensemble beside every probability read from it."""


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the run failed its certificate."""
    model = model_of(arguments)
    parent = None
    if arguments.source is None:
        config = model.compose(model.words(arguments.words, arguments.config_dir), arguments.config_dir)
    else:
        parent = run_folder.find(arguments.source, wanted=lambda record: "annual.nc" in record["files"])
        _refuse_unrepeatable(parent)
        config = model.configuration_of(parent, model.words(arguments.words, arguments.config_dir))
    if arguments.cfg is not None:
        sys.stdout.write(config.as_yaml())
        return 0
    start = clock()
    with run_folder.building(Path(config.output.folder)) as partial:
        names = ", ".join(scenario.name for scenario in config.scenarios)
        with working(f"Running {names}: {config.ensemble.size + 1:,} members"):
            tree = run_config(model, config)
        facts = {"argv": arguments.argv, "parent": None if parent is None else parent.name}
        runs = len(config.scenarios) * (config.ensemble.size + 1)
        log = [f"pujiang {shlex.join(arguments.argv)}", f"{runs} runs in {clock() - start:.1f} s"]
        path = finish(model, partial, tree, figures=config.output.figures, facts=facts, log_lines=log)
    certificate = json.loads(tree.attrs["certificate"])
    from pujiang.results.table import run_table
    from pujiang.results.text_tables import terminal_width

    note = NOTES[config.ensemble.kind]
    say_whose(model, config.evidence)
    shown = run_table(
        tree,
        certificate=certificate,
        run=path,
        ensemble_note=note,
        width=terminal_width(),
        terminal=sys.stdout.isatty(),
    )
    sys.stdout.write(shown)
    if config.ensemble.size and tree["annual"]["member"].values.size == 1:
        say("No ensemble: nothing in the model has a prior to draw from.")
    if parent is not None and not arguments.words:
        say(verdict(parent, path))
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
