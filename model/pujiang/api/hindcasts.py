"""Hindcast: fit the model to what was known at the end of past years, and see how well it foretold what came."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.arguments import checked
from pujiang.api.clusters import workers_of
from pujiang.api.loaded import Loaded, PathLike
from pujiang.experiment.cluster_fits import vintages_shared_out
from pujiang.experiment.hindcasts import Findings, Progress, Store, chosen_cutoffs, in_turn
from pujiang.experiment.hindcasts import hindcast as measured
from pujiang.experiment.scenario import EnsembleConfig, RunConfig

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True)
class Hindcast(Findings):
    """How well the model foretold, and the configuration of it."""

    config: RunConfig

    @checked
    def save(self, folder: PathLike = "runs") -> Path:
        """Write it as a run folder below `folder`; its path.

        Raises:
            InputError: if the folder cannot be written.
        """
        from pujiang.results import run_folder
        from pujiang.results.hindcast import finish

        with run_folder.building(Path(folder)) as partial:
            return finish(partial, self, self.config)


def hindcast(
    model: Loaded,
    /,
    cutoffs: Sequence[int] = (),
    *,
    evidence: str = "shipped",
    seed: int = EnsembleConfig().seed,
    engine: str = "auto",
    progress: Progress | None = None,
    cluster: Any = None,
    workers: int | None = None,
) -> Hindcast:
    """Fit the model to the data up to each cutoff, and hold what it says of the years after against what came.

    Args:
        cutoffs: years; by default the six before the last year of data.
        evidence: "shipped", or a folder of observations and inputs.
        seed: of the draws.
        progress: called with what is done, how many vintages are finished, and of how many.
        cluster, workers: as for `sweep`; a vintage is a task.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    config = model.configure(evidence=evidence, engine=engine, fit="declared", ensemble={"seed": seed})
    with workers_of(cluster, workers) as client:
        return hindcast_config(model, config, cutoffs, progress, on=client)


def hindcast_config(
    model: Loaded,
    config: RunConfig,
    cutoffs: Sequence[int] = (),
    progress: Progress | None = None,
    store: Store | None = None,
    on: "Client | None" = None,
) -> Hindcast:
    """Hindcast as a configuration says.

    Args:
        store: where finished vintages are kept, and whence it goes on.
        on: the workers that make them.
    """
    data = model.evidence(config.evidence)
    found = measured(
        model.system,
        data,
        model.discrepancy,
        chosen_cutoffs(model.system, data, cutoffs),
        seed=config.ensemble.seed,
        engine=config.engine,
        progress=progress or (lambda what, done, of: None),
        store=store,
        refits=in_turn if on is None else vintages_shared_out(on),
    )
    return Hindcast(**{field.name: getattr(found, field.name) for field in fields(found)}, config=config)
