"""How far a model lies from the observations: deviance residuals, each by its declared likelihood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.experiment.above_floor import residual_above_floor

Floats = NDArray[np.float64]

HARD_FLOOR_SD = 0.01
"""Least log sd about a reported floor ("broke 12,000") that is allowed for: such a floor is hard."""


@dataclass(frozen=True)
class Residual:
    """One observation held against a run: `error` is modelled less observed, as `residual` measures it (sd)."""

    observation: Observation
    modelled: float
    error: float


def residual(observation: Observation, modelled: Floats, spread: float = 0.0) -> Floats:
    """The signed deviance residual, modelled less observed (sd), of modelled values (run,) against an observation.

    lognormal: difference of logarithms over sd. normal: difference over sd. poisson: signed root of the
    deviance. floor: what was reported lies a half-normal of the row's sd above the floor, and the model errs about it
    by `spread` (of the logarithm; HARD_FLOOR_SD at least); the signed root of the deviance of both together.
    """
    observed, sd = observation.value, observation.sd or 1.0
    if observation.likelihood == "normal":
        return (modelled - observed) / sd
    safe = np.maximum(modelled, 1e-12)
    if observation.likelihood == "poisson":
        deviance = 2 * (safe - observed + (observed * np.log(observed / safe) if observed > 0 else 0.0))
        return np.sign(safe - observed) * np.sqrt(np.maximum(deviance, 0.0))
    distance = np.log(safe / observed)
    if observation.likelihood == "floor":
        return residual_above_floor(distance, sd, float(np.hypot(spread, HARD_FLOOR_SD)))
    return distance / sd


def held_against(observation: Observation, outcomes: Mapping[str, Floats], first_year: int) -> Floats:
    """What the model says of an observation (run,), from courses (year, run) by outcome that begin in `first_year`.

    The outcome in the year; where the observation is relative, over the outcome in its base year.
    """
    course = outcomes[str(observation.outcome)]
    modelled: Floats = course[observation.year - first_year]
    if observation.base_year is None:
        return modelled
    base = course[observation.base_year - first_year]
    ratio: Floats = np.divide(modelled, base, out=np.full_like(modelled, np.nan), where=base != 0)
    return ratio


def reading(observation: Observation, modelled: Floats, random: np.random.Generator) -> Floats:
    """What might have been reported (run,) of modelled values: a count is drawn as one, a floor lies below."""
    if observation.likelihood == "poisson":
        return random.poisson(np.maximum(modelled, 0.0)).astype(np.float64)
    error = (observation.sd or 0.0) * random.standard_normal(modelled.shape)
    if observation.likelihood == "floor":
        error = -np.abs(error)
    read: Floats = modelled + error if observation.likelihood == "normal" else modelled * np.exp(error)
    return read


def scored(observations: Sequence[Observation], outcomes: Sequence[str], years: Sequence[int]) -> list[Observation]:
    """Observations that can be held against a run: their outcome is reported and their year is covered."""
    first, last = min(years), max(years)
    return [
        o
        for o in observations
        if o.outcome in outcomes
        and o.likelihood != "none"
        and all(first <= year <= last for year in (o.year, o.base_year) if year is not None)
    ]


def residuals(
    observations: Sequence[Observation],
    outcomes: Mapping[str, Floats],
    years: Sequence[int],
    spread: Callable[[str], float] = lambda _: 0.0,
) -> tuple[Residual, ...]:
    """Every observation that can be held against one run, given its annual outcomes (year,) by scalar name.

    Args:
        spread: how far the model itself errs (sd of the logarithm) by outcome: errors are in sd of both together.
    """
    rows = []
    for o in scored(observations, list(outcomes), years):
        modelled, of_model = held_against(o, outcomes, min(years)), spread(str(o.outcome))
        error = float(residual(o, modelled, of_model))
        if o.likelihood in ("lognormal", "normal"):
            scale = (1.0 if o.likelihood == "lognormal" else abs(o.value)) / (o.sd or 1.0)
            error /= float(np.hypot(1.0, scale * of_model))
        rows.append(Residual(o, float(modelled), error))
    return tuple(rows)
