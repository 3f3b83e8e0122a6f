"""Ticks of axes, written out plainly and drawn quickly.

Matplotlib makes five artists of each tick, and lays out and writes the letters of each label anew: that takes longer
than all the rest of a figure of many small panels. Here a label is a shape, made once and marked wherever it stands.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.path import Path
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Affine2D

from pujiang.results.figures.style import GREY, SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

AXES = 1.5
"""Where matplotlib draws axes: over areas, under lines."""

ASCENT = 0.76
"""How high a line of letters is, in its size (DejaVu Sans): by it matplotlib sets a label under or beside its mark."""


def plain_ticks(axes: "Axes") -> None:
    """Few ticks on y, written out with thousands separators, with no more decimals than they need."""
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−")))


def draw_ticks(axes: "Axes", *which: str) -> None:
    """Draw the ticks of the axes named ("x", "y"; both by default) as a line of marks and labels.

    They look as matplotlib's own. Limits must be final by then, and the axes without labels of their own.
    """
    size, width = rcParams["xtick.major.size"], rcParams["xtick.major.width"]
    away = size + rcParams["xtick.major.pad"]
    for name in which or ("x", "y"):
        flat = name == "x"
        axis: Any = axes.xaxis if flat else axes.yaxis
        marker: Any = TICKDOWN if flat else TICKLEFT
        marks = axes.get_xaxis_transform("tick1") if flat else axes.get_yaxis_transform("tick1")
        beside, *_ = axes.get_xaxis_text1_transform(away) if flat else axes.get_yaxis_text1_transform(away)
        low, high = sorted(axis.get_view_interval())
        places, slack = axis.get_majorticklocs(), 1e-10 * (high - low)
        labelled = zip(places, axis.get_major_formatter().format_ticks(places), strict=True)
        shown = [(float(at), text) for at, text in labelled if low - slack <= at <= high + slack]
        points = [(at, 0.0) if flat else (0.0, at) for at, _ in shown]
        line = Line2D(
            [x for x, _ in points], [y for _, y in points], linestyle="", marker=marker,
            markersize=size, markeredgewidth=width, color=GREY, transform=marks, clip_on=False, zorder=AXES,
        )  # fmt: skip
        axes.add_artist(line)
        axes.add_artist(Labels(points, [text for _, text in shown], beside, under=flat))
        axis.set_visible(False)


class Labels(Artist):
    """Labels under their points, or to the left of them."""

    zorder = AXES

    def __init__(self, points: "Sequence[tuple[float, float]]", texts: "Sequence[str]", to: Any, *, under: bool):
        super().__init__()
        self.labels = list(zip(points, texts, strict=True))
        self.to, self.under = to, under
        self.set_clip_on(False)

    def draw(self, renderer: "RendererBase") -> None:
        """Mark each label's shape at its place."""
        gc = renderer.new_gc()
        gc.set_linewidth(0)
        points: Any = renderer.points_to_pixels(1.0)
        size, colour = Affine2D().scale(points), to_rgba(GREY)
        families = tuple(rcParams["font.family"])
        for point, text in self.labels:
            shape = _shape(text, families, under=self.under)
            renderer.draw_markers(gc, shape, size, Path([point]), self.to, colour)
        gc.restore()


@lru_cache(maxsize=1024)
def _shape(text: str, families: tuple[str, ...], *, under: bool) -> Path:
    """A text's outlines, in points: its point in the middle of its top, or half way up its right end."""
    font = FontProperties(family=list(families), size=SIZE)
    width, *_ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    x, y = (-width / 2, -ASCENT * SIZE) if under else (-width, -ASCENT * SIZE / 2)
    return TextPath((x, y), text, prop=font)
