"""What carries the bands: how much of an outcome's variance is owed to each thing that is not known.

Over the posterior parameters hang together, so an input's share is its Shapley effect. That is exact for linear
outcomes, so each is first replaced by the line that fits it best where the draws lie; how far that line goes is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.simulate import engine_named
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.ensemble import members
from pujiang.experiment.errors import error_courses, known_misfits
from pujiang.experiment.fit import Fit, Floats, uncertain, z_bounds
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.scenario import RunConfig
from pujiang.experiment.shapley_effects import shapley_effects

DRAWS = 512
"""Draws whose variance is divided, and on which the lines are judged."""
POINTS = 2048
"""Points the lines are fitted to."""
BLOCK = 512
"""Points simulated at once."""
KEPT = 0.9
"""How much of a draw there is in such a point; the rest is noise of the same covariance, so that the draws make as many
points as are wanted (West 1993). From .6 to .9 it makes no difference on the shipped model; whole draws are worse."""
RIDGE = 0.03
"""How much lines are drawn towards flat ones, a point: of .03, .1 and .3 the one that foretells the draws best."""
FOLDS = 8
"""Parts of the draws, each foretold by lines fitted to the others."""
STILL = 1e-10
"""An output whose variance is a smaller part of its square does not vary: what is left is rounding."""
RUNS = DRAWS + POINTS

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Beliefs:
    """Shares of the variance of outputs, each the level of an outcome in a year, errors of the model included.

    Attributes:
        inputs: parameters, then what is left to chance; chance (input,) says which.
        outcomes, years: of the outputs, which are ordered by outcome, then year.
        shares: (output, input). errors: of drawing the orders, one standard deviation.
        changes: (output, input) of the outcome, in its own unit, as the input goes up by its standard deviation and
            the others go with it.
        model: share (output,) of what the equations leave out.
        explained: how much of the rest the lines reproduce (output,), on draws they were not fitted to. Shares of
            inputs add up to that part of it; what is left is curvature and interaction.
        left_out: points at which an output was no finite number.
    """

    inputs: tuple[str, ...]
    chance: NDArray[np.bool_]
    outcomes: tuple[str, ...]
    years: tuple[int, ...]
    shares: Floats
    errors: Floats
    changes: Floats
    model: Floats
    explained: Floats
    left_out: int


def beliefs(
    system: System,
    evidence: Evidence,
    fit: Fit,
    config: RunConfig,
    outcomes: Sequence[str],
    *,
    scenario: int = 0,
    discrepancy: Discrepancy,
    seed: int,
    progress: Progress = lambda done, of: None,
) -> Beliefs:
    """What carries the bands of outcomes in the years in which levers act.

    Args:
        config: its scenarios, simulation and engine.
        outcomes: scalar names.
        scenario: the place of the one it is about.

    Raises:
        InputError: where nothing is uncertain.
    """
    fixed = config.scenarios[scenario].parameters
    parameters, by_chance = (
        {name: prior for name, prior in uncertain(system, chance=which).items() if name not in fixed}
        for which in (False, True)
    )
    priors = parameters | by_chance
    if not priors:
        raise InputError("sensitivity: nothing is uncertain, so nothing carries a band; allowed: methods=tornado")
    drawn = members(system, fit, DRAWS, seed, "posterior")
    draws = np.array([[prior.z(float(value)) for value in drawn[name][1:]] for name, prior in priors.items()])
    known = len(parameters)
    mean = np.concatenate([draws[:known].mean(axis=1), np.zeros(len(by_chance))])[:, None]
    covariance = np.eye(len(priors))
    covariance[:known, :known] = _covariance(draws[:known], _curvature(fit, list(parameters)))
    factor = np.linalg.cholesky(covariance)

    random = np.random.default_rng([seed, 9])
    whence = random.integers(DRAWS, size=POINTS)
    chosen = np.linalg.solve(factor, draws - mean)[:, whence]
    points = KEPT * chosen + np.sqrt(1 - KEPT**2) * random.standard_normal(chosen.shape)
    low, high = z_bounds(system, priors)
    inside = np.clip(mean + factor @ points, low[:, None], high[:, None])

    years = [int(year) for year in config.simulation.years]
    acting = [place for place, year in enumerate(years) if year >= system.calendar.policy_from]
    series, engine = series_profiles(evidence), engine_named(config.engine)

    def run(z: Floats) -> dict[str, Floats]:
        values = {name: prior.value(row) for (name, prior), row in zip(priors.items(), z, strict=True)}
        parameters = {**fit.values, **values, **fixed}
        return annual_outcomes(system, parameters, series, config.simulation, engine, config.scenarios[scenario].levers)

    def outputs(courses: dict[str, Floats]) -> Floats:
        return np.concatenate([courses[name][acting] for name in outcomes])

    parts = []
    for place in range(0, POINTS, BLOCK):
        progress(place // BLOCK, RUNS // BLOCK)
        parts.append(outputs(run(inside[:, place : place + BLOCK])))
    progress(POINTS // BLOCK, RUNS // BLOCK)
    judged = run(draws)
    held, misfits = known_misfits(evidence.observations, judged, years)
    paths = error_courses(system, discrepancy, judged, years, held, misfits, (seed, 7))
    erring = {name: course * np.exp(paths[name]) for name, course in judged.items()}
    progress(RUNS // BLOCK, RUNS // BLOCK)

    at_points, at_draws, levels = np.concatenate(parts, axis=1), outputs(judged), outputs(erring)
    fit_to, judge = np.isfinite(at_points).all(axis=0), np.isfinite(levels).all(axis=0)
    seen = np.linalg.solve(factor, np.concatenate([inside, draws], axis=1) - mean)
    points, places = seen[:, :POINTS][:, fit_to], seen[:, POINTS:][:, judge]
    at_points, at_draws, levels, whence = at_points[:, fit_to], at_draws[:, judge], levels[:, judge], whence[fit_to]
    moved = at_draws.var(axis=1)
    still = moved <= STILL * np.square(at_draws).mean(axis=1)
    missed = np.empty_like(at_draws)
    for fold in range(FOLDS):  # a draw is foretold by a line that no point made of it had a part in
        mine = np.flatnonzero(judge) % FOLDS == fold
        others = whence % FOLDS != fold
        slopes = _slopes(points[:, others], at_points[:, others])
        missed[:, mine] = at_draws[:, mine] - slopes @ places[:, mine]
    explained = np.where(still, 1.0, np.clip(1 - missed.var(axis=1) / np.where(still, 1.0, moved), 0.0, 1.0))
    slopes = np.linalg.solve(factor.T, _slopes(points, at_points).T).T
    slopes = np.where(still[:, None], 0.0, slopes)

    found = shapley_effects(slopes[:, :known], covariance[:known, :known], seed=seed)
    effects = np.concatenate([found.effects, slopes[:, known:] ** 2], axis=1)
    errors = np.concatenate([found.errors, np.zeros_like(slopes[:, known:])], axis=1)
    whole = np.maximum(levels.var(axis=1), moved)
    varies = whole > STILL * np.square(levels).mean(axis=1)
    of_inputs = np.where(varies, moved / np.where(varies, whole, 1.0), 0.0)
    total = effects.sum(axis=1)
    scale = (explained * of_inputs / np.where(total > 0, total, 1.0))[:, None]
    return Beliefs(
        inputs=tuple(priors),
        chance=np.arange(len(priors)) >= known,
        outcomes=tuple(outcomes),
        years=tuple(years[place] for place in acting),
        shares=effects * scale,
        errors=errors * scale,
        changes=slopes @ covariance / np.sqrt(np.diag(covariance)),
        model=np.where(varies, 1 - of_inputs, 0.0),
        explained=explained,
        left_out=int(np.sum(~fit_to) + np.sum(~judge)),
    )


def _curvature(fit: Fit, names: Sequence[str]) -> Floats:
    """The factor of the covariance that the curvature of the fit gives some parameters."""
    at = [list(fit.values).index(name) for name in names]
    rows = fit.factor[at]
    return np.asarray(np.linalg.cholesky(rows @ rows.T) if names else rows, dtype=np.float64)


def _covariance(draws: Floats, factor: Floats) -> Floats:
    """Covariance of draws (parameter, draw), drawn towards that of the fit's curvature as far as there are too few.

    Between hundreds of parameters hundreds of draws show correlations that are none; seen in the coordinates of the
    fit, in which most are independent, they are told from what the curvature missed (Ledoit and Wolf 2004).
    """
    if not len(draws):
        return np.empty((0, 0))
    seen = np.linalg.solve(factor, draws - draws.mean(axis=1, keepdims=True))
    size, count = seen.shape
    sample = seen @ seen.T / count
    usual = np.trace(sample) / size * np.eye(size)
    apart = np.sum((sample - usual) ** 2)
    noise = (np.sum(seen**2 @ (seen**2).T) / count - np.sum(sample**2)) / count
    weight = min(1.0, float(noise / apart)) if apart > 0 else 1.0
    found: Floats = factor @ (weight * usual + (1 - weight) * sample) @ factor.T
    return found


def _slopes(points: Floats, outputs: Floats) -> Floats:
    """Slopes (output, input) of the lines nearest to outputs (output, point) at points (input, point)."""
    inputs = points - points.mean(axis=1, keepdims=True)
    normal = inputs @ inputs.T + RIDGE * points.shape[1] * np.eye(len(points))
    found: Floats = np.linalg.solve(normal, inputs @ (outputs - outputs.mean(axis=1, keepdims=True)).T).T
    return found
