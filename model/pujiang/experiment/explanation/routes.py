"""By pathway: two central runs, the parts of every variable, and what each link carries of an outcome's difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Engine, Floats
from pujiang.engine.division import CAUSE, Formula, mean_slopes
from pujiang.engine.formulas import formulas
from pujiang.engine.pathways import Carried, Divided, Edge, carried, divided, parts
from pujiang.engine.program import Operation
from pujiang.engine.stages import Stages, stage_values
from pujiang.engine.system import System
from pujiang.experiment.explanation.sides import Sides, mixed
from pujiang.reported import Ratio

_RATIO = Formula(
    ("over", "under"),
    (Operation(CAUSE, (), 0), Operation(CAUSE, (), 1), Operation("safe_divide", (0, 1))),
    2,
    (),
)


@dataclass(frozen=True)
class Central:
    """The central runs of two sides, at every stage, and their difference divided."""

    system: System
    stages: Stages
    divided: Divided

    @property
    def first_year(self) -> int:
        """The first calendar year of the run."""
        return round(self.divided.grid.start)

    @cached_property
    def variable_of(self) -> dict[str, str]:
        """The declared variable or input of every scalar; of a lever's companion, the lever."""
        variable, system = self.divided.formulas.variable, self.system
        out = {}
        for name in (*self.stages.lines, *self.stages.inputs):
            lever = name.removesuffix("_set")
            companion = name not in system.entries and lever in system.levers
            out[name] = variable.get(name) or (lever if companion else name)
        return out

    @cached_property
    def place_of(self) -> dict[str, str]:
        """The sector of every scalar; an input stands for itself."""
        sector, variables = self.system.sector_of, self.system.variables
        return {name: sector[v] if v in variables else v for name, v in self.variable_of.items()}


def central(found: Sides, method: str, run: Engine) -> Central:
    """Run the central member of both sides and divide everything in which the runs differ."""
    all_or_none = np.array([[False], [True]]).repeat(max(len(found.differences), 1), axis=1)
    all_or_none = all_or_none[:, : len(found.differences)]
    program, grid = found.system.program, found.grid
    if any(difference.evidence for difference in found.differences):
        one = [
            stage_values(program, grid, mixed(found, all_or_none[[i]], slice(0, 1), evidence=bool(i)), method, run)
            for i in (0, 1)
        ]
        stages = _side_by_side(*one)
    else:
        stages = stage_values(program, grid, mixed(found, all_or_none, slice(0, 1), evidence=False), method, run)
    return Central(found.system, stages, divided(formulas(found.system), stages, grid, method))


def _side_by_side(a: Stages, b: Stages) -> Stages:
    pairs = ((a.lines, b.lines), (a.inputs, b.inputs))
    lines, inputs = (
        {name: np.concatenate([ours[name], theirs[name]], axis=2) for name in ours} for ours, theirs in pairs
    )
    return Stages(lines, inputs)


def saved_parts(found: Central, every: int) -> tuple[dict[Edge, Floats], NDArray[np.int64]]:
    """The parts of every scalar at every `every`-th step of the whole run, and these steps."""
    steps = np.arange(0, found.divided.grid.steps + 1, every)
    later = steps >= found.divided.first
    out = {}
    for edge, values in parts(found.divided).items():
        whole = np.zeros(len(steps))
        whole[later] = values[steps[later] - found.divided.first]
        out[edge] = whole
    return out, steps


def carried_of(found: Central, wanted: Sequence[tuple[str, int]]) -> list[Carried]:
    """What every link carries of annual outcomes, each by its scalar name and calendar year."""
    return carried(found.divided, [_target(found, scalar, year) for scalar, year in wanted])


def _target(found: Central, scalar: str, year: int) -> dict[str, Floats]:
    """Weights over moments that make the difference of an annual outcome from those of variables."""
    divided_ = found.divided
    annual = found.system.variables[scalar.partition(".")[0]].annual
    per_year = round(1 / divided_.grid.dt)
    opening = (year - found.first_year) * per_year
    if annual == "end":
        weights = np.zeros((divided_.steps + 1, len(divided_.weights)))
        place = opening + per_year - divided_.first
        if place >= 0:
            weights[place, 0] = 1.0
        return {scalar: weights.ravel()}
    counts = divided_.by_step(divided_.integral_weights()).copy()
    at = np.arange(divided_.first, divided_.grid.steps + 1)
    counts[(at < opening) | (at >= opening + per_year)] = 0.0
    if not isinstance(annual, Ratio):
        return {scalar: counts.ravel()}
    whole = np.array(divided_.weights)[:, None] * divided_.grid.dt
    names = (annual.numerator, annual.denominator)
    integrals = np.array(
        [(found.stages[name][opening : opening + per_year] * whole).sum(axis=(0, 1)) for name in names]
    )
    slopes = mean_slopes(_RATIO, integrals[:, [0]], integrals[:, [1]])[:, 0]
    out: dict[str, Floats] = {}
    for name, slope in zip(names, slopes, strict=True):
        out[name] = out.get(name, 0.0) + slope * counts.ravel()
    return out


# What links carry, of declared variables and of sectors.


class Flow(NamedTuple):
    """What goes from one variable, input or sector to another, of the difference of an outcome.

    `amount` is in the outcome's unit; `since` the calendar year in which the link began to matter: when a tenth of
    all it carries, up or down, had passed.
    """

    cause: str
    effect: str
    amount: float
    since: int


