"""What the model leaves out: a path of errors of its own for every outcome, known only as a distribution.

An outcome of the world is taken for the model's times exp(d), where d is a course of its own for each outcome: zero
on average, with a spread that history and hindcasts size, and a memory of some years (an AR(1) process, one value a
year). Data of the past say where d stood, so it is drawn given them and opens out with the years after them. It
belongs to levels; scenarios share it, so it leaves their differences alone.

Kennedy and O'Hagan (2001) gave the idea its name; what stands here is linear and normal in d, so it is integrated
out of a fit and never searched for.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.reading import damaged, read_rows

Floats = NDArray[np.float64]

FILE = "discrepancy.csv"
WHAT = ("spread", "memory", "correlation")
USUAL = "*"
"""What stands in the file for outcomes it does not name."""

SCALES = {"lognormal": "log", "normal": "abs"}
"""The likelihoods an error path enters, and the scale their errors are on; counts and floors tell too little of it."""

Place = tuple[str, int]
"""An outcome and a year."""
Term = tuple[str, int, float]
"""An outcome, a year, and how much the path there weighs."""


@dataclass(frozen=True)
class Discrepancy:
    """How large the errors of a model are, and how long they last.

    Attributes:
        spread: standard deviation of the path (of the logarithm) by scalar outcome.
        usual: that of outcomes which no series measures.
        memory: years in which an error falls to 1/e of itself.
        correlation: of the paths of two outcomes, by pair; 0 where none is named.
    """

    spread: Mapping[str, float]
    usual: float
    memory: float
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def of(self, outcome: str) -> float:
        """The spread of an outcome's path."""
        return self.spread.get(outcome, self.usual)

    def between(self, outcomes: Sequence[str]) -> Floats:
        """Covariance (outcome, outcome) of paths in one year."""
        at = {name: i for i, name in enumerate(outcomes)}
        found = np.eye(len(outcomes))
        for (one, other), size in self.correlation.items():
            if one in at and other in at:
                found[at[one], at[other]] = found[at[other], at[one]] = size
        spread = np.array([self.of(name) for name in outcomes])
        covariance: Floats = found * spread[:, None] * spread[None, :]
        return covariance

    def covariance(self, left: Sequence[Place], right: Sequence[Place]) -> Floats:
        """Covariance (left, right) of paths at places."""
        names = list(dict.fromkeys(name for name, _ in (*left, *right)))
        at = {name: i for i, name in enumerate(names)}
        mine, theirs = (np.array([at[name] for name, _ in side], dtype=int) for side in (left, right))
        here, there = (np.array([year for _, year in side], dtype=float) for side in (left, right))
        lasting = np.exp(-np.abs(here[:, None] - there[None, :]) / self.memory)
        found: Floats = self.between(names)[np.ix_(mine, theirs)] * lasting
        return found


NONE = Discrepancy({}, 0.0, 1.0)
"""Of a model whose errors nobody has measured."""


def terms(observation: Observation) -> tuple[Term, ...]:
    """What an error path adds to the residual of an observation, in its standard deviations; () for counts and floors.

    Of an observation of level: the path in its year. Of a relative one: less the path in its base year.
    """
    scale, sd = SCALES.get(observation.likelihood), observation.sd
    if scale is None or sd is None or observation.outcome is None:
        return ()
    weight = (1.0 if scale == "log" else abs(observation.value)) / sd
    own = (observation.outcome, observation.year, weight)
    if observation.base_year is None:
        return (own,)
    return (own, (observation.outcome, observation.base_year, -weight))


def rows_of(observations: Sequence[Observation]) -> tuple[list[Place], Floats]:
    """The places observations tell of, and how much each weighs in each (observation, place)."""
    found = [terms(o) for o in observations]
    places = list(dict.fromkeys((name, year) for row in found for name, year, _ in row))
    at = {place: i for i, place in enumerate(places)}
    weights = np.zeros((len(observations), len(places)))
    for i, row in enumerate(found):
        for name, year, weight in row:
            weights[i, at[name, year]] += weight
    return places, weights


def residual_covariance(discrepancy: Discrepancy, observations: Sequence[Observation]) -> Floats:
    """Covariance (observation, observation) of residuals in standard deviations: errors of reading, and the paths."""
    places, weights = rows_of(observations)
    found: Floats = np.eye(len(observations)) + weights @ discrepancy.covariance(places, places) @ weights.T
    return found


def whitening(discrepancy: Discrepancy, observations: Sequence[Observation]) -> Floats:
    """The matrix that makes residuals independent, each of variance 1 (the paths integrated out)."""
    factor = np.linalg.cholesky(residual_covariance(discrepancy, observations))
    found: Floats = np.linalg.inv(factor)
    return found


