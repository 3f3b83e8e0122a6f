"""What makes the baseline uncertain: parameters, inputs, and errors of the model, by their parts in the variance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.results.figures.style import PALETTE, SIZE, areas, panel_grid
from pujiang.results.figures.ticks import draw_ticks
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
    from matplotlib.ticker import FixedLocator, PercentFormatter

    ahead = variance["year"].values >= since
    years, outcomes = variance["year"].values[ahead], variance["outcome"].values.tolist()
    order = [variance["source"].values.tolist().index(name) for name in SOURCES]
    figure, axes = panel_grid(len(names), 4, width=1.9, height=1.2, margins=(0.5, 0.15, 0.34, 0.34))
    for axis, name in zip(axes, names, strict=True):
        parts = variance["variance"].values[order, outcomes.index(name)][:, ahead]
        whole = parts.sum(axis=0)
        share = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
        tops = np.cumsum(share, axis=0)
        areas(axis, years, list(zip(tops - share, tops, strict=True)), [(shade, 1.0) for shade in SHADES])
        axis.set_title(say.outcome(name).short, fontsize=SIZE)
        axis.set_xlim(years[0], years[-1])
        axis.set_ylim(0, 1)
        axis.xaxis.set_major_locator(FixedLocator([year for year in years if year % 2 == 0]))
        axis.yaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        draw_ticks(axis)
    words = [
        say("{label}: {part}", label=say(colour), part=say(what))
        for colour, what in zip(COLOURS, SOURCES.values(), strict=True)
    ]
    return figure, say("Shares of the variance of each level: {parts}.", parts="; ".join(words))


COLOURS = ("dark blue", "light blue", "orange")
