"""What makes the baseline uncertain: parameters, inputs, and errors of the model, by their parts in the variance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.results.figures.plot import Plot
from pujiang.results.figures.style import PALETTE, SIZE, panel_boxes
from pujiang.results.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCES = {"parameters": "parameters", "inputs": "inputs ahead", "model": "errors of the model"}
SHADES = (PALETTE[0], PALETTE[5], PALETTE[4])


def shares(variance: Any, names: Sequence[str], since: int, say: Words) -> "tuple[Figure, str]":
    """A panel an outcome: the share of each source by year; and a note.

    Args:
        variance: a run's /uncertainty. names: the outcomes shown.
        since: the first year shown; what data pinned down before it has no parts to tell apart.
    """
    ahead = variance["year"].values >= since
    years, outcomes = variance["year"].values[ahead], variance["outcome"].values.tolist()
    order = [variance["source"].values.tolist().index(name) for name in SOURCES]
    figure, boxes = panel_boxes(len(names), 4, width=1.9, height=1.2, margins=(0.5, 0.15, 0.34, 0.34))
    even = [int(year) for year in years if year % 2 == 0]
    for box, name in zip(boxes, names, strict=True):
        parts = variance["variance"].values[order, outcomes.index(name)][:, ahead]
        whole = parts.sum(axis=0)
        share = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
        tops = np.cumsum(share, axis=0)
        plot = Plot(figure, box, (float(years[0]), float(max(years[-1], years[0] + 1))), (0.0, 1.0))
        plot.areas(years, list(zip(tops - share, tops, strict=True)), [(shade, 1.0) for shade in SHADES])
        plot.title(say.outcome(name).short, SIZE)
        plot.frame("left", "bottom")
        plot.ticks("x", even, list(map(str, even)))
        plot.ticks("y", (0, 0.5, 1), ("0%", "50%", "100%"))
    words = [
        say("{label}: {part}", label=say(colour), part=say(what))
        for colour, what in zip(COLOURS, SOURCES.values(), strict=True)
    ]
    return figure, say("Shares of the variance of each level: {parts}.", parts="; ".join(words))


COLOURS = ("dark blue", "light blue", "orange")
