"""`pujiang sweep`: many points as one batch, into a run folder; interrupted, it can be resumed."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pujiang.api.clusters import workers_of
from pujiang.api.costs import refuse_without_room, told_time
from pujiang.api.loaded import Loaded
from pujiang.api.sweeps import plan_of_folder, plan_of_words, sweep_to_folder, unfinished
from pujiang.commands import model_of, on_one, say, say_whose, table, verdict
from pujiang.commands.progress import progress
from pujiang.configuration.cluster_words import cluster_words
from pujiang.errors import InputError
from pujiang.experiment.cluster_options import Cluster
from pujiang.experiment.sweep import Plan
from pujiang.presentation import Presentation
from pujiang.reading import read_rows
from pujiang.results import run_folder
from pujiang.results.outcomes import level_text
from pujiang.results.places import at_url, fetch_run, is_url
from pujiang.results.sweep_layout import size_in_bytes
from pujiang.results.sweep_points import BEST_COLUMNS
from pujiang.results.unfinished_sweep import can_be_resumed, is_whole

MUCH = 1_000_000_000
"""Bytes worth a word before they are written."""
MOST_NAMED = 6
"""Inputs that are named one by one."""


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the sweep failed its certificate."""
    model = model_of(arguments)
    cluster, words = cluster_words(arguments.words)
    resume = None if arguments.resume is None else _unfinished(arguments.resume)
    parent = (
        None
        if arguments.source is None
        else run_folder.find(arguments.source, wanted=lambda record: record.get("kind") == "sweep")
    )
    if parent is not None:
        run_folder.refuse_damaged(parent, ["config.yaml"])
    source = resume or parent
    if source is None:
        made = plan_of_words(model, words, arguments.config_dir)
    else:
        if words:
            option = "--from" if resume is None else "--resume"
            raise InputError(f"'{words[0]}': {option} takes a sweep as it is, and no settings")
        made = plan_of_folder(model, source)
    folder = made.reference.output.folder
    if resume is None and not arguments.yes and not is_url(folder):
        refuse_without_room(made, model, Path(folder))
    _announce(made, model, cluster)
    say_whose(model, made.reference.evidence)
    note = model.told_fit(made.reference.fit, made.reference.evidence)
    if note:
        say(note)
    if resume is None and not is_url(folder):
        for path in unfinished(model, made, Path(folder)):
            _tell(f"The same sweep was interrupted before; to resume it: pujiang sweep --resume {path}")
    facts = {"argv": arguments.argv, "parent": None if parent is None else parent.name}
    begun: list[Path] = []
    try:
        with workers_of(cluster) as client, progress() as report:
            path = sweep_to_folder(
                model, made, folder, resume=resume, facts=facts, progress=report, begun=begun.append, on=client
            )
    except (KeyboardInterrupt, InputError) as error:
        kept = [path for path in begun if can_be_resumed(path)]
        if not kept:
            raise
        how = f"finished blocks are kept; to go on: pujiang sweep --resume {kept[-1]}"
        if isinstance(error, InputError):
            raise InputError(f"{error}; {how}") from error
        _tell(f"pujiang: stopped; {how}")
        return 130
    if is_url(path):
        with TemporaryDirectory() as here:
            fetch_run(Path(here), path)
            return _report(Path(here), path, model.system.presentation, parent)
    return _report(path, path, model.system.presentation, parent)


def _unfinished(place: str) -> Path:
    if is_url(place):
        home = at_url(place)
        if is_whole(home) or not can_be_resumed(home):
            raise InputError(f"--resume: '{place}' is no interrupted sweep with a finished block")
        return home
    path = Path(place)
    if not path.name.endswith(run_folder.PARTIAL) or not path.is_dir():
        raise InputError(f"--resume: found '{path}', needs the folder of an interrupted sweep, <id>.partial")
    if not can_be_resumed(path):
        raise InputError(f"--resume: '{path}' has no finished block; start the sweep anew")
    return path


def _announce(made: Plan, model: Loaded, cluster: Cluster | None) -> None:
    """What will be run, and, where it is much, how large it is and how long it takes; at once, also into a pipe."""
    parts = [f"{size:,} {name}" for name, size in made.sizes.items() if name != "point"]
    product = f" ({' × '.join(parts)})" if len(parts) > 1 else ""
    more = f" × {len(made.cases)} cases" if len(made.cases) > 1 else ""
    more += f" × {made.members} members" if made.members > 1 else ""
    plural = "" if made.points == 1 else "s"
    say(f"{made.design.kind}: {made.points:,} point{plural}{product}{more}, {made.runs:,} runs")
    say(f"Varied: {_varied(made)}")
    sys.stdout.flush()
    size = size_in_bytes(made, model.system)
    if size > MUCH:
        _tell(
            f"About {size / 1e9:.1f} GB before compression; output.precision=float32 halves it, "
            "output.outcomes=[...] keeps fewer outcomes."
        )
    time = told_time(model, made, made.runs)
    if time:
        _tell(f"{time}{on_one(cluster)}, and may be interrupted and resumed.")


def _varied(made: Plan) -> str:
    """What a sweep varies: each input, or how many there are of a kind."""
    chosen = [name for name, values in made.choices if len(values) > 1]
    if len(made.axes) <= MOST_NAMED:
        return ", ".join([*chosen, *(axis.key for axis in made.axes)])
    counts = {kind: sum(axis.kind == kind for axis in made.axes) for kind in ("lever", "parameter")}
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count]
    return ", ".join([*chosen, *words]) + " (all in sweep.yaml)"


def _report(path: Path, home: Path, presentation: Presentation, parent: Path | None) -> int:
    """Print what came of a sweep; the status. `path`: where its tables are; `home`: where it lies."""
    rows = read_rows(path / "summary.csv")
    year = rows[-1]["year"]
    found = {row["outcome"]: row for row in rows if row["year"] == year and not row["element"]}
    shown = []
    best = _best(path / "best.csv")
    for name in (name for name in presentation.outcomes if name in found):
        outcome = presentation.outcome(name, found[name]["unit"])
        values = (level_text(float(found[name][key]), outcome) for key in ("baseline", "lowest", "highest"))
        shown.append((outcome.short, outcome.unit, *values, best.get(name, "")))
    say(f"{year}: the baseline's central member; lowest and highest of all runs")
    table(("outcome", "unit", "baseline", "lowest", "highest", "best (or highest) at"), shown)
    certificate = run_folder.read_certificate(path)
    if certificate["passed"]:
        say(f"Certificate passed, checked at {certificate['points_checked']} runs.")
    else:
        say("CERTIFICATE FAILED: do not use these numbers.")
        for line in certificate["failures"]:
            say(f"  {line}")
    say(f"Files: {home}; read it: pujiang.open({str(home)!r})")
    if parent is not None:
        say(verdict(parent, path))
    return 0 if certificate["passed"] else 1


def _best(file: Path) -> dict[str, str]:
    """Where each outcome is best, as the settings of that point; empty where there are too many to say."""
    if not file.is_file():
        return {}
    firsts = [row for row in read_rows(file) if row["rank"] == "1"]
    settings = [key for key in (firsts[0] if firsts else {}) if key not in BEST_COLUMNS]
    if len(settings) > MOST_NAMED // 2:
        return {row["outcome"]: "see best.csv" for row in firsts}
    return {row["outcome"]: ", ".join(f"{key} {_short(row[key])}" for key in settings) for row in firsts}


def _short(value: str) -> str:
    try:
        return f"{float(value):.4g}"
    except ValueError:
        return value


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
