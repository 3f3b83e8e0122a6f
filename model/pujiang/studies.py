"""Sweeps and sensitivity for Python callers; the command line is a thin shell over it."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.api import evidence_of, fit_hash, fit_of, parameter_bounds
from pujiang.configuration.overrides import flat
from pujiang.configuration.read import read
from pujiang.configuration.sweep_axes import everything
from pujiang.configuration.sweep_files import PLAN_FILE, plan_files, read_plan
from pujiang.configuration.sweep_plan import plan as checked_plan
from pujiang.configuration.sweep_plan import plan_of_run
from pujiang.configuration.sweep_words import Request, parse_sweep, request
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.experiment import screening
from pujiang.experiment.designs import Design, check_size, morris
from pujiang.experiment.levers import LEVERS_ACT_FROM
from pujiang.experiment.model import load_model
from pujiang.experiment.screening import METHODS
from pujiang.experiment.sensitivity import morris_effects
from pujiang.experiment.sweep import Plan
from pujiang.experiment.sweep_runs import Runner, runner
from pujiang.results import run_folder, sweep_folder, sweep_store

if TYPE_CHECKING:
    import pandas as pd
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
    tree = sweep_folder.collect_sweep(run, progress or _silent)
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
    return sweep_folder.run_sweep(
        run, folder, plan_files(made), {**known, **(facts or {})}, resume=resume, progress=progress or _silent
    )


@dataclass(frozen=True)
class Sensitivity:
    """What outcomes owe to inputs: a table a method (None where it was not asked for), notes on how to read
    them, and the plan whose axes they are about."""

    tornado: "pd.DataFrame | None"
    morris: "pd.DataFrame | None"
    sobol: "pd.DataFrame | None"
    notes: tuple[str, ...]
    plan: Plan


def sensitivity(
    run: str | os.PathLike[str] | None = None,
    axes: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    *,
    methods: Sequence[str] = METHODS,
    morris_size: int = 20,
    sobol_size: int = 1024,
    sobol_inputs: int = 24,
    seed: int = 2026,
    system: System | None = None,
    config_dir: str | os.PathLike[str] | None = None,
    **settings: Any,
) -> Sensitivity:
    """Which inputs move which outcomes: tornado, Morris screening, Sobol' indices.

    Args:
        run: a sweep (its axes, and its own points where they are a morris or saltelli design) or a run (all
            levers within their bounds and all uncertain parameters, around one of its scenarios).
        axes: without a run, as for `sweep`; by default all levers and all uncertain parameters.
        scenario: which one, where there are several.
        methods: of tornado, morris, sobol.
        morris_size: number of trajectories.
        sobol_size: number of base points, a power of two.
        sobol_inputs: where there are more axes, indices are of so many, the foremost of a Morris screening.
        settings: levers, parameters, simulation (mappings), fit, evidence, engine.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    model = load_model() if system is None else system
    if run is None:
        chosen = {"scenario": "baseline" if scenario is None else scenario, **settings}
        asked = request(axes or everything(model), flat(chosen), {"design": "saltelli"})
        made, folder = checked_plan(asked, model, parameter_bounds(model), config_dir), None
    else:
        if axes or settings:
            raise InputError("sensitivity: a run has its own axes and settings; give them without a run")
        folder = run_folder.find(run)
        made = plan_for(folder, scenario, model)
    return sensitivity_of(
        made, model, folder, methods=methods, morris_size=morris_size, sobol_size=sobol_size,
        sobol_inputs=sobol_inputs, seed=seed,
    )  # fmt: skip


def plan_for(folder: Path, scenario: str | None, system: System) -> Plan:
    """The plan a sensitivity study of a run is about: that of a sweep, with one case, or one over everything."""
    if not (folder / PLAN_FILE).is_file():
        bounds = parameter_bounds(system)
        return plan_of_run(read(folder, levers=system.levers, parameters=bounds), scenario, system, bounds)
    made = plan_of_folder(folder, system)
    names = dict(made.choices)["scenario"]
    if scenario is not None and scenario not in names:
        raise InputError(f"scenario: found '{scenario}', allowed: {', '.join(names)}{nearest(scenario, names)}")
    each = len(made.cases) // len(names)
    if each > 1 or (scenario is None and len(names) > 1):
        what = "scenario=" + "|".join(names) if each == 1 else "a sweep without shapes or shocks side by side"
        raise InputError(f"sensitivity: '{folder.name}' holds {len(made.cases)} cases, needs one: {what}")
    place = 0 if scenario is None else names.index(scenario)
    return replace(made, choices=(("scenario", (names[place],)),), cases=(made.cases[place],))


