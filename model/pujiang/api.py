"""What Python callers use; the command line is a thin shell over it."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.configuration import compose, flat, shipped_folder
from pujiang.configuration.sections import Bounds
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.evidence import load as load_evidence
from pujiang.experiment.model import load_model
from pujiang.experiment.scenario import RunConfig

if TYPE_CHECKING:
    import xarray as xr

    from pujiang.engine.batch import Method
    from pujiang.engine.paths import Path as Course
    from pujiang.engine.simulate import Simulation
    from pujiang.experiment.calibrate import Calibration
    from pujiang.experiment.fit import Fit


MEMORY = 4_000_000_000
"""Bytes a run's outcomes may take; a sweep goes block by block and has no such limit."""

FACTS = ("model_hash", "data_hash", "fit", "seed")
"""What tells apart two runs of one configuration, and whether their members are the same draws."""


def run(
    scenario: str | Sequence[str] = "baseline",
    shock: str | None = None,
    levers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    ensemble: int | Mapping[str, Any] | None = None,
    *,
    system: System | None = None,
    **settings: Any,
) -> "xr.DataTree":
    """Run one scenario or several side by side, with the baseline always first.

    Args:
        scenario: a name or names (see `pujiang list scenarios`).
        shock: a shock laid over each scenario, but for the baseline.
        levers: by name, a number (a step from 2026) or a mapping of from, target, start, end, shape, or path.
        parameters: values by name, or by name and element, fixed in every member.
        ensemble: the number of members, or a mapping of size, seed, kind.
        system: a model other than the shipped one.
        settings: simulation (a mapping), fit, evidence, engine, config_dir.

    Levers, parameters and shock change every scenario named, never the baseline beside it; where the baseline
    alone is named, they make a second scenario, `baseline_changed`.

    Returns:
        `/annual` (scenario, member, year) and `/trajectories` (scenario, time); member 0 is the central one.
        Attributes: the resolved configuration, hashes of model and data, and the certificate (JSON).

    Raises:
        InputError: one line on what is wrong with the input.
    """
    model = load_model() if system is None else system
    given = {"shock": shock, "levers": levers, "parameters": parameters, "ensemble": ensemble, **settings}
    return run_config(configure(scenario, system=model, **given), model)


def simulate(
    system: System,
    parameters: Mapping[str, Any] | None = None,
    levers: Mapping[str, Any] | None = None,
    *,
    series: "Mapping[str, Course] | None" = None,
    scenarios: Mapping[str, Mapping[str, Any]] | None = None,
    simulation: "Simulation | None" = None,
    engine: str = "auto",
) -> "xr.DataTree":
    """Run a system as it is declared, without configuration, fit or ensemble.

    Args:
        parameters: a number or an array (member,) by name; the rest have their declared values.
        levers: by name, a number (a step from 2026), a `LeverSetting`, or a `Path` for the whole run; switches
            may be given as paths. Or `scenarios`: such levers by scenario, side by side.
        series: the data inputs as paths; by default those of the shipped evidence.
        simulation: years, step, method.

    Returns:
        `/annual`, `/trajectories` and `/parameters`, as `engine.simulate.simulate` says.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    from pujiang.engine.simulate import Simulation
    from pujiang.engine.simulate import simulate as run_system
    from pujiang.experiment.inputs import lever_paths, series_paths
    from pujiang.experiment.levers import LeverSetting

    inputs = series_paths(load_evidence()) if series is None else series
    how = Simulation() if simulation is None else simulation

    def paths(given: Mapping[str, Any]) -> "dict[str, Course]":
        whole = {name: value for name, value in given.items() if hasattr(value, "from_right")}
        settings = {
            name: value if isinstance(value, LeverSetting) else LeverSetting(target=float(value))
            for name, value in given.items()
            if name not in whole
        }
        return {**lever_paths(system, settings, inputs, how.dt), **whole}

    cases = {"run": levers or {}} if scenarios is None else scenarios
    laid = {name: paths(given) for name, given in cases.items()}
    return run_system(system, parameters, series=inputs, scenarios=laid, simulation=how, engine=engine)


def configure(
    scenario: str | Sequence[str] = "baseline",
    *,
    system: System | None = None,
    config_dir: str | os.PathLike[str] | None = None,
    **settings: Any,
) -> RunConfig:
    """The checked configuration `run` would run; arguments as there."""
    model = load_model() if system is None else system
    names = scenario if isinstance(scenario, str) else list(scenario)
    changes = flat({"scenario": names, **{key: value for key, value in settings.items() if value is not None}})
    return compose(changes, levers=model.levers, parameters=parameter_bounds(model), config_dir=config_dir)


def run_config(config: RunConfig, system: System | None = None) -> "xr.DataTree":
    """Run a configuration; the result as for `run`."""
    from pujiang.experiment.run import run as run_scenarios

    model = load_model() if system is None else system
    refuse_too_large(config, model)
    evidence = evidence_of(config.evidence)
    fit = fit_of(config.fit, model)
    tree = run_scenarios(config, model, evidence, fit)
    tree.attrs |= {
        "config": config.as_yaml(),
        "data_hash": evidence.sha256,
        "fit": f"{config.ensemble.kind} {fit_hash(fit)}",
        "seed": config.ensemble.seed,
        "certificate_passed": int(json.loads(tree.attrs["certificate"])["passed"]),  # netCDF holds no truth values
    }
    return tree


def save(tree: "xr.DataTree", folder: str | os.PathLike[str] = "runs", *, figures: bool = True) -> Path:
    """Write what `run` returned as a run folder below `folder`; its path.

    Raises:
        InputError: if the folder cannot be written, or the tree does not come from `run`.
    """
    from pujiang.results import run_folder

    if not {"config", "certificate", *FACTS} <= tree.attrs.keys():
        raise InputError("save: the tree has no configuration among its attributes; it must come from pujiang.run")
    with run_folder.building(Path(folder)) as partial:
        return finish(partial, tree, figures=figures)


def finish(
    partial: Path,
    tree: "xr.DataTree",
    *,
    figures: bool,
    facts: Mapping[str, Any] | None = None,
    log_lines: Sequence[str] = (),
) -> Path:
    """Put a tree from `run` into a folder under construction and make it a run; its path."""
    import yaml

    from pujiang.results import run_folder

    config_yaml: str = tree.attrs["config"]
    config = yaml.safe_load(config_yaml)
    certificate = json.loads(tree.attrs["certificate"])
    run_folder.fill(
        partial,
        tree,
        config_yaml=config_yaml,
        certificate=certificate,
        observations=evidence_of(config["evidence"]).observations,
        figures=figures,
        log_lines=[*log_lines, *certificate["failures"]],
    )
    ensemble = {key: config["ensemble"][key] for key in ("kind", "size")}
    made_with = {"ensemble": ensemble, "engine": config["engine"], "fit_source": config["fit"]}
    known = {**{key: tree.attrs[key] for key in FACTS}, **made_with, **(facts or {})}
    return run_folder.finish(partial, run_folder.run_facts(config_yaml, certificate, known, tree))


def calibrate(
    *,
    evidence: str = "shipped",
    start: str = "declared",
    engine: str = "auto",
    dt: float = 1 / 16,
    method: "Method" = "rk4",
    system: System | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> "Calibration":
    """Fit the uncertain parameters to the observations (maximum a posteriori, and the curvature there).

    Args:
        evidence: "shipped", or a folder of observations and inputs.
        start: the fit the search starts from: "declared", "shipped", or the run folder of a calibration.
        progress: called with the iteration and the cost.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    from pujiang.experiment.calibrate import calibrate as search
    from pujiang.experiment.calibrate import problem

    model = load_model() if system is None else system
    task = problem(model, evidence_of(evidence), dt=dt, method=method, engine=engine)
    return search(task, start=fit_of(start, model).values, progress=progress)


