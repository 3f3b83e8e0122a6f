"""How the model meets history: what it says less what was observed, by how far readings and the model err."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pujiang.evidence import Observation
from pujiang.experiment.likelihood import Residual, residuals
from pujiang.presentation import OVERALL, presentation_of
from pujiang.results.figures.plot import PAD, Plot
from pujiang.results.figures.style import AXES, GREY, PALETTE, SIZE, width_of
from pujiang.results.figures.ticks import number_ticks
from pujiang.results.summary import elements_of
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

LIMIT = 4.0
HELD_AGAINST = ("fit", "weak", "check")


def central_residuals(annual: "xr.Dataset", observations: Sequence[Observation]) -> list[Residual]:
    """The observations the central member of the first scenario is held against, with its residuals.

    Residuals are in standard deviations of the observation and of the model's own error together, as in a calibration.
    What drives the model, opens it or is excluded is left out.
    """
    central = annual.isel(scenario=0, member=0)
    models = {
        f"{name}.{element}" if element else str(name): part.values
        for name, values in central.data_vars.items()
        for element, part in elements_of(values).items()
    }
    shown = [point for point in observations if point.role in HELD_AGAINST]
    errors = presentation_of(annual.attrs).errors
    usual = errors.get(OVERALL, 0.0)
    found = residuals(
        shown, models, [int(year) for year in annual["year"].values], lambda name: errors.get(name, usual)
    )
    return [entry for entry in found if np.isfinite(entry.error)]


def fit(annual: "xr.Dataset", observations: Sequence[Observation], say: Words) -> "tuple[Figure, str] | None":
    """A row a series, a point a year, and a note; None where there is nothing to compare."""
    from matplotlib.figure import Figure

    found = central_residuals(annual, observations)
    order = [str(name) for name in annual.data_vars]
    named = {(str(entry.observation.outcome), entry.observation.series) for entry in found}
    if not named:
        return None
    rows = sorted(named, key=lambda row: (order.index(row[0].partition(".")[0]), row))
    labels = _labels(rows, annual, say)
    left, height = 0.3 + 0.072 * max(map(width_of, labels)), 0.26 * len(rows) + 1.3
    figure = Figure(figsize=(max(left + 5.6 + 1.6, 10.0), height))
    plot = Plot(figure, (left, 0.5, 5.6, height - 1.25), (-LIMIT, LIMIT), (-len(rows) + 0.4, 0.6))
    plot.areas(np.array([-2.0, 2.0]), [(np.full(2, plot.y[0]), np.full(2, plot.y[1]))], [("#f0f0f0", 1.0)])
    places = -np.arange(len(rows))
    plot.lines((plot.x[0], places), (plot.x[1], places), colors="#e0e0e0", linewidths=0.5, zorder=AXES)
    plot.line([0, 0], plot.y, color=GREY, linewidth=0.8)
    for y, key, label in zip(places.tolist(), rows, labels, strict=True):
        plot.text(plot.x[0], y, label, right=-PAD, ha="right", va="center_baseline", color=GREY)
        mine = [entry for entry in found if (entry.observation.outcome, entry.observation.series) == key]
        for filled in (True, False):
            shown = [entry.error for entry in mine if (entry.observation.role == "fit") is filled]
            plot.line(np.clip(shown, -LIMIT, LIMIT), np.full(len(shown), y), cut=False, linestyle="", marker="o",
                      markersize=4.2, alpha=0.8, color=PALETTE[0], markeredgewidth=0.9,
                      markerfacecolor=PALETTE[0] if filled else "white")  # fmt: skip
        _name_outliers(plot, y, mine)
    plot.frame("bottom")
    number_ticks(plot, "x", np.arange(-LIMIT, LIMIT + 1).tolist())
    words = say("modelled less observed, in standard deviations of both errors together")
    plot.text(0.0, plot.y[0], words, up=-22, ha="center", va="top", color=GREY)
    return figure, say(
        "A point a year. Filled: fitted; open: weak, or a check. Grey: within two standard deviations, errors of the "
        "reading and of the model together."
    )


def _name_outliers(plot: Plot, y: float, mine: Sequence[Residual]) -> None:
    """The years of points beyond two standard deviations; beyond the axis, their residuals too."""
    for side in (1, -1):
        sign = "+" if side > 0 else "−"
        far = sorted((abs(entry.error), entry.observation.year) for entry in mine if entry.error * side > 2)
        groups: list[tuple[float, list[str]]] = []
        for size, year in far:
            text = str(year) if size <= LIMIT else f"{year} ({sign}{size:.1f})"
            place = min(size, LIMIT)
            if groups and place - groups[-1][0] < 0.8:  # one label where two would overlap
                groups[-1][1].append(text)
            else:
                groups.append((place, [text]))
        for place, texts in groups:
            plot.text(side * place, y, ", ".join(texts), right=-4, up=4, size=SIZE - 2, color=GREY)


def _labels(rows: Sequence[tuple[str, str]], annual: "xr.Dataset", say: Words) -> list[str]:
    """The outcome's label; where several series are held against one outcome, the series' name as well."""
    outcomes = [outcome for outcome, _ in rows]
    labels = []
    for outcome, series in rows:
        label = say.scalar(annual, outcome)
        labels.append(f"{label} ({series.replace('_', ' ')})" if outcomes.count(outcome) > 1 else label)
    return labels
