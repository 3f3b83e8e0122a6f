"""`pujiang sensitivity`: which inputs move which outcomes; of a sweep, a run, or settings alone."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.clusters import workers_of
from pujiang.api.costs import told_time
from pujiang.api.loaded import Loaded
from pujiang.api.sensitivities import (
    METHODS,
    Sensitivity,
    Sizes,
    about,
    by_default,
    plan_for,
    refuse_unused,
    runs_of,
    sensitivity_of,
)
from pujiang.api.sweeps import plan_of
from pujiang.commands import model_of, on_one, say, source_checkout, table
from pujiang.commands.progress import progress
from pujiang.configuration.cluster_words import cluster_words
from pujiang.configuration.sweep_axes import everything
from pujiang.configuration.sweep_files import PLAN_FILE
from pujiang.configuration.sweep_words import parse_sweep
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.band_shares import COLUMNS, FILE
from pujiang.experiment.not_finite import POLICIES, Policy
from pujiang.experiment.sweep import Plan
from pujiang.results import run_folder
from pujiang.results.bands import CURVATURE, INPUTS, MODEL, shipped_rows
from pujiang.results.calibration import write_rows
from pujiang.values import choice, whole

if TYPE_CHECKING:
    import pandas as pd

FOREMOST = 3
"""Parameters named for each outcome."""
NAMED = 0.005
"""A smaller share of a band is not named."""

SIZES = {"morris.size": "morris", "sobol.size": "sobol", "sobol.inputs": "sobol_inputs", "seed": "seed"}
"""Fields of `Sizes` by key."""

KEYS = ("methods", "outcomes", "years", "not_finite", *SIZES)


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.ship and arguments.words:
        raise InputError(f"'{arguments.words[0]}': --ship takes the shipped fit and the baseline as they are")
    runs = [word for word in arguments.words if "=" not in word]
    cluster, words = cluster_words(word for word in arguments.words if "=" in word)
    if len(runs) > 1:
        raise InputError(f"sensitivity: found {len(runs)} runs, takes one")
    own = [word for word in words if word.partition("=")[0] in KEYS]
    rest = [word for word in words if word not in own]
    asked = _own(own)
    sizes = asked.sizes
    model = model_of(arguments)
    target = _shipping(model) if arguments.ship else None
    folder = run_folder.find(runs[0], wanted=run_folder.holds_scenarios) if runs else None
    if folder is None:
        made, given = _plan(model, rest, arguments.config_dir)
        place = Path(made.reference.output.folder)
    else:
        made, place = _plan_of_run(model, folder, rest)
        given = (folder / PLAN_FILE).is_file()
    made, methods = by_default(about(made, asked.outcomes), asked.methods, given, sizes)
    runs_of_methods = runs_of(made, methods, sizes)
    say("; ".join(f"{method}: {count:,} runs" for method, count in runs_of_methods.items()))
    sys.stdout.flush()
    total = sum(runs_of_methods.values())
    time = told_time(model, made, total, total)
    if time:
        sys.stderr.write(f"{time}{on_one(cluster)}.\n")
    with workers_of(cluster) as client, progress() as report:
        found = sensitivity_of(
            model,
            made,
            folder,
            methods=methods,
            sizes=sizes,
            years=asked.years,
            policy=asked.not_finite,
            progress=report,
            on=client,
        )
    facts = {"argv": arguments.argv, "parent": None if folder is None else folder.name, "seed": sizes.seed}
    path = found.save(place, facts=facts)
    _report(found, model.system)
    say(f"Files: {path}")
    if target is not None and found.beliefs is not None:
        write_rows(target, COLUMNS, shipped_rows(found.beliefs, model.system))
        say(f"Shipped: {target}; then: pujiang docs")
    return 0


def _shipping(model: Loaded) -> Path:
    """The file in the project's data."""
    source_checkout(model, "what the project ships")
    return model.project.folder_of("data") / FILE


@dataclass(frozen=True)
class _Asked:
    """What is asked of a study itself."""

    methods: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    not_finite: Policy = "leave_out"
    sizes: Sizes = field(default_factory=Sizes)