def fit_hash(fit: "Fit") -> str:
    """A hash of a fit's values and of how uncertain they are."""
    values = json.dumps({name: float(f"{value:.10g}") for name, value in fit.values.items()}, sort_keys=True)
    factor = ",".join(f"{x:.6g}" for x in fit.factor.ravel())
    return hashlib.sha256(f"{values}\n{factor}".encode()).hexdigest()[:16]


def fit_of(name: str, system: System) -> "Fit":
    """The fit a configuration names: "shipped", "declared", or the run folder of a calibration.

    Raises:
        InputError: if there is no such fit, or a file of its folder is not what its checksum says.
    """
    from pujiang.experiment.fit import FACTOR_FILE, VALUES_FILE
    from pujiang.experiment.run import load_fit
    from pujiang.results import run_folder

    if name not in ("shipped", "declared") and (Path(name) / VALUES_FILE).is_file():
        try:
            run_folder.refuse_damaged(run_folder.find(name), [VALUES_FILE, FACTOR_FILE])
        except InputError as error:
            raise InputError(f"fit: {error}") from None
    fit = load_fit(name, system, shipped_fit())
    if fit.facts.get("model_hash", system.hash) != system.hash:
        import warnings

        warnings.warn(
            f"the fit '{name}' was made with another model; 'pujiang calibrate' makes a new one", stacklevel=2
        )
    return fit


def refuse_too_large(config: RunConfig, system: System) -> None:
    """Raise InputError where a run's outcomes would not fit into memory, before time is spent."""
    first, last = config.simulation.first_year, config.simulation.last_year
    outcomes = sum(len(system.scalar_names(name)) for name in system.outcomes)
    # The kernel's record, the labelled arrays, and what quantiles copy: three of each number at the peak.
    of_member = len(config.scenarios) * (last - first + 1) * outcomes * 8 * 3
    size = config.ensemble.size
    if (size + 1) * of_member > MEMORY:
        raise InputError(
            f"ensemble.size: {size:,} members of {len(config.scenarios)} scenarios need about "
            f"{(size + 1) * of_member / 1e9:.1f} GB; allowed: up to {MEMORY // of_member - 1:,}; "
            "more draws, from the priors and block by block: pujiang sweep design=sobol design.size=N"
        )


def evidence_of(name: str) -> Evidence:
    """The evidence a configuration names: "shipped", or a folder."""
    return load_evidence(None if name == "shipped" else name)


def parameter_bounds(system: System) -> dict[str, Bounds]:
    """The scalar names of a model's parameters with the bounds a user must keep to."""
    return {name: system.parameters[name.partition(".")[0]].bounds for name in system.parameter_names}


def shipped_fit() -> Path:
    """The file of the shipped fit."""
    return shipped_folder() / "fit" / "shipped.yaml"
