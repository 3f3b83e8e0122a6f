"""Run a model at many points, in memory or into a run folder."""

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pujiang.api.clusters import workers_of
from pujiang.api.loaded import Loaded, PathLike
from pujiang.configuration.keys import flat
from pujiang.configuration.sweep_files import plan_files, read_plan
from pujiang.configuration.sweep_plan import plan as checked_plan
from pujiang.configuration.sweep_words import Request, parse_sweep, request
from pujiang.errors import InputError
from pujiang.experiment.cluster import shared_out
from pujiang.experiment.sweep import Plan
from pujiang.experiment.sweep_runs import Runner, runner
from pujiang.results import run_folder, sweep_folder
from pujiang.results.places import fetch_run, is_url
from pujiang.results.sweep_layout import size_in_bytes
from pujiang.results.unfinished_sweep import interrupted

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

Progress = Callable[[int, int], None]

IN_MEMORY = 4_000_000_000
"""Bytes of outcomes a sweep may have without a folder."""


def sweep(
    model: Loaded,
    /,
    axes: Mapping[str, Any] | None = None,
    scenario: str | Sequence[str] = "baseline",
    shock: str | Sequence[str] | None = None,
    ensemble: int | Mapping[str, Any] | None = None,
    *,
    design: str | Mapping[str, Any] = "grid",
    outcomes: Sequence[str] | None = None,
    precision: str = "float64",
    keep: str = "all",
    folder: PathLike | None = None,
    config_dir: PathLike | None = None,
    progress: Progress | None = None,
    cluster: Any = None,
    workers: int | None = None,
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
        keep: "all"; "quantiles": no run, but what they come to by year, which needs a folder; "outcomes": that, and
            every run in the last year.
        folder: write a run folder below it, block by block, and read from there; else all is in memory. It may be the
            URL of a store of objects: "s3://bucket/runs".
        progress: called with the number of blocks done and of all blocks.
        cluster: the dask workers that run it: "local", the address of a scheduler, its file, or a
            `distributed.Client`. The numbers, and the bytes of a folder, are those of this process alone.
        workers: with "local" how many processes, else how many workers are waited for.
        settings: levers, parameters, simulation (mappings), fit, evidence, engine.

    Returns:
        `/annual` (scenario, one dimension an axis, member, year), in sampled designs (scenario, point, member,
        year) with the axes as coordinates; `/quantiles` (scenario, statistic, year), where these are kept; and
        `/reference`, the baseline and the scenarios without axes. A point has the numbers a run of it alone has.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    if not isinstance(design, str):
        design = {key: os.fspath(part) if isinstance(part, os.PathLike) else part for key, part in design.items()}
    own: dict[str, Any] = {"design": design, "output.precision": precision, "output.keep": keep}
    own |= {} if outcomes is None else {"output.outcomes": list(outcomes)}
    changes = {"shock": shock, "ensemble": ensemble, **settings}
    asked = request(
        {**(axes or {}), **_several("scenario", scenario), **_several("shock", shock)},
        flat({k: v for k, v in changes.items() if v is not None and not (k == "shock" and not isinstance(v, str))}),
        own,
    )
    if isinstance(scenario, str):
        asked = Request({**asked.settings, "scenario": scenario}, asked.choices, asked.axes, asked.own)
    made = plan_of(model, asked, config_dir)
    note = model.told_fit(made.reference.fit, made.reference.evidence)
    if note:
        warnings.warn(note, stacklevel=2)
    with workers_of(cluster, workers) as client:
        if folder is not None:
            run = sweep_to_folder(model, made, folder, progress=progress, on=client)
            return run_folder.open(str(run) if is_url(run) else run)
        if made.keep != "all":
            raise InputError(f"sweep: keep={made.keep} needs a folder")
        size = size_in_bytes(made, model.system)
        if size > IN_MEMORY:
            raise InputError(
                f"sweep: {size / 1e9:.1f} GB of outcomes are too much for memory; name a folder, or fewer outcomes"
            )
        joined, facts = prepared(model, made)
        if client is not None:
            joined = replace(joined, simulate=shared_out(client))
        tree = sweep_folder.collect_sweep(joined, progress or _silent)
    tree.attrs |= {**facts, "config": made.reference.as_yaml()}
    return tree


def sweep_to_folder(
    model: Loaded,
    made: Plan,
    folder: PathLike,
    *,
    resume: Path | None = None,
    facts: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    begun: Callable[[Path], None] | None = None,
    on: "Client | None" = None,
) -> Path:
    """Run a plan into a run folder below `folder`, or go on with the sweep in `resume`; the path of the run.

    `begun` is called with what would have to be resumed; `on`: the workers that run it.
    """
    run, known = prepared(model, made)
    return sweep_folder.run_sweep(
        run,
        str(folder) if is_url(folder) else Path(folder),
        plan_files(made),
        {**known, **(facts or {})},
        resume=resume,
        progress=progress or _silent,
        begun=begun or _ignore,
        on=on,
    )


def unfinished(model: Loaded, made: Plan, folder: Path) -> list[Path]:
    """Sweeps below `folder` that are the same as this one and were interrupted."""
    if not any(folder.glob("*.partial")):
        return []
    run, facts = prepared(model, made)
    return interrupted(folder, sweep_folder.identity_of(run, plan_files(made), str(facts["data_hash"])))


def plan_of(model: Loaded, asked: Request, config_dir: PathLike | None = None) -> Plan:
    """The checked plan of what is asked for."""
    return checked_plan(asked, model.system, model.folders(config_dir))


def plan_of_words(model: Loaded, words: Sequence[str], config_dir: PathLike | None = None) -> Plan:
    """The plan the words of a command line ask for."""
    return plan_of(model, parse_sweep(words, model.folders(config_dir)), config_dir)


def plan_of_folder(model: Loaded, folder: Path) -> Plan:
    """The plan of a sweep that was finished or interrupted."""
    if not is_url(folder):
        return read_plan(folder, model.system)
    with TemporaryDirectory() as here:
        fetch_run(Path(here), folder)
        return read_plan(Path(here), model.system)


def prepared(model: Loaded, made: Plan) -> tuple[Runner, dict[str, Any]]:
    """A plan joined with model, evidence and fit, and the facts of the three."""
    config = made.reference
    evidence, fit = model.evidence(config.evidence), model.fit(config.fit)
    facts: dict[str, Any] = {
        "data_hash": evidence.sha256,
        "fit": f"{config.ensemble.kind} {fit.hash}",
        "seed": config.ensemble.seed,
    }
    note = model.told_fit(config.fit, config.evidence)
    if note:
        facts["fit_note"] = note
    return runner(made, model.system, evidence, fit), facts


def _several(key: str, names: str | Sequence[str] | None) -> dict[str, list[str]]:
    return {} if names is None or isinstance(names, str) else {key: list(names)}


def _silent(done: int, of: int) -> None:
    pass


def _ignore(home: Path) -> None:
    pass
