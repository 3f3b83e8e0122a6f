"""Labels of ticks: each a shape, made once and marked wherever it stands.

A text of matplotlib's is laid out and written letter by letter each time, which for the labels of many small panels
takes longer than all the rest.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import Affine2D

from pujiang.results.figures.style import AXES, GREY, SIZE

ASCENT = 0.76
"""How high a line of letters is, in its size (DejaVu Sans): by it matplotlib sets a label under or beside its mark."""


class Labels(Artist):
    """Labels under their points, or to the left of them."""

    zorder = AXES

    def __init__(self, points: Sequence[tuple[float, float]], texts: Sequence[str], *, under: bool):
        super().__init__()
        self.labels, self.under = list(zip(points, texts, strict=True)), under

    def draw(self, renderer: RendererBase) -> None:
        """Mark each label's shape at its place."""
        gc = renderer.new_gc()
        gc.set_linewidth(0)
        points: Any = renderer.points_to_pixels(1.0)
        size, colour = Affine2D().scale(points), to_rgba(GREY)
        families = tuple(rcParams["font.family"])
        for point, text in self.labels:
            shape = _shape(text, families, under=self.under)
            renderer.draw_markers(gc, shape, size, Path([point]), self.get_transform(), colour)
        gc.restore()


@lru_cache(maxsize=1024)
def _shape(text: str, families: tuple[str, ...], *, under: bool) -> Path:
    """A text's outlines, in points: its point in the middle of its top, or half way up its right end."""
    font = FontProperties(family=list(families), size=SIZE)
    width, *_ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    x, y = (-width / 2, -ASCENT * SIZE) if under else (-width, -ASCENT * SIZE / 2)
    return TextPath((x, y), text, prop=font)
