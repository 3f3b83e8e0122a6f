"""Would such data come of what is believed? Readings drawn under the priors, and under the posterior, beside the data.

Under the priors it is asked whether anybody would have believed these histories; under the posterior whether the data
look like what the fitted model says data look like. Errors of the model are drawn afresh, not given the data: what was
seen must not stand on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pujiang.evidence import Observation
from pujiang.experiment.calibrate import Problem
from pujiang.experiment.discrepancy import error_paths, whitening
from pujiang.experiment.fit import Floats, uncertain, z_bounds
from pujiang.experiment.likelihood import held_against, reading
from pujiang.experiment.simulation_based import from_priors

DRAWS = 400
BANDS = (0.5, 0.8, 0.95)
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True)
class Foreseen:
    """One observation and the quantiles (QUANTILES) of readings drawn for it, under "prior" or "posterior"."""

    kind: str
    observation: Observation
    quantiles: tuple[float, ...]

    def inside(self, band: float) -> bool:
        """Whether the band holds what was observed."""
        low, high = (self.quantiles[QUANTILES.index(round((1 + side * band) / 2, 3))] for side in (-1, 1))
        return low <= self.observation.value <= high


@dataclass(frozen=True)
class SeriesCheck:
    """How the data of a series lie in what was foreseen of them.

    Attributes:
        inside: share of its data in each of `BANDS`.
        misfit: sum of squares of its residuals, made independent, the median over draws; about `count` if all is well.
        tail: probability of as large a misfit among data drawn from the same draws; near 0: the series does not fit,
            near 1: errors are stated too large.
    """

    kind: str
    series: str
    outcome: str
    count: int
    inside: tuple[float, ...]
    misfit: float
    tail: float


def predictive(task: Problem, draws: Floats, seed: int) -> tuple[tuple[Foreseen, ...], tuple[SeriesCheck, ...]]:
    """Readings under the priors and the posterior, and how the data of each series lie among them.

    Args:
        draws: of the posterior, in the priors' standard normal z (parameter, draw).
    """
    low, high = z_bounds(task.system, uncertain(task.system))
    random = np.random.default_rng([seed, 10])
    believed = {"prior": np.stack([from_priors(low, high, random) for _ in range(DRAWS)], axis=1), "posterior": draws}
    foreseen: list[Foreseen] = []
    checks: list[SeriesCheck] = []
    for kind, z in believed.items():
        rows = [Foreseen(kind, o, drawn) for o, drawn in zip(task.observations, _quantiles(task, z, seed), strict=True)]
        foreseen += rows
        misfits = task.misfits(z)
        groups: dict[tuple[str, str], list[int]] = {}
        for place, o in enumerate(task.observations):
            groups.setdefault((o.series, str(o.outcome)), []).append(place)
        checks += [_check(task, kind, key, places, rows, misfits[places]) for key, places in groups.items()]
    return tuple(foreseen), tuple(checks)


def _quantiles(task: Problem, z: Floats, seed: int) -> list[tuple[float, ...]]:
    """Quantiles of readings of each observation, over draws z (parameter, draw) whose history is finite."""
    priors, first = uncertain(task.system), task.simulation.first_year
    courses = task.outcomes({name: prior.value(row) for (name, prior), row in zip(priors.items(), z, strict=True)})
    named = list(dict.fromkeys(str(o.outcome) for o in task.observations))
    years = range(first, task.simulation.last_year + 1)
    paths = error_paths(task.discrepancy, named, years, (), np.zeros((0, z.shape[1])), (seed, 11))
    levels = {name: courses[name] * np.exp(path) for name, path in zip(named, paths, strict=True)}
    random = np.random.default_rng([seed, 12])
    found = []
    for o in task.observations:
        level = held_against(o, levels, first)
        read = reading(o, level[np.isfinite(level)], random)
        found.append(tuple(np.quantile(read, QUANTILES).tolist()) if len(read) else (np.nan,) * len(QUANTILES))
    return found


def _check(
    task: Problem, kind: str, key: tuple[str, str], places: Sequence[int], rows: Sequence[Foreseen], misfits: Floats
) -> SeriesCheck:
    from scipy.stats import chi2

    own = [rows[place] for place in places]
    inside = tuple(float(np.mean([row.inside(band) for row in own])) for band in BANDS)
    squares = np.sum((whitening(task.discrepancy, [row.observation for row in own]) @ misfits) ** 2, axis=0)
    # Residuals of data drawn from the model are standard normal once they are made independent.
    return SeriesCheck(
        kind, *key, len(own), inside, float(np.median(squares)), float(np.mean(chi2.sf(squares, len(own))))
    )
