"""How the model meets history: what was observed less what the model says, in standard deviations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from pujiang.results.figures.panels import Observed
from pujiang.results.figures.style import GREY, PALETTE, SIZE, heading
from pujiang.results.outcomes import shown_as

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMIT = 4.0


def residuals(annual: xr.Dataset, observations: Sequence[Observed]) -> list[tuple[Observed, float]]:
    """Each observation the model can be held against, with its residual in standard deviations.

    The residual is of the central member of the first scenario, positive where the observation lies above
    it, on the scale of the observation's error. A floor above which the model lies has none: it is met.
    """
    result = []
    years = annual["year"].values.tolist()
    central = annual.isel(scenario=0, member=0)
    models = {str(name): array.values for name, array in central.data_vars.items() if array.dims == ("year",)}
    for point in observations:
        scored = point.role in ("fit", "weak", "check") and point.sd is not None
        if not scored or point.outcome not in models or point.year not in years:
            continue
        model = float(models[point.outcome][years.index(point.year)])
        if not np.isfinite(model) or (point.sd_scale == "log" and model <= 0):
            continue
        distance = np.log(point.value / model) if point.sd_scale == "log" else point.value - model
        residual = float(distance) / float(point.sd or 1)
        if point.likelihood != "floor" or residual > 0:
            result.append((point, residual))
    return result


def fit(annual: xr.Dataset, observations: Sequence[Observed], *, failed: bool) -> "Figure | None":
    """A row a series, a point a year; None where there is nothing to compare."""
    from matplotlib.figure import Figure

    points = residuals(annual, observations)
    order = list(annual.data_vars)
    rows = sorted({(order.index(point.outcome), point.series) for point, _ in points})
    if not rows:
        return None
    labels = _labels([(str(order[place]), series) for place, series in rows])
    left, height = 0.3 + 0.072 * max(map(len, labels)), 0.26 * len(rows) + 1.3
    width = max(left + 5.6 + 1.6, 10.0)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, 0.5 / height, 5.6 / width, (height - 1.25) / height))
    axes.axvspan(-2, 2, color="#f0f0f0", linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for row, (_, series) in enumerate(rows):
        axes.axhline(-row, color="#e0e0e0", linewidth=0.5, zorder=0.9)
        mine = [(point, residual) for point, residual in points if point.series == series]
        for filled in (True, False):
            shown = [residual for point, residual in mine if (point.role == "fit") is filled]
            face = PALETTE[0] if filled else "white"
            axes.plot(np.clip(shown, -LIMIT, LIMIT), [-row] * len(shown), "o", markersize=4.2, alpha=0.8,
                      color=PALETTE[0], markerfacecolor=face, markeredgewidth=0.9, clip_on=False)  # fmt: skip
        _name_outliers(axes, -row, mine)
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_yticks([-row for row in range(len(rows))], labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("observed less modelled, in standard deviations of the observation", color=GREY)
    note = "A point a year. Filled: fitted; open: weak, or a check. Grey: within two standard deviations."
    heading(figure, "How the central member meets the data", note, failed=failed)
    return figure


def _name_outliers(axes: "Axes", y: float, mine: Sequence[tuple[Observed, float]]) -> None:
    """The years of points beyond two standard deviations; beyond the axis, their residuals too."""
    for side in (1, -1):
        sign = "+" if side > 0 else "−"
        far = sorted((abs(residual), point.year) for point, residual in mine if residual * side > 2)
        groups: list[tuple[float, list[str]]] = []
        for residual, year in far:
            text = str(year) if residual <= LIMIT else f"{year} ({sign}{residual:.1f})"
            place = min(residual, LIMIT)
            if groups and place - groups[-1][0] < 0.8:  # one label where two would overlap
                groups[-1][1].append(text)
            else:
                groups.append((place, [text]))
        for place, texts in groups:
            align = "left" if side > 0 else "right"
            axes.annotate(", ".join(texts), (side * place, y), xytext=(-4 * side, 4), ha=align,
                          textcoords="offset points", size=SIZE - 2, color=GREY)  # fmt: skip


def _labels(rows: Sequence[tuple[str, str]]) -> list[str]:
    """The outcome's label; where several series are held against one outcome, the series' name as well."""
    outcomes = [outcome for outcome, _ in rows]
    return [
        f"{shown_as(outcome).label} ({series.replace('_', ' ')})" if outcomes.count(outcome) > 1
        else shown_as(outcome).label
        for outcome, series in rows
    ]  # fmt: skip
