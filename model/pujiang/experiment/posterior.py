"""Draws of the posterior: chains whose every step chooses among many draws of a transport map, and how well they mixed.

A step draws a set of points from the map, adds the point where the chain stands, and takes points of that set by their
importance: iterated sampling importance resampling (Andrieu, Lee and Vihola 2018), taking several points a step
(Calderhead 2014). Each point taken then makes one move of its own, a preconditioned Crank-Nicolson step (Cotter and
others 2013), so that a point of great importance is not repeated until another as great is drawn. Both leave the
posterior as it is whatever the map is like; a map that is nearly right makes steps nearly independent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.experiment.transport import Transport

Floats = NDArray[np.float64]

CHAINS = 4
STEPS = 160
TRIED = 64
"""Draws of the map in a step of a chain."""
MOST_SETS = 200
"""Sets drawn for a chain's first step, until one has a point within the bounds, before it is given up."""
TAKEN = 16
"""Points taken of them."""

STRIDES = (0.2, 0.6)
"""How far the move of a point goes, one of these at random: 1 would leave for an independent draw of the map."""

LARGEST_RHAT = 1.01
LEAST_DRAWS = 400

Progress = Callable[[int, int], None]


@dataclass
class Walk:
    """Where chains stand: all it takes to go on from there.

    Attributes:
        seed: of all draws.
        normals: standard normals (parameter, chain) that the map makes points of; points: these (parameter, chain);
            weights: logarithm of the importance of each.
        taken: the points of each step (parameter, chain, point).
        tried: logarithms of the importance of all that was drawn, step by step.
    """

    seed: int
    normals: Floats
    points: Floats
    weights: Floats
    taken: list[Floats] = field(default_factory=list)
    tried: list[Floats] = field(default_factory=list)

    @property
    def draws(self) -> Floats:
        """Points (chain, draw, parameter)."""
        return np.moveaxis(np.concatenate(self.taken, axis=2), 0, 2)

    @property
    def effective_share(self) -> float:
        """Effective over drawn number of the map's draws, weighed by importance: 1 if it were the posterior."""
        weights = np.concatenate(self.tried)
        shares = np.exp(weights - weights.max())
        return float(shares.sum() ** 2 / np.sum(shares**2) / len(shares))

    @property
    def pareto_k(self) -> float:
        """Shape of the tail of these weights (Vehtari and others 2024): under .7 they can be relied upon."""
        from arviz_stats.base import array_stats

        weights = np.concatenate(self.tried)
        return float(array_stats.psislw(-weights[np.isfinite(weights)])[1])


def start(parameters: int, seed: int, chains: int = CHAINS) -> Walk:
    """Chains before their first step, which stand nowhere: the first step is importance resampling."""
    nowhere = np.zeros((parameters, chains))
    return Walk(seed, nowhere, nowhere, np.full(chains, -np.inf))


def walk(transport: Transport, state: Walk, steps: int = STEPS, progress: Progress | None = None) -> Walk:
    """Chains that have made `steps` steps; `state` itself walks on, so that it can be stopped, kept and resumed.

    Raises:
        InputError: where hardly a draw lies within the bounds of every parameter.
    """
    parameters, chains = state.normals.shape
    for step in range(len(state.taken), steps):
        random = np.random.default_rng([state.seed, 3, step])  # a walk resumed is the walk unbroken
        drawn, found, importance = _sets(transport, state, random)
        sets = np.concatenate([state.normals[:, :, None], drawn], axis=2)
        points = np.concatenate([state.points[:, :, None], found], axis=2)
        weights = np.concatenate([state.weights[:, None], importance], axis=1)
        shares = np.exp(weights - weights.max(axis=1, keepdims=True))
        places = np.array([random.choice(TRIED + 1, TAKEN, p=share / share.sum()) for share in shares])
        normals, points = (
            np.take_along_axis(of, places[None], axis=2).reshape(parameters, -1) for of in (sets, points)
        )
        weights = np.take_along_axis(weights, places, axis=1).reshape(-1)
        normals, points, weights = _moved(transport, normals, points, weights, random)
        taken = points.reshape(parameters, chains, TAKEN)
        state.normals, state.points = normals.reshape(taken.shape)[:, :, -1], taken[:, :, -1]
        state.weights = weights.reshape(places.shape)[:, -1]
        state.tried.append(importance.reshape(-1))
        state.taken.append(taken)
        if progress is not None:
            progress(len(state.taken), steps)
    return state


