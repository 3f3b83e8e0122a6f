"""`pujiang sensitivity`: which inputs move which outcomes; of a sweep, a run, or settings alone."""

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from pujiang.api import parameter_bounds
from pujiang.commands import say, table
from pujiang.configuration.sweep_axes import everything
from pujiang.configuration.sweep_plan import plan
from pujiang.configuration.sweep_words import parse_sweep
from pujiang.configuration.values import choice, whole
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.model import load_model
from pujiang.experiment.screening import METHODS
from pujiang.results import run_folder
from pujiang.results.outcomes import shown_as
from pujiang.studies import Sensitivity, plan_for, save_sensitivity, sensitivity_of

SIZES = {"morris.size": 20, "sobol.size": 1024, "sobol.inputs": 24, "seed": 2026}
KEYS = ("methods", *SIZES)


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    runs = [word for word in arguments.words if "=" not in word]
    words = [word for word in arguments.words if "=" in word]
    if len(runs) > 1:
        raise InputError(f"sensitivity: found {len(runs)} runs, takes one")
    own = [word for word in words if word.partition("=")[0] in KEYS]
    rest = [word for word in words if word not in own]
    methods, sizes = _own(own)
    system = load_model()
    folder = None
    if runs:
        folder = run_folder.find(runs[0])
        run_folder.refuse_damaged(folder, ["config.yaml"])
        keys = {word.partition("=")[0]: word.partition("=")[2] for word in rest}
        other = next((key for key in keys if key not in ("scenario", "output.folder")), None)
        if other is not None:
            raise InputError(
                f"{other}: a run has its own settings; beside it allowed: scenario, output.folder, {', '.join(KEYS)}"
            )
        made = plan_for(folder, keys.get("scenario"), system)
        place = Path(keys.get("output.folder", folder.parent))
    else:
        asked = parse_sweep([*rest, "design=saltelli"])
        if not asked.axes:
            asked = type(asked)(asked.settings, asked.choices, everything(system), asked.own)
        made = plan(asked, system, parameter_bounds(system), arguments.config_dir)
        if len(made.cases) > 1:
            raise InputError(f"sensitivity: found {len(made.cases)} cases side by side, takes one scenario")
        place = Path(made.reference.output.folder)
    with _working(len(made.axes)):
        found = sensitivity_of(made, system, folder, methods=methods, **sizes)
    facts = {"argv": arguments.argv, "parent": None if folder is None else folder.name, "seed": sizes["seed"]}
    path = save_sensitivity(found, place, system, facts=facts)
    _report(found, system)
    say(f"Files: {path}")
    return 0


def _working(inputs: int) -> AbstractContextManager[Any]:
    """A sign of life on the terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"Varying {inputs} inputs")


def _own(words: list[str]) -> tuple[tuple[str, ...], dict[str, int]]:
    methods: tuple[str, ...] = METHODS
    sizes = dict(SIZES)
    for word in words:
        key, _, value = word.partition("=")
        if key == "methods":
            names = value.strip("[]").split(",")
            methods = tuple(choice(name.strip(), "methods", METHODS) for name in names)
            continue
        try:
            number: Any = int(value)
        except ValueError:
            number = value
        sizes[key] = whole(number, key, 0 if key == "seed" else 2, 2**32 - 1)
    return methods, {key.replace(".", "_"): value for key, value in sizes.items()}


def _report(found: Sensitivity, system: System) -> None:
    """The foremost inputs of each main outcome in the last year, by the best method there is."""
    made, column, what = next(
        (made, column, what)
        for made, column, what in (
            (found.sobol, "total", "total Sobol' index"),
            (found.morris, "mu_star", "Morris effect"),
            (found.tornado, "reach", "change, one at a time"),
        )
        if made is not None
    )
    if column == "reach":
        ends = [(made[end] - made["base"]).abs() for end in ("at_low", "at_high")]
        made = made.assign(reach=ends[0].where(ends[0] > ends[1], ends[1]))
    year = int(made["year"].max())
    last = made[(made["year"] == year) & (made["element"] == "")]
    names = [name for name in system.presentation.outcomes if name in set(last["outcome"])] or list(
        dict.fromkeys(last["outcome"])
    )
    say(f"{year}: foremost levers and uncertainties of each outcome, {what}")
    rows = []
    for name in names:
        mine = last[last["outcome"] == name].sort_values(column, ascending=False, kind="stable")
        cells = []
        for levers in (True, False):
            chosen = mine[(mine["kind"] != "parameter") == levers].head(2)
            largest = mine[column].max()
            cells.append(
                ", ".join(
                    f"{row['input']} {row[column]:.2g}"
                    for row in chosen.to_dict("records")
                    if row[column] > 0.01 * largest
                )
                or "–"
            )
        rows.append((shown_as(name).short, *cells))
    table(("outcome", "levers", "uncertainties"), rows)
    for note in found.notes:
        say(note)
