"""Shapley values: what each of several differences adds to a whole, over all orders in which they could be made.

A coalition is the set of differences that are made. With few of them all coalitions are run and the values are exact;
with more, orders are drawn, each with its reverse, and the values bear a sampling error. Either way the parts of
one member add up to the whole, since the steps along any order do.
"""

from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats

MOST_EXACT = 12
"""Differences up to which all coalitions are run: 4,096."""
FEWEST = 8
"""Pairs of orders that are drawn where no number is given."""


@dataclass(frozen=True)
class Plan:
    """Which coalitions are to be run, and how parts are made of their values.

    Attributes:
        coalitions: (coalition, difference), whether each makes each; the first makes none, the last all.
        weights: (difference, coalition): parts are weights times values.
        orders: those that were drawn, (order, difference), a reverse after each; empty where the values are exact.
    """

    coalitions: NDArray[np.bool_]
    weights: Floats
    orders: NDArray[np.int64]

    @property
    def exact(self) -> bool:
        """Whether every coalition is run."""
        return len(self.orders) == 0

    def parts(self, values: Floats) -> Floats:
        """The parts (difference, …) from the values of the coalitions (coalition, …)."""
        found: Floats = np.tensordot(self.weights, values, axes=1)
        return found

    def error(self, values: Floats) -> Floats:
        """The standard error of each part by sampling, (difference, …): from pairs of an order and its reverse."""
        if self.exact:
            return np.zeros((self.coalitions.shape[1], *values.shape[1:]))
        pairs = len(self.orders) // 2
        mean, square = self.parts(values), np.zeros((self.coalitions.shape[1], *values.shape[1:]))
        for pair in range(pairs):
            own = np.zeros_like(square)
            for order in self.orders[2 * pair : 2 * pair + 2]:
                own[order] += np.diff(values[self._along(order)], axis=0) / 2
            square += (own - mean) ** 2
        found: Floats = np.sqrt(square / (pairs * (pairs - 1)))
        return found

    def alone(self, values: Floats) -> Floats:
        """What each difference does by itself, (difference, …)."""
        count = self.coalitions.shape[1]
        found: Floats = values[[self._place(np.arange(count) == i) for i in range(count)]] - values[0]
        return found

    def taken_back(self, values: Floats) -> Floats:
        """What is lost where each difference alone is not made, (difference, …)."""
        count = self.coalitions.shape[1]
        found: Floats = values[-1] - values[[self._place(np.arange(count) != i) for i in range(count)]]
        return found

    def joint(self, values: Floats) -> Floats:
        """The interaction of each two differences, (difference, difference, …): what both do beyond what each does.

        Shapley's index of interaction; all coalitions must have been run.
        """
        count = self.coalitions.shape[1]
        out = np.zeros((count, count, *values.shape[1:]))
        grid = values.reshape(*(2,) * count, *values.shape[1:])
        for i in range(count):
            for j in range(i + 1, count):
                # In the number of a coalition the first difference is the lowest bit, so the last axis.
                both = np.diff(np.diff(grid, axis=count - 1 - i), axis=count - 1 - j)
                sizes = (
                    np.indices((2,) * (count - 2)).reshape(count - 2, -1).sum(axis=0) if count > 2 else np.zeros(1, int)
                )
                weights = np.array([_weight(int(s), count - 1) for s in sizes])
                out[i, j] = out[j, i] = np.tensordot(weights, both.reshape(len(weights), *values.shape[1:]), axes=1)
        return out

    @cached_property
    def _places(self) -> dict[bytes, int]:
        return {coalition.tobytes(): place for place, coalition in enumerate(self.coalitions)}

    def _place(self, coalition: NDArray[np.bool_]) -> int:
        return self._places[coalition.tobytes()]

    def _along(self, order: NDArray[np.int64]) -> list[int]:
        """The coalitions an order goes through."""
        places = [0]
        made = np.zeros(self.coalitions.shape[1], dtype=bool)
        for i in order:
            made[i] = True
            places.append(self._place(made))
        return places


def plan_for(count: int, pairs: int | None = None, seed: int = 0) -> Plan:
    """The plan for so many differences: exact up to MOST_EXACT, unless pairs of orders (2 or more) are asked for."""
    if pairs is None and count <= MOST_EXACT:
        return _exact(count)
    return _sampled(count, FEWEST if pairs is None else max(pairs, 2), seed)


def _weight(size: int, count: int) -> float:
    """The share of orders of `count` in which those of a coalition of `size` come just before one that is not in it."""
    return factorial(size) * factorial(count - size - 1) / factorial(count)


def _exact(count: int) -> Plan:
    numbers = np.arange(2**count)
    coalitions = (numbers[:, None] >> np.arange(count)) % 2 == 1
    weights = np.zeros((count, len(numbers)))
    sizes = coalitions.sum(axis=1)
    for i in range(count):
        without = np.flatnonzero(~coalitions[:, i])
        share = np.array([_weight(int(size), count) for size in sizes[without]])
        weights[i, without] -= share
        weights[i, without | (1 << i)] += share
    return Plan(coalitions, weights, np.empty((0, count), dtype=np.int64))


def _sampled(count: int, pairs: int, seed: int) -> Plan:
    """Orders by chance with their reverses; coalitions that each makes alone, or leaves out alone, come along."""
    random = np.random.default_rng([seed, count])
    orders = np.array([order for _ in range(pairs) for order in _with_reverse(random.permutation(count))])
    places: dict[bytes, int] = {}
    kept: list[NDArray[np.bool_]] = []

    def place(coalition: NDArray[np.bool_]) -> int:
        key = coalition.tobytes()
        if key not in places:
            places[key] = len(kept)
            kept.append(coalition.copy())
        return places[key]

    place(np.zeros(count, dtype=bool))
    steps = []
    for order in orders:
        made = np.zeros(count, dtype=bool)
        before = 0
        for i in order:
            made[i] = True
            after = place(made)
            steps.append((int(i), before, after))
            before = after
    for i in range(count):
        place(np.arange(count) == i)
        place(np.arange(count) != i)
    whole = place(np.ones(count, dtype=bool))
    final = [n for n in range(len(kept)) if n != whole] + [whole]
    moved = {old: new for new, old in enumerate(final)}
    weights = np.zeros((count, len(kept)))
    for i, before, after in steps:
        weights[i, moved[after]] += 1 / len(orders)
        weights[i, moved[before]] -= 1 / len(orders)
    return Plan(np.array([kept[n] for n in final]), weights, orders)


def _with_reverse(order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return order, order[::-1]
