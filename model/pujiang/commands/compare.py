"""`pujiang compare`: scenarios of runs, and points of sweeps, held against one of them."""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.api.explanations import explanation
from pujiang.api.reports import compare
from pujiang.commands import model_of, say
from pujiang.errors import InputError
from pujiang.experiment.explanation.asked import Asked
from pujiang.presentation import presentation_of
from pujiang.results import run_folder
from pujiang.results.compare import files
from pujiang.results.compare.table import comparison_table
from pujiang.results.text_tables import terminal_width

if TYPE_CHECKING:
    from pujiang.api.loaded import Loaded
    from pujiang.results.compare import Comparison


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    runs: list[str] = [*arguments.words]
    outcomes: list[str] = []
    for word in arguments.outcome or ():  # the option takes what follows it: a run after it is still a run
        (runs if _is_run(word) else outcomes).append(word)
    if not runs:
        raise InputError("compare: needs runs (folders, ids, or latest), or scenarios of them as in latest:SCENARIO")
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        files.check_free(out)
    model = model_of(arguments)
    found = compare(model, *runs, baseline=arguments.baseline, outcomes=outcomes or None)
    if len(found.cases) < 2:
        run = runs[0]
        raise InputError(f"compare: '{run}' holds nothing but {found.cases[0]}; name a second run or scenario")
    settings = {"year": arguments.year, "outcomes": outcomes or None}
    sys.stdout.write(comparison_table(found, **settings, width=terminal_width(), terminal=sys.stdout.isatty()))
    if arguments.why:
        _why(model, found, runs, arguments.baseline, arguments.year)
    if out is not None:
        files.write_comparison(found, out, comparison_table(found, **settings), arguments.year)
        say(f"Files: {out}")
    return 0


def _why(model: "Loaded", found: "Comparison", runs: Sequence[str], baseline: str | None, year: int | None) -> None:
    """A paragraph a scenario: of the outcome that says most, where its difference comes from and how it travels."""
    from pujiang.results.compare.cases import pick
    from pujiang.results.explanation.paragraph import paragraph
    from pujiang.results.report.why import story_in, telling
    from pujiang.results.words import words_in

    words = words_in("en", presentation_of(found.values.attrs))
    at = found.years[-1] if year is None else year
    sources, cases = pick(runs, baseline, Path("runs"))
    places = {case.label: (sources[case.source].path, case) for case in cases}
    path, reference = places[found.reference]
    for label in found.cases[1:]:
        own, case = places.get(label, (path, reference))
        names = telling(found, label, at)[:1]
        if not names or case is reference or case.point or reference.point:
            continue  # a point of a sweep has no configuration of its own
        pair = ((path, reference.scenario), (own, case.scenario))
        tree = explanation(model, pair, Asked(tuple(names), at, loops=False), ensemble=0)
        story = story_in(found, label, names[0], at, tree)
        say("\n".join(textwrap.wrap(paragraph(story, words), terminal_width())))
        say()


def _is_run(word: str) -> bool:
    """Whether a word names a run, with or without a part of it."""
    for name in (word, word.rpartition(":")[0]):
        try:
            run_folder.find(name)
        except InputError:
            continue
        return name != ""
    return False
