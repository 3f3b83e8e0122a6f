"""Tables of a run: medians and quantiles of every outcome, as CSV and in the IAMC layout."""

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.labelled import Array, Dataset
from pujiang.presentation import Goal, Outcome, presentation_of

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The levels of every band: 90 and 50 percent around the median."""

SUMMARY_COLUMNS = (
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


AXES = ("scenario", "case", "member", "year")


def dimension_of(values: "Array | xr.DataArray") -> str:
    """The dimension an annual outcome runs over; empty for a scalar one."""
    return next((str(name) for name in values.dims if name not in AXES), "")


def elements_of(values: "xr.DataArray") -> "dict[str, xr.DataArray]":
    """An annual outcome by its elements; a scalar one by ""."""
    over = dimension_of(values)
    return {str(name): values.sel({over: name}) for name in values[over].values} if over else {"": values}


def scalar_outcomes(annual: "xr.Dataset") -> "Iterator[tuple[str, str, xr.DataArray]]":
    """(outcome, element, values by scenario, member and year); a dimensioned outcome by its elements."""
    for name, values in annual.data_vars.items():
        for element, part in elements_of(values).items():
            yield str(name), element, part.transpose("scenario", "member", "year")


def headline(annual: "Dataset | xr.Dataset") -> list[str]:
    """The scalar outcomes that tables and figures show, in their order: the city's, or all where it names none."""
    scalars = [str(name) for name, values in annual.data_vars.items() if not dimension_of(values)]
    return presentation_of(annual.attrs).among(scalars)


def policy_from(annual: "xr.Dataset") -> int:
    """The first year in which scenarios part."""
    return presentation_of(annual.attrs).policy_from or int(annual["year"].values[0])


def draws(values: NDArray[np.float64], members: NDArray[Any], axis: int) -> NDArray[np.float64]:
    """The draws of the ensemble along `axis`: all members but the central one (0), unless it is alone."""
    places = np.flatnonzero(members != 0)
    return values if len(places) == 0 else np.take(values, places, axis=axis)


def ensemble_size(members: NDArray[Any]) -> int:
    """How many members there are beside the central one (0)."""
    return int(np.count_nonzero(members))


def in_percent(share: float, members: int, *, bare: bool = False) -> str:
    """A share of members as "37 ± 3 %": with its Monte Carlo error, by which another seed would move it, unless `bare`.

    Of none or all of them only a bound is known, with 95 % confidence: "< 2 %". One that is neither is not rounded to
    it.
    """
    if not np.isfinite(share) or members < 1:
        return "–"
    if share in (0.0, 1.0):
        bound = min(50, math.ceil(300 / members))  # the rule of three
        return f"< {bound} %" if share == 0 else f"> {100 - bound} %"
    if not 0.01 <= share <= 0.99:
        return "< 1 %" if share < 0.5 else "> 99 %"
    error = 100 * math.sqrt(share * (1 - share) / members)
    return f"{100 * share:.0f} %" if bare else f"{100 * share:.0f} ± {max(1, round(error))} %"


def largest_error(members: int) -> str:
    """The Monte Carlo error a share of members has at most: "± 4 % at most"."""
    return f"± {max(1, round(50 / math.sqrt(members)))} % at most"


