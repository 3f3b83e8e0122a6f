"""What all figures share: colours, sizes, labels that keep apart, and SVG files whose bytes repeat."""

import io
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.presentation import Outcome
from pujiang.results.words import ENGLISH, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every common colour blindness. Its yellow is too faint for a line.
BLACK = "#000000"
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)))
GREY = "#6b6b6b"
FAINT = "#d9d9d9"
FAILED = "#c00000"

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
"""Fonts with Chinese letters, the best first."""

MOST_FILES = 8
"""Files of fonts that are looked into where matplotlib knows none."""

Box = tuple[float, float, float, float]
"""Left, bottom, width and height in inches, from the lower left corner of a figure."""

LineStyles = Mapping[str, tuple[str, object]]
"""Colour and dash of each scenario."""

SIZE = 9.0
LINE = 0.16
"""Inches from a line of a note to the next."""

AXES = 1.5
"""Where matplotlib draws axes: over areas, under lines."""

THIN = 0.7
"""Width of a frame's lines, in points."""
TICK = 2.5
"""Length of a tick, in points."""

STYLE: Mapping[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that a figure is the same everywhere
    "font.size": SIZE,
    "axes.titlesize": SIZE + 1,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # where it would come to stand, without measuring every label for it
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.linewidth": THIN,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.size": TICK,
    "ytick.major.size": TICK,
    "lines.linewidth": 1.4,
    # Text as outlines: as <text> it would look different, or overlap, where the reader has other fonts.
    "svg.fonttype": "path",
    "svg.hashsalt": "pujiang",
}


@contextmanager
def styled(language: str) -> Iterator[None]:
    """Within it figures are drawn in the package's style, with letters for the language."""
    from matplotlib import rc_context

    families = [*STYLE["font.family"], *([chinese_font()] if language == "zh" else [])]
    with rc_context({**STYLE, "font.family": families}):
        yield


def language_drawn(language: str) -> str:
    """The language figures can be drawn in: English, with a warning, where a font for the one asked for is missing."""
    if language == "zh" and chinese_font() is None:
        warnings.warn(
            "lang=zh: no Chinese font is installed, so figures stay in English (Noto Sans CJK SC is one)",
            stacklevel=3,
        )
        return "en"
    return language


@cache
def chinese_font() -> str | None:
    """The name of an installed font with Chinese letters: one matplotlib knows, else what fontconfig lists."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    known = {entry.name for entry in manager.ttflist}
    found = next((name for name in FONTS if name in known), None)
    if found is None:
        with suppress(OSError, subprocess.SubprocessError):
            listed = ["fc-list", ":lang=zh-cn", "file"]
            done = subprocess.run(listed, capture_output=True, text=True, timeout=20, check=True)
            before = len(manager.ttflist)
            files = [Path(line.strip().removesuffix(":")) for line in sorted(done.stdout.splitlines())]
            for path in [path for path in files if path.suffix.lower() in (".ttf", ".otf", ".ttc")][:MOST_FILES]:
                manager.addfont(path)  # a collection has many faces, each weight a file of its own
            names = [entry.name for entry in manager.ttflist[before:]]
            found = next((name for name in FONTS if name in names), names[0] if names else None)
    return found


def colours(scenarios: Sequence[str], kept: Sequence[str] = ()) -> LineStyles:
    """(colour, dash) of each scenario, the same in every figure; the first is black.

    Those of `kept` have the palette's colours in their order in every run; others take what is free.
    """
    own = dict(zip(kept, PALETTE, strict=False))
    free = [colour for colour in PALETTE if colour not in {own.get(name) for name in scenarios}]
    free += list(PALETTE) * (len(scenarios) // len(PALETTE) + 1)
    used: dict[str, int] = {}
    result: dict[str, tuple[str, object]] = {}
    for name in scenarios:
        colour = BLACK if name == scenarios[0] else own.get(name) or free.pop(0)
        result[name] = (colour, DASHES[used.get(colour, 0) % len(DASHES)])
        used[colour] = used.get(colour, 0) + 1
    return result


def panel_boxes(
    count: int,
    columns: int,
    *,
    width: float,
    height: float,
    margins: tuple[float, float, float, float],
    indent: float = 0.0,
) -> "tuple[Figure, list[Box]]":
    """A figure for `count` panels in rows of `columns`, and where they stand: `width` × `height` within `margins`.

    Margins are left, right, bottom and top of each panel; `indent` is further room at the left of the figure; all in
    inches. Sizes are set and not left to a layout solver, so that labels can be placed to the point before anything is
    drawn.
    """
    from matplotlib.figure import Figure

    left, right, bottom, top = margins
    head = 0.66
    rows = -(-count // columns)
    boxes = []
    for place in range(count):
        row, column = divmod(place, columns)
        x = indent + column * (left + width + right) + left
        boxes.append((x, (rows - 1 - row) * (bottom + height + top) + bottom, width, height))
    size = (indent + columns * (left + width + right), rows * (bottom + height + top) + head)
    return Figure(figsize=size), boxes


def panel_grid(
    count: int, columns: int, *, width: float, height: float, margins: tuple[float, float, float, float]
) -> "tuple[Figure, list[Axes]]":
    """The same with axes of matplotlib's in the boxes."""
    figure, boxes = panel_boxes(count, columns, width=width, height=height, margins=margins)
    whole = np.tile(figure.get_size_inches(), 2)
    return figure, [figure.add_axes(tuple(np.array(box) / whole)) for box in boxes]


