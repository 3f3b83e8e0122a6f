"""What the runs of a sweep come to, as files: quantiles.nc, the same as quantiles.csv, and goals.csv."""

import csv
import io
from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.engine.system import System
from pujiang.experiment.reduction import ACCURACY, SHARES, Reduction
from pujiang.experiment.sweep import Plan

if TYPE_CHECKING:
    import xarray as xr

STATISTICS = ("mean", "deviation", *(f"q{100 * share:02.0f}" for share in SHARES), "lowest", "highest", "not_finite")
"""What is kept of an outcome: mean, standard deviation, quantiles, ends, and how many runs had no finite number."""

ERROR = f"quantiles are within {100 * ACCURACY:g} % of a value of their rank; all else is exact to rounding"


def reduced(plan: Plan, system: System, found: Reduction, reference: "xr.Dataset") -> "xr.Dataset":
    """Outcomes (choices, statistic, year, and the dimension of one that has elements).

    `reference`: the outcomes of the scenarios without axes, whose facts they share.
    """
    import xarray as xr

    ends = (np.where(np.isfinite(end), end, np.nan) for end in (found.low, found.high))
    mean = np.where(found.count > 0, found.mean, np.nan)
    values = np.stack([mean, found.deviation(), *found.quantiles(), *ends, found.not_finite.astype(float)], axis=2)
    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {name: list(choices) for name, choices in plan.choices}
    shape = [len(choices) for _, choices in plan.choices]
    dims = [*(name for name, _ in plan.choices), "statistic", "year"]
    for name in plan.outcomes:
        rows = [found.scalars.index(scalar) for scalar in system.scalar_names(name)]
        parts = [values[row].reshape(*shape, *values.shape[2:]) for row in rows]
        over = system.variables[name].over
        if over is None:
            data[name] = (dims, parts[0], dict(reference[name].attrs))
        else:
            data[name] = ([*dims, over.name], np.stack(parts, axis=-1), dict(reference[name].attrs))
            coordinates[over.name] = list(over.elements)
    coordinates |= {"statistic": list(STATISTICS), "year": list(found.years)}
    facts = {**system.presentation.attributes(), "runs": int(found.runs[0]), "error": ERROR}
    return xr.Dataset(data, coordinates, facts)


def quantiles_csv(plan: Plan, made: "xr.Dataset") -> str:
    """A row for every combination of choices, outcome, element and year."""
    names = [name for name, _ in plan.choices]
    rows: list[Iterable[Any]] = [(*names, "outcome", "element", "year", "unit", *STATISTICS)]
    for chosen in product(*(values for _, values in plan.choices)):
        part = made.sel(dict(zip(names, chosen, strict=True)))
        for name, array in part.data_vars.items():
            over = next((str(dim) for dim in array.dims if dim not in ("statistic", "year")), "")
            for element in array[over].values if over else ("",):
                one = (array.sel({over: element}) if over else array).transpose("year", "statistic")
                head = (*chosen, name, element)
                for year, numbers in zip(one["year"].values, one.values, strict=True):
                    rows.append((*head, year, array.attrs.get("units", ""), *(f"{x:.10g}" for x in numbers)))
    return _csv(rows)


def goals_csv(plan: Plan, found: Reduction) -> str:
    """A row for every combination of choices, goal and year: the share of the runs that are at the goal in this year,
    and of those that have been in it or before. A run that is not finite does not reach a goal."""
    names = [name for name, _ in plan.choices]
    columns = ("goal", "outcome", "at_least", "goal_year", "year", "probability", "probability_by", "runs")
    rows: list[Iterable[Any]] = [(*names, *columns)]
    for case, chosen in enumerate(product(*(values for _, values in plan.choices))):
        runs = int(found.runs[case])
        for g, goal in enumerate(found.goals):
            for y, year in enumerate(found.years):
                shares = (f"{held[g, case, y] / runs:.10g}" for held in (found.at, found.by))
                rows.append((*chosen, goal.text, goal.outcome, f"{goal.value:g}", goal.year, year, *shares, runs))
    return _csv(rows)


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
