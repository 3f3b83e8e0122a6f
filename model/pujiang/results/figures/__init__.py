"""Figures of a run, as SVG: outcomes, industries, differences from the baseline, fit to the data.

Drawn without pyplot, whose window systems and import time a command line does not need.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from pujiang.results.figures.panels import Observed, Panel
from pujiang.results.outcomes import ELEMENTS, TABLE, number, scenario_label, shown_as, signed
from pujiang.results.summary import change, draws, quantiles

__all__ = ["Observed", "write_figures"]

IN_INDUSTRIES = ("three_industries_output",)


def write_figures(
    annual: xr.Dataset,
    folder: Path,
    observations: Iterable[Observed] = (),
    *,
    failed: bool = False,
    language: str = "en",
) -> list[Path]:
    """Write the figures of a run into `folder`, made where it is missing; the files written.

    `annual`: dims (scenario, member, year[, industry]), the baseline first. `failed` marks every figure.
    `language` "zh": Chinese labels where a font has them; without one a warning, and English.
    """
    from matplotlib import rc_context

    from pujiang.results.chinese import figure_finisher
    from pujiang.results.figures.differences import differences
    from pujiang.results.figures.fit import fit
    from pujiang.results.figures.panels import small_multiples
    from pujiang.results.figures.style import SETTINGS, save

    points = tuple(observations)
    folder.mkdir(parents=True, exist_ok=True)
    last, scenarios = int(annual["year"].values[-1]), [str(name) for name in annual["scenario"].values]
    names = [name for name in TABLE if name in annual.data_vars]
    drawn = []
    with rc_context(dict(SETTINGS)):
        main = [_panel(annual, name) for name in names if name not in IN_INDUSTRIES]
        if main:
            title = f"Shanghai to {last}: main outcomes"
            figure = small_multiples(main, points, title=title, columns=3, failed=failed)
            drawn.append(("outcomes", figure, title, _levels(annual, [panel.name for panel in main])))
        industries = _industry_panels(annual)
        if industries:
            title = f"Output by industry to {last}"
            figure = small_multiples(industries, points, title=title, columns=3, failed=failed)
            text = f"Small multiples of {', '.join(panel.title for panel in industries)}, by scenario."
            drawn.append(("industries", figure, title, text))
        if len(scenarios) > 1 and names:
            title = f"Difference from the baseline in {last}"
            figure = differences(annual, names, columns=4, failed=failed)
            drawn.append(("differences", figure, title, _changes(annual, names)))
        fitted = fit(annual, points, failed=failed)
        if fitted is not None:
            title = "How the central member meets the data"
            text = "Observed less modelled values of 2015 to 2024, in standard deviations, by outcome."
            drawn.append(("fit", fitted, title, text))
        finish = figure_finisher() if language == "zh" else lambda figure: None
        for name, figure, title, text in drawn:
            finish(figure)
            save(figure, folder / f"{name}.svg", title, text)
    return [folder / f"{name}.svg" for name, *_ in drawn]


def _panel(annual: xr.Dataset, name: str) -> Panel:
    outcome = shown_as(name, str(annual[name].attrs.get("units", "")))
    return Panel(name, outcome.label, outcome, annual[name])


def _industry_panels(annual: xr.Dataset) -> list[Panel]:
    panels = [_panel(annual, name) for name in IN_INDUSTRIES if name in annual.data_vars]
    if "industry_output" in annual.data_vars:
        array = annual["industry_output"]
        outcome = shown_as("industry_output")
        panels += [
            Panel(f"industry_output.{element}", ELEMENTS.get(element, element), outcome, part)
            for element, part in ((str(name), array.sel(industry=name)) for name in array["industry"].values)
        ]
    return panels


def _medians(annual: xr.Dataset, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Medians over the draws of values (scenario, member)."""
    medians: NDArray[np.float64] = quantiles(draws(values, annual["member"].values, 1), 1)[2]
    return medians


def _levels(annual: xr.Dataset, names: list[str]) -> str:
    """The levels of the last year in words: what a reader who cannot see the figure would ask for."""
    year = int(annual["year"].values[-1])
    sentences = []
    for name in names:
        outcome = shown_as(name)
        medians = _medians(annual, annual[name].sel(year=year).transpose("scenario", "member").values)
        parts = [
            f"{scenario_label(str(scenario))} {number(float(value), outcome)}"
            for scenario, value in zip(annual["scenario"].values, medians, strict=True)
        ]
        sentences.append(f"{outcome.label} ({outcome.unit}) in {year}: {', '.join(parts)}.")
    return " ".join(sentences)


def _changes(annual: xr.Dataset, names: list[str]) -> str:
    year = int(annual["year"].values[-1])
    sentences = []
    for name in names:
        outcome = shown_as(name)
        values = annual[name].sel(year=year).transpose("scenario", "member").values
        changes = change(values[1:], values[0], outcome)
        parts = [
            f"{scenario_label(str(scenario))} {signed(float(median), outcome)}"
            for scenario, median in zip(annual["scenario"].values[1:], _medians(annual, changes), strict=True)
        ]
        sentences.append(f"{outcome.label}: {', '.join(parts)}.")
    return f"Medians of the differences from the baseline in {year}. " + " ".join(sentences)
