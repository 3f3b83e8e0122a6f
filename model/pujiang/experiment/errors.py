"""The errors of the model in a run: a path for every outcome and member, the same in every scenario; and what each
source of uncertainty adds to the band of the baseline."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from pujiang.engine.simulate import Simulation, engine_named
from pujiang.engine.system import System
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.discrepancy import Discrepancy, error_paths
from pujiang.experiment.fit import Floats, uncertain
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.likelihood import held_against, residual, scored
from pujiang.labelled import Array, Dataset
from pujiang.reported import Ratio

KNOWN = ("fit", "weak", "input")
"""Observations of these roles say where the world stood."""

SOURCES = {
    "parameters": "what data leave open about the parameters",
    "inputs": "how inputs go on after their last figure",
    "model": "what the equations leave out",
}
"""What makes a band wide."""


def error_dataset(
    system: System, evidence: Evidence, discrepancy: Discrepancy, annual: Dataset, seed: int
) -> Dataset | None:
    """`error` (outcome, member, year): the logarithm of the outcome over what the model makes of it, 0 for member 0.

    Args:
        annual: outcomes (scenario, member, year[, element]); the first scenario is held against the data.

    Returns None where the model's errors have no size.
    """
    outcomes = [scalar for name in system.outcomes for scalar in system.scalar_names(name)]
    if not any(discrepancy.of(name) for name in outcomes):
        return None
    courses = {name: values[1:].T for name, values in scalar_courses(system, annual).items()}
    years = [int(year) for year in annual["year"].values]
    known, misfits = known_misfits(evidence.observations, courses, years)
    paths = error_courses(system, discrepancy, courses, years, known, misfits, (seed, 7))
    error = np.zeros((len(outcomes), len(annual["member"].values), len(years)))
    error[:, 1:] = np.array([paths[name].T for name in outcomes])
    facts = {"units": "1", "long_name": "Logarithm of an outcome over what the model makes of it."}
    labels = {"outcome": Array(("outcome",), np.array(outcomes, dtype=object))}
    labels |= {name: annual[name] for name in ("member", "year")}
    return Dataset({"error": Array(("outcome", "member", "year"), error, facts)}, labels)


def known_misfits(
    observations: Sequence[Observation], courses: Mapping[str, Floats], years: Sequence[int]
) -> tuple[list[Observation], Floats]:
    """The observations that tell where the world stood, and their residuals (observation, member) in their sd.

    What drives the model is among them: it says where the world stood as well as what the model is fitted to.
    """
    known = scored([o for o in observations if o.role in KNOWN], list(courses), years)
    misfits = np.array([residual(o, held_against(o, courses, years[0])) for o in known])
    misfits = misfits.reshape(len(known), next(iter(courses.values())).shape[1])
    return known, np.where(np.isfinite(misfits), misfits, 0.0)


def error_courses(
    system: System,
    discrepancy: Discrepancy,
    outcomes: Sequence[str] | Mapping[str, Floats],
    years: Sequence[int],
    known: Sequence[Observation],
    misfits: Floats,
    seed: Sequence[int],
    observed: Collection[str | None] | None = None,
) -> dict[str, Floats]:
    """The path (year, member) of every outcome; that of a ratio of two outcomes is the difference of theirs.

    A ratio that was itself observed has a path of its own.

    Args:
        observed: the outcomes that were, where nothing is given of them; by default those of `known`.
    """
    names, observed = list(outcomes), {o.outcome for o in known} if observed is None else observed
    tied = {name: parts for name, parts in ratios(system).items() if name in names and name not in observed}
    tied = {name: parts for name, parts in tied.items() if set(parts) <= set(names)}
    free = [name for name in names if name not in tied]
    drawn = dict(zip(free, error_paths(discrepancy, free, years, known, misfits, seed), strict=True))
    return drawn | {name: drawn[top] - drawn[bottom] for name, (top, bottom) in tied.items()}


def ratios(system: System) -> dict[str, tuple[str, str]]:
    """Outcomes that are the ratio of two others, by scalar name."""
    found = {}
    for name in system.outcomes:
        annual = system.variables[name].annual
        if isinstance(annual, Ratio):
            for scalar in system.scalar_names(name):
                element = scalar.removeprefix(name)
                found[scalar] = (f"{annual.numerator}{element}", f"{annual.denominator}{element}")
    return found


def variance_dataset(
    system: System,
    evidence: Evidence,
    parameters: Mapping[str, Floats],
    annual: Dataset,
    error: Dataset | None,
    simulation: Simulation,
    engine: str,
) -> Dataset:
    """`variance` (source, outcome, year): what each of `SOURCES` adds to the variance of the baseline's levels.

    The members are run once more with nothing left to chance: what they vary by then is due to parameters; what they
    varied by beyond that, to inputs.
    """
    central = {name: prior.center for name, prior in uncertain(system, chance=True).items()}
    settled = {name: values[1:] for name, values in parameters.items() if name not in central}
    run = engine_named(engine)
    alone = annual_outcomes(system, {**settled, **central}, series_profiles(evidence), simulation, run)
    whole = {name: values[1:] for name, values in scalar_courses(system, annual).items()}
    found = np.zeros((len(SOURCES), len(whole), len(annual["year"].values)))
    for place, (name, values) in enumerate(whole.items()):
        of_parameters, both = alone[name].var(axis=1), values.var(axis=0)
        levels = values if error is None else values * np.exp(error["error"].values[place, 1:])
        parts = (of_parameters, np.maximum(both - of_parameters, 0), np.maximum(levels.var(axis=0) - both, 0))
        found[:, place] = parts
    facts = {"units": "1", "long_name": "Variance of the baseline's level by what makes it uncertain."}
    labels = {
        "source": Array(("source",), np.array(list(SOURCES), dtype=object)),
        "outcome": Array(("outcome",), np.array(list(whole), dtype=object)),
        "year": annual["year"],
    }
    return Dataset({"variance": Array(("source", "outcome", "year"), found, facts)}, labels)


def scalar_courses(system: System, annual: Dataset) -> dict[str, Floats]:
    """Outcomes of the first scenario (member, year) by scalar name."""
    found: dict[str, Floats] = {}
    for name in system.outcomes:
        values = annual[name].values[0]
        parts = [values] if values.ndim == 2 else [values[..., i] for i in range(values.shape[2])]
        found.update(zip(system.scalar_names(name), parts, strict=True))
    return found
