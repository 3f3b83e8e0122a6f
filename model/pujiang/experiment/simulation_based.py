"""Simulation-based calibration: worlds drawn from what is believed beforehand, their data fitted as the real ones are.

If fit and draws are right, the truth of such a world is as likely to lie at any rank among the draws as at any other
(Talts and others 2018). What is wrong shows as ranks that heap: in the middle where draws are too wide, at both ends
where they are too narrow, at one end where they lie to one side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pujiang.errors import InputError
from pujiang.evidence import Observation
from pujiang.experiment.calibrate import Problem, calibrate
from pujiang.experiment.discrepancy import whitening
from pujiang.experiment.errors import error_courses
from pujiang.experiment.fit import Floats, uncertain, z_bounds
from pujiang.experiment.hindcast import Vintage, courses
from pujiang.experiment.likelihood import held_against, reading
from pujiang.experiment.posterior import start, thinned, walk
from pujiang.experiment.sampling import map_at

DRAWS = 99
"""Draws the truth is ranked among: a hundred ranks, of which the middle ninety are the 90 % interval."""
STEPS = 40
"""Steps of the chains: 10,240 draws of the map."""
INNER = (5, 94)
"""The ranks of the 90 % interval."""
COVERED = (0.8, 0.97)
"""The share of truths these intervals must hold."""
MOST_WORLDS = 50
"""How often a world is drawn anew where its history is no history: a figure that is no positive number."""
TOUCHED = 0.9
"""Data touch a parameter of which they leave less than this share of its prior's spread."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Rank:
    """Where the truth of one quantity lies among the draws.

    `kind`: parameter, outcome (the model's own), error (of the model) or level (both together). `year` of all but
    parameters. `rank`: how many of `DRAWS` lie below the truth. `left`: spread of the draws over that of the prior, of
    parameters.
    """

    replica: int
    kind: str
    name: str
    year: int | None
    rank: int
    left: float | None = None


@dataclass(frozen=True)
class Replica:
    """One world: its ranks, whether the search converged, how well the map fitted, and how many worlds were refused."""

    number: int
    ranks: tuple[Rank, ...]
    converged: bool
    effective_share: float
    refused: int


@dataclass(frozen=True)
class World:
    """What is true of a drawn world: z (parameter,), the model's outcomes and levels (year,) by name, and its data."""

    z: Floats
    outcomes: Mapping[str, Floats]
    errors: Mapping[str, Floats]
    observations: tuple[Observation, ...]
    refused: int


def replica(
    task: Problem, number: int, seed: int, watched: Sequence[str], progress: Progress = lambda _: None
) -> Replica:
    """Draw a world, fit its data, and rank what is true of it.

    Args:
        task: the problem of the real data; what was observed, with which error, is as there.
        watched: scalar outcomes that are ranked beside the parameters, in the last year of data and of a run.

    Raises:
        InputError: where no world has a history, or hardly a draw lies within the bounds.
    """
    system, random = task.system, (seed, 8, number)
    priors = uncertain(system)
    last_data, last = task.simulation.last_year, max(task.simulation.last_year, system.calendar.run[1])
    named = list(dict.fromkeys((*watched, *(str(o.outcome) for o in task.observations))))
    true = world(task, named, last, random)
    pretended = replace(task, observations=true.observations, whitening=whitening(task.discrepancy, true.observations))
    found = calibrate(pretended, progress=lambda i, cost: progress(f"fit, iteration {i}, cost {cost:.1f}"))
    state = start(len(priors), seed + number)
    chains = walk(map_at(pretended, found.fit), state, STEPS, lambda done, of: progress(f"draws, step {done} of {of}"))
    z = thinned(chains.draws, DRAWS, seed + number).T
    ran = _run(task, z, last, seed + number + 1)
    first = task.simulation.first_year
    years = range(first, last + 1)
    errors = error_courses(
        system, task.discrepancy, named, years, true.observations, pretended.misfits(z), (*random, 1)
    )
    ranks = [
        Rank(number, "parameter", name, None, _rank(at, drawn), float(drawn.std()))
        for name, at, drawn in zip(priors, true.z, z, strict=True)
    ]
    for name in watched:
        for year in dict.fromkeys((last_data, last)):
            at = year - first
            truths = true.outcomes[name][at], true.errors[name][at]
            drawn = ran[name][at], errors[name][at]
            levels = truths[0] * np.exp(truths[1]), drawn[0] * np.exp(drawn[1])
            for kind, truth, draws in zip(
                ("outcome", "error", "level"), (*truths, levels[0]), (*drawn, levels[1]), strict=True
            ):
                if np.ptp(draws) > 0:
                    ranks.append(Rank(number, kind, name, year, _rank(truth, draws)))
    return Replica(number, tuple(ranks), found.converged, chains.effective_share, true.refused)