def sensitivity_of(
    made: Plan,
    system: System,
    folder: Path | None = None,
    *,
    methods: Sequence[str] = METHODS,
    morris_size: int = 20,
    sobol_size: int = 1024,
    sobol_inputs: int = 24,
    seed: int = 2026,
) -> Sensitivity:
    """The study of a plan of one case; `folder` is the sweep whose points may serve."""
    for method in methods:
        if method not in METHODS:
            raise InputError(f"method: found '{method}', allowed: {', '.join(METHODS)}{nearest(method, METHODS)}")
    if not made.axes:
        raise InputError("sensitivity: the sweep has no axis of numbers")
    if "sobol" in methods:
        check_size(Design("saltelli", sobol_size))
    run, _ = _prepared(made, system)
    notes = ["Levers range over what was asked for, else their bounds; parameters over their priors (tornado and "
             "Morris: from the 5 to the 95 % point)."]  # fmt: skip
    own = _own_outputs(made, system, folder, methods)
    tables: dict[str, pd.DataFrame | None] = dict.fromkeys(METHODS)
    axes = list(made.axes)
    if "tornado" in methods:
        tables["tornado"] = screening.tornado(run)
    if own is not None and made.design.kind == "morris":
        points = morris(len(axes), made.design.size, made.design.seed)
        tables["morris"] = screening.morris_table(axes, own, morris_effects(points, own.values))
        notes.append(f"Morris: the sweep's own {made.design.size} trajectories.")
    elif "morris" in methods or ("sobol" in methods and len(axes) > sobol_inputs and own is None):
        tables["morris"] = screening.screen(run, morris_size, seed)
        notes.append(f"Morris: {morris_size} trajectories over {len(axes)} inputs.")
    if own is not None and made.design.kind == "saltelli":
        tables["sobol"] = screening.sobol_table(axes, own, screening.sobol_of(own.values, len(axes), seed))
        notes.append(f"Sobol': the sweep's own {made.design.size} base points.")
    elif "sobol" in methods:
        screened = tables["morris"]
        if len(axes) > sobol_inputs and screened is not None:
            notes.append(
                f"Sobol': shares of the variance due to the {sobol_inputs} foremost of {len(axes)} inputs in the "
                "Morris screening; the others are held at their central value."
            )
            shown = [name for name in system.presentation.outcomes if name in made.outcomes] or list(made.outcomes)
            axes = screening.most_important(axes, screened, sobol_inputs, shown)
        tables["sobol"] = screening.decompose(run, axes, sobol_size, seed)
        notes.append(f"Sobol': {sobol_size} base points, {sobol_size * (len(axes) + 2):,} runs.")
    return Sensitivity(tables["tornado"], tables["morris"], tables["sobol"], tuple(notes), made)


def _own_outputs(made: Plan, system: System, folder: Path | None, methods: Sequence[str]) -> screening.Outputs | None:
    """The outcomes at a sweep's own points, where these are those a method needs."""
    needed = {"morris": "morris", "saltelli": "sobol"}.get(made.design.kind)
    if folder is None or needed not in methods or not (folder / sweep_store.STORE).is_dir():
        return None
    annual = run_folder.open(folder)["annual"].to_dataset()
    annual = annual.sel(scenario=dict(made.choices)["scenario"][0], year=slice(int(LEVERS_ACT_FROM), None))
    years = [int(year) for year in annual["year"].values]
    names, parts = [], []
    for name in made.outcomes:
        array = annual[name].isel(member=0)
        over = system.variables[name].over
        for element in ("",) if over is None else over.elements:
            part = array if over is None else array.sel({over.name: element})
            parts.append(part.transpose("year", "point").values)
            names += [(name, element, year) for year in years]
    return screening.Outputs(tuple(names), np.concatenate(parts).astype(float))


def save_sensitivity(
    found: Sensitivity, folder: Path, system: System, *, facts: Mapping[str, Any] | None = None
) -> Path:
    """Write a study as a run folder: plan, a CSV a method, notes, figures; its path."""
    from pujiang.results.figures.sensitivity import write_sensitivity_figures

    with run_folder.building(folder) as partial:
        for name, text in plan_files(found.plan).items():
            (partial / name).write_text(text, encoding="utf-8", newline="\n")
        for method in METHODS:
            made = getattr(found, method)
            if made is not None:
                made.to_csv(partial / f"{method}.csv", index=False, float_format="%.10g", lineterminator="\n")
        (partial / "notes.txt").write_text("\n".join(found.notes) + "\n", encoding="utf-8", newline="\n")
        if found.plan.reference.output.figures:
            language = found.plan.reference.output.lang
            write_sensitivity_figures(
                partial / "figures", found.tornado, found.morris, found.sobol, system.presentation, language
            )
        known = {"kind": "sensitivity", "model_hash": system.hash, "axes": [axis.key for axis in found.plan.axes]}
        return run_folder.finish(partial, {**known, **(facts or {})})


def unfinished(made: Plan, system: System, folder: Path) -> list[Path]:
    """Sweeps below `folder` that are the same as this one and were interrupted."""
    if not any(folder.glob("*.partial")):
        return []
    run, facts = _prepared(made, system)
    return sweep_store.interrupted(folder, sweep_folder.identity_of(run, plan_files(made), str(facts["data_hash"])))


def plan_of_words(words: Sequence[str], system: System, config_dir: str | os.PathLike[str] | None = None) -> Plan:
    """The plan the words of a command line ask for."""
    return checked_plan(parse_sweep(words), system, parameter_bounds(system), config_dir)


def plan_of_folder(folder: Path, system: System) -> Plan:
    """The plan of a sweep that was finished or interrupted."""
    return read_plan(folder, system, parameter_bounds(system))


def _prepared(made: Plan, system: System) -> tuple[Runner, dict[str, Any]]:
    config = made.reference
    evidence = evidence_of(config.evidence)
    fit = fit_of(config.fit, system)
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
