"""How far a model lies from the observations: deviance residuals, each by its declared likelihood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation

Floats = NDArray[np.float64]

HARD_FLOOR_SD = 0.01
"""Log sd below a reported floor ("broke 12,000"): such a floor is hard, while above it the row's own sd holds."""


@dataclass(frozen=True)
class Residual:
    """One observation held against a run: `error` is modelled less observed, as `residual` measures it (sd)."""

    observation: Observation
    modelled: float
    error: float


def residual(observation: Observation, modelled: Floats) -> Floats:
    """The signed deviance residual, modelled less observed (sd), of modelled values (run,) against an observation.

    lognormal: difference of logarithms over sd. normal: difference over sd. poisson: signed root of the
    deviance. floor: as lognormal with the row's sd above the floor and HARD_FLOOR_SD below it.
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
        return np.where(distance < 0, distance / HARD_FLOOR_SD, distance / sd)
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
    """What might have been reported (run,) of modelled values: a count is drawn as one, others err by their sd."""
    if observation.likelihood == "poisson":
        return random.poisson(np.maximum(modelled, 0.0)).astype(np.float64)
    error = (observation.sd or 0.0) * random.standard_normal(modelled.shape)
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
    observations: Sequence[Observation], outcomes: Mapping[str, Floats], years: Sequence[int]
) -> tuple[Residual, ...]:
    """Every observation that can be held against one run, given its annual outcomes (year,) by scalar name."""
    rows = []
    for o in scored(observations, list(outcomes), years):
        modelled = held_against(o, outcomes, min(years))
        rows.append(Residual(o, float(modelled), float(residual(o, modelled))))
    return tuple(rows)
