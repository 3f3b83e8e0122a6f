"""How good forecasts were: scores of every one of them, and what they come to by series, by horizon and overall.

All are scored on the logarithm, so that an error of a tenth is as bad of a small series as of a large one.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.experiment.hindcast import Forecast
from pujiang.experiment.naive import NAIVE, forecast

Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)

LEVELS = (0.5, 0.8, 0.95)
"""Of the bands whose coverage is counted."""
COUNT = 0.5
"""A count of nothing is taken for half of one, so that it has a logarithm."""


@dataclass(frozen=True)
class Score:
    """One forecast and what came.

    Attributes:
        error: logarithm of observed over the median of what might have been reported.
        covered: whether each of the bands of `LEVELS` held it; width: theirs, in logarithms.
        crps: continuous ranked probability score (Gneiting and Raftery 2007): the smaller the better, in logarithms.
        latent_covered: whether the 80 % band of parameters and inputs alone held it.
        pit: the share of draws under what came.
        naive: the score of each naive forecast by name; empty where the series is too short for them.
        last_error: logarithm of observed over the last value before the cutoff; NaN where there is none.
    """

    observation: Observation
    cutoff: int
    inputs: str
    median: float
    error: float
    covered: tuple[bool, ...]
    width: tuple[float, ...]
    latent_covered: bool
    crps: float
    pit: float
    naive: Mapping[str, float]
    last_error: float

    @property
    def horizon(self) -> int:
        """Years from the cutoff to the observation."""
        return self.observation.year - self.cutoff

    @property
    def key(self) -> tuple[str, str]:
        """The series and the outcome it measures."""
        return self.observation.series, str(self.observation.outcome)


def scores(forecasts: Iterable[Forecast], observations: Sequence[Observation]) -> list[Score]:
    """The score of every forecast; naive ones see the same observations up to the same cutoff."""
    return [_score(f, _history(f, observations)) for f in forecasts]


def _history(made: Forecast, observations: Sequence[Observation]) -> list[tuple[int, float]]:
    own = made.observation
    return sorted(
        (o.year, o.value)
        for o in observations
        if (o.series, o.entity) == (own.series, own.entity)
        and o.base_year is None
        and own.base_year is None
        and o.year <= made.cutoff
    )


def _score(made: Forecast, history: list[tuple[int, float]]) -> Score:
    import scoringrules

    own = made.observation
    least = COUNT if own.likelihood == "poisson" else 1e-300
    drawn, latent = (np.log(np.maximum(values, least)) for values in (made.readings, made.latent))
    came = float(np.log(max(own.value, least)))
    edges = {level: np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2]) for level in LEVELS}
    low, high = np.quantile(latent, [0.1, 0.9])
    naive = {}
    for name in NAIVE:
        fan = forecast(name, [y for y, _ in history], [v for _, v in history], own.year) if history else None
        if fan is not None:
            naive[name] = float(scoringrules.crps_normal(came, *fan))
    median = float(np.median(drawn))
    return Score(
        observation=own,
        cutoff=made.cutoff,
        inputs=made.inputs,
        median=float(np.exp(median)),
        error=came - median,
        covered=tuple(bool(low <= came <= high) for low, high in edges.values()),
        width=tuple(float(high - low) for low, high in edges.values()),
        latent_covered=bool(low <= came <= high),
        crps=float(scoringrules.crps_ensemble(came, drawn)),
        pit=float(np.mean(drawn < came)),
        naive=naive,
        last_error=came - float(np.log(max(history[-1][1], least))) if history else float("nan"),
    )


@dataclass(frozen=True)
class Record:
    """What scores come to, over a group of them.

    Attributes:
        points: how many. coverage: of the bands of `LEVELS`; latent: of the 80 % band of parameters and inputs alone.
        width: of the 80 % band, mean, in logarithms. error: mean absolute; bias: mean, observed over foretold.
        crps: mean. against: the best naive forecast, in hindsight; skill: 1 - crps / its crps, over the points that
            have one. theil: Theil's U, the rms error over that of the last value; NaN where there is none.
    """

    points: int
    coverage: tuple[float, ...]
    latent: float
    width: float
    error: float
    bias: float
    crps: float
    against: str
    skill: float
    theil: float


def record(found: Sequence[Score]) -> Record:
    """What a group of scores comes to."""
    rivals = [s for s in found if s.naive]
    against, skill = "", float("nan")
    if rivals:
        means = {name: float(np.mean([s.naive[name] for s in rivals])) for name in NAIVE}
        against = min(means, key=lambda name: means[name])
        skill = 1 - float(np.mean([s.crps for s in rivals])) / means[against]
    return Record(
        points=len(found),
        coverage=tuple(float(np.mean([s.covered[i] for s in found])) for i in range(len(LEVELS))),
        latent=float(np.mean([s.latent_covered for s in found])),
        width=float(np.mean([s.width[1] for s in found])),
        error=float(np.mean([abs(s.error) for s in found])),
        bias=float(np.mean([s.error for s in found])),
        crps=float(np.mean([s.crps for s in found])),
        against=against,
        skill=skill,
        theil=_theil(rivals),
    )


def _theil(found: Sequence[Score]) -> float:
    if not found:
        return float("nan")
    ours = float(np.mean([s.error**2 for s in found]))
    theirs = float(np.mean([s.last_error**2 for s in found]))
    return float(np.sqrt(ours / theirs)) if theirs > 0 else float("nan")


def records(found: Iterable[Score], by: Callable[[Score], Key]) -> dict[Key, Record]:
    """The record of each group of scores, in the order they first come."""
    groups: dict[Key, list[Score]] = {}
    for score in found:
        groups.setdefault(by(score), []).append(score)
    return {key: record(group) for key, group in groups.items()}
