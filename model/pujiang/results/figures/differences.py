"""What each scenario changes: differences from the first (the baseline) in the last year, outcome by outcome."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pujiang.results.figures.style import (
    GREY,
    SIZE,
    LineStyles,
    difference_title,
    panel_grid,
    text_colour,
    unlabelled,
    width_of,
)
from pujiang.results.figures.ticks import draw_ticks, plain_numbers
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
    from matplotlib.ticker import MaxNLocator

    scenarios = [str(name) for name in annual["scenario"].values]
    labels = [say.case(name) for name in scenarios]
    members, year = annual["member"].values, int(annual["year"].values[-1])
    height = 0.22 * len(scenarios[1:]) + 0.12
    figure, axes = panel_grid(
        len(names), columns, width=1.9, height=height, margins=(0.14, 0.8, 0.38, 0.42),
        indent=0.07 * max(map(width_of, labels[1:])),
    )  # fmt: skip
    unlabelled(axes)
    for place, (axis, name) in enumerate(zip(axes, names, strict=True)):
        outcome = say.outcome(name, str(annual[name].attrs.get("units", "")))
        values = annual[name].sel(year=year).transpose("scenario", "member").values
        changes = change(values[1:], values[0], outcome)
        factor = 100.0 if outcome.difference == "percent" else outcome.scale
        q = quantiles(draws(changes, members, 1), 1)
        shades = [style[scenario][0] for scenario in scenarios[1:]]
        rows = -np.arange(len(shades))
        axis.hlines(rows, q[0] * factor, q[4] * factor, colors=shades, linewidth=1.0)
        axis.hlines(rows, q[1] * factor, q[3] * factor, colors=shades, linewidth=3.4, capstyle="butt")
        axis.scatter(q[2] * factor, rows, s=20, c=shades, zorder=3)
        for y, median, shade in zip(rows, q[2], shades, strict=True):
            axis.text(1.03, float(y), signed(median, outcome), transform=axis.get_yaxis_transform(),
                      va="center", size=SIZE - 1, color=text_colour(shade))  # fmt: skip
        axis.axvline(0, color=GREY, linewidth=0.8, zorder=0)
        axis.set_ylim(rows[-1] - 0.6, 0.6)
        axis.set_yticks([])
        if place % columns == 0:
            axis.set_yticks(rows, labels[1:])
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        low, high = axis.get_xlim()
        if not np.isfinite(q[2]).any() or high - low < 1e-9:
            axis.set_xlim(-1, 1)
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.xaxis.set_major_formatter(plain_numbers())
        axis.set_title(difference_title(outcome, say))
        draw_ticks(axis, "x")
    size = ensemble_size(members)
    note = [say("One member, no ensemble.")]
    if size:
        note = [
            say("Dots: medians over {members:,} members; thick and thin lines: 50 and 90 % of them.", members=size),
            say("Each member is compared with itself in {reference}.", reference=labels[0]),
        ]
    return figure, say.sentences([*note, say("pp: percentage points.")])