def world(task: Problem, named: Sequence[str], last: int, seed: Sequence[int]) -> World:
    """A world from the priors, its errors and its data.

    Raises:
        InputError: where the priors hardly ever make a history.
    """
    system, first = task.system, task.simulation.first_year
    priors = uncertain(system)
    low, high = z_bounds(system, priors)
    random = np.random.default_rng(seed)
    for refused in range(MOST_WORLDS):
        z = from_priors(low, high, random)
        ran = _run(task, z[:, None], last, int(random.integers(2**31)))
        errors = error_courses(
            system, task.discrepancy, named, range(first, last + 1), (), np.zeros((0, 1)), (*seed, 2, refused),
            observed=[str(o.outcome) for o in task.observations],
        )  # fmt: skip
        levels = {name: ran[name] * np.exp(errors[name]) for name in named}
        data = tuple(
            replace(o, value=float(reading(o, held_against(o, levels, first), random)[0])) for o in task.observations
        )
        counted = {o.likelihood for o in data if not o.value > 0}
        if counted <= {"poisson", "normal"} and all(np.isfinite(o.value) for o in data):
            return World(
                z,
                {name: ran[name][:, 0] for name in named},
                {name: errors[name][:, 0] for name in named},
                data,
                refused,
            )
    raise InputError(f"check: {MOST_WORLDS} draws of the priors made no history that could have been reported")


def from_priors(low: Floats, high: Floats, random: np.random.Generator) -> Floats:
    """A draw (parameter,) of independent standard normals cut off at bounds."""
    from scipy.special import ndtr, ndtri

    found: Floats = ndtri(random.uniform(ndtr(low), ndtr(high)))
    return np.clip(found, low, high)


def _run(task: Problem, z: Floats, last: int, seed: int) -> dict[str, Floats]:
    """Annual outcomes (year, member), inputs as they are with what is left to chance drawn."""
    members = Vintage(last, z, np.empty(0), 0.0, True, 1.0)
    return courses(task, members, task.evidence, "happened", last, seed)


def _rank(truth: float, draws: Floats) -> int:
    return int(np.sum(draws < truth))


@dataclass(frozen=True)
class Uniformity:
    """How the ranks of a group of quantities lie.

    Attributes:
        count: of ranks. coverage: share inside the 90 % interval. mean: of ranks, as a share; .5 where draws lie to
            neither side. The errors are standard errors over worlds: ranks of one world hang together.
    """

    group: str
    count: int
    coverage: float
    coverage_error: float
    mean: float
    mean_error: float

    @property
    def passed(self) -> bool:
        """Whether the 90 % intervals cover about as much as they say."""
        return COVERED[0] <= self.coverage <= COVERED[1]


def uniformity(replicas: Sequence[Replica]) -> tuple[Uniformity, ...]:
    """The ranks of all replicas by group: parameters that data touch, others, and outcomes, errors, levels by year."""
    ranks = [rank for each in replicas for rank in each.ranks]
    left: dict[str, list[float]] = {}
    for rank in ranks:
        if rank.left is not None:
            left.setdefault(rank.name, []).append(rank.left)
    touched = {name for name, values in left.items() if np.mean(values) < TOUCHED}
    groups: dict[str, list[Rank]] = {}
    for rank in ranks:
        if rank.year is None:
            group = "parameters the data touch" if rank.name in touched else "other parameters"
        else:
            group = f"{rank.kind}s of {rank.year}"
        groups.setdefault(group, []).append(rank)
    return tuple(_uniformity(group, own) for group, own in groups.items())


def _uniformity(group: str, ranks: Sequence[Rank]) -> Uniformity:
    worlds = np.array([rank.replica for rank in ranks])
    found = []
    for values in ([INNER[0] <= r.rank <= INNER[1] for r in ranks], [(r.rank + 0.5) / (DRAWS + 1) for r in ranks]):
        numbers = np.array(values, dtype=float)
        means = np.array([numbers[worlds == world].mean() for world in np.unique(worlds)])
        error = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("nan")
        found += [float(numbers.mean()), error]
    return Uniformity(group, len(ranks), *found)
