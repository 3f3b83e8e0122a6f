"""Tables of a run: medians and quantiles of every outcome, as CSV and in the IAMC layout."""

import csv
import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.results.outcomes import ELEMENTS, Goal, Outcome

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The levels of every band: 90 and 50 percent around the median."""

COLUMNS = (
    "outcome",
    "element",
    "scenario",
    "year",
    "unit",
    "median",
    "q05",
    "q25",
    "q75",
    "q95",
    "central",
    "not_finite",
)

ENOUGH = 50
"""Members a probability needs to be shown: of fewer, one member more or less moves it by over two points."""


def scalar_outcomes(annual: "xr.Dataset") -> "Iterator[tuple[str, str, xr.DataArray]]":
    """(outcome, element, values by scenario, member and year); a dimensioned outcome by its elements."""
    for name in annual.data_vars:
        values = annual[name]
        others = [dimension for dimension in values.dims if dimension not in ("scenario", "member", "year")]
        if not others:
            yield str(name), "", values.transpose("scenario", "member", "year")
        for dimension in others:  # no outcome has two
            for place, element in enumerate(values[dimension].values):
                part = values.isel({dimension: place}).transpose("scenario", "member", "year")
                yield str(name), str(element), part


def draws(values: NDArray[np.float64], members: NDArray[Any], axis: int) -> NDArray[np.float64]:
    """The draws of the ensemble along `axis`: all members but the central one (0), unless it is alone."""
    drawn = np.flatnonzero(members != 0)
    return values if len(drawn) == 0 else np.take(values, drawn, axis=axis)


def quantiles(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """QUANTILES along `axis`, first in the result, over the finite values; NaN where there are none.

    A single value has a median but no band: the other quantiles are NaN.
    """
    finite = np.isfinite(values)
    result: NDArray[np.float64]
    if finite.all():
        result = np.quantile(values, QUANTILES, axis=axis)
    else:  # many times slower
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # all NaN
            result = np.nanquantile(np.where(finite, values, np.nan), QUANTILES, axis=axis)
    if values.shape[axis] == 1:
        result[[0, 1, 3, 4]] = np.nan
    return result


def change(values: NDArray[np.float64], baseline: NDArray[np.float64], outcome: Outcome) -> NDArray[np.float64]:
    """Difference from the baseline as `outcomes.signed` shows it: relative or in stored units."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference: NDArray[np.float64] = values - baseline
        return difference / baseline if outcome.difference == "percent" else difference


def goal_shares(annual: "xr.Dataset", goal: Goal) -> NDArray[np.float64]:
    """Share of the draws that reach the goal, one number a scenario; a draw that is not finite does not."""
    values = annual[goal.outcome].sel(year=goal.year).transpose("scenario", "member").values
    reached: NDArray[np.float64] = (draws(values, annual["member"].values, 1) >= goal.value).mean(axis=1)
    return reached


def summary_csv(annual: "xr.Dataset") -> str:
    """Median, quantiles over the draws and central member of every outcome, element, scenario and year.

    not_finite: how many draws are not finite, and left out of the median and the quantiles.
    """
    members = annual["member"].values
    scenarios, years = annual["scenario"].values.tolist(), annual["year"].values.tolist()
    rows: list[list[str]] = []
    for name, element, array in scalar_outcomes(annual):
        values = array.values
        drawn = draws(values, members, 1)
        q05, q25, median, q75, q95 = quantiles(drawn, 1)
        left_out = (~np.isfinite(drawn)).sum(axis=1)
        central = values[:, _central(members)]
        for s, scenario in enumerate(scenarios):
            for y, year in enumerate(years):
                numbers = (part[s, y] for part in (median, q05, q25, q75, q95, central))
                head = [name, element, scenario, str(year), array.attrs.get("units", "")]
                rows.append([*head, *map(_cell, numbers), str(left_out[s, y])])
    return _csv([COLUMNS, *rows])


def iamc_csv(annual: "xr.Dataset", model: str = "Pujiang") -> str:
    """Medians in the wide IAMC layout: model, scenario, region, variable, unit, then one column a year."""
    members, years = annual["member"].values, annual["year"].values.tolist()
    rows = []
    for name, element, array in scalar_outcomes(annual):
        median = quantiles(draws(array.values, members, 1), 1)[2]
        variable, unit = _iamc_name(name, element), _iamc_unit(name, array.attrs)
        for s, scenario in enumerate(annual["scenario"].values.tolist()):
            rows.append([model, scenario, "Shanghai", variable, unit, *map(_cell, median[s])])
    rows.sort(key=lambda row: (row[1] != "baseline", row[1], row[3]))
    return _csv([["Model", "Scenario", "Region", "Variable", "Unit", *map(str, years)], *rows])


def _central(members: NDArray[Any]) -> int:
    found = np.flatnonzero(members == 0)
    return int(found[0]) if len(found) else 0


def _iamc_name(name: str, element: str) -> str:
    words = name.replace("_", " ").title().replace("Gdp", "GDP").replace("Star ", "STAR ")
    return f"{words}|{ELEMENTS.get(element, element).title()}" if element else words


def _iamc_unit(name: str, attrs: Any) -> str:
    """The stored unit in the words of IAMC databases; shares are fractions, so "1"."""
    unit = str(attrs.get("units", "")).replace("billion_yuan_2015", "billion CNY_2015")
    unit = unit.replace("billion_yuan", "billion CNY")
    return f"{unit}/yr" if attrs.get("annual") == "integral" else unit


def _cell(value: float) -> str:
    # Ten digits: more than any comparison needs, fewer than would show the last bit of rounding.
    return f"{value:.10g}" if np.isfinite(value) else ""


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