def _sets(transport: Transport, state: Walk, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """A set of draws of the map for each chain: normals and points (.., chain, draw), and their importance.

    A chain that stands nowhere yet is given sets until one has a point within the bounds.
    """
    parameters, chains = state.normals.shape

    def draws(count: int) -> tuple[Floats, Floats, Floats]:
        normals = random.standard_normal((parameters, count * TRIED))
        points, importance = transport.draws(normals)
        shape = (parameters, count, TRIED)
        return normals.reshape(shape), points.reshape(shape), importance.reshape(count, TRIED)

    normals, points, importance = draws(chains)
    for _ in range(MOST_SETS):
        lacking = np.isneginf(state.weights) & np.isneginf(importance).all(axis=1)
        if not lacking.any():
            return normals, points, importance
        normals[:, lacking], points[:, lacking], importance[lacking] = draws(int(lacking.sum()))
    raise InputError("calibrate: hardly any draw lies within the bounds of every parameter; widen them")


def _moved(
    transport: Transport, normals: Floats, points: Floats, weights: Floats, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Points after a move of each: normals (direction, point), points (parameter, point), and their importance."""
    stride = random.choice(STRIDES, size=normals.shape[1])
    proposed = np.sqrt(1 - stride**2) * normals + stride * random.standard_normal(normals.shape)
    there, importance = transport.draws(proposed)
    gone = np.log(random.random(len(weights))) < importance - weights
    return np.where(gone, proposed, normals), np.where(gone, there, points), np.where(gone, importance, weights)


@dataclass(frozen=True)
class Mixing:
    """How well chains mixed, by quantity: rank-normalised split R-hat, and effective draws in the bulk and the tails
    (Vehtari and others 2021)."""

    rhat: Mapping[str, float]
    bulk: Mapping[str, float]
    tail: Mapping[str, float]

    @property
    def largest_rhat(self) -> float:
        """The worst there is."""
        return max(self.rhat.values(), default=1.0)

    @property
    def fewest_draws(self) -> float:
        """Effective draws of the worst quantity, in the bulk or the tails."""
        return min((*self.bulk.values(), *self.tail.values()), default=np.inf)

    @property
    def converged(self) -> bool:
        """Whether every quantity mixed as it must."""
        return self.largest_rhat < LARGEST_RHAT and self.fewest_draws > LEAST_DRAWS


def mixing(quantities: Mapping[str, Floats]) -> Mixing:
    """The mixing of quantities (chain, draw)."""
    from arviz_stats.base import array_stats

    names = list(quantities)
    if not names:
        return Mixing({}, {}, {})
    stacked = np.stack([quantities[name] for name in names])
    how = {"chain_axis": 1, "draw_axis": 2}
    rhat = array_stats.rhat(stacked, method="rank", **how)
    bulk = array_stats.ess(stacked, method="bulk", **how)
    tail = array_stats.ess(stacked, method="tail", prob=(0.05, 0.95), **how)
    return Mixing(*(dict(zip(names, map(float, found), strict=True)) for found in (rhat, bulk, tail)))


def thinned(draws: Floats, count: int, seed: int) -> Floats:
    """`count` draws (draw, parameter) of chains (chain, draw, parameter), as many of each step, in random order."""
    flat = draws.reshape(-1, draws.shape[2])
    if count > len(flat):
        raise ValueError(f"{count} draws of {len(flat)}")
    places = np.linspace(0, len(flat) - 1, count).round().astype(int)
    found: Floats = flat[np.random.default_rng([seed, 4]).permutation(places)]
    return found
