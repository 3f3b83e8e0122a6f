"""Is a model sound?"""

from typing import TYPE_CHECKING

from pujiang.api.loaded import Loaded, PathLike
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    from pujiang.experiment.check import Finding


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
