"""From a fit to draws of the posterior, with what tells whether they can be relied upon."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pujiang.engine.simulate import Simulation
from pujiang.experiment.baseline import annual_outcomes
from pujiang.experiment.calibrate import Problem
from pujiang.experiment.fit import Fit, Floats, uncertain, z_bounds
from pujiang.experiment.inputs import series_profiles
from pujiang.experiment.posterior import STEPS, Mixing, Progress, Walk, mixing, thinned, walk
from pujiang.experiment.transport import Transport, transport

SHIPPED = 512
"""Draws a shipped fit keeps: two and a half times what an ensemble takes."""


@dataclass(frozen=True)
class Posterior:
    """Draws of the posterior.

    Attributes:
        chains: values (chain, draw) by scalar parameter, in the order of the chains.
        mixing: how well they mixed, by parameter and by reported outcome of the last year of a run.
        effective_share: effective over drawn number of the map's draws. pareto_k: shape of the tail of their weights.
        misfit: mean sum of squared residuals of the data over the draws.
        seed: of all draws.
    """

    chains: Mapping[str, Floats]
    mixing: Mixing
    effective_share: float
    pareto_k: float
    misfit: float
    seed: int

    def given_to(self, fit: Fit, count: int | None = None) -> Fit:
        """The fit with draws (all of them, or `count` spread over the chains) and the facts about them."""
        stacked = np.stack([self.chains[name] for name in self.chains], axis=2)
        size = stacked.shape[0] * stacked.shape[1] if count is None else count
        drawn = thinned(stacked, min(size, stacked.shape[0] * stacked.shape[1]), self.seed)
        facts = {
            "draws": len(drawn),
            "seed": self.seed,
            "misfit_of_draws": float(f"{self.misfit:.4g}"),
            "effective_share": float(f"{self.effective_share:.2g}"),
            "pareto_k": float(f"{self.pareto_k:.2g}"),
            "largest_rhat": float(f"{self.mixing.largest_rhat:.4f}"),
            "fewest_effective_draws": int(min(self.mixing.fewest_draws, size)),
        }
        draws = {name: drawn[:, i] for i, name in enumerate(self.chains)}
        return replace(fit, draws=draws, facts={**fit.facts, **facts})


def map_at(task: Problem, fit: Fit) -> Transport:
    """The map of a fit."""
    priors = uncertain(task.system)
    center = np.array([prior.z(fit.values[name]) for name, prior in priors.items()])
    return transport(task.residuals, center, task.jacobian(center), *z_bounds(task.system, priors))


def sample(task: Problem, fit: Fit, state: Walk, progress: Progress | None = None) -> Posterior:
    """Walk chains around a fit, and see how well they mixed.

    Args:
        state: the chains, started or on their way; where it is interrupted, they can go on from where they stand.

    Raises:
        InputError: where hardly a draw lies within the bounds of every parameter.
    """
    chains = walk(map_at(task, fit), state, STEPS, progress)
    priors = uncertain(task.system)
    z = chains.draws
    values = {name: prior.value(z[:, :, i]) for i, (name, prior) in enumerate(priors.items())}
    data = task.residuals(thinned(z, min(400, z.shape[0] * z.shape[1]), state.seed).T)[: len(task.observations)]
    return Posterior(
        values,
        mixing({**values, **_ahead(task, values)}),
        chains.effective_share,
        chains.pareto_k,
        float(np.mean(np.sum(data**2, axis=0))),
        state.seed,
    )


def _ahead(task: Problem, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every reported outcome (chain, draw) of the baseline in the last year of a run; those that do not vary are left.

    Nothing is left to chance here: what is drawn anew for every member would hide how chains hang together.
    """
    system = task.system
    simulation = Simulation(*system.calendar.run)
    drawn = {name: of.ravel() for name, of in values.items()}
    annual = annual_outcomes(system, drawn, series_profiles(task.evidence), simulation, task.engine)
    shape = next(iter(values.values())).shape
    last = {f"{name} of {simulation.last_year}": course[-1].reshape(shape) for name, course in annual.items()}
    return {name: drawn for name, drawn in last.items() if np.ptp(drawn) > 1e-9 * np.abs(drawn).max()}
