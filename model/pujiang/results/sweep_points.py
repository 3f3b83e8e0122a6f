"""What a sweep found in its last year: each headline outcome at every point, and the points where it is best."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.experiment.sweep import Plan
from pujiang.presentation import presentation_of

if TYPE_CHECKING:
    import xarray as xr

MOST_POINTS = 1_000_000
"""More are not read again for a figure or a list."""

BEST = 10
"""Points listed an outcome."""

BEST_COLUMNS = ("outcome", "year", "order", "rank", "value")
"""Of best.csv; after them what the sweep set, a column each."""


def at_points(annual: "xr.Dataset", plan: Plan) -> "Iterator[tuple[str, xr.DataArray]]":
    """The headline outcomes of the central member in the last year, by what the sweep varied."""
    known = {*(name for name, _ in plan.choices), *plan.sizes, "member", "year"}
    # In the order of the plan: that of a folder's files differs from disk to disk.
    scalars = [name for name in plan.outcomes if set(map(str, annual[name].dims)) <= known]
    for name in presentation_of(annual.attrs).among(scalars):
        yield name, annual[name].isel(member=0, year=-1).load()


def flat(values: "xr.DataArray", plan: Plan) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
    """What varied, by name, and the outcome: a number a point each."""
    stacked = values.stack(place=values.dims) if values.ndim > 1 else values.rename({values.dims[0]: "place"})
    names = [*(name for name, choices in plan.choices if len(choices) > 1), *(axis.name for axis in plan.axes)]
    return {name: stacked[name].values for name in names}, stacked.values.astype(float)


def best_csv(annual: "xr.Dataset", plan: Plan) -> str:
    """The best points of each headline outcome, or those where it is highest: rank, value, and what was set.

    Points at which it is not a finite number are no candidates. Of equals the earlier in the sweep's order comes first.
    """
    shown = presentation_of(annual.attrs)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header: list[str] = []
    for name, values in at_points(annual, plan):
        settings, numbers = flat(values, plan)
        if not header:
            header = list(settings)
            writer.writerow((*BEST_COLUMNS, *header))
        least = shown.outcome(name).better == "less"
        keys = np.where(np.isfinite(numbers), numbers if least else -numbers, np.inf)
        order = np.argsort(keys, kind="stable")[: min(BEST, int(np.isfinite(numbers).sum()))]
        year = int(values["year"])
        for rank, place in enumerate(order, 1):
            row = [_cell(settings[key][place]) for key in header]
            writer.writerow((name, year, "least" if least else "most", rank, f"{numbers[place]:.10g}", *row))
    return text.getvalue()


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, str) else f"{float(value):.10g}"