def quantiles(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """QUANTILES along `axis`, first in the result, over the finite values; NaN where there are none.

    A single value has a median but no band: the other quantiles are NaN.
    """
    axis %= values.ndim
    finite = np.isfinite(values)
    count = finite.sum(axis=axis, keepdims=True)
    # Sorted whole, what is not finite last: several times as fast as NumPy's quantiles, and the same numbers.
    ordered = np.sort(values if finite.all() else np.where(finite, values, np.nan), axis=axis)[None]
    place = np.reshape(QUANTILES, (-1, *(1,) * values.ndim)) * (count - 1)
    low = np.floor(place).astype(int)
    below, above = (np.take_along_axis(ordered, at, axis + 1) for at in (low, np.minimum(low + 1, count - 1)))
    part, gap = place - low, above - below
    result: NDArray[np.float64] = np.where(part < 0.5, below + gap * part, above - gap * (1 - part)).squeeze(axis + 1)
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
    course = _outcome_of(annual, goal)
    values = _by_member(course.sel(year=goal.year))
    if goal.base_year is not None:
        values = values / _by_member(course.sel(year=goal.base_year))
    found = draws(values, annual["member"].values, 1)
    reached: NDArray[np.float64] = (found >= goal.value).mean(axis=1)
    return reached


def _by_member(values: "xr.DataArray") -> NDArray[np.float64]:
    found: NDArray[np.float64] = values.transpose("scenario", "member").values
    return found


def goals_within(annual: "xr.Dataset", goals: Sequence[Goal]) -> list[Goal]:
    """The goals that results can be held against: their outcome is there, and their years."""
    years = set(annual["year"].values.tolist())
    return [
        goal
        for goal in goals
        if goal.outcome.partition(".")[0] in annual and {goal.year, goal.base_year or goal.year} <= years
    ]


def _outcome_of(annual: "xr.Dataset", goal: Goal) -> "xr.DataArray":
    name, _, element = goal.outcome.partition(".")
    return elements_of(annual[name])[element]


def summary_csv(annual: Any) -> str:
    """Median, quantiles over the draws and central member of every outcome, element, scenario and year.

    not_finite: how many draws are not finite, and left out of the median and the quantiles.
    """
    members = annual["member"].values
    scenarios, years = annual["scenario"].values.tolist(), annual["year"].values.tolist()
    rows: list[list[str]] = []
    for name, element, array in scalar_outcomes(annual):
        values = array.values
        own = draws(values, members, 1)
        q05, q25, median, q75, q95 = quantiles(own, 1)
        left_out = (~np.isfinite(own)).sum(axis=1)
        central = values[:, _central(members)]
        for s, scenario in enumerate(scenarios):
            for y, year in enumerate(years):
                numbers = (part[s, y] for part in (median, q05, q25, q75, q95, central))
                head = [name, element, scenario, str(year), array.attrs.get("units", "")]
                rows.append([*head, *map(_cell, numbers), str(left_out[s, y])])
    return _csv([SUMMARY_COLUMNS, *rows])


def iamc_csv(annual: Any, model: str = "Pujiang") -> str:
    """Medians in the wide IAMC layout: model, scenario, region, variable, unit, then one column a year."""
    members, years = annual["member"].values, annual["year"].values.tolist()
    shown = presentation_of(annual.attrs)
    rows = []
    for name, element, array in scalar_outcomes(annual):
        median = quantiles(draws(array.values, members, 1), 1)[2]
        part = shown.element(dimension_of(annual[name]), element) if element else ""
        variable, unit = _iamc_name(name, shown.outcome(name).label, part), _iamc_unit(array.attrs)
        for s, scenario in enumerate(annual["scenario"].values.tolist()):
            rows.append([model, scenario, shown.place, variable, unit, *map(_cell, median[s])])
    rows.sort(key=lambda row: (row[1] != "baseline", row[1], row[3]))
    return _csv([["Model", "Scenario", "Region", "Variable", "Unit", *map(str, years)], *rows])


def _central(members: NDArray[Any]) -> int:
    found = np.flatnonzero(members == 0)
    return int(found[0]) if len(found) else 0


def _iamc_name(name: str, label: str, part: str) -> str:
    """Words with capitals, those that the label writes in capitals too (GDP, STAR) in these."""
    capitals = {word.lower(): word for word in re.findall(r"\b[A-Z]{2,}\b", label)}
    words = " ".join(capitals.get(word, word.capitalize()) for word in name.split("_"))
    return f"{words}|{part.title()}" if part else words


def _iamc_unit(attrs: Any) -> str:
    """The stored unit in the words of IAMC databases; shares are fractions, so "1"."""
    unit = re.sub(r"_(?!\d)", " ", str(attrs.get("units", ""))).replace("yuan", "CNY")
    return f"{unit}/yr" if attrs.get("annual") == "integral" else unit


def _cell(value: float) -> str:
    # Ten digits: more than any comparison needs, fewer than would show the last bit of rounding.
    return f"{value:.10g}" if np.isfinite(value) else ""


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
