"""What vintages of the model would have said against what happened, how often bands held it, and skill by horizon."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pujiang.evidence import Observation
from pujiang.experiment.calibrate import ROLES
from pujiang.experiment.hindcast import Forecast
from pujiang.experiment.hindcasts import Findings
from pujiang.experiment.scores import Score, records
from pujiang.presentation import Presentation
from pujiang.results.figures.style import (
    BLACK,
    GREY,
    PALETTE,
    SIZE,
    apart,
    heading,
    panel_grid,
    save_svg,
    styled,
)
from pujiang.results.figures.ticks import plain_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_POINTS = 4
"""Of a series that is drawn: fewer show no course."""
INPUTS = {"foreseen": "inputs as one would have set them", "happened": "inputs as they happened"}


def write_hindcast_figures(folder: Path, found: Findings) -> list[Path]:
    """Write vintages.svg, coverage.svg and skill.svg into `folder`; the files written."""
    shown = found.system.presentation
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with styled("en"):
        for key, title, note, figure in (
            ("vintages", "What each vintage would have said, and what happened", *_vintages(found, shown)),
            ("coverage", "How often bands held what came", *_coverage(found.scores)),
            ("skill", "How far forecasts were off, by years ahead", *_skill(found.scores)),
        ):
            heading(figure, title, note)
            written.append(folder / f"{key}.svg")
            save_svg(figure, written[-1], title, note)
    return written


def _vintages(found: Findings, shown: Presentation) -> "tuple[str, Figure]":
    from matplotlib.ticker import MaxNLocator

    forecasts = [f for f in found.forecasts if f.inputs == "foreseen" and f.observation.base_year is None]
    series: dict[tuple[str, str], list[Forecast]] = {}
    for each in forecasts:
        series.setdefault((each.observation.series, str(each.observation.outcome)), []).append(each)
    kept = {key: own for key, own in series.items() if len({f.observation.year for f in own}) >= LEAST_POINTS}
    figure, axes = panel_grid(len(kept), 3, width=2.6, height=1.75, margins=(0.6, 0.55, 0.34, 0.38))
    cutoffs = [vintage.cutoff for vintage in found.vintages]
    history = found.observations
    for axis, ((name, outcome), own) in zip(axes, kept.items(), strict=True):
        of = shown.outcome(outcome.partition(".")[0])
        points = [o for o in history if o.series == name and str(o.outcome) == outcome]
        for place, cutoff in enumerate(cutoffs):
            _fan(axis, cutoff, [f for f in own if f.cutoff == cutoff], points, of.scale, PALETTE[place % len(PALETTE)])
        axis.plot(
            [o.year for o in points], [o.value * of.scale for o in points], "o", color=BLACK, markersize=3.2, zorder=3
        )
        axis.set_title(f"{of.short}, {of.unit}" if of.unit else of.short)
        axis.set_xlim(min(o.year for o in points) - 0.5, max(o.year for o in points) + 0.6)
        axis.set_ylim(bottom=0)
        plain_ticks(axis)
        axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    years = ", ".join(map(str, cutoffs))
    note = (
        f"Points: reported. A colour a vintage: fitted to data up to {years}, inputs after it as one would have set\n"
        "them then. Line: median; band: 80 % of what might have been reported."
    )
    return note, figure


def _fan(
    axes: "Axes", cutoff: int, own: Sequence[Forecast], points: Sequence[Observation], scale: float, colour: str
) -> None:
    """The median and 80 % band of a vintage, from the last figure it knew."""
    if not own:
        return
    ordered = sorted(own, key=lambda f: f.observation.year)
    years = [f.observation.year for f in ordered]
    low, middle, high = np.array([np.quantile(f.readings, [0.1, 0.5, 0.9]) for f in ordered]).T * scale
    known = [o for o in points if o.year <= cutoff]
    if known:
        start, value = known[-1].year, known[-1].value * scale
        years = [start, *years]
        low, middle, high = (np.concatenate([[value], line]) for line in (low, middle, high))
    axes.fill_between(years, low, high, color=colour, alpha=0.14, linewidth=0)
    axes.plot(years, middle, color=colour, linewidth=1.2)


def _coverage(scores: Sequence[Score]) -> "tuple[str, Figure]":
    """Nominal against actual coverage, with and without errors of the model; and the 80 % band by years ahead."""
    figure, axes = panel_grid(2, 2, width=3.4, height=2.7, margins=(0.7, 0.4, 0.5, 0.38))
    fitted = [s for s in scores if s.observation.role in ROLES]
    nominal = np.linspace(0.05, 0.95, 19)
    axes[0].plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
    for place, (inputs, words) in enumerate(INPUTS.items()):
        pit = np.array([s.pit for s in fitted if s.inputs == inputs])
        actual = [float(np.mean(np.abs(pit - 0.5) <= level / 2)) for level in nominal]
        axes[0].plot(nominal, actual, color=PALETTE[place], label=words, marker="o", markersize=2.5)
        alone = float(np.mean([s.latent_covered for s in fitted if s.inputs == inputs]))
        axes[0].plot([0.8], [alone], "x", color=PALETTE[place], markersize=6)
        by_years = records([s for s in fitted if s.inputs == inputs], lambda s: s.horizon)
        ahead = sorted(by_years)
        axes[1].plot(ahead, [by_years[n].coverage[1] for n in ahead], color=PALETTE[place], marker="o", markersize=3)
        for n in ahead if place == 0 else ():
            axes[1].annotate(str(by_years[n].points), (n, 0.02), ha="center", size=SIZE - 2, color=GREY)
    axes[0].set_xlabel("nominal", color=GREY)
    axes[0].set_title("Share of what came inside")
    axes[0].legend(frameon=False, fontsize=SIZE - 1, loc="upper left")
    axes[1].axhspan(0.7, 0.9, color="#f0f0f0", linewidth=0)
    axes[1].axhline(0.8, color=GREY, linewidth=0.8)
    axes[1].set_ylim(0, 1.03)
    axes[1].set_xlabel("years ahead", color=GREY)
    axes[1].set_title("80 % band, by years ahead")
    note = (
        "Series that are fitted. Crosses: the 80 % band of parameters and inputs alone, without errors of the model.\n"
    )
    return note + "Small numbers: points. Grey: 70 to 90 %.", figure


def _skill(scores: Sequence[Score]) -> "tuple[str, Figure]":
    """CRPS by years ahead, of the model and of naive forecasts, on the points that have both."""
    figure, axes = panel_grid(2, 2, width=3.4, height=2.7, margins=(0.7, 0.9, 0.5, 0.38))
    for axis, (inputs, words) in zip(axes, INPUTS.items(), strict=True):
        own = [s for s in scores if s.inputs == inputs and s.observation.role in ROLES and s.naive]
        ahead = sorted({s.horizon for s in own})
        lines = {"model": [np.mean([s.crps for s in own if s.horizon == n]) for n in ahead]}
        for name in own[0].naive if own else ():
            lines[name] = [np.mean([s.naive[name] for s in own if s.horizon == n]) for n in ahead]
        ends = apart(
            [float(line[-1]) for line in lines.values()], 0.06 * float(max(map(max, lines.values()))), 0.0, np.inf
        )
        for place, ((name, line), end) in enumerate(zip(lines.items(), ends, strict=True)):
            colour = BLACK if name == "model" else PALETTE[place - 1]
            axis.plot(ahead, line, color=colour, linewidth=2 if name == "model" else 1.2)
            axis.annotate(
                name, (ahead[-1], end), xytext=(4, 0), textcoords="offset points", va="center",
                size=SIZE - 1, color=colour,
            )  # fmt: skip
        axis.set_ylim(bottom=0)
        axis.set_xticks(ahead)
        axis.set_xlabel("years ahead", color=GREY)
        axis.set_title(f"CRPS, {words}")
    return (
        "Continuous ranked probability score, in logarithms: .1 is an error of about a tenth. Lower is better.",
        figure,
    )
