"""Figures of a calibration: what was foreseen of the data, and profiles of parameters."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.evidence import Observation
from pujiang.experiment.predictive import QUANTILES, Foreseen, SeriesCheck
from pujiang.experiment.profiled import ProfilePoint
from pujiang.presentation import Presentation
from pujiang.results.figures.style import (
    BLACK,
    GREY,
    PALETTE,
    SIZE,
    heading,
    panel_grid,
    save_svg,
    styled,
)
from pujiang.results.figures.ticks import plain_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 5
SHADES = {"prior": "#dddddd", "posterior": PALETTE[0]}
LEVEL_95 = 3.84
"""Rise of a profile at the ends of a 95 % interval: the 95 % point of chi-squared with one degree of freedom."""


def write_predictive_figure(
    folder: Path, foreseen: Sequence[Foreseen], checks: Sequence[SeriesCheck], shown: Presentation
) -> Path:
    """A panel a series: 95 % bands of readings under the priors (grey) and the posterior (blue), and the data."""
    series: dict[tuple[str, str], list[Foreseen]] = {}
    for row in foreseen:
        series.setdefault((row.observation.series, str(row.observation.outcome)), []).append(row)
    tails = {(c.series, c.outcome): c.tail for c in checks if c.kind == "posterior"}
    title = "What was foreseen of the data"
    with styled("en"):
        figure, panels = panel_grid(len(series), COLUMNS, width=1.9, height=1.05, margins=(0.6, 0.15, 0.3, 0.46))
        for axes, (key, rows) in zip(panels, series.items(), strict=True):
            label, scale = _shown(rows[0].observation, shown)
            _foreseen(axes, rows, scale)
            axes.set_title(f"{label}\n{_named(key[0])}  {tails[key]:.2f}", size=SIZE - 2, color=GREY)
        note = "Bars: 95 % of readings under the priors (grey) and the posterior (blue); points: data.\nThe number: "
        note += "probability of as large a misfit among data of the posterior; near 0: the series does not fit."
        heading(figure, title, note)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "predictive.svg"
        listed = ", ".join(f"{name.replace('_', ' ')} {tail:.2f}" for (name, _), tail in tails.items())
        save_svg(figure, path, title, f"Probability of as large a misfit, by series: {listed}.")
    return path


def _foreseen(axes: "Axes", rows: Sequence[Foreseen], scale: float) -> None:
    """Bands of a series, and its data."""
    for kind, shade in SHADES.items():
        own = [row for row in rows if row.kind == kind]
        years = [row.observation.year for row in own]
        low, middle, high = ([scale * row.quantiles[QUANTILES.index(q)] for row in own] for q in (0.025, 0.5, 0.975))
        axes.vlines(years, low, high, color=shade, linewidth=6 if kind == "prior" else 3)
        axes.plot(years, middle, "_", color=BLACK if kind == "prior" else "white", markersize=4)
    data = {row.observation.year: scale * row.observation.value for row in rows}
    axes.plot(list(data), list(data.values()), "o", color=PALETTE[1], markersize=3, zorder=3)
    axes.set_xlim(min(data) - 0.8, max(data) + 0.8)
    axes.set_xticks(sorted({min(data), max(data)}))
    plain_ticks(axes)


def _shown(observation: Observation, shown: Presentation) -> tuple[str, float]:
    """What a panel is called, and what its numbers are multiplied by; a reading of a change has no unit."""
    name, _, element = str(observation.outcome).partition(".")
    of = shown.outcome(name)
    relative = observation.base_year is not None
    unit = f"relative to {observation.base_year}" if relative else of.unit
    return f"{of.short}{' ' + element if element else ''}{', ' + unit if unit else ''}", 1.0 if relative else of.scale


def _named(series: str) -> str:
    """A series, in a panel's width."""
    name = series.replace("_", " ")
    return name if len(name) < 30 else name[:28] + "…"


def write_profile_figure(folder: Path, profiles: Sequence[ProfilePoint]) -> Path:
    """A panel a parameter: how much worse the best fit gets (points), and what the curvature foresaw (line)."""
    names = list(dict.fromkeys(point.parameter for point in profiles))
    title = "Profiles: how much worse the best fit gets as a parameter is held elsewhere"
    with styled("en"):
        figure, panels = panel_grid(len(names), 3, width=2.4, height=1.5, margins=(0.55, 0.2, 0.4, 0.36))
        for axes, name in zip(panels, names, strict=True):
            own = [point for point in profiles if point.parameter == name]
            values = [point.value for point in own]
            axes.axhline(LEVEL_95, color=GREY, linewidth=0.8, linestyle=":")
            axes.plot(values, [point.foreseen for point in own], color=GREY)
            axes.plot(values, [point.rise for point in own], "o-", color=PALETTE[0], markersize=3)
            axes.set_ylim(-0.5, 10)
            axes.set_title(name.replace("_", " "))
            plain_ticks(axes)
        note = "Twice the rise of the cost, data and priors together. Grey: what the curvature of the fit foresees.\n"
        heading(figure, title, note + "Dotted: the ends of a 95 % interval.")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "profiles.svg"
        save_svg(figure, path, title, f"Profiles of {', '.join(names)}.")
    return path