def _plan(model: Loaded, words: list[str], config_dir: str | None) -> tuple[Plan, bool]:
    """The plan, and whether axes were given."""
    for word in words:
        refuse_unused(word.partition("=")[0].lstrip("+"))
    asked = parse_sweep([*words, "design=saltelli"], model.folders(config_dir))
    given = bool(asked.axes)
    if not given:
        asked = type(asked)(asked.settings, asked.choices, everything(model.system), asked.own)
    made = plan_of(model, asked, config_dir)
    if len(made.cases) > 1:
        raise InputError(f"sensitivity: found {len(made.cases)} cases side by side, takes one scenario")
    return made, given


def _plan_of_run(model: Loaded, folder: Path, words: list[str]) -> tuple[Plan, Path]:
    run_folder.refuse_damaged(folder, ["config.yaml"])
    keys = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    other = next((key for key in keys if key not in ("scenario", "output.folder")), None)
    if other is not None:
        raise InputError(
            f"{other}: a run has its own settings; beside it allowed: scenario, output.folder, {', '.join(KEYS)}"
        )
    return plan_for(model, folder, keys.get("scenario")), Path(keys.get("output.folder", folder.parent))


def _own(words: list[str]) -> _Asked:
    found: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key in found or SIZES.get(key) in sizes:
            raise InputError(f"{key}: set twice; give it once")
        listed = tuple(part.strip() for part in value.strip("[]").split(","))
        if key == "methods":
            found[key] = tuple(choice(name, key, METHODS) for name in listed)
        elif key == "outcomes":
            found[key] = listed
        elif key == "years":
            found[key] = tuple(whole(_number(year), key, 1, 9999) for year in listed)
        elif key == "not_finite":
            found[key] = choice(value, key, POLICIES)
        else:
            sizes[SIZES[key]] = whole(_number(value), key, 0 if key == "seed" else 2, 2**32 - 1)
    return _Asked(**found, sizes=Sizes(**sizes))


def _number(value: str) -> int | str:
    try:
        return int(value)
    except ValueError:
        return value


def _report(found: Sensitivity, system: System) -> None:
    """The foremost inputs of each main outcome in the last year, of what is believed and by the best other method."""
    if found.shapley is not None and found.bands is not None:
        _report_bands(found.shapley, found.bands, system)
    made, column, what = next(
        (
            (made, column, what)
            for made, column, what in (
                (found.sobol, "total", "total Sobol' index"),
                (found.morris, "mu_star", "Morris effect"),
                (found.tornado, "reach", "change, one at a time"),
            )
            if made is not None
        ),
        (None, "", ""),
    )
    if made is not None:
        _report_effects(made, column, what, system)
    for note in found.notes:
        say(note)


def _report_bands(shapley: "pd.DataFrame", bands: "pd.DataFrame", system: System) -> None:
    """What carries the band of each main outcome in the last year."""
    year = int(bands["year"].max())
    inputs, parts = (made[(made["year"] == year) & (made["element"] == "")] for made in (shapley, bands))
    say(f"{year}: what carries the band of each outcome, in % of its variance")
    rows = []
    for name in system.presentation.among(parts["outcome"]):
        mine = parts[parts["outcome"] == name].set_index("part")["share"]
        others = [mine.get(part, 0.0) for part in (INPUTS, MODEL, CURVATURE)]
        own = inputs[(inputs["outcome"] == name) & (inputs["kind"] == "parameter") & (inputs["share"] >= NAMED)]
        first = own.nlargest(FOREMOST, "share").to_dict("records")
        named = ", ".join(f"{row['input']} {100 * row['share']:.0f}" for row in first)
        shares = [f"{100 * share:.0f}" for share in (1 - sum(others), *others)]
        rows.append((system.presentation.outcome(name).short, *shares, named or "–"))
    table(("outcome", "parameters", "inputs ahead", "model", "curvature", "foremost parameters"), rows)


def _report_effects(made: "pd.DataFrame", column: str, what: str, system: System) -> None:
    if column == "reach":
        ends = [(made[end] - made["base"]).abs() for end in ("at_low", "at_high")]
        made = made.assign(reach=ends[0].where(ends[0] > ends[1], ends[1]))
    year = int(made["year"].max())
    last = made[(made["year"] == year) & (made["element"] == "")]
    names = system.presentation.among(last["outcome"])
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
        rows.append((system.presentation.outcome(name).short, *cells))
    if all(cells[-1] == "–" for cells in rows):
        table(("outcome", "levers"), [cells[:-1] for cells in rows])
    else:
        table(("outcome", "levers", "uncertainties"), rows)
