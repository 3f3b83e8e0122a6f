"""The figures of a report: drawn at the width of a page, as SVG to be set into HTML."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.evidence import Observation
from pujiang.results.columns import Columns
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from pujiang.results.report.why import Why

HEAD = 0.5
"""Inches at the top of a figure that its title and note would have."""

WIDEST = 9.2
"""Inches that fill the width of a page; narrower figures take their part of it, so that letters are one size."""


@dataclass(frozen=True)
class InlineFigure:
    """A figure of a report: its key (unique in a report), title, how to read it, and the SVG."""

    key: str
    title: str
    reading: str
    svg: str


@dataclass(frozen=True)
class DrawnTogether:
    """Cases whose members are the same draws (the baseline first), their ranks, and what they are held against.

    `annual` has the cases along "scenario"; `reached` the same with the errors of the model. `run` is their run where
    a report draws each by itself, else "".
    """

    annual: "xr.Dataset"
    reached: "xr.Dataset"
    ranks: Columns
    observations: Sequence[Observation]
    failed: bool
    run: str


def drawn_in(say: Words) -> Words:
    """The words figures are drawn with: English where the fonts for the language are missing."""
    from pujiang.results.figures.style import chinese_font
    from pujiang.results.words import words_in

    return words_in("en", say.presentation) if say.language == "zh" and chinese_font() is None else say


def inline_figures(shown: DrawnTogether, prefix: str, say: Words) -> list[InlineFigure]:
    """The figures of a report; `prefix` begins their keys."""
    from pujiang.results.figures import drawings
    from pujiang.results.figures.style import heading, styled

    words_drawn, result = drawn_in(say), []
    with styled(words_drawn.language):
        together = drawings(
            shown.annual, shown.observations, words_drawn, columns=2, ranks=shown.ranks, reached=shown.reached
        )
        for made in together:
            if shown.failed:
                heading(made.figure, "", "", failed=True, say=words_drawn)
            cut = 0.0 if shown.failed else HEAD
            key = prefix + made.key
            svg = inline_svg(made.figure, key, made.title, made.description, cut=cut)
            result.append(InlineFigure(key, made.title, made.note, svg))
    return result


def differences_of(shown: DrawnTogether, names: list[str], say: Words) -> InlineFigure:
    """How each scenario differs in some outcomes, small enough for a page with other things on it."""
    from pujiang.presentation import presentation_of
    from pujiang.results.figures.differences import differences
    from pujiang.results.figures.style import colours, styled

    words_drawn, annual = drawn_in(say), shown.annual
    with styled(words_drawn.language):
        style = colours([str(n) for n in annual["scenario"].values], presentation_of(annual.attrs).scenarios)
        figure, note = differences(annual, names, style, words_drawn, columns=3)
        title = words_drawn("Difference from the baseline in {year}", year=int(annual["year"].values[-1]))
        svg = inline_svg(figure, "front", title, note, cut=HEAD)
    return InlineFigure("front", title, note, svg)


def explained(whys: "Sequence[Why]", say: Words) -> list[list[InlineFigure]]:
    """The pictures of what explains each scenario: by lever, then the main pathways; none where nothing does."""
    from pujiang.results.figures.style import styled
    from pujiang.results.report.why import pictures_of

    if not any(why.tree is not None for why in whys):
        return [[] for _ in whys]
    words_drawn, out = drawn_in(say), []
    with styled(words_drawn.language):
        for place, why in enumerate(whys, 1):
            own = []
            for key, figure, title, note in pictures_of(why, f"w{place}", words_drawn):
                own.append(InlineFigure(key, title, note, inline_svg(figure, key, title, why.said)))
            out.append(own)
    return out


def inline_svg(figure: "Figure", key: str, title: str, description: str, *, cut: float = 0.0) -> str:
    """A figure as an <svg> element for HTML: ids begin with `key`, nothing points outside, no metadata.

    `cut`: inches left out at the top.
    """
    from pujiang.results.figures.style import save_svg

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        save_svg(figure, path, title, description)
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