MATTERS = 0.1
FAINTEST = 1e-6
"""Flows below this part of the largest are left out."""


def variable_flows(found: Central, of: Sequence[Carried], years: Sequence[int]) -> list[list[Flow]]:
    """What goes between declared variables and inputs: elements, and stocks that equations hide, taken together.

    Of each of several outcomes, in its year.
    """
    return _together(found, of, years, found.variable_of)


def sector_flows(found: Central, of: Sequence[Carried], years: Sequence[int]) -> list[list[Flow]]:
    """What goes between sectors, and into them from each lever or other input; what stays in one is left out."""
    return _together(found, of, years, found.place_of)


def through(flows: Sequence[Flow]) -> dict[str, float]:
    """What enters each variable or sector, of the difference of an outcome; each time it does, where it comes back."""
    out: dict[str, float] = {}
    for flow in flows:
        out[flow.effect] = out.get(flow.effect, 0.0) + flow.amount
    return out


def stock_through(found: Central, of: Carried) -> dict[str, float]:
    """What passes through each declared stock: what its flows carry into it, less what it itself makes them drain."""
    place = found.divided.formulas.variable
    stocks = {name for name, variable in found.system.variables.items() if variable.kind == "stock"}
    out: dict[str, float] = {}
    for (_, effect), amount in of.amounts.items():
        if place.get(effect) in stocks:
            out[place[effect]] = out.get(place[effect], 0.0) + amount
    for scalar, amount in of.drains.items():
        if place[scalar] in out:
            out[place[scalar]] -= amount
    return {name: amount for name, amount in out.items() if amount}


def _together(
    found: Central, of: Sequence[Carried], years: Sequence[int], place_of: Mapping[str, str]
) -> list[list[Flow]]:
    edges = of[0].edges if of else ()
    between: dict[tuple[str, str], list[int]] = {}
    for row, (cause, effect) in enumerate(edges):
        if place_of[cause] != place_of[effect]:
            between.setdefault((place_of[cause], place_of[effect]), []).append(row)
    if not between:
        return [[] for _ in of]
    each = np.stack([own.steps for own in of], axis=1)
    sums = np.array([each[rows].sum(axis=0) for rows in between.values()])  # (pair, outcome, step)
    passed = np.cumsum(np.abs(sums), axis=2)
    steps = found.divided.first + (passed >= MATTERS * passed[..., -1:]).argmax(axis=2)
    # A value at the end of a year stands at the first moment of the next.
    since = np.minimum((found.divided.grid.start + steps * found.divided.grid.dt).astype(int), np.array(years))
    amounts = sums.sum(axis=2)
    least = FAINTEST * np.abs(amounts).max(axis=0)
    out = []
    for row in range(len(of)):
        own, begun = amounts[:, row].tolist(), since[:, row].tolist()
        flows = [Flow(*pair, own[i], begun[i]) for i, pair in enumerate(between) if abs(own[i]) > least[row]]
        out.append(sorted(flows, key=lambda f: (-abs(f.amount), f.cause, f.effect)))
    return out


@dataclass(frozen=True)
class Path:
    """A way from an input to an outcome: its variables in order, what it carries, and the year each link began to."""

    names: tuple[str, ...]
    amount: float
    since: tuple[int, ...]


def main_paths(flows: Sequence[Flow], sources: Mapping[str, float], goal: str, most: int = 5) -> list[Path]:
    """For each of the inputs that carry most, the way to a goal whose narrowest link carries most.

    All links of a way carry with the sign of what its input does; an input whose effect no such way carries has none.
    """
    onward = {sign: _onward(flows, sign) for sign in (1.0, -1.0)}
    since = {(f.cause, f.effect): f.since for f in flows}
    found = []
    for start in sorted(sources, key=lambda name: -abs(sources[name]))[:most]:
        sign = 1.0 if sources[start] > 0 else -1.0
        width, names = _widest(onward[sign], start, goal)
        if names:
            links = pairwise(names)
            found.append(Path(names, sign * width, tuple(since[link] for link in links)))
    return found


def _onward(flows: Sequence[Flow], sign: float) -> dict[str, list[tuple[str, float]]]:
    """Where links that carry with one sign lead from each variable, and how much they carry."""
    onward: dict[str, list[tuple[str, float]]] = {}
    for flow in flows:
        if sign * flow.amount > 0:
            onward.setdefault(flow.cause, []).append((flow.effect, sign * flow.amount))
    return onward


def _widest(onward: Mapping[str, Sequence[tuple[str, float]]], start: str, goal: str) -> tuple[float, tuple[str, ...]]:
    """The widest way over some links: its width and names."""
    from heapq import heappop, heappush

    done: set[str] = set()
    heap: list[tuple[float, tuple[str, ...]]] = [(-np.inf, (start,))]
    while heap:
        width, names = heappop(heap)
        if names[-1] == goal:
            return (-width, names) if len(names) > 1 else (0.0, ())
        if names[-1] in done:
            continue
        done.add(names[-1])
        for effect, amount in onward.get(names[-1], ()):
            if effect not in done:
                heappush(heap, (max(width, -amount), (*names, effect)))
    return 0.0, ()
