"""Fit a model to the observations, and keep the fit as a run folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.arguments import checked
from pujiang.api.loaded import Loaded, PathLike
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System
from pujiang.experiment.calibrate import Calibration, problem
from pujiang.experiment.calibrate import calibrate as search
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    from pujiang.engine.batch import Method


@dataclass(frozen=True)
class FittedModel(Calibration):
    """A calibration with what it was made of: the model, its configuration, and the hash of the data."""

    system: System
    config: RunConfig
    data_hash: str

    @checked
    def save(self, folder: PathLike = "runs") -> Path:
        """Write it as a run folder below `folder`, which `fit=` then takes; its path.

        Raises:
            InputError: if the folder cannot be written.
        """
        from pujiang.results import run_folder

        with run_folder.building(Path(folder)) as partial:
            return self.finish(partial)

    def finish(self, partial: Path, facts: Mapping[str, Any] | None = None) -> Path:
        """Put it into a folder under construction and make it a run; its path."""
        from pujiang.results import run_folder
        from pujiang.results.calibration import write_calibration

        write_calibration(partial, self, self.system)
        (partial / "config.yaml").write_text(self.config.as_yaml(), encoding="utf-8", newline="\n")
        known = {
            "kind": "calibration",
            "model_hash": self.system.hash,
            "data_hash": self.data_hash,
            "converged": self.converged,
            "cost": self.cost,
        }
        return run_folder.finish(partial, {**known, **(facts or {})})


def calibrate(
    model: Loaded,
    /,
    *,
    evidence: str = "shipped",
    start: str = "declared",
    engine: str = "auto",
    dt: float = 1 / 16,
    method: "Method" = "rk4",
    progress: Callable[[int, float], None] | None = None,
) -> FittedModel:
    """Fit the uncertain parameters to the observations (maximum a posteriori, and the curvature there).

    Args:
        evidence: "shipped", or a folder of observations and inputs.
        start: the fit the search starts from: "declared", "shipped", or the run folder of a calibration.
        progress: called with the iteration and the cost.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    how = {"dt": dt, "method": method}
    config = model.configure(evidence=evidence, fit=start, engine=engine, simulation=how)
    return calibrate_config(model, config, progress)


def calibrate_config(
    model: Loaded, config: RunConfig, progress: Callable[[int, float], None] | None = None
) -> FittedModel:
    """Fit as a configuration says: its evidence, engine, step and method, from its fit."""
    how: Simulation = config.simulation
    data = model.evidence(config.evidence)
    task = problem(model.system, data, dt=how.dt, method=how.method, engine=config.engine)
    found = search(task, start=model.fit(config.fit).values, progress=progress)
    own = {field.name: getattr(found, field.name) for field in fields(found)}
    return FittedModel(**own, system=model.system, config=config, data_hash=data.sha256)
