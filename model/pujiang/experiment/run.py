"""Running a configuration: model, evidence, fit and scenarios joined into one batch."""

from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.engine.simulate import simulate
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.experiment import fit as fits
from pujiang.experiment.ensemble import members
from pujiang.experiment.inputs import lever_paths, series_paths
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    import xarray as xr


def run(config: RunConfig, system: System, evidence: Evidence, fit: fits.Fit) -> "xr.DataTree":
    """Run every scenario of a configuration with common members.

    Returns:
        `/annual` and `/trajectories` as `engine.simulate.simulate` gives them; scenario 0 is the baseline.

    Raises:
        InputError: for a setting that does not fit the model or the step grid.
    """
    series = series_paths(evidence)
    drawn = members(system, fit, config.ensemble.size, config.ensemble.seed, config.ensemble.kind)
    return simulate(
        system,
        drawn,
        series=series,
        scenarios={s.name: lever_paths(system, s.levers, series, config.simulation.dt) for s in config.scenarios},
        scenario_parameters={s.name: s.parameters for s in config.scenarios},
        simulation=config.simulation,
        engine=config.engine,
    )


def load_fit(name: str, system: System, shipped: Path) -> fits.Fit:
    """The fit a configuration names: "shipped", "declared" (no fit), or the run folder of a calibration.

    Args:
        shipped: the file of the shipped fit.

    Raises:
        InputError: if there is no such fit or its files are damaged.
    """
    if name == "declared":
        return fits.declared(system)
    if name == "shipped":
        return fits.load(shipped, system)
    path = Path(name) / fits.VALUES_FILE
    if not path.is_file():
        raise InputError(
            f"fit: '{name}' is no run folder of a calibration; allowed: shipped, declared, or such a folder"
        )
    return fits.load(path, system)
