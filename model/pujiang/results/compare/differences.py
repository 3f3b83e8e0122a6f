"""The table of a comparison: levels of every outcome, case and year, and how far they are from the reference."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.results.columns import Columns, crossed
from pujiang.results.compare.aligned import Aligned
from pujiang.results.summary import draws, quantiles

MEASURES = ("level", "difference", "percent")
STATISTICS = ("central", "q05", "q25", "median", "q75", "q95")


def difference_columns(aligned: Aligned) -> Columns:
    """A row an outcome, element, case, measure and year, with its statistics."""
    reference = aligned.cases[0]
    found = []
    for case in aligned.cases:
        level = _statistics(case.levels, case.members)
        if aligned.shared:
            apart = [_statistics(part, case.members) for part in _apart(case.values, reference.values)]
        else:
            apart = _unpaired(*(_statistics(one.values, one.members) for one in (case, reference)))
        found.append(np.stack([level, *apart]))
    block = np.stack(found).transpose(2, 3, 0, 1, 4)  # (statistic, outcome, case, measure, year)
    name, element, unit = (aligned.column(part)[:, None, None, None] for part in range(3))
    measure = np.array(MEASURES)[:, None]
    columns = {
        "outcome": name,
        "element": element,
        "case": np.array(aligned.labels)[:, None, None],
        "year": aligned.years,
        "measure": measure,
        "unit": np.where(measure == "percent", "%", unit),
    }
    return crossed(block.shape[1:], {**columns, **dict(zip(STATISTICS, block, strict=True))})


def _apart(values: Floats, base: Floats) -> tuple[Floats, Floats]:
    """The difference from a base, and in per cent of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference: Floats = values - base
        return difference, 100 * difference / base


def _statistics(values: Floats, members: NDArray[Any]) -> Floats:
    """STATISTICS of values (outcome, member, year), first in the result."""
    central = np.flatnonzero(members == 0)
    own = values[:, central[0] if len(central) else 0]
    return np.concatenate([own[None], quantiles(draws(values, members, 1), 1)])


def _unpaired(own: Floats, base: Floats) -> list[Floats]:
    """Differences where members are not shared: of the central members and of the medians, without bands."""
    unknown = [place for place, name in enumerate(STATISTICS) if name not in ("central", "median")]
    found = list(_apart(own, base))
    for part in found:
        part[unknown] = np.nan
    return found
