"""The figures of a report: drawn anew at the width of a page, as SVG to be set into HTML."""

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.results.figures.panels import Observed, Panel
from pujiang.results.outcomes import ELEMENTS, TABLE, shown_as

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

RESEARCH = TABLE[:6]
HEAD = 0.5
"""Inches at the top of a figure that its title and note had."""

WIDEST = 9.2
"""Inches that fill the width of a page; narrower figures take their part of it, so that letters are one size."""

FIRMS = tuple(name for name in TABLE[6:] if name != "three_industries_output")


@dataclass(frozen=True)
class Drawing:
    """A figure: its key (unique in a report), title, how to read it, and the SVG."""

    key: str
    title: str
    reading: str
    svg: str


@dataclass(frozen=True)
class Shown:
    """What is drawn together: cases whose members are the same draws (the baseline first), and their ranks.

    `annual` has the cases along "scenario". `run` is their run where a report draws each by itself, else "".
    """

    annual: "xr.Dataset"
    ranks: "pd.DataFrame"
    observations: Sequence[Observed]
    failed: bool
    run: str


def drawings(
    shown: Shown,
    *,
    prefix: str,
    words: Callable[[str], str],
    finish: Callable[["Figure"], None],
) -> list[Drawing]:
    """The figures of a report.

    `prefix` begins their keys. `words` translates titles and captions, `finish` what stands in a figure.
    """
    from matplotlib import rc_context

    from pujiang.results.figures import _changes, _levels
    from pujiang.results.figures.differences import differences
    from pujiang.results.figures.fit import fit
    from pujiang.results.figures.panels import small_multiples
    from pujiang.results.figures.ranks import ranks_in_words, slopes
    from pujiang.results.figures.style import SETTINGS

    annual, observations, failed = shown.annual, shown.observations, shown.failed
    year = int(annual["year"].values[-1])
    names = [name for name in TABLE if name in annual.data_vars]
    made: list[tuple[str, str, str, Figure]] = []
    with rc_context(dict(SETTINGS)):
        for key, title, group in (
            ("research", "Research: spending, shares and people", RESEARCH),
            ("firms", "Transfer, capital and firms", FIRMS),
        ):
            panels = [_panel(annual, name) for name in group if name in annual.data_vars]
            if panels:
                figure = small_multiples(panels, observations, title="", columns=2, failed=failed)
                levels = _levels(annual, [panel.name for panel in panels])
                made.append((key, title, levels, figure))
        panels = _industries(annual)
        if panels:
            figure = small_multiples(panels, observations, title="", columns=2, failed=failed)
            text = f"Small multiples of {', '.join(panel.title for panel in panels)}, by scenario."
            made.append(("industries", "Output of the industries", text, figure))
        if annual.sizes["scenario"] > 1 and names:
            figure = differences(annual, names, columns=2, failed=failed)
            made.append(("differences", f"Difference from the baseline in {year}", _changes(annual, names), figure))
            cases = [str(name) for name in annual["scenario"].values]
            figure = slopes(shown.ranks, cases, names, year=year, failed=failed)
            text = ranks_in_words(shown.ranks, names, year)
            made.append(("ranks", f"Ranks of the scenarios in {year}", text, figure))
        fitted = fit(annual, observations, failed=failed)
        if fitted is not None:
            text = "Residuals of the central member by series and year; the table beside it says how many lie far."
            made.append(("fit", "How the central member meets the data", text, fitted))
        result = []
        for key, title, text, figure in made:
            reading = words(_take_heading(figure, failed=failed))
            finish(figure)
            svg = inline_svg(figure, prefix + key, title, text, cut=0.0 if failed else HEAD)
            result.append(Drawing(prefix + key, words(title), reading, svg))
    return result


def _take_heading(figure: "Figure", *, failed: bool) -> str:
    """Take a figure's title and the note below it away, for the caption; the note."""
    title, note, *warning = figure.texts
    assert len(warning) == int(failed), "a figure's heading is not what it was"
    text = str(note.get_text())
    title.remove()
    note.remove()
    return text


def _panel(annual: "xr.Dataset", name: str) -> Panel:
    outcome = shown_as(name, str(annual[name].attrs.get("units", "")))
    return Panel(name, outcome.short, outcome, annual[name])


def _industries(annual: "xr.Dataset") -> list[Panel]:
    panels = [_panel(annual, name) for name in ("three_industries_output",) if name in annual.data_vars]
    if "industry_output" in annual.data_vars:
        array = annual["industry_output"]
        for element in map(str, array["industry"].values):
            label = ELEMENTS.get(element, element)
            part = array.sel(industry=element)
            panels.append(Panel(f"industry_output.{element}", label, shown_as("industry_output"), part))
    return panels


def inline_svg(figure: "Figure", key: str, title: str, description: str, *, cut: float = 0.0) -> str:
    """A figure as an <svg> element for HTML: ids begin with `key`, nothing points outside, no metadata.

    `cut`: inches left out at the top.
    """
    from pujiang.results.figures.style import save

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        save(figure, path, title, description)
        text = path.read_text(encoding="utf-8")
    text = text[text.index("<svg ") :]
    for unwanted in (r"<!--.*?-->", r"<metadata>.*?</metadata>", r"<style.*?</style>", r' xmlns(:\w+)?="[^"]*"'):
        text = re.sub(unwanted, "", text, flags=re.DOTALL)
    text = text.replace("xlink:href=", "href=")
    text = re.sub(r' id="([^"]+)"', rf' id="{key}-\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", text)
    width, height = figure.get_size_inches()
    share = min(100 * width / WIDEST, 100)
    box = f'viewBox="0 {72 * cut:g} {72 * width:g} {72 * (height - cut):g}" style="width: {share:.1f}%"'
    opening = f'<svg role="img" aria-labelledby="{key}-title {key}-desc" {box}>'
    text = opening + text[text.index(">") + 1 :]
    text = text.replace("<title>", f'<title id="{key}-title">', 1).replace("<desc>", f'<desc id="{key}-desc">', 1)
    return re.sub(r"\n\s*", "\n", text).strip()
