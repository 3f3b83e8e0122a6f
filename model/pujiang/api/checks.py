"""Is a model sound?"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    from pujiang.experiment.check import Finding
    from pujiang.experiment.simulation_based import Replica, Uniformity


def check(
    model: Loaded,
    /,
    *,
    evidence: str | None = None,
    fit: str | None = None,
    engine: str | None = None,
    config_dir: PathLike | None = None,
) -> "list[Finding]":
    """Examine a model: its equations, and a run of every scenario, extreme condition and loop.

    Args:
        evidence, fit, engine: by default those of the configuration.

    Returns:
        A finding a check: what is examined, whether it is passed, and what was found.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    every = list(model.options("scenario", config_dir))
    config = model.configure(every, config_dir=config_dir, evidence=evidence, fit=fit, engine=engine)
    return check_config(model, config)


def check_config(model: Loaded, config: RunConfig) -> "list[Finding]":
    """Examine a model under the scenarios, evidence, fit and engine of a configuration."""
    from pujiang.experiment.check import check as examined

    evidence, fit = model.evidence(config.evidence), model.fit(config.fit)
    return examined(model.system, evidence, fit, config.scenarios, model.project.extremes, config.engine)


def _told(progress: Callable[[str, int], None], done: int, what: str) -> None:
    progress(what, done)


@dataclass(frozen=True)
class PosteriorCheck:
    """Whether fits of simulated data find what made them: worlds, groups of their ranks, and worlds without a fit."""

    replicas: "tuple[Replica, ...]"
    groups: "tuple[Uniformity, ...]"
    failures: tuple[str, ...]
    config: RunConfig
    model_hash: str

    def save(self, folder: PathLike = "runs") -> Path:
        """Write it as a run folder below `folder`: ranks.csv, groups.csv, worlds.csv, quantities.csv, a figure."""
        from pujiang.results import run_folder
        from pujiang.results.simulation_based import write_posterior_check

        with run_folder.building(Path(folder)) as made:
            (made / "config.yaml").write_text(self.config.as_yaml(), encoding="utf-8", newline="\n")
            write_posterior_check(made, self.replicas, self.groups)
            known = {"kind": "posterior check", "model_hash": self.model_hash, "seed": self.config.ensemble.seed}
            return run_folder.finish(made, known)


def check_posterior(
    model: Loaded, config: RunConfig, worlds: int, progress: Callable[[str, int], None] = lambda what, done: None
) -> PosteriorCheck:
    """Draw worlds from the priors, simulate their data, fit them, and rank what is true of them among the draws.

    Interrupted after the first world, it gives what it has.

    Args:
        progress: called with what is done, and how many worlds are.
    """
    from pujiang.experiment.calibrate import problem
    from pujiang.experiment.simulation_based import replica, uniformity

    system, how = model.system, config.simulation
    task = problem(
        system, model.evidence(config.evidence), discrepancy=model.discrepancy, dt=how.dt, method=how.method,
        engine=config.engine,
    )  # fmt: skip
    watched = [scalar for name in system.presentation.among(system.outcomes) for scalar in system.scalar_names(name)]
    found: list[Replica] = []
    failures: list[str] = []
    try:
        for number in range(worlds):
            try:
                found.append(replica(task, number, config.ensemble.seed, watched, partial(_told, progress, number)))
            except InputError as error:
                failures.append(f"World {number}: {error}")
            progress("done", number + 1)
    except KeyboardInterrupt:
        if not found:
            raise
    if not found:
        raise InputError(f"check --posterior: no world could be fitted; the first: {failures[0]}")
    return PosteriorCheck(tuple(found), uniformity(found), tuple(failures), config, system.hash)
