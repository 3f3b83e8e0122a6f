"""How large model errors are, told by hindcasts: the sizes and the memory under which what came is likeliest.

Each vintage said something of later observations, with a spread from its parameters and inputs. What came lies off that
by more than the spread allows; the error paths have to account for the rest, given how far they were already off when
the vintage was made. Sizes of single outcomes are shrunk towards one another, since few points tell of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.experiment.discrepancy import SCALES, Discrepancy, Place, rows_of
from pujiang.experiment.hindcast import Forecast
from pujiang.experiment.vintage import InputsAhead

Floats = NDArray[np.float64]

USUAL = (np.log(0.06), 0.5)
"""What is thought of the usual size beforehand: mean and sd of its logarithm."""
AMONG = 0.7
"""How far sizes of outcomes scatter about the usual one (sd of the logarithm)."""
MEMORY = (np.log(4.0), 0.6)
"""What is thought of the memory beforehand."""

FEWEST_YEARS = 5
PLAIN = 2.5
"""How large a correlation must be, over its standard error, to be taken for one."""
SHRINKING = 4
"""Years' worth of no correlation that each is drawn towards."""
LEAST = 0.05
"""The smallest eigenvalue a matrix of correlations may have."""


@dataclass(frozen=True)
class Told:
    """What one vintage tells of error paths, with one kind of inputs.

    Attributes:
        known: observations up to its cutoff; misfits: their mean residuals (observation,), in sd.
        later: observations it foretold; missed: observed less foretold (observation,), in sd.
        allowed: covariance (observation, observation) of what it foretold, in sd, errors of reading included.
    """

    known: tuple[Observation, ...]
    misfits: Floats
    later: tuple[Observation, ...]
    missed: Floats
    allowed: Floats


Known = Mapping[tuple[int, InputsAhead], tuple[Sequence[Observation], Floats]]
"""Of each vintage and kind of inputs: observations up to its cutoff, and their residuals (observation, member)."""


def told(known: Known, forecasts: Sequence[Forecast]) -> list[Told]:
    """What all vintages tell."""
    usable = [f for f in forecasts if f.observation.role != "check" and f.observation.likelihood in SCALES]
    found = []
    for cutoff, inputs in dict.fromkeys((f.cutoff, f.inputs) for f in usable):
        own = [f for f in usable if (f.cutoff, f.inputs) == (cutoff, inputs)]
        draws = np.array([_in_sd(f.observation, f.latent) for f in own])
        rows, misfits = known[cutoff, inputs]
        found.append(
            Told(
                known=tuple(rows),
                misfits=misfits.mean(axis=1),
                later=tuple(f.observation for f in own),
                missed=-np.median(draws, axis=1),
                allowed=np.atleast_2d(np.cov(draws)) + np.eye(len(own)),
            )
        )
    return found


def _in_sd(observation: Observation, modelled: Floats) -> Floats:
    """Modelled less observed, in standard deviations of the observation."""
    sd = observation.sd or 1.0
    if SCALES[observation.likelihood] == "log":
        return np.log(np.maximum(modelled, 1e-12) / observation.value) / sd
    return (modelled - observation.value) / sd


def estimate(pieces: Sequence[Told], shape: Discrepancy) -> Discrepancy:
    """The likeliest sizes and memory.

    Args:
        shape: correlations that hold while sizes are told; they are told anew from what the sizes leave.
    """
    from scipy.optimize import minimize

    outcomes = sorted({name for piece in pieces for o in piece.later for name in [str(o.outcome)]})

    def as_discrepancy(point: Floats) -> Discrepancy:
        spread = dict(zip(outcomes, np.exp(point[:-2]).tolist(), strict=True))
        return replace(shape, spread=spread, usual=float(np.exp(point[-2])), memory=float(np.exp(point[-1])))

    def cost(point: Floats) -> float:
        sizes, usual, memory = point[:-2], point[-2], point[-1]
        beforehand = np.sum((sizes - usual) ** 2) / AMONG**2
        beforehand += ((usual - USUAL[0]) / USUAL[1]) ** 2 + ((memory - MEMORY[0]) / MEMORY[1]) ** 2
        discrepancy = as_discrepancy(point)
        return 0.5 * float(beforehand) - sum(likelihood(piece, discrepancy) for piece in pieces)

    opening = np.concatenate([np.full(len(outcomes), USUAL[0]), [USUAL[0], MEMORY[0]]])
    bounds = [(np.log(0.003), np.log(1.5))] * (len(outcomes) + 1) + [(np.log(1.0), np.log(25.0))]
    found = as_discrepancy(minimize(cost, opening, method="L-BFGS-B", bounds=bounds).x)
    return replace(found, correlation=correlations(pieces, found))


