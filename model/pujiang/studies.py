"""Sweeps and sensitivity for Python callers; the command line is a thin shell over it."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api import evidence_of, fit_hash, parameter_bounds, shipped_fit
from pujiang.configuration.overrides import flat
from pujiang.configuration.sweep import Request, parse_sweep, plan_files, read_plan, request
from pujiang.configuration.sweep import plan as checked_plan
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.model import load_model
from pujiang.experiment.run import load_fit
from pujiang.experiment.sweep import Plan
from pujiang.experiment.sweep_runs import Runner, runner
from pujiang.results import run_folder, sweep_folder, sweep_store

if TYPE_CHECKING:
    import xarray as xr

Progress = Callable[[int, int], None]

IN_MEMORY = 4_000_000_000
"""Bytes of outcomes a sweep may have without a folder."""


def sweep(
    axes: Mapping[str, Any] | None = None,
    scenario: str | Sequence[str] = "baseline",
    shock: str | Sequence[str] | None = None,
    ensemble: int | Mapping[str, Any] | None = None,
    *,
    design: str | Mapping[str, Any] = "grid",
    outcomes: Sequence[str] | None = None,
    precision: str = "float64",
    folder: str | os.PathLike[str] | None = None,
    system: System | None = None,
    config_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> "xr.DataTree":
    """Run the model at many points, as one batch.

    Args:
        axes: what varies, by key ("levers.exit_window.target", "parameters.failure_rate"; or nested): a list
            of numbers, or words as on the command line: "range(0,1.01,0.05)", "interval(0,1)", "prior",
            "bounds". {"parameters": "prior"} varies every uncertain parameter.
        scenario, shock: a name, or names that become a dimension.
        ensemble: members each point is run with beside the central one (default none), or a mapping.
        design: grid, lhs, sobol, saltelli, morris, csv; or a mapping of kind, size, seed, file.
        outcomes: those to keep (default all).
        precision: of what is kept: float64, float32.
        folder: write a run folder below it, block by block, and read from there; else all is in memory.
        progress: called with the number of blocks done and of all blocks.
        settings: levers, parameters, simulation (mappings), fit, evidence, engine.

    Returns:
        `/annual` (scenario, one dimension an axis, member, year), in sampled designs (scenario, point, member,
        year) with the axes as coordinates; and `/reference`, the baseline and the scenarios without axes. A
        point of it has the numbers a run of it alone has.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    model = load_model() if system is None else system
    own = {"design": design} if isinstance(design, str) else _design_keys(design)
    own |= {} if outcomes is None else {"output.outcomes": list(outcomes)}
    changes = {"shock": shock, "ensemble": ensemble, **settings}
    asked = request(
        {**(axes or {}), **_several("scenario", scenario), **_several("shock", shock)},
        flat({k: v for k, v in changes.items() if v is not None and not (k == "shock" and not isinstance(v, str))}),
        {**own, "output.precision": precision},
    )
    if isinstance(scenario, str):
        asked = Request({**asked.settings, "scenario": scenario}, asked.choices, asked.axes, asked.own)
    made = checked_plan(asked, model, parameter_bounds(model), config_dir)
    if folder is not None:
        path = sweep_to_folder(made, model, Path(folder), progress=progress)
        return run_folder.open(path)
    size = sweep_store.size_in_bytes(made, model)
    if size > IN_MEMORY:
        raise InputError(
            f"sweep: {size / 1e9:.1f} GB of outcomes are too much for memory; name a folder, or fewer outcomes"
        )
    run, facts = _prepared(made, model)
    tree = sweep_folder.collect(run, progress or _silent)
    tree.attrs |= {**facts, "config": made.reference.as_yaml()}
    return tree


def sweep_to_folder(
    made: Plan,
    system: System,
    folder: Path,
    *,
    resume: Path | None = None,
    facts: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Run a plan into a run folder below `folder`, or go on with the sweep in `resume`; the path of the run."""
    run, known = _prepared(made, system)
    return sweep_folder.run(
        run, folder, plan_files(made), {**known, **(facts or {})}, resume=resume, progress=progress or _silent
    )


def unfinished(made: Plan, system: System, folder: Path) -> list[Path]:
    """Sweeps below `folder` that are the same as this one and were broken off."""
    if not any(folder.glob("*.partial")):
        return []
    run, facts = _prepared(made, system)
    return sweep_store.broken_off(folder, sweep_folder.identity_of(run, plan_files(made), str(facts["data_hash"])))


def plan_of_words(words: Sequence[str], system: System, config_dir: str | os.PathLike[str] | None = None) -> Plan:
    """The plan the words of a command line ask for."""
    return checked_plan(parse_sweep(words), system, parameter_bounds(system), config_dir)


def plan_of_folder(folder: Path, system: System) -> Plan:
    """The plan of a sweep that was finished or broken off."""
    return read_plan(folder, system, parameter_bounds(system))


def _prepared(made: Plan, system: System) -> tuple[Runner, dict[str, Any]]:
    config = made.reference
    evidence = evidence_of(config.evidence)
    fit = load_fit(config.fit, system, shipped_fit())
    facts = {
        "data_hash": evidence.sha256,
        "fit": f"{config.ensemble.kind} {fit_hash(fit)}",
        "seed": config.ensemble.seed,
    }
    return runner(made, system, evidence, fit), facts


def _design_keys(design: Mapping[str, Any]) -> dict[str, Any]:
    keys = {"kind": "design", "size": "design.size", "seed": "design.seed", "file": "design.file"}
    unknown = next((key for key in design if key not in keys), None)
    if unknown is not None:
        raise InputError(f"design: found '{unknown}'; allowed: {', '.join(keys)}")
    return {keys[key]: str(value) if key == "file" else value for key, value in design.items()}


def _several(key: str, names: str | Sequence[str] | None) -> dict[str, list[str]]:
    return {} if names is None or isinstance(names, str) else {key: list(names)}


def _silent(done: int, of: int) -> None:
    pass
