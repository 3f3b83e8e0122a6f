"""What a sweep found in its last year: a heat map over two axes, a curve over one, else points over the foremost."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.experiment.sweep import Plan
from pujiang.presentation import presentation_of
from pujiang.results.explanation.names import called
from pujiang.results.figures.style import (
    GREY,
    PALETTE,
    heading,
    language_drawn,
    panel_grid,
    save_svg,
    styled,
)
from pujiang.results.figures.ticks import plain_ticks
from pujiang.results.sweep_points import at_points, flat
from pujiang.results.words import Words, words_in

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_CURVES = 5
DRAWN_POINTS = 2000
"""Of scattered points, so many are drawn: evenly from the first to the last."""


def write_sweep_figure(folder: Path, annual: "xr.Dataset", plan: Plan, language: str = "en") -> Path | None:
    """Write `response.svg`: a panel a headline outcome; None where nothing varies by number."""
    from matplotlib.ticker import MaxNLocator

    if not plan.axes:
        return None
    language = language_drawn(language)
    say = words_in(language, presentation_of(annual.attrs))
    found = list(at_points(annual, plan))
    if not found:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    year = int(found[0][1]["year"])
    with styled(language):
        figure, panels = panel_grid(
            len(found), min(4, len(found)), width=1.9, height=1.5, margins=(0.62, 0.3, 0.5, 0.52)
        )
        notes: list[str] = []
        for axes, (name, values) in zip(panels, found, strict=True):
            outcome = say.outcome(name, str(values.attrs.get("units", "")))
            axes.set_title(f"{outcome.short}\n{outcome.unit}" if outcome.unit else outcome.short)
            notes = _draw(axes, values * outcome.scale, plan, say)
            axes.xaxis.set_major_locator(MaxNLocator(4))
        for axes in panels[1:]:
            legend = axes.get_legend()
            if legend is not None:
                legend.remove()
        title = say("What the sweep comes to in {year}", year=year)
        heading(figure, title, say.sentences([say("Central member."), *notes]))
        description = say.sentences([_extent(name, values, say) for name, values in found])
        save_svg(figure, folder / "response.svg", title, description)
    return folder / "response.svg"


def _draw(axes: "Axes", values: "xr.DataArray", plan: Plan, say: Words) -> list[str]:
    if not plan.is_grid:
        return _scatter(axes, values, plan, say)
    wide = sorted(plan.axes, key=lambda axis: -values.sizes[axis.name])[:2]
    kept = [axis for axis in plan.axes if axis in wide and values.sizes[axis.name] > 1] or list(plan.axes[:1])
    held = [axis for axis in plan.axes if axis not in kept]
    notes = []
    for axis in held:
        middle = values.sizes[axis.name] // 2
        if values.sizes[axis.name] > 1:
            notes.append(
                say(
                    "{input} at {value}.", input=_label(axis.name, say), value=f"{values[axis.name].values[middle]:.4g}"
                )
            )
        values = values.isel({axis.name: middle})
    chosen = [str(dim) for dim in values.dims if dim not in [axis.name for axis in kept]]
    if len(kept) == 2:
        for dim in chosen:
            if values.sizes[dim] > 1:
                notes.append(say("{input}: {value}.", input=_label(dim, say), value=str(values[dim].values[0])))
        return notes + _heat(axes, values.isel(dict.fromkeys(chosen, 0)), kept[0].name, kept[1].name, say)
    stacked = values.stack(case=chosen) if chosen else values.expand_dims("case")
    for place in range(min(MOST_CURVES, stacked.sizes["case"])):
        label = " ".join(map(str, stacked["case"].values[place])) if chosen and stacked.sizes["case"] > 1 else None
        curve = stacked.isel(case=place).values
        axes.plot(values[kept[0].name].values, curve, color=PALETTE[place % len(PALETTE)], linewidth=1.4, label=label)
    axes.set_xlabel(_label(kept[0].name, say))
    plain_ticks(axes)
    if chosen and stacked.sizes["case"] > 1:
        axes.legend(fontsize=6, frameon=False)
    return notes


def _heat(axes: "Axes", values: "xr.DataArray", across: str, up: str, say: Words) -> list[str]:
    grid = values.transpose(up, across).values
    x, y = values[across].values, values[up].values
    if min(grid.shape) > 1:
        mesh = axes.pcolormesh(x, y, grid, shading="nearest", cmap="viridis", rasterized=False)
        low, high = float(np.nanmin(grid)), float(np.nanmax(grid))
        middle = axes.figure.colorbar(
            mesh, ax=axes, fraction=0.08, pad=0.03, ticks=[low, high] if high > low else [low]
        )
        middle.ax.set_yticklabels([f"{value:,.4g}" for value in ([low, high] if high > low else [low])], fontsize=6)
    axes.set_xlabel(_label(across, say))
    axes.set_ylabel(_label(up, say))
    return []


def _scatter(axes: "Axes", values: "xr.DataArray", plan: Plan, say: Words) -> list[str]:
    """The outcome over the input it goes most with, by rank correlation."""
    from scipy.stats import rankdata

    settings, numbers = flat(values, plan)
    finite = np.isfinite(numbers)
    ranks = rankdata(numbers[finite])
    strength: dict[str, float] = {}
    for axis in plan.axes:
        column = rankdata(settings[axis.name][finite].astype(float))
        varied = column.std() > 0 and ranks.std() > 0
        strength[axis.name] = abs(float(np.corrcoef(column, ranks)[0, 1])) if varied else 0.0
    foremost = max(strength, key=lambda name: strength[name])
    places = np.unique(np.linspace(0, len(numbers) - 1, min(DRAWN_POINTS, len(numbers))).astype(int))
    axes.plot(settings[foremost][places].astype(float), numbers[places], ".", color=PALETTE[0], markersize=2, alpha=0.5)
    axes.set_xlabel(f"{_label(foremost, say)} ({strength[foremost]:.2f})", color=GREY)
    plain_ticks(axes)
    notes = [say("Each outcome over the input it goes most with; in brackets the rank correlation.")]
    if len(places) < len(numbers):
        notes.append(say("{drawn} of {points} points drawn.", drawn=f"{len(places):,}", points=f"{len(numbers):,}"))
    return notes


def _extent(name: str, values: "xr.DataArray", say: Words) -> str:
    outcome: Any = say.outcome(name, str(values.attrs.get("units", "")))
    low, high = (f"{float(found) * outcome.scale:,.4g}" for found in (values.min(), values.max()))
    return say("{outcome}: {values}.", outcome=outcome.label, values=say("{low} to {high}", low=low, high=high))


def _label(name: str, say: Words) -> str:
    return called(name, say)
