"""What each scenario changes: differences from the first (the baseline) in the last year, outcome by outcome."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pujiang.results.figures.plot import PAD, Plot, limits_around
from pujiang.results.figures.style import (
    GREY,
    SIZE,
    LineStyles,
    difference_title,
    panel_boxes,
    text_colour,
    width_of,
)
from pujiang.results.figures.ticks import few, number_ticks
from pujiang.results.outcomes import signed
from pujiang.results.summary import change, draws, ensemble_size, quantiles
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def differences(
    annual: "xr.Dataset", names: Sequence[str], style: LineStyles, say: Words, *, columns: int
) -> "tuple[Figure, str]":
    """A panel an outcome, a row a scenario: median, 50 and 90 % of the differences member by member; and a note."""
    scenarios = [str(name) for name in annual["scenario"].values]
    labels = [say.case(name) for name in scenarios]
    members, year = annual["member"].values, int(annual["year"].values[-1])
    figure, boxes = panel_boxes(
        len(names), columns, width=1.9, height=0.22 * len(scenarios[1:]) + 0.12, margins=(0.14, 0.8, 0.38, 0.42),
        indent=0.07 * max(map(width_of, labels[1:])),
    )  # fmt: skip
    shades = [style[scenario][0] for scenario in scenarios[1:]]
    rows = -np.arange(len(shades))
    for place, (box, name) in enumerate(zip(boxes, names, strict=True)):
        outcome = say.outcome(name, str(annual[name].attrs.get("units", "")))
        values = annual[name].sel(year=year).transpose("scenario", "member").values
        changes = change(values[1:], values[0], outcome)
        q = quantiles(draws(changes, members, 1), 1)
        shown = q * (100.0 if outcome.difference == "percent" else outcome.scale)
        across = limits_around(shown, 0.0)
        if not np.isfinite(q[2]).any() or across[1] - across[0] < 1e-9:
            across = (-1.0, 1.0)
        plot = Plot(figure, box, across, (float(rows[-1]) - 0.6, 0.6))
        plot.line([0, 0], plot.y, color=GREY, linewidth=0.8, zorder=0)
        plot.lines((shown[0], rows), (shown[4], rows), colors=shades, linewidths=1.0)
        plot.lines((shown[1], rows), (shown[3], rows), colors=shades, linewidths=3.4, capstyle="butt")
        for y, at, median, shade in zip(rows, shown[2], q[2], shades, strict=True):
            plot.line([at], [y], marker="o", markersize=5.87, markeredgewidth=0, color=shade, zorder=3)
            plot.text(across[1], float(y), signed(median, outcome), right=4, va="center", size=SIZE - 1,
                      color=text_colour(shade))  # fmt: skip
        for y, label in zip(rows, labels[1:], strict=True) if place % columns == 0 else ():
            plot.text(across[0], float(y), label, right=-PAD, ha="right", va="center_baseline", color=GREY)
        plot.title(difference_title(outcome, say))
        plot.frame("bottom")
        number_ticks(plot, "x", few(*across, most=4, steps=None))
    size = ensemble_size(members)
    note = [say("One member, no ensemble.")]
    if size:
        note = [
            say("Dots: medians over {members:,} members; thick and thin lines: 50 and 90 % of them.", members=size),
            say("Each member is compared with itself in {reference}.", reference=labels[0]),
        ]
    return figure, say.sentences([*note, say("pp: percentage points.")])
