"""A small plot: a rectangle of a figure with scales of its own, drawn with few artists.

Axes of matplotlib's make some forty artists each before anything is drawn in them; for fifty small panels that takes
longer than all that is drawn. Here limits are given, and lines, areas, marks and words go to the figure itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.results.figures.style import AXES, GREY, SIZE, THIN, TICK, Box

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

POINT = 1 / 72
"""Inches."""

TICK_WIDTH = 0.8
PAD = 3.5
"""Points between a tick and its label."""

FRAME = 2.5
"""Where matplotlib draws the frame: over lines, under words."""


@dataclass(frozen=True)
class Plot:
    """Where values between the limits `x` and `y` are drawn in a figure: in `box`, which cuts off what goes beyond.

    `style` of what is drawn is as matplotlib's lines, collections and texts have it.
    """

    figure: "Figure"
    box: Box
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: Any, y: Any) -> NDArray[np.float64]:
        """Points in inches: (point, 2), or (2,) of one."""
        left, bottom, width, height = self.box
        across = left + (np.asarray(x, dtype=float) - self.x[0]) * (width / (self.x[1] - self.x[0]))
        up = bottom + (np.asarray(y, dtype=float) - self.y[0]) * (height / (self.y[1] - self.y[0]))
        return np.stack(np.broadcast_arrays(across, up), axis=-1)

    def values_of(self, points: float) -> tuple[float, float]:
        """How much so many points of type are in the values of either axis."""
        inches, (_, _, width, height) = points * POINT, self.box
        return inches * (self.x[1] - self.x[0]) / width, inches * (self.y[1] - self.y[0]) / height

    @cached_property
    def _inside(self) -> Any:
        from matplotlib.transforms import Bbox, TransformedBbox

        return TransformedBbox(Bbox.from_bounds(*self.box), self.figure.dpi_scale_trans)

    def _add(self, artist: "Artist", *, cut: bool) -> None:
        artist.set_transform(self.figure.dpi_scale_trans)
        if cut:
            artist.set_clip_box(self._inside)
        self.figure.add_artist(artist)

    def line(self, x: Any, y: Any, *, cut: bool = True, **style: Any) -> None:
        """A line through points, or a mark at each."""
        from matplotlib.lines import Line2D

        self._add(Line2D(*self.at(x, y).T, **style), cut=cut)

    def lines(self, starts: tuple[Any, Any], ends: tuple[Any, Any], *, cut: bool = True, **style: Any) -> None:
        """Straight lines, each from a start (its x, its y) to an end."""
        from matplotlib.collections import LineCollection

        pairs = np.stack(np.broadcast_arrays(self.at(*starts), self.at(*ends)), axis=-2)
        self._add(LineCollection(list(pairs.reshape(-1, 2, 2)), **style), cut=cut)

    def areas(self, x: NDArray[Any], bounds: Sequence[tuple[Any, Any]], colours: Sequence[tuple[str, float]]) -> None:
        """Areas between pairs of bounds, each in its colour and opacity."""
        from matplotlib.collections import PolyCollection
        from matplotlib.colors import to_rgba

        there, drawn = np.concatenate([x, x[::-1]]), []
        for (low, high), colour in zip(bounds, colours, strict=True):
            corners = self.at(there, np.concatenate([low, high[::-1]]))
            corners = corners[np.isfinite(corners).all(axis=1)]
            if len(corners):
                drawn.append((corners, to_rgba(*colour)))
        shapes, shades = [corners for corners, _ in drawn], [shade for _, shade in drawn]
        self._add(PolyCollection(shapes, facecolors=shades, linewidths=0), cut=True)

    def text(self, x: float, y: float, text: str, *, right: float = 0.0, up: float = 0.0, **style: Any) -> None:
        """Words at a point, moved by so many points of type; they may stand outside the box."""
        from matplotlib.text import Text

        across, above = (self.at(x, y) + np.array([right, up]) * POINT).tolist()
        self._add(Text(across, above, text, **style), cut=False)

    def title(self, text: str, size: float = SIZE + 1) -> None:
        """The title, above the upper left corner."""
        self.text(self.x[0], self.y[1], text, up=6, size=size, weight="bold")

    def frame(self, *sides: str) -> None:
        """The edges named: "left", "bottom"."""
        ends = [(self.x[0], self.y[1]) if side == "left" else (self.x[1], self.y[0]) for side in sides]
        self.lines(
            (self.x[0], self.y[0]), ([x for x, _ in ends], [y for _, y in ends]),
            cut=False, colors=GREY, linewidths=THIN, capstyle="projecting", zorder=FRAME,
        )  # fmt: skip

    def ticks(self, axis: str, places: Sequence[float], labels: Sequence[str]) -> None:
        """Ticks of "x" along the lower edge or of "y" along the left one, as far as they are within the limits."""
        from matplotlib.markers import TICKDOWN, TICKLEFT

        from pujiang.results.figures.tick_labels import Labels

        flat = axis == "x"
        low, high = self.x if flat else self.y
        slack = 1e-10 * (high - low)
        shown = [(at, text) for at, text in zip(places, labels, strict=True) if low - slack <= at <= high + slack]
        along = np.array([at for at, _ in shown])
        x, y = (along, self.y[0]) if flat else (self.x[0], along)
        marker: Any = TICKDOWN if flat else TICKLEFT
        points = self.at(x, y)
        self.line(
            x, y, cut=False, linestyle="", color=GREY, zorder=AXES,
            marker=marker, markersize=TICK, markeredgewidth=TICK_WIDTH,
        )  # fmt: skip
        points[:, 1 if flat else 0] -= (TICK + PAD) * POINT
        self._add(Labels(points.tolist(), [text for _, text in shown], under=flat), cut=False)


def limits_around(*values: Any) -> tuple[float, float]:
    """From the least to the largest of all finite values, and a twentieth of that beyond on either side."""
    every = np.concatenate([np.ravel(np.asarray(each, dtype=float)) for each in values])
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.0, 1.0
    low, high = float(every.min()), float(every.max())
    size = max(abs(low), abs(high))
    beyond = high - low
    if beyond <= 1e-13 * size or size < 1e-290:  # as good as one value
        beyond = size if size >= 1e-290 else 1.0
    return low - 0.05 * beyond, high + 0.05 * beyond
