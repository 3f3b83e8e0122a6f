"""How a difference between two runs of one model travels: from what was set, through every variable, to an outcome.

At every stage of every step the difference of each scalar is divided among its causes (see `division`). So the
differences of the two runs obey one linear model whose coefficients are mean slopes, and which is exact: a step of
Runge and Kutta is a sum of stages. Read forwards, it divides every variable's difference among its causes. Read
backwards from an outcome, it says how much of that outcome's difference each link carries at each moment; what enters
a variable is what leaves it, and what leaves the levers is all there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import STAGE_WEIGHT, Floats, Grid
from pujiang.engine.division import Formula, mean_slopes
from pujiang.engine.formulas import Formulas
from pujiang.engine.stages import REACH, Stages

Edge = tuple[str, str]
"""Cause and effect, by scalar names."""


@dataclass(frozen=True)
class Slopes:
    """The mean slopes (cause, moment) of one scalar by those of its causes that differ."""

    causes: tuple[str, ...]
    values: Floats


@dataclass(frozen=True)
class Divided:
    """Two runs, the differences of everything between them, and the mean slopes of everything by its causes.

    Moments are all stages of all steps from the first on at which anything differs: (step · stages).

    Attributes:
        first: the first step at which anything differs.
        weights: of the stages in a step.
        differences: by scalar name (moment), of what differs.
        present, rates, opening: mean slopes, as in `Formulas`; those of `opening` at the start alone.
    """

    formulas: Formulas
    grid: Grid
    first: int
    weights: tuple[float, ...]
    differences: Mapping[str, Floats]
    present: Mapping[str, Slopes]
    rates: Mapping[str, Slopes]
    opening: Mapping[str, Slopes]

    @property
    def steps(self) -> int:
        """Steps from the first difference to the end."""
        return self.grid.steps - self.first

    @property
    def moments(self) -> int:
        """Moments, those after the end of the last step included, which count for nothing."""
        return (self.steps + 1) * len(self.weights)

    def lag(self, delay: str) -> int:
        """The lag of a fixed delay in steps."""
        return round(self.formulas.delays[delay] / self.grid.dt)

    def by_step(self, values: Floats) -> Floats:
        """Moments as (..., step, stage)."""
        return values.reshape(*values.shape[:-1], self.steps + 1, len(self.weights))

    def moved(self, own: Slopes) -> Floats:
        """What each cause (cause, moment) moves a scalar by."""
        found: Floats = own.values * np.array([self.differences[cause] for cause in own.causes])
        return found

    def integral_weights(self) -> Floats:
        """What each moment counts in an integral over time, year; nothing at the end of the last step."""
        counts = np.tile(np.array(self.weights) * self.grid.dt, (self.steps + 1, 1))
        counts[-1] = 0
        return counts.ravel()


def divided(formulas: Formulas, stages: Stages, grid: Grid, method: str, before: int = 0, after: int = 1) -> Divided:
    """Divide the difference of run `after` from run `before` of some stages."""
    weights = STAGE_WEIGHT[method]
    changed = [v[:, 0, after] != v[:, 0, before] for v in (*stages.lines.values(), *stages.inputs.values())]
    differs = np.logical_or.reduce([*changed, np.zeros(grid.steps + 1, dtype=bool)])
    # Levers that change at the end of a step, and what stages see of them, belong to the step before.
    first = max(int(np.argmax(differs)) - 1, 0) if differs.any() else grid.steps
    pair: dict[str, tuple[Floats, Floats]] = {}
    differences: dict[str, Floats] = {}
    last = (grid.steps - first) * len(weights)
    for name, values in (*stages.inputs.items(), *stages.lines.items()):
        a, b = (values[first:, :, run].flatten() for run in (before, after))
        b[last + 1 :] = a[last + 1 :]
        pair[name] = a, b
        if not np.array_equal(a, b):
            differences[name] = b - a

    def all_slopes(found: Mapping[str, Formula], moments: slice = slice(None)) -> dict[str, Slopes]:
        """The mean slopes of everything with a cause that differs; expressions of one form are divided together."""
        alike: dict[tuple[Any, ...], list[str]] = {}
        for name, formula in found.items():
            if any(cause in differences for cause in formula.causes):
                alike.setdefault((formula.operations, formula.line), []).append(name)
        out: dict[str, Slopes] = {}
        for names in alike.values():
            every = [pair[cause] for causes in zip(*(found[n].causes for n in names), strict=True) for cause in causes]
            shape = len(found[names[0]].causes), -1
            a, b = (np.concatenate([own[side][moments] for own in every]).reshape(shape) for side in (0, 1))
            slopes = np.split(mean_slopes(found[names[0]], a, b, len(names)), len(names), axis=1)
            for name, own in zip(names, slopes, strict=True):
                moving = [place for place, cause in enumerate(found[name].causes) if cause in differences]
                out[name] = Slopes(tuple(found[name].causes[place] for place in moving), own[moving])
        return {name: out[name] for name in found if name in out}

    at_start = all_slopes(formulas.opening, slice(0, 1)) if first == 0 else {}
    return Divided(
        formulas, grid, first, weights, differences, all_slopes(formulas.present), all_slopes(formulas.rates), at_start
    )


def parts(found: Divided) -> dict[Edge, Floats]:
    """The difference of every scalar at the start of every step from `first` on (step,), divided among its causes.

    Those of a stock are what its flows (a hidden one: the causes of its rate) have brought until then, and what it
    started with, by the causes of that. A fixed delay is what it read one lag ago, or gives until it has run.
    """
    out: dict[Edge, Floats] = {}
    for name, own in found.present.items():
        for cause, moved in zip(own.causes, found.by_step(found.moved(own)), strict=True):
            out[cause, name] = moved[:, 0]
    counts = found.integral_weights()
    for name, own in found.rates.items():
        for cause, steps in zip(own.causes, found.by_step(counts * found.moved(own)).sum(axis=2), strict=True):
            out[cause, name] = np.concatenate([[0.0], np.cumsum(steps[:-1])])
    computed = {*found.formulas.present, *found.formulas.delays}
    for name, own in found.opening.items():
        if name not in computed:
            for cause, slope in zip(own.causes, own.values[:, 0], strict=True):
                out[cause, name] = out.get((cause, name), 0.0) + np.full(
                    found.steps + 1, slope * found.differences[cause][0]
                )
    for name in found.formulas.delays:
        if name in found.differences:
            early = np.arange(found.first, found.grid.steps + 1) < found.lag(name)
            whole = found.by_step(found.differences[name])[:, 0]
            for source, mask in ((f"{name} input", ~early), (f"{name} before", early)):
                if mask.any() and (whole * mask).any():
                    out[source, name] = whole * mask
    return out


@dataclass(frozen=True)
class Carried:
    """What every link carries of the difference of one outcome, by the step in which it does.

    Attributes:
        edges: every (cause, effect) there is, of all outcomes asked for.
        steps: what each of them carries (edge, step).
        sources: the part that leaves each input that differs, summed over time; they add up to the difference.
        drains: what comes back into each stock from the flows that it itself moves: less of what is there drains less.
    """

    edges: tuple[Edge, ...]
    steps: Floats
    sources: Mapping[str, float]
    drains: Mapping[str, float]

    @property
    def links(self) -> dict[Edge, Floats]:
        """What each link carries (step,), of those that carry anything."""
        return {edge: steps for edge, steps in zip(self.edges, self.steps, strict=True) if steps.any()}

    @cached_property
    def amounts(self) -> dict[Edge, float]:
        """What each link carries in all, of those that carry anything."""
        whole = self.steps.sum(axis=1).tolist()
        return {edge: amount for edge, amount in zip(self.edges, whole, strict=True) if amount}


def carried(found: Divided, targets: Sequence[Mapping[str, Floats]]) -> list[Carried]:
    """What every link carries of some quantities, each a weighted sum of scalars over moments: weights by name."""
    return _Backwards(found).carried(targets)


class _Backwards:
    """The linear model of differences, read from the end to the start."""

    def __init__(self, found: Divided) -> None:
        self.found = found
        self.states = [name for name in found.formulas.rates if name in found.differences]
        self.delays = [name for name in found.formulas.delays if name in found.differences]
        self.order = list(reversed([name for name in found.formulas.present if name in found.present]))
        self.leaves = [*self.states, *self.delays]
        self.outputs = [("rate", name) for name in self.states] + [("input", name) for name in self.delays]
        early = np.arange(found.first, found.grid.steps + 1)
        self.early = {
            name: np.repeat(early < found.lag(name), len(found.weights)).astype(float) for name in self.delays
        }

    def carried(self, targets: Sequence[Mapping[str, Floats]]) -> list[Carried]:
        found, count = self.found, len(targets)
        stages, steps = len(found.weights), found.steps
        weights: dict[str, Floats] = {}
        for row, own in enumerate(targets):
            for name, values in own.items():
                weights.setdefault(name, np.zeros((count, found.moments)))[row] += values
        pairs, answers = self._answers()
        through = np.zeros((len(self.outputs), len(self.leaves)))
        direct = self._direct(self._pushed(weights), count)
        states = len(self.states)
        outputs = np.zeros((steps + 1, stages, count, len(self.outputs)))
        seen = np.zeros((steps + 1, stages, count, len(self.delays)))
        value = direct[steps, 0, :, :states].copy()  # of the states at the end
        seen[steps, 0] = direct[steps, 0, :, states:]
        lags = [found.lag(name) for name in self.delays]
        for step in range(steps - 1, -1, -1):
            later, onward = np.zeros_like(value), value.copy()
            for stage in range(stages - 1, -1, -1):
                rates = found.grid.dt * found.weights[stage] * value
                if stage + 1 < stages:
                    rates = rates + found.grid.dt * REACH[stage + 1] * later
                inputs = np.zeros((count, len(self.delays)))
                for place, lag in enumerate(lags):
                    if step + lag <= steps:
                        late = 1 - self.early[self.delays[place]][(step + lag) * stages]
                        inputs[:, place] = late * seen[step + lag, stage, :, place]
                outputs[step, stage] = np.concatenate([rates, inputs], axis=1)
                through[*pairs] = answers[step, stage]
                leaves = outputs[step, stage] @ through + direct[step, stage]
                later, seen[step, stage] = leaves[:, :states], leaves[:, states:]
                onward += later
            value = onward
        by_output = np.ascontiguousarray(outputs.reshape(found.moments, count, len(self.outputs)).T)
        return self._links(weights, by_output, value)

    def _answers(self) -> tuple[NDArray[np.int64], Floats]:
        """Which rates, and inputs of delays, answer to which states and delays (2, pair), and how much (step, stage,
        pair)."""
        found = self.found
        pairs: list[tuple[int, int]] = []
        answers: list[Floats] = []
        for row, (kind, name) in enumerate(self.outputs):
            own = found.rates.get(name)
            towards = {} if own is None else dict(zip(own.causes, own.values, strict=True))
            whole = self._pushed({f"{name} input": np.ones(found.moments)} if kind == "input" else towards)
            reached = [(row, column) for column, leaf in enumerate(self.leaves) if leaf in whole]
            pairs += reached
            answers += [whole[self.leaves[column]] for _, column in reached]
        by_step = found.by_step(np.array(answers).reshape(len(pairs), found.moments))
        return np.array(pairs, dtype=np.int64).reshape(-1, 2).T, np.ascontiguousarray(np.moveaxis(by_step, 0, -1))

    def _hand(self, towards: dict[str, Floats], name: str, weights: Floats) -> None:
        """Give weights, which nobody else holds, to what is named."""
        if name in towards:
            towards[name] += weights
        else:
            towards[name] = weights

    def _pushed(self, towards: Mapping[str, Floats]) -> dict[str, Floats]:
        """Weights (row, moment) of everything from weights of some: each variable's handed to its causes."""
        whole = {name: weights.copy() for name, weights in towards.items()}
        self._push(whole)
        for name in self.delays:
            if name in whole and self.early[name].any():
                given = {f"{name} before": whole[name] * self.early[name]}
                self._push(given)
                for key, weights in given.items():
                    self._hand(whole, key, weights)
        return whole

    def _push(self, whole: dict[str, Floats]) -> None:
        for name in self.order:
            if name in whole:
                own = self.found.present[name]
                for cause, slope in zip(own.causes, own.values, strict=True):
                    self._hand(whole, cause, whole[name] * slope)

    def _direct(self, whole: Mapping[str, Floats], count: int) -> Floats:
        """The weights of states and delays as (step, stage, target, leaf)."""
        found = self.found
        out = np.zeros((found.steps + 1, len(found.weights), count, len(self.leaves)))
        for column, name in enumerate(self.leaves):
            if name in whole:
                out[..., column] = np.moveaxis(found.by_step(whole[name]), 0, -1)
        return out

    def _links(self, weights: Mapping[str, Floats], outputs: Floats, at_start: Floats) -> list[Carried]:
        """Every link of every target, from the weights of rates and inputs of delays (output, target, moment)."""
        found, count = self.found, len(at_start)
        ones = np.ones(len(found.weights))

        def by_step(moments: Floats) -> Floats:
            summed: Floats = (moments.reshape(-1, len(ones)) @ ones).reshape(*moments.shape[:-1], found.steps + 1)
            return summed

        links: dict[Edge, Floats] = {}

        def carry(name: str, own: Slopes, weights: Floats) -> None:
            steps = by_step(weights * found.moved(own)[:, None])
            links.update(zip(((cause, name) for cause in own.causes), steps, strict=True))

        towards = {name: own.copy() for name, own in weights.items()}
        drains: dict[str, Floats] = {}
        for (kind, name), own in zip(self.outputs, outputs, strict=True):
            if kind == "input":
                self._hand(towards, f"{name} input", own.copy())
            elif name in found.rates:
                rate = found.rates[name]
                carry(name, rate, own)
                for cause, slope in zip(rate.causes, rate.values, strict=True):
                    handed = own * slope
                    flow = found.present.get(cause)
                    if flow is not None and name in flow.causes:
                        by_itself = flow.values[flow.causes.index(name)] * found.differences[name]
                        drains[name] = drains.get(name, 0.0) + handed @ by_itself
                    self._hand(towards, cause, handed)
        whole = self._pushed(towards)
        for name, slopes in found.present.items():
            if name in whole:
                carry(name, slopes, whole[name])
        for name in self.delays:
            if name in whole:
                amount, early = whole[name] * found.differences[name], self.early[name]
                links[f"{name} input", name] = by_step(amount * (1 - early))
                links[f"{name} before", name] = by_step(amount * early)
        sources = []
        for row in range(count):
            own_whole = {name: values[row] for name, values in whole.items()}
            from_inputs, at_opening = self._sources(own_whole, dict(zip(self.states, at_start[row], strict=True)))
            sources.append(from_inputs)
            for edge, share in at_opening.items():
                links.setdefault(edge, np.zeros((count, found.steps + 1)))[row, 0] += share
        edges = tuple(links)
        steps = np.array(list(links.values())).reshape(len(links), count, found.steps + 1)
        return [
            Carried(
                edges, steps[:, row], sources[row],
                {name: float(amounts[row]) for name, amounts in drains.items() if amounts[row]},
            )
            for row in range(count)
        ]  # fmt: skip

    def _sources(
        self, whole: Mapping[str, Floats], states: Mapping[str, float]
    ) -> tuple[dict[str, float], dict[Edge, float]]:
        """What each input carries, those that act through opening values included; and the links at the opening."""
        found = self.found
        computed = {*found.formulas.present, *found.formulas.rates, *found.formulas.delays}
        sources = {
            name: float(w @ found.differences[name])
            for name, w in whole.items()
            if name in found.differences and name not in computed and name not in found.opening
        }
        links: dict[Edge, float] = {}
        if found.first or not found.opening:
            return sources, links
        towards = {name: float(w.sum()) for name, w in whole.items() if name in found.opening and name not in computed}
        towards |= {name: value for name, value in states.items() if name in found.opening}
        for name in reversed([name for name in found.formulas.opening if name in found.opening]):
            if name not in towards:
                continue
            own = found.opening[name]
            for cause, slope in zip(own.causes, own.values[:, 0], strict=True):
                handed = towards[name] * slope
                amount = handed * found.differences[cause][0]
                links[cause, name] = links.get((cause, name), 0.0) + amount
                if cause in found.opening:
                    towards[cause] = towards.get(cause, 0.0) + handed
                elif amount:
                    sources[cause] = sources.get(cause, 0.0) + amount
        return sources, links
