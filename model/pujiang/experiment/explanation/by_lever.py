"""The difference of every outcome, every year and member, divided among everything in which two sides differ."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Engine, Floats
from pujiang.experiment.explanation.shapley import MOST_EXACT, Plan, plan_for
from pujiang.experiment.explanation.sides import Sides, mixed

AT_ONCE = 4_000_000
"""Numbers held at once, coalitions times members times outcomes times years: few enough to use the same memory
again."""
SAMPLED_RUNS = 24_000
"""About how many runs are made where not all coalitions are, if that gives pairs of orders enough: half a minute."""
PAIRS = (4, 24)
"""Pairs of orders drawn at least and at most, unless a number is asked for."""


@dataclass(frozen=True)
class ByLever:
    """Parts of every scalar outcome: arrays begin with (difference, outcome, member, year).

    Attributes:
        outcomes: scalar names.
        levels: (side, outcome, member, year).
        parts: add up to the second level less the first.
        error: standard error of `parts` by sampling; 0 where they are exact.
        alone, taken_back: what each does by itself, and what is lost without it.
        joint: (difference, difference, outcome, year) of the central member, what two do beyond what each does;
            None where not all coalitions were run.
    """

    outcomes: tuple[str, ...]
    plan: Plan
    levels: Floats
    parts: Floats
    error: Floats
    alone: Floats
    taken_back: Floats
    joint: Floats | None


def by_lever(found: Sides, method: str, run: Engine, pairs: int | None = None, theirs: Sides | None = None) -> ByLever:
    """Run the coalitions and divide.

    Args:
        pairs: of orders to draw, by default none up to MOST_EXACT differences.
        theirs: the same on the model of B, where the model is one of the differences.
    """
    on = (found,) if theirs is None else (found, theirs)
    count = len(found.differences)
    if pairs is None and count > MOST_EXACT:
        pairs = min(max(PAIRS[0], SAMPLED_RUNS // (2 * count * found.members)), PAIRS[1])
    plan = plan_for(count, pairs)
    outcomes = tuple(s for name in found.system.outcomes for s in found.system.scalar_names(name))
    years = round(found.grid.steps * found.grid.dt)
    block = max(1, AT_ONCE // (len(plan.coalitions) * len(outcomes) * years))
    kept: dict[str, list[Floats]] = {"levels": [], "parts": [], "error": [], "alone": [], "taken_back": []}
    joint = None
    for start in range(0, found.members, block):
        members = slice(start, min(start + block, found.members))
        values = _values(on, plan, outcomes, members, method, run)
        kept["levels"].append(values[[0, -1]])
        for name in ("parts", "error", "alone", "taken_back"):
            kept[name].append(getattr(plan, name)(values))
        if start == 0 and plan.exact and count > 1:
            joint = plan.joint(values[..., 0])
    of_all = {name: np.concatenate(parts, axis=3).swapaxes(2, 3) for name, parts in kept.items()}
    return ByLever(outcomes, plan, **of_all, joint=joint)


def _values(
    on: tuple[Sides, ...], plan: Plan, outcomes: tuple[str, ...], members: slice, method: str, run: Engine
) -> Floats:
    """Values (coalition, outcome, year, member) of some members, each coalition on the model and the data it has."""

    def with_any(where: list[bool]) -> NDArray[np.bool_]:
        return np.asarray(plan.coalitions[:, np.flatnonzero(where)].any(axis=1))

    differences = on[0].differences
    data = with_any([difference.evidence for difference in differences])
    model = with_any([difference.model for difference in differences])
    years = round(on[0].grid.steps * on[0].grid.dt)
    out = np.empty((len(plan.coalitions), len(outcomes), years, members.stop - members.start))
    for place, evidence in product(range(len(on)), (False, True)):
        which = np.flatnonzero((model == bool(place)) & (data == evidence))
        if len(which) == 0:
            continue
        found = on[place]
        batch = mixed(found, plan.coalitions[which], members, evidence=evidence)
        annual, _ = simulate_annual(found.system, found.grid, batch, method, run)
        for row, name in enumerate(outcomes):
            out[which, row] = annual[name].reshape(years, len(which), -1).swapaxes(0, 1)
    return out
