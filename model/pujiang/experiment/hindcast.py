"""Hindcast: the model fitted to what was known at the end of a year, and held against what then came.

For every cutoff the evidence is that of its day, the fit and the draws are made anew from the priors, and the members
run on to the last data twice: with inputs as they happened, and as one would then have set them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System
from pujiang.evidence import Evidence, Observation
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.calibrate import Problem, calibrate, problem
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.ensemble import by_chance
from pujiang.experiment.errors import error_courses, known_misfits, ratios
from pujiang.experiment.fit import uncertain
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.likelihood import held_against, reading, scored
from pujiang.experiment.posterior import start, thinned, walk
from pujiang.experiment.sampling import map_at
from pujiang.experiment.vintage import InputsAhead, vintage
from pujiang.priors import Prior

Floats = NDArray[np.float64]

INPUTS: tuple[InputsAhead, ...] = get_args(InputsAhead)
MEMBERS = 400
WIDER = 2.0
"""By what priors set with hindsight are widened, to see what the hindsight was worth."""
STEPS = 20
"""Steps of the chains: 5,120 draws of the map, of which some hundreds are effective."""
SCORED = ("fit", "weak", "check")


@dataclass(frozen=True)
class Forecast:
    """What a vintage said of one later observation.

    Attributes:
        cutoff: the year whose end it was made at. inputs: those after it, as they happened or as foreseen.
        latent: the model's own draws (member,) of what was observed; levels: with its error paths.
        readings: what might have been reported: with survey and counting noise.
    """

    cutoff: int
    inputs: InputsAhead
    observation: Observation
    latent: Floats
    levels: Floats
    readings: Floats


@dataclass(frozen=True)
class Vintage:
    """The fit and the draws of one cutoff: z (parameter, member), the residuals they leave, how it went."""

    cutoff: int
    draws: Floats
    misfits: Floats
    cost: float
    converged: bool
    effective_share: float


def refit(task: Problem, cutoff: int, seed: int, progress: Callable[[str], None] = lambda _: None) -> Vintage:
    """Fit a vintage and draw its members; `task` is the problem of the evidence as it then stood."""
    found = calibrate(task, progress=lambda i, cost: progress(f"fit, iteration {i}, cost {cost:.1f}"))
    state = start(len(found.fit.values), seed)
    chains = walk(map_at(task, found.fit), state, STEPS, lambda done, of: progress(f"draws, step {done} of {of}"))
    draws = thinned(chains.draws, MEMBERS, seed).T
    return Vintage(cutoff, draws, task.misfits(draws), found.cost, found.converged, chains.effective_share)


def vintage_problem(system: System, evidence: Evidence, cutoff: int, discrepancy: Discrepancy, **how: str) -> Problem:
    """The problem of a cutoff."""
    return problem(system, vintage(evidence, cutoff, "foreseen"), discrepancy=discrepancy, **how)  # type: ignore[arg-type]


def courses(
    task: Problem, made: Vintage, evidence: Evidence, inputs: InputsAhead, last: int, seed: int
) -> dict[str, Floats]:
    """Annual outcomes (year, member) by scalar name, of the members of a vintage run on to the year `last`.

    Args:
        task: the problem of the vintage. evidence: all there is.
    """
    system = task.system
    simulation = Simulation(task.simulation.first_year, last, dt=task.simulation.dt, method=task.simulation.method)
    series = series_profiles(vintage(evidence, made.cutoff, inputs))
    chance = {name: values[1:] for name, values in by_chance(system, made.draws.shape[1], seed).items()}
    priors = uncertain(system)
    fitted = {name: prior.value(z) for (name, prior), z in zip(priors.items(), made.draws, strict=True)}
    return annual_outcomes(system, fitted | chance, series, simulation, task.engine)


def foretell(
    task: Problem,
    made: Vintage,
    outcomes: Mapping[str, Floats],
    evidence: Evidence,
    inputs: InputsAhead,
    seed: int,
    *,
    discrepancy: Discrepancy | None = None,
    only: str | None = None,
) -> list[Forecast]:
    """What a vintage said of every later observation.

    Inputs that happened foretell themselves: what drives the model is scored where it had to be foreseen.

    Args:
        outcomes: its `courses`. discrepancy: the errors of the model, by default those of the task. only: an outcome.
    """
    first, length = task.simulation.first_year, len(next(iter(outcomes.values())))
    years = range(first, first + length)
    roles = (*SCORED, "input") if inputs == "foreseen" else SCORED
    later = [
        o
        for o in scored(evidence.observations, list(outcomes), years)
        if o.role in roles and o.likelihood != "floor" and o.year > made.cutoff and only in (None, o.outcome)
    ]
    known, misfits = known_misfits(task.evidence.observations, outcomes, years)
    parts = {part for name, pair in ratios(task.system).items() if only in (None, name) for part in pair}
    named = [name for name in outcomes if only in (None, name) or name in parts]
    told = [i for i, o in enumerate(known) if o.outcome in named]
    errors = discrepancy or task.discrepancy
    seeds = (seed, 5, made.cutoff)
    paths = error_courses(task.system, errors, named, years, [known[i] for i in told], misfits[told], seeds)
    levels = {name: outcomes[name] * np.exp(path) for name, path in paths.items()}
    random = np.random.default_rng([seed, 6, made.cutoff])
    found = []
    for o in later:
        latent, level = held_against(o, outcomes, first), held_against(o, levels, first)
        found.append(Forecast(made.cutoff, inputs, o, latent, level, reading(o, level, random)))
    return found


def widened(system: System, cutoff: int) -> System:
    """A system in which priors that were set knowing figures after the cutoff are twice as wide."""
    parameters = {
        name: replace(declared, given=_wider(declared.given)) if declared.basis.hindsight > cutoff else declared
        for name, declared in system.parameters.items()
    }
    return replace(system, parameters=parameters)


def _wider(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {element: _wider(one) for element, one in given.items()}
    return replace(given, spread=WIDER * given.spread) if isinstance(given, Prior) else given
