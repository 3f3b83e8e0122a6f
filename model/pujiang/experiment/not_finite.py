"""Points at which an outcome is not a finite number: left out of an analysis in whole groups, counted, and named."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.experiment.axes import Axis
from pujiang.experiment.designs import Floats

if TYPE_CHECKING:
    import pandas as pd

Policy = Literal["leave_out", "refuse"]
POLICIES: tuple[Policy, ...] = ("leave_out", "refuse")

Analyse = Callable[[NDArray[np.intp], NDArray[np.intp]], Sequence[Floats]]
"""Results (output, input) of some outputs from some groups of points."""

FEWEST = 2
"""Groups without which there is no spread."""


def on_finite(bad: NDArray[np.bool_], analyse: Analyse, inputs: int, results: int) -> list[Floats]:
    """What an analysis gives where every output is read at the groups at which it is finite.

    Args:
        bad: (output, group) whether an output is not finite at some point of a group: a base point of Sobol' indices
            with all its companions, a Morris trajectory.
        analyse: called for outputs that are finite at the same groups.
        inputs, results: how many there are.

    Returns:
        As many arrays (output, input) as `results`; not a number where fewer than two groups are left.
    """
    found = [np.full((len(bad), inputs), np.nan) for _ in range(results)]
    patterns, which = np.unique(bad, axis=0, return_inverse=True)
    for place, pattern in enumerate(patterns):
        rows, groups = np.flatnonzero(which.ravel() == place), np.flatnonzero(~pattern)
        if len(groups) >= FEWEST:
            for whole, part in zip(found, analyse(rows, groups), strict=True):
                whole[rows] = part
    return found


def told(method: str, bad: NDArray[np.bool_], names: Sequence[tuple[str, str, int]], policy: Policy) -> str:
    """A line on the groups left out; empty where there are none.

    Args:
        method: how the groups are called: "Sobol': base points".
        names: (outcome, element, year) of each output.

    Raises:
        InputError: where they are to be refused.
    """
    counts = bad.sum(axis=1)
    if not counts.any():
        return ""
    outcome, element, year = names[int(counts.argmax())]
    label = f"{outcome}{'.' + element if element else ''} in {year}"
    line = (
        f"{method}: {np.count_nonzero(bad.any(axis=0)):,} of {bad.shape[1]:,} hold points that are not finite, for "
        f"{np.count_nonzero(counts):,} of {len(names):,} numbers, most often {label} ({counts.max():,})"
    )
    if policy == "refuse":
        raise InputError(f"sensitivity: {line}; not_finite=leave_out leaves them out")
    return f"{line}; left out. Where: not_finite.csv."


def where(method: str, axes: Sequence[Axis], points: Floats, counts: NDArray[np.int64]) -> "pd.DataFrame":
    """A row for each point at which something is not finite: the method, of how many numbers, and every input."""
    import pandas as pd

    columns = {axis.key: values for axis, values in zip(axes, points, strict=True)}
    return pd.DataFrame({"method": method, "numbers": counts, **columns})
