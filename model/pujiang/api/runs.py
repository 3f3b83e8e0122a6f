"""Run scenarios, and write what was run as a run folder."""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError
from pujiang.experiment.scenario import RunConfig
from pujiang.labelled import Tree, in_xarray
from pujiang.results.checked import check_tree
from pujiang.results.record import certificate_of, config_of

if TYPE_CHECKING:
    import xarray as xr

MEMORY = 4_000_000_000
"""Bytes a run's outcomes may take; a sweep goes block by block and has no such limit."""

FACTS = ("model_hash", "data_hash", "fit", "seed")
"""What tells apart two runs of one configuration, and whether their members are the same draws."""
NOTES = ("fit_note",)
"""What a reader of the run must know, where there is something."""


def run(
    model: Loaded,
    /,
    scenario: PathLike | Sequence[PathLike] = "baseline",
    shock: str | None = None,
    levers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    ensemble: int | Mapping[str, Any] | None = None,
    **settings: Any,
) -> "xr.DataTree":
    """Run one scenario or several side by side, with the baseline always first.

    Args:
        scenario: a name or names (see `pujiang list scenarios`).
        shock: a shock laid over each scenario, but for the baseline.
        levers: by name, a number (a step from the first year of policy) or a mapping of from, target, start, end,
            shape, or path.
        parameters: values by name, or by name and element, fixed in every member.
        ensemble: the number of members, or a mapping of size, seed, kind.
        settings: simulation (a mapping), fit, evidence, engine, config_dir.

    Levers, parameters and shock change every scenario named, never the baseline beside it; where the baseline
    alone is named, they make a second scenario, `baseline_changed`.

    Returns:
        `/annual` (scenario, member, year) and `/trajectories` (scenario, time); member 0 is the central one.
        Attributes: the resolved configuration, hashes of model and data, and the certificate (JSON).

    Raises:
        InputError: one line on what is wrong with the input.
    """
    given = {"shock": shock, "levers": levers, "parameters": parameters, "ensemble": ensemble, **settings}
    tree = in_xarray(run_config(model, model.configure(scenario, **given)))
    if "fit_note" in tree.attrs:
        warnings.warn(tree.attrs["fit_note"], stacklevel=2)
    return tree


def outcomes(
    model: Loaded,
    /,
    scenario: PathLike | Sequence[PathLike] = "baseline",
    shock: str | None = None,
    levers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    ensemble: int | Mapping[str, Any] | None = 0,
    **settings: Any,
) -> "xr.Dataset":
    """The annual outcomes of `run`, for a caller that makes thousands of experiments one at a time.

    The numbers are those of `run(...)["annual"]` to the last bit, in about a third of the time: there are no
    trajectories and no certificate, so what comes of a search should be run once more.

    Args:
        scenario, shock, levers, parameters, settings: as for `run`.
        ensemble: as for `run`; by default the central member alone.

    Returns:
        Every reported outcome (scenario, member, year[, element]).

    Raises:
        InputError: one line on what is wrong with the input.
    """
    from pujiang.experiment.run import run_outcomes

    given = {"shock": shock, "levers": levers, "parameters": parameters, "ensemble": ensemble, **settings}
    config = model.configure(scenario, **given)
    refuse_too_large(model, config)
    return run_outcomes(config, model.system, model.evidence(config.evidence), model.fit(config.fit))


def run_config(model: Loaded, config: RunConfig) -> Tree:
    """Run a configuration; the result as for `run`, in our own arrays."""
    from pujiang.experiment.run import run_scenarios

    refuse_too_large(model, config)
    evidence, fit = model.evidence(config.evidence), model.fit(config.fit)
    tree = run_scenarios(config, model.system, evidence, fit, model.discrepancy)
    note = model.told_fit(config.fit, config.evidence)
    if note:
        tree.attrs["fit_note"] = note
    tree.attrs.update(
        config=config.as_yaml(),
        data_hash=evidence.sha256,
        fit=f"{config.ensemble.kind} {fit.hash}",
        seed=config.ensemble.seed,
        certificate_passed=bool(json.loads(tree.attrs["certificate"])["passed"]),
    )
    return tree


def save(model: Loaded, /, tree: "xr.DataTree", folder: PathLike = "runs", *, figures: bool = True) -> Path:
    """Write what `run` returned as a run folder below `folder`; its path.

    Raises:
        InputError: if the folder cannot be written, or the tree does not come from `run`.
    """
    from pujiang.results import run_folder

    if not {"config", "certificate", *FACTS} <= tree.attrs.keys():
        raise InputError("save: the tree has no configuration among its attributes; it must come from pujiang.run")
    check_tree(tree, "save: the tree")
    if "trajectories" not in tree.children:
        raise InputError("save: the tree has no /trajectories; it must come from pujiang.run")
    with run_folder.building(Path(folder)) as partial:
        return finish(model, partial, tree, figures=figures)


def finish(
    model: Loaded,
    partial: Path,
    tree: "Tree | xr.DataTree",
    *,
    figures: bool,
    facts: Mapping[str, Any] | None = None,
    log_lines: Sequence[str] = (),
) -> Path:
    """Put a tree from `run` into a folder under construction and make it a run; its path."""
    from pujiang.results import run_folder

    config_yaml: str = tree.attrs["config"]
    config = config_of(config_yaml, "save: the configuration of the tree")
    certificate = certificate_of(tree.attrs["certificate"], "save: the certificate of the tree")
    run_folder.fill(
        partial,
        tree,
        config_yaml=config_yaml,
        certificate=certificate,
        observations=model.evidence(config["evidence"]).observations,
        figures=figures,
        log_lines=[*log_lines, *(tree.attrs[key] for key in NOTES if key in tree.attrs), *certificate["failures"]],
    )
    ensemble = {key: config["ensemble"][key] for key in ("kind", "size")}
    made_with = {"ensemble": ensemble, "engine": config["engine"], "fit_source": config["fit"]}
    notes = {key: tree.attrs[key] for key in NOTES if key in tree.attrs}
    known = {**{key: tree.attrs[key] for key in FACTS}, **notes, **made_with, **(facts or {})}
    return run_folder.finish(partial, run_folder.run_facts(config_yaml, certificate, known, tree))


def refuse_too_large(model: Loaded, config: RunConfig) -> None:
    """Raise InputError where a run's outcomes would not fit into memory, before time is spent."""
    first, last = config.simulation.first_year, config.simulation.last_year
    outcomes = sum(len(model.system.scalar_names(name)) for name in model.system.outcomes)
    # The kernel's record, the labelled arrays, and what quantiles copy: three of each number at the peak.
    of_member = len(config.scenarios) * (last - first + 1) * outcomes * 8 * 3
    size = config.ensemble.size
    if (size + 1) * of_member > MEMORY:
        raise InputError(
            f"ensemble.size: {size:,} members of {len(config.scenarios)} scenarios need about "
            f"{(size + 1) * of_member / 1e9:.1f} GB; allowed: up to {MEMORY // of_member - 1:,}; "
            "more draws, from the priors and block by block: pujiang sweep design=sobol design.size=N"
        )
