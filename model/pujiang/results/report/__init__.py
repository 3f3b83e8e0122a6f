"""A report on runs: one HTML file that needs nothing else, to be read on a screen or printed.

Its parts: `content` gathers plain values, `inline` draws the figures, `render` puts both into `page.html.j2`.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.labelled import Tree
from pujiang.presentation import presentation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.results.compare import Comparison
    from pujiang.results.report.inline import DrawnTogether

    Explain = Callable[[int, str, list[str]], Tree | None]

__all__ = ["report", "write_report"]


def report(
    trees: "Sequence[xr.DataTree]",
    evidence: Sequence[Evidence | None],
    levers: "Mapping[str, Lever]",
    *,
    model_hash: str = "",
    explain: "Explain | None" = None,
    title: str | None = None,
    question: str | None = None,
    language: str = "en",
) -> str:
    """A report on runs read with `run_folder.open`, as HTML; the same text for the same runs.

    Args:
        trees: the runs; differences are from the baseline of the first.
        evidence: of each run, for the points in figures, the fit and the sources; None without.
        levers: the levers of the model, which say what the settings of scenarios mean; `model_hash`: its hash.
        explain: explains a scenario of a run (its place among `trees`, name, the outcomes to follow); None where it
            cannot be: by default nothing is divided.
        title, question: by default made from the scenarios.
        language: "en" or "zh"; what scenarios and variables say of themselves stays in English.

    Raises:
        InputError: if a run is named twice.
    """
    from pujiang.results.compare import compare
    from pujiang.results.report.content import gather
    from pujiang.results.report.render import page
    from pujiang.results.words import words_in

    if len({str(tree.attrs.get("run", id(tree))) for tree in trees}) < len(trees):
        raise InputError("report: the same run is named twice")
    comparison = compare(*trees, models={model_hash: levers})
    cases = _cases(trees, len(comparison.cases))
    say = words_in(language, presentation_of(comparison.values.attrs))
    explanations = _explanations(comparison, cases, explain, question or "")
    content = gather(
        trees, comparison, cases, evidence, levers, say, explanations=explanations, title=title, question=question
    )
    return page(content, _drawn_together(trees, comparison, evidence), say)


def _explanations(
    comparison: "Comparison", cases: Sequence[tuple[int, str]], explain: "Explain | None", question: str
) -> dict[str, Tree | None]:
    """What explains each case but the reference."""
    from pujiang.results.report.why import telling

    if explain is None or not comparison.shared_members:
        return {}
    year = comparison.years[-1]
    return {
        label: explain(run, name, telling(comparison, label, year, question)[:1])
        for label, (run, name) in zip(comparison.cases, cases, strict=True)
        if label != comparison.reference
    }


def _cases(trees: "Sequence[xr.DataTree]", count: int) -> list[tuple[int, str]]:
    """(run, scenario) of each of the `count` cases of a comparison, in its order; a shared baseline is one."""
    found = [
        (run, str(name)) for run, tree in enumerate(trees) for name in tree["annual"].to_dataset()["scenario"].values
    ]
    if len(found) > count:
        found = [(run, name) for run, name in found if run == 0 or name != "baseline"]
    if len(found) != count:  # a sweep has more cases than scenarios
        raise InputError("report: takes runs of scenarios; of a sweep, name a point: pujiang compare RUN:AXIS=VALUE")
    return found


def _drawn_together(
    trees: "Sequence[xr.DataTree]", comparison: "Comparison", evidence: Sequence[Evidence | None]
) -> "list[DrawnTogether]":
    """What is drawn together: all cases where members are shared, else each run by itself."""
    from pujiang.results.compare import compare
    from pujiang.results.report.inline import DrawnTogether

    if len(trees) > 1 and not comparison.shared_members:
        alone = [_drawn_together([tree], compare(tree), [own])[0] for tree, own in zip(trees, evidence, strict=True)]
        names = [Path(str(tree.attrs.get("run", f"run {place}"))).name for place, tree in enumerate(trees, 1)]
        return [replace(part, run=name) for part, name in zip(alone, names, strict=True)]
    annual, reached = (part.rename(case="scenario") for part in (comparison.values, comparison.reached))
    observations = () if evidence[0] is None else tuple(evidence[0].observations)
    return [DrawnTogether(annual, reached, comparison.tables.ranks, observations, comparison.failed, "")]


def write_report(text: str, path: Path, *, force: bool = False) -> bool:
    """Write a report in one step; whether the file changed.

    Raises:
        InputError: if another file is there already and is not to be replaced, if `path` lies in a run folder
            (whose files are checksummed), or if it cannot be written.
    """
    from pujiang.results.record import MANIFEST

    content = text.encode()
    for folder in path.absolute().parents:
        if (folder / MANIFEST).is_file():
            raise InputError(f"--out: '{path}' lies in the run folder '{folder}', which nothing is added to")
    try:
        if path.exists():
            if path.is_dir():
                raise InputError(f"--out: '{path}' is a folder; name a file in it")
            if path.read_bytes() == content:
                return False
            if not force:
                raise InputError(f"'{path}' is there already, with other content; --force replaces it")
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write '{path}': {error.strerror}") from error
    return True
