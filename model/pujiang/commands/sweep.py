"""`pujiang sweep`: many points as one batch, into a run folder; interrupted, it can be resumed."""

import argparse
import sys
from pathlib import Path

from pujiang.api.costs import refuse_without_room, told_time
from pujiang.api.loaded import Loaded
from pujiang.api.sweeps import plan_of_folder, plan_of_words, sweep_to_folder, unfinished
from pujiang.commands import model_of, say, say_whose, table, verdict
from pujiang.commands.progress import progress
from pujiang.errors import InputError
from pujiang.experiment.sweep import Plan
from pujiang.presentation import Presentation
from pujiang.reading import read_rows
from pujiang.results import run_folder, sweep_store
from pujiang.results.outcomes import level_text
from pujiang.results.sweep_points import BEST_COLUMNS

MUCH = 1_000_000_000
"""Bytes worth a word before they are written."""
MOST_NAMED = 6
"""Inputs that are named one by one."""


def main(arguments: argparse.Namespace) -> int:
    """Status 0, or 1 where the sweep failed its certificate."""
    model = model_of(arguments)
    resume = None if arguments.resume is None else _unfinished(Path(arguments.resume))
    parent = (
        None
        if arguments.source is None
        else run_folder.find(arguments.source, wanted=lambda record: record.get("kind") == "sweep")
    )
    if parent is not None:
        run_folder.refuse_damaged(parent, ["config.yaml"])
    source = resume or parent
    if source is None:
        made = plan_of_words(model, arguments.words, arguments.config_dir)
    else:
        if arguments.words:
            option = "--from" if resume is None else "--resume"
            raise InputError(f"'{arguments.words[0]}': {option} takes a sweep as it is, and no settings")
        made = plan_of_folder(model, source)
    folder = Path(made.reference.output.folder)
    if resume is None and not arguments.yes:
        refuse_without_room(made, model, folder)
    _announce(made, model)
    say_whose(model, made.reference.evidence)
    note = model.told_fit(made.reference.fit, made.reference.evidence)
    if note:
        say(note)
    if resume is None:
        for path in unfinished(model, made, folder):
            _tell(f"The same sweep was interrupted before; to resume it: pujiang sweep --resume {path}")
    facts = {"argv": arguments.argv, "parent": None if parent is None else parent.name}
    before = set(folder.glob("*.partial"))
    try:
        with progress() as report:
            path = sweep_to_folder(model, made, folder, resume=resume, facts=facts, progress=report)
    except KeyboardInterrupt:
        ours = [resume] if resume else sorted(set(folder.glob("*.partial")) - before)
        kept = [path for path in ours if sweep_store.can_be_resumed(path)]
        if not kept:
            raise
        _tell(f"pujiang: stopped; finished blocks are kept; to go on: pujiang sweep --resume {kept[-1]}")
        return 130
    _report(path, model.system.presentation)
    if parent is not None:
        say(verdict(parent, path))
    return 0 if run_folder.read_manifest(path)["certificate_passed"] else 1


def _unfinished(path: Path) -> Path:
    if not path.name.endswith(run_folder.PARTIAL) or not path.is_dir():
        raise InputError(f"--resume: found '{path}', needs the folder of an interrupted sweep, <id>.partial")
    if not sweep_store.can_be_resumed(path):
        raise InputError(f"--resume: '{path}' has no finished block; start the sweep anew")
    return path


def _announce(made: Plan, model: Loaded) -> None:
    """What will be run, and, where it is much, how large it is and how long it takes; at once, also into a pipe."""
    parts = [f"{size:,} {name}" for name, size in made.sizes.items() if name != "point"]
    product = f" ({' × '.join(parts)})" if len(parts) > 1 else ""
    more = f" × {len(made.cases)} cases" if len(made.cases) > 1 else ""
    more += f" × {made.members} members" if made.members > 1 else ""
    plural = "" if made.points == 1 else "s"
    say(f"{made.design.kind}: {made.points:,} point{plural}{product}{more}, {made.runs:,} runs")
    say(f"Varied: {_varied(made)}")
    sys.stdout.flush()
    size = sweep_store.size_in_bytes(made, model.system)
    if size > MUCH:
        _tell(
            f"About {size / 1e9:.1f} GB before compression; output.precision=float32 halves it, "
            "output.outcomes=[...] keeps fewer outcomes."
        )
    time = told_time(model, made, made.runs)
    if time:
        _tell(f"{time}, and may be interrupted and resumed.")


def _varied(made: Plan) -> str:
    """What a sweep varies: each input, or how many there are of a kind."""
    chosen = [name for name, values in made.choices if len(values) > 1]
    if len(made.axes) <= MOST_NAMED:
        return ", ".join([*chosen, *(axis.key for axis in made.axes)])
    counts = {kind: sum(axis.kind == kind for axis in made.axes) for kind in ("lever", "parameter")}
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count]
    return ", ".join([*chosen, *words]) + " (all in sweep.yaml)"


def _report(path: Path, presentation: Presentation) -> None:
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
    say(f"Files: {path}; read it: pujiang.open({str(path)!r})")


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