def heading(figure: "Figure", title: str, note: str, *, failed: bool = False, say: Words = ENGLISH) -> None:
    """Title and a note below it at the top left; a warning where the run failed its certificate.

    Figures have room for two lines of a note; for more the figure grows.
    """
    _raise_top(figure, LINE * max(0, note.count("\n") - 1))
    width, height = figure.get_size_inches()
    figure.text(0.1 / width, 1 - 0.08 / height, title, size=14, weight="bold", va="top")
    figure.text(0.1 / width, 1 - 0.36 / height, note, size=SIZE, color=GREY, va="top")
    if failed:
        warning = say("THIS RUN FAILED ITS CERTIFICATE: do not use its numbers")
        figure.text(1 - 0.1 / width, 1 - 0.1 / height, warning, weight="bold", color=FAILED, va="top", ha="right")


def _raise_top(figure: "Figure", inches: float) -> None:
    """Make a figure higher, what is in it staying where it is above its foot."""
    width, before = figure.get_size_inches()
    figure.set_size_inches(width, before + inches)
    share = before / (before + inches)
    for axes in figure.axes:
        x, y, w, h = axes.get_position().bounds
        axes.set_position((x, share * y, w, share * h))


def difference_title(outcome: Outcome, say: Words) -> str:
    """The title of a panel of differences: the outcome and the unit its differences are shown in."""
    unit = {"percent": "%", "points": "pp"}.get(outcome.difference, outcome.unit)
    return say("{label}, {part}", label=outcome.short, part=unit)


def width_of(text: str) -> int:
    """How wide a text is, in Latin letters: a Chinese one is as wide as two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def apart(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The positions moved as little as need be so that neighbours are `gap` apart, within low and high.

    Where they do not fit, they are spread evenly.
    """
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    gap = min(gap, (high - low) / max(len(order) - 1, 1))
    # Pool neighbours that touch into blocks centred on the mean of what they want.
    blocks: list[list[int]] = []
    for i in order:
        blocks.append([i])
        while len(blocks) > 1 and _start(blocks[-1], positions, gap, low, high) < (
            _start(blocks[-2], positions, gap, low, high) + gap * len(blocks[-2]) - 1e-9
        ):
            last = blocks.pop()
            blocks[-1] += last
    placed = [0.0] * len(positions)
    for block in blocks:
        start = _start(block, positions, gap, low, high)
        for place, i in enumerate(block):
            placed[i] = start + gap * place
    return placed


def _start(block: Sequence[int], positions: Sequence[float], gap: float, low: float, high: float) -> float:
    length = gap * (len(block) - 1)
    start = sum(positions[i] for i in block) / len(block) - length / 2
    return min(max(start, low), high - length)


def text_colour(colour: str) -> str:
    """A palette colour darkened for text: as a thin letter the lighter ones fade into the paper."""
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * 0.8):02x}" for i in (1, 3, 5))


def save_svg(figure: "Figure", path: Path, title: str, description: str) -> None:
    """Write an SVG with a title and a description for those who cannot see it; the same bytes every time."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    text = io.StringIO()
    metadata = {"Title": title, "Creator": "Pujiang", "Date": None}
    FigureCanvasSVG(figure)
    figure.savefig(text, format="svg", metadata=metadata)
    # Readers of SVG speak <title> and <desc> where they come first.
    opening = f"<title>{escape(title)}</title>"
    content = text.getvalue().replace(opening, f"{opening}\n <desc>{escape(description)}</desc>", 1)
    path.write_text(content.replace("<svg ", '<svg role="img" ', 1), encoding="utf-8", newline="\n")
