"""A report on runs: one HTML file that needs nothing else, to be read on a screen or printed.

Its parts: `content` gathers plain values, `drawings` draws the figures, `render` puts both into `page.html.j2`.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.errors import InputError
from pujiang.results.report.sources import Pack

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.declare import Lever
    from pujiang.results.compare import Comparison
    from pujiang.results.report.drawings import Shown

__all__ = ["Pack", "report", "write_report"]


def report(
    trees: "Sequence[xr.DataTree]",
    packs: Sequence[Pack | None],
    levers: "Mapping[str, Lever]",
    *,
    title: str | None = None,
    question: str | None = None,
    language: str = "en",
) -> str:
    """A report on runs read with `run_folder.open`, as HTML; the same text for the same runs.

    Args:
        trees: the runs; differences are from the baseline of the first.
        packs: the evidence of each run, for the points in figures, the fit and the sources; None without.
        levers: the levers of the model, which say what the settings of scenarios mean.
        title, question: by default made from the scenarios.
        language: "en" or "zh"; what scenarios and variables say of themselves stays in English.
    """
    from pujiang.results.compare import compare
    from pujiang.results.report.content import gather
    from pujiang.results.report.render import page

    if len({str(tree.attrs.get("run", id(tree))) for tree in trees}) < len(trees):
        raise InputError("report: the same run is named twice")
    comparison = compare(*trees)
    cases = _cases(trees, len(comparison.cases))
    content = gather(trees, comparison, cases, packs, levers, title=title, question=question)
    return page(content, _shown(trees, comparison, packs), language)


def _cases(trees: "Sequence[xr.DataTree]", count: int) -> list[tuple[int, str]]:
    """(run, scenario) of each of the `count` cases of a comparison, in its order; a shared baseline is one."""
    found = [
        (run, str(name)) for run, tree in enumerate(trees) for name in tree["annual"].to_dataset()["scenario"].values
    ]
    if len(found) > count:
        found = [(run, name) for run, name in found if run == 0 or name != "baseline"]
    assert len(found) == count, "the comparison has other cases than its runs"
    return found


def _shown(trees: "Sequence[xr.DataTree]", comparison: "Comparison", packs: Sequence[Pack | None]) -> "list[Shown]":
    """What is drawn together: all cases where members are shared, else each run by itself."""
    from pujiang.results.compare import compare
    from pujiang.results.report.drawings import Shown

    if len(trees) > 1 and not comparison.shared_members:
        alone = [_shown([tree], compare(tree), [pack])[0] for tree, pack in zip(trees, packs, strict=True)]
        names = [Path(str(tree.attrs.get("run", f"run {place}"))).name for place, tree in enumerate(trees, 1)]
        return [replace(part, run=name) for part, name in zip(alone, names, strict=True)]
    annual = comparison.annual.rename(case="scenario").transpose("scenario", "member", "year", ...)
    observations = () if packs[0] is None else tuple(o for o in packs[0].observations if o.base_year is None)
    return [Shown(annual, comparison.ranks, observations, comparison.failed, "")]


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