def halfway(before: Discrepancy, after: Discrepancy) -> Discrepancy:
    """Sizes midway (on the logarithm) between those fits were made with and those their forecasts ask for.

    A fit made with large errors leaves its parameters wide and then asks for small ones, and the other way round: going
    halfway, repeated hindcasts settle instead of swinging. Where there were none before, those asked for.
    """
    if not before.usual:
        return after
    return replace(
        after,
        spread={name: float(np.sqrt(size * before.of(name))) for name, size in after.spread.items()},
        usual=float(np.sqrt(after.usual * before.usual)),
        memory=float(np.sqrt(after.memory * before.memory)),
    )


def correlations(pieces: Sequence[Told], discrepancy: Discrepancy) -> dict[tuple[str, str], float]:
    """Correlations of what two outcomes were missed by, where they are plain, drawn towards none for want of years.

    Vintages and inputs repeat the same years, so a pair has as many points as it has years.
    """
    missed: dict[str, dict[tuple[int, int], float]] = {}
    for place, piece in enumerate(pieces):
        mean, covariance = foretold(piece, discrepancy)
        off = (piece.missed - mean) / np.sqrt(np.diag(covariance))
        for o, error in zip(piece.later, off.tolist(), strict=True):
            missed.setdefault(str(o.outcome), {})[place, o.year] = error
    found = {}
    for one, other in combinations(sorted(missed), 2):
        both = sorted(missed[one].keys() & missed[other].keys())
        years = len({year for _, year in both})
        if years < FEWEST_YEARS:
            continue
        size = float(np.corrcoef([[of[key] for key in both] for of in (missed[one], missed[other])])[0, 1])
        plain = abs(size) * np.sqrt((years - 2) / max(1 - size**2, 1e-9))
        if plain > PLAIN:
            found[one, other] = size * years / (years + SHRINKING)
    names = list(dict.fromkeys(name for pair in found for name in pair))
    while (
        found
        and np.linalg.eigvalsh(replace(discrepancy, spread={}, usual=1.0, correlation=found).between(names))[0] < LEAST
    ):
        found = {pair: 0.9 * size for pair, size in found.items()}
    return found


def likelihood(piece: Told, discrepancy: Discrepancy) -> float:
    """Logarithm of the density of what came, each observation judged alone."""
    mean, covariance = foretold(piece, discrepancy)
    variance = np.diag(covariance)
    return float(-0.5 * np.sum((piece.missed - mean) ** 2 / variance + np.log(variance)))


def foretold(piece: Told, discrepancy: Discrepancy) -> tuple[Floats, Floats]:
    """Mean and covariance of observed less modelled, in sd, given where the paths stood."""
    known, weights = rows_of(piece.known)
    places, loads = rows_of(piece.later)
    kept = weights.any(axis=1)
    weights = weights[kept]
    across = _covariance(discrepancy, places, known, loads, weights)
    whole = np.eye(len(weights)) + _covariance(discrepancy, known, known, weights, weights)
    gain = np.linalg.solve(whole, across.T).T
    mean = gain @ -piece.misfits[kept]
    own = _covariance(discrepancy, places, places, loads, loads)
    return mean, piece.allowed + own - gain @ across.T


def _covariance(
    discrepancy: Discrepancy, left: Sequence[Place], right: Sequence[Place], loads: Floats, weights: Floats
) -> Floats:
    found: Floats = loads @ discrepancy.covariance(left, right) @ weights.T
    return found
