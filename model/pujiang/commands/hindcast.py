"""`pujiang hindcast`: what the model would have said in past years, and how far that was right; into a run folder."""

import argparse
import shutil
import sys
from pathlib import Path

from pujiang.api.clusters import workers_of
from pujiang.api.hindcasts import Hindcast, hindcast_config
from pujiang.api.loaded import Loaded
from pujiang.commands import model_of, refuse_others, say, say_whose, source_checkout
from pujiang.commands.resumable import building, unfinished
from pujiang.configuration.cluster_words import cluster_words
from pujiang.errors import InputError
from pujiang.experiment import discrepancy
from pujiang.experiment.hindcasts import Progress, chosen_cutoffs
from pujiang.experiment.scores import Record
from pujiang.experiment.track_record import FILE as RECORD_FILE
from pujiang.results import unfinished_hindcast
from pujiang.results.hindcast import HORIZONS, RECORDS, by_horizon, by_series, finish, track_record_csv
from pujiang.values import whole

KEYS = ("evidence", "engine", "ensemble.seed", "output.folder")


def main(arguments: argparse.Namespace) -> int:
    """Status 0; 1 where the fit of a vintage did not converge."""
    model = model_of(arguments)
    resume = unfinished(arguments.resume, "hindcast", unfinished_hindcast.can_be_resumed)
    # Words of settings that stand behind the years belong to the others.
    cluster, words = cluster_words([*arguments.words, *(word for word in arguments.cutoff or () if "=" in word)])
    changes = model.words(words)
    refuse_others(changes, "hindcast", KEYS)
    if resume is not None and changes:
        raise InputError(f"'{words[0]}': --resume takes a hindcast as it is, and no settings")
    ship = _shipping(model) if arguments.ship else None
    config = model.compose({"fit": "declared", **changes}) if resume is None else model.configuration_of(resume)
    asked = [whole(int(y) if y.isdecimal() else y, "--cutoff", 0, 9999) for y in arguments.cutoff or () if "=" not in y]
    if resume is not None and asked:
        raise InputError(f"--cutoff: found {asked[0]}; --resume takes a hindcast as it is, with the years it had")
    years = asked if resume is None else unfinished_hindcast.read_cutoffs(resume)
    cutoffs = chosen_cutoffs(model.system, model.evidence(config.evidence), years)
    say(f"Fitting to the data up to {', '.join(map(str, cutoffs))}, and again with priors widened: some minutes.")
    sys.stdout.flush()
    folder = Path(config.output.folder)
    with (
        workers_of(cluster) as client,
        building(folder, resume, "hindcast", unfinished_hindcast.can_be_resumed) as partial,
    ):
        if resume is None:
            (partial / "config.yaml").write_text(config.as_yaml(), encoding="utf-8", newline="\n")
            unfinished_hindcast.keep_cutoffs(partial, cutoffs)
        store = unfinished_hindcast.FolderStore(partial)
        found = hindcast_config(model, config, cutoffs, _progress(), store, client)
        path = finish(partial, found, config, {"argv": arguments.argv})
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    say_whose(model, config.evidence)
    _report(found)
    say(f"Files: {path}")
    if ship is not None:
        _ship(found, path, *ship)
        say(f"Shipped to {' and '.join(map(str, ship))}; then: pujiang calibrate --ship, pujiang docs")
    return 0 if all(vintage.converged for vintage in found.vintages) else 1


def _report(found: Hindcast) -> None:
    """The record by series, by horizon and overall."""
    from pujiang.results.text_tables import console, grid, terminal_width, text_of

    page = console(terminal_width(), colour=sys.stdout.isatty())
    for inputs, words in (("foreseen", "inputs as one would have set them"), ("happened", "inputs as they happened")):
        page.print(f"Foretold against what came, {words}", style="bold")
        made = grid("", ["points", "50 %", "80 %", "alone", "bias", "skill", "against"])
        made.columns[0].no_wrap, made.columns[0].overflow = False, "fold"
        for column in made.columns[1:]:
            column.no_wrap = True
        for (kind, series, outcome, role), each in by_series(found.scores).items():
            if kind == inputs:
                part = outcome.partition(".")[2]
                marks = [mark for mark in (part, role if role in ("check", "input") else "") if mark]
                made.add_row(f"{series}{' (' + ', '.join(marks) + ')' if marks else ''}", *_cells(each))
        page.print(made)
        horizons = {ahead: each for (kind, ahead), each in by_horizon(found.scores).items() if kind == inputs}
        page.print("80 % by years ahead: " + ", ".join(f"{n}: {r.coverage[1]:.0%}" for n, r in horizons.items()))
        beside = {"priors widened": found.widened, "errors sized by others": found.left_out}
        for what, scores in beside.items():
            overall = by_series(scores)[inputs, "all", "", ""]
            page.print(f"{what}: 80 % band covers {overall.coverage[1]:.0%}, skill {overall.skill:+.2f}")
        page.print()
    page.print(
        "80 %: share of what came that its band held. alone: by the 80 % band of parameters and inputs alone, without "
        "errors of the model. bias: observed over foretold. skill: 1 - CRPS over that of the best naive forecast."
    )
    sys.stdout.write(text_of(page))


def _cells(each: Record) -> list[str]:
    skill = f"{each.skill:+.2f}" if each.skill == each.skill else "-"
    covered = [f"{share:.0%}" for share in each.coverage[:2]]
    return [str(each.points), *covered, f"{each.latent:.0%}", f"{each.bias:+.1%}", skill, each.against or "-"]


def _shipping(model: Loaded) -> tuple[Path, Path]:
    """The folders of the project's data and of the pictures of its documentation."""
    root = source_checkout(model, "what the project ships")
    return model.project.folder_of("data"), root / "docs" / "hindcast"


def _ship(found: Hindcast, run: Path, data: Path, pictures: Path) -> None:
    """Renew sizes of errors, the track record, the tables of the page on hindcasts, and its figures."""
    for name, text in {
        discrepancy.FILE: discrepancy.as_csv(found.sizes),
        RECORD_FILE: track_record_csv(found.scores),
        f"hindcast_{RECORDS}": (run / RECORDS).read_text(encoding="utf-8"),
        f"hindcast_{HORIZONS}": (run / HORIZONS).read_text(encoding="utf-8"),
    }.items():
        (data / name).write_text(text, encoding="utf-8", newline="\n")
    pictures.mkdir(parents=True, exist_ok=True)
    for figure in sorted((run / "figures").glob("*.svg")):
        shutil.copyfile(figure, pictures / figure.name)


def _progress() -> Progress:
    """Tells which vintage is being fitted: on a terminal always, elsewhere a line for each."""
    told = {"": 0}

    def tell(what: str, done: int, of: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K[{done} of {of}] {what}")
            sys.stderr.flush()
        elif told[""] <= done:
            told[""] = done + 1
            sys.stderr.write(f"{done} of {of} vintages done\n")

    return tell
