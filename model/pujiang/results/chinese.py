"""Figures and reports in Chinese: what each English phrase becomes, and the font figures need for it.

Everything is written in English and translated where it is shown, by the table in chinese.yaml. What has no
entry stays English, as do the words scenarios, levers and variables use of themselves.
"""

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",  # how the collection of all the Noto CJK faces goes by its first
)
FILES = re.compile(
    r"(?i)(notosans(cjk|sc)|sourcehansans|msyh|pingfang|hiragino sans gb|wqy|simhei)[^/\\]*\.(ttc|otf|ttf)$"
)


@dataclass(frozen=True)
class Table:
    """The phrases of chinese.yaml: labels, sentences in figures, sentences of the report, patterns."""

    labels: Mapping[str, str]
    figures: Mapping[str, str]
    report: Mapping[str, str]
    patterns: Mapping[str, str]


@cache
def table() -> Table:
    """The table, read once."""
    import yaml

    return Table(**yaml.safe_load(Path(__file__).with_name("chinese.yaml").read_text(encoding="utf-8")))


def text(english: str) -> str:
    """The Chinese of a phrase; what has none comes back as it is."""
    phrase = " ".join(english.split()) if "\n" in english else english
    entries = table()
    for part in (entries.report, entries.labels, entries.figures):
        if phrase in part:
            return part[phrase]
    for mark, joined in ((r"(?<=[.;]) (?=[A-Zp])", ""), ("\u00a0· ", "\u00a0· ")):  # sentences, lists
        parts = re.split(mark, phrase)
        if len(parts) > 1:
            return joined.join(map(text, parts))
    for pattern, chinese in entries.patterns.items():
        found = re.fullmatch(pattern, phrase)
        if found:
            return chinese.format(*map(text, found.groups()))
    named = re.fullmatch(r"(.*) \((.*)\)", phrase)  # a scenario with its run, an outcome with its series
    if named and named[1] in entries.labels:
        return f"{entries.labels[named[1]]}（{named[2]}）"
    head, comma, unit = phrase.rpartition(", ")  # the title of a panel
    if comma and head in entries.labels and " or " not in unit:
        return f"{entries.labels[head]}，{entries.labels.get(unit, unit)}"
    listed = re.split(r", | or ", phrase)
    return "、".join(map(text, listed)) if len(listed) > 1 and any(x in entries.labels for x in listed) else phrase


def figure_finisher() -> "Callable[[Figure], None]":
    """What translates the text in a figure; without a Chinese font, a warning and figures left in English."""
    font = find_font()
    if font is None:
        warnings.warn(
            "lang=zh: no Chinese font is installed, so figures stay in English (Noto Sans CJK SC is one)",
            stacklevel=2,
        )
        return lambda figure: None
    return lambda figure: translate(figure, font)


def find_font() -> str | None:
    """The name of an installed font with Chinese characters."""
    from matplotlib import font_manager

    for known in (True, False):
        if not known:  # fonts that came after the list was made are looked for on disk
            for path in filter(FILES.search, sorted(font_manager.findSystemFonts())):
                font_manager.fontManager.addfont(path)
        names = {entry.name for entry in font_manager.fontManager.ttflist}
        found = next((name for name in FONTS if name in names), None)
        if found is not None:
            return found
    return None


def translate(figure: "Figure", font: str) -> None:
    """Put the Chinese in place of the English of a figure; Latin letters and digits keep their font."""
    from matplotlib.text import Text
    from matplotlib.ticker import FixedLocator

    families = ["DejaVu Sans", font]
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if isinstance(axis.get_major_locator(), FixedLocator):
                places = axis.get_majorticklocs().tolist()
                labels = axis.get_major_formatter().format_ticks(places)
                if any(text(label) != label for label in labels):
                    axis.set_ticks(places, labels=list(map(text, labels)), fontfamily=families)
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)
        # A line that ends a sentence stays a line; other breaks are where the English had to be wrapped.
        chinese = "\n".join(map(text, re.split(r"(?<=\.)\n", artist.get_text())))
        if chinese != artist.get_text():
            artist.set_text(chinese)
        if re.search("[一-鿿]", chinese):
            artist.set_fontfamily(families)
