"""Fit a model to the observations, draw from its posterior, and keep both as a run folder."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.api.arguments import checked
from pujiang.api.clusters import workers_of
from pujiang.api.loaded import Loaded, PathLike
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment.calibrate import Calibration, problem
from pujiang.experiment.calibrate import calibrate as search
from pujiang.experiment.cluster_fits import points_shared_out
from pujiang.experiment.fit import uncertain
from pujiang.experiment.posterior import start, thinned
from pujiang.experiment.predictive import DRAWS, Foreseen, SeriesCheck, predictive
from pujiang.experiment.profiled import ProfilePoint, profile
from pujiang.experiment.sampling import Posterior, sample
from pujiang.experiment.scenario import EnsembleConfig, RunConfig
from pujiang.results import unfinished_calibration as unfinished

if TYPE_CHECKING:
    from distributed import Client

    from pujiang.engine.batch import Method


KEPT_EVERY = 8
"""Steps of the chains after which they are kept, so that what is interrupted can go on."""

Progress = Callable[[str, int, int], None]
"""Called with what is done ("fit", "draws", "profile of NAME"), how far it is, and of how much (0: nobody knows)."""


@dataclass(frozen=True)
class FittedModel(Calibration):
    """A calibration with what it was made of: the model, its configuration, the hash of the data; its posterior, what
    was foreseen of the data under priors and posterior, and the profiles asked for."""

    system: System
    config: RunConfig
    data_hash: str
    posterior: Posterior
    foreseen: tuple[Foreseen, ...]
    checks: tuple[SeriesCheck, ...]
    profiles: tuple[ProfilePoint, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the search converged, and the chains of the posterior mixed."""
        return self.converged and self.posterior.mixing.converged

    @checked
    def save(self, folder: PathLike = "runs") -> Path:
        """Write it as a run folder below `folder`, which `fit=` then takes; its path.

        Raises:
            InputError: if the folder cannot be written.
        """
        from pujiang.results import run_folder

        with run_folder.building(Path(folder)) as made:
            return self.finish(made)

    def finish(self, partial: Path, facts: Mapping[str, Any] | None = None) -> Path:
        """Put it into a folder under construction and make it a run; its path."""
        from pujiang.results import run_folder
        from pujiang.results.calibration import write_calibration, write_diagnostics
        from pujiang.results.figures.calibration import write_predictive_figure, write_profile_figure
        from pujiang.results.predictive import write_predictive, write_profiles

        write_calibration(partial, self, self.system)
        write_diagnostics(partial, self.posterior.mixing)
        write_predictive(partial, self.foreseen, self.checks)
        if self.foreseen:
            write_predictive_figure(partial / "figures", self.foreseen, self.checks, self.system.presentation)
        if self.profiles:
            write_profiles(partial, self.profiles)
            write_profile_figure(partial / "figures", self.profiles)
        (partial / "config.yaml").write_text(self.config.as_yaml(), encoding="utf-8", newline="\n")
        known = {
            "kind": "calibration",
            "model_hash": self.system.hash,
            "data_hash": self.data_hash,
            "converged": self.converged,
            "mixed": self.posterior.mixing.converged,
            "cost": self.cost,
        }
        return run_folder.finish(partial, {**known, **(facts or {})})


def calibrate(
    model: Loaded,
    /,
    *,
    evidence: str = "shipped",
    start: str = "declared",
    seed: int = EnsembleConfig().seed,
    engine: str = "auto",
    dt: float = 1 / 16,
    method: "Method" = "rk4",
    profiles: Sequence[str] = (),
    progress: Progress | None = None,
    cluster: Any = None,
    workers: int | None = None,
) -> FittedModel:
    """Fit the uncertain parameters to the observations (maximum a posteriori), and draw from their posterior.

    Args:
        evidence: "shipped", or a folder of observations and inputs.
        start: the fit the search starts from: "declared", "shipped", or the run folder of a calibration.
        seed: of the draws.
        profiles: parameters whose profile is drawn beside: a minute each on the shipped model.
        progress: called with "fit" or "draws", how far it is, and of how much (0: nobody knows).
        cluster, workers: as for `sweep`; the points of search and chains are shared out among them.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    how, ensemble = {"dt": dt, "method": method}, {"seed": seed}
    config = model.configure(evidence=evidence, fit=start, engine=engine, simulation=how, ensemble=ensemble)
    with workers_of(cluster, workers) as client:
        return calibrate_config(model, config, progress, profiles=profiles, on=client)


def calibrate_config(
    model: Loaded,
    config: RunConfig,
    progress: Progress | None = None,
    folder: Path | None = None,
    profiles: Sequence[str] = (),
    on: "Client | None" = None,
) -> FittedModel:
    """Fit as a configuration says: its evidence, engine, step and method, from its fit; then draw with its seed.

    Args:
        folder: where what is done so far is kept, and whence it goes on if it was interrupted.
        profiles: parameters whose profile is drawn beside.
        on: the workers that run its points.
    """
    for name in profiles:
        known = uncertain(model.system)
        if name not in known:
            raise InputError(f"profile: found '{name}', which is no uncertain parameter{nearest(name, known)}")
    how: Simulation = config.simulation
    data = model.evidence(config.evidence)
    task = problem(
        model.system, data, discrepancy=model.discrepancy, dt=how.dt, method=how.method, engine=config.engine
    )
    if on is not None:
        task = points_shared_out(on, task)
    told = progress or (lambda what, done, of: None)
    found = None if folder is None else unfinished.read_fit(folder, task)
    if found is None:
        found = search(
            task, start=model.fit(config.fit).values, progress=lambda i, cost: told(f"fit, cost {cost:.2f}", i, 0)
        )
        if folder is not None:
            unfinished.keep_fit(folder, found, config.as_yaml())
    state = None if folder is None else unfinished.read_chains(folder)
    chains = start(len(found.fit.values), config.ensemble.seed) if state is None else state

    def step(done: int, of: int) -> None:
        told("draws", done, of)
        if folder is not None and done % KEPT_EVERY == 0:
            unfinished.keep_chains(folder, chains)

    posterior = sample(task, found.fit, chains, step)
    drawn = np.stack([posterior.chains[name] for name in posterior.chains], axis=2)
    z = thinned(drawn, min(DRAWS, drawn.shape[0] * drawn.shape[1]), posterior.seed).T
    for row, prior in zip(z, uncertain(model.system).values(), strict=True):
        row[:] = [prior.z(float(value)) for value in row]
    foreseen, checks = predictive(task, z, posterior.seed)
    made: list[ProfilePoint] = []
    for name in dict.fromkeys(profiles):
        made += profile(task, found, name, functools.partial(told, f"profile of {name}"))
    own = {field.name: getattr(found, field.name) for field in fields(found)}
    own["fit"] = posterior.given_to(found.fit)
    return FittedModel(
        **own,
        system=model.system,
        config=config,
        data_hash=data.sha256,
        posterior=posterior,
        foreseen=foreseen,
        checks=checks,
        profiles=tuple(made),
    )