def error_paths(
    discrepancy: Discrepancy,
    outcomes: Sequence[str],
    years: Sequence[int],
    observations: Sequence[Observation],
    residuals: Floats,
    seed: Sequence[int],
) -> Floats:
    """Courses d (outcome, year, member), each drawn given what data say of it under its member.

    Args:
        observations: those known; `residuals` (observation, member): modelled less observed, in standard deviations.
        seed: of the draws; those of the first members are the same however many follow.

    A draw of the whole is corrected by what it misses of the data (Matheron's rule), which is exact.
    """
    members = residuals.shape[1]
    known, weights = rows_of(observations)
    free = _courses(discrepancy, outcomes, len(years), members, np.random.default_rng([*seed, 0]))
    kept = weights.any(axis=1)
    if not kept.any():
        return free
    outside = [place for place in known if place[0] not in outcomes or place[1] not in years]
    if outside:
        raise ValueError(f"{outside[0]} is observed, but not among the outcomes and years asked for")
    at = {name: i for i, name in enumerate(outcomes)}, {year: i for i, year in enumerate(years)}
    drawn = np.array([free[at[0][name], at[1][year]] for name, year in known])
    weights = weights[kept]
    whole = np.eye(len(weights)) + weights @ discrepancy.covariance(known, known) @ weights.T
    # Modelled less observed is what the path is short of: residual = -(path + error of reading).
    read_wrong = np.random.default_rng([*seed, 1]).standard_normal((members, len(weights))).T
    missed = -residuals[kept] - weights @ drawn - read_wrong
    gain = np.linalg.solve(whole, missed)
    every = [(name, year) for name in outcomes for year in years]
    told = {name for name, _ in known}
    told |= {name for pair in discrepancy.correlation if told & set(pair) for name in pair}
    rows = [i for i, (name, _) in enumerate(every) if name in told]
    moved = discrepancy.covariance([every[i] for i in rows], known) @ weights.T @ gain
    flat = free.reshape(len(every), members)
    flat[rows] += moved
    return flat.reshape(free.shape)


def _courses(
    discrepancy: Discrepancy, outcomes: Sequence[str], years: int, members: int, random: np.random.Generator
) -> Floats:
    """AR(1) courses (outcome, year, member) that nothing is known of."""
    lasting = exp(-1 / discrepancy.memory)
    factor = np.linalg.cholesky(discrepancy.between(outcomes) + 1e-12 * np.eye(len(outcomes)))
    shocks = random.standard_normal((members, years, len(outcomes))).T
    course = np.empty((len(outcomes), years, members))
    for year in range(years):
        shock = factor @ shocks[:, year]
        course[:, year] = shock if year == 0 else lasting * course[:, year - 1] + np.sqrt(1 - lasting**2) * shock
    return course


def read(path: Path) -> Discrepancy:
    """The file of sizes: what (spread, memory, correlation), outcome, with, value; '*' stands for all other outcomes.

    Raises:
        InputError: where it is not as it should be.
    """
    rows = read_rows(path)
    with damaged(f"'{path}' is damaged"):
        values: dict[str, dict[tuple[str, str], float]] = {what: {} for what in WHAT}
        for row in rows:
            values[row["what"]][row["outcome"], row["with"]] = float(row["value"])
        spread = {name: size for (name, _), size in values["spread"].items()}
        memory, correlation = values["memory"][USUAL, ""], values["correlation"]
        usual = spread.pop(USUAL)
        if not 0 < memory < 1000 or not all(0 <= size < log(10) for size in (usual, *spread.values())):
            raise ValueError("a spread must lie from 0 to 2.3, a memory from 0 to 1,000 years")
        if not all(abs(size) < 1 for size in correlation.values()):
            raise ValueError("a correlation must lie between -1 and 1")
    return Discrepancy(spread, usual, memory, correlation)


def as_csv(discrepancy: Discrepancy) -> str:
    """The text of the file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("what", "outcome", "with", "value"))
    writer.writerow(("memory", USUAL, "", f"{discrepancy.memory:.4g}"))
    writer.writerow(("spread", USUAL, "", f"{discrepancy.usual:.4g}"))
    writer.writerows(("spread", name, "", f"{size:.4g}") for name, size in sorted(discrepancy.spread.items()))
    writer.writerows(("correlation", *pair, f"{size:.3f}") for pair, size in sorted(discrepancy.correlation.items()))
    return text.getvalue()
