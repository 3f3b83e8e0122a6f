"""A sweep as a run folder: simulated block by block, resumed where it was interrupted, finished whole."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.engine import dataset
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.sweep import Block, Case, Plan, blocks, points_of
from pujiang.experiment.sweep_runs import Results, Runner, certify_points, simulate_points
from pujiang.labelled import Dataset, dataset_in_xarray
from pujiang.results import run_folder, sweep_store
from pujiang.results.netcdf import read_netcdf, write_netcdf
from pujiang.results.record import to_json
from pujiang.results.sweep_points import MOST_POINTS, best_csv

if TYPE_CHECKING:
    import xarray as xr

BlockProgress = Callable[[int, int], None]
"""Called with the number of blocks done and of all blocks, at the start and after each."""


def run_sweep(
    runner: Runner,
    folder: Path,
    files: Mapping[str, str],
    facts: Mapping[str, Any],
    *,
    resume: Path | None = None,
    progress: BlockProgress = lambda done, of: None,
) -> Path:
    """Run a sweep into a run folder; its path.

    Args:
        folder: where the run folder goes; ignored where a sweep is resumed.
        files: config.yaml and what else says what was swept, by name.
        facts: what the manifest shall say beside what follows from the plan (argv, data_hash, ...).
        resume: the `<id>.partial` of a sweep that was interrupted.

    Raises:
        InputError: where the folder cannot be written, or the sweep to resume is another or is being run.
    """
    plan, system = runner.plan, runner.system
    identity = identity_of(runner, files, str(facts.get("data_hash", "")))
    if resume is not None and sweep_store.is_whole(resume):
        run_folder.refuse_damaged(resume)
        with sweep_store.locked(resume):
            return run_folder.settle(resume)
    with _partial(folder, resume, identity) as partial, sweep_store.locked(partial):
        sweep_store.clear_drafts(partial)
        if not sweep_store.can_be_resumed(partial):
            for name, text in files.items():
                (partial / name).write_text(text, encoding="utf-8", newline="\n")
            reference = reference_of(runner)
            write_netcdf(partial / sweep_store.REFERENCE, reference)
            sweep_store.create(partial, plan, system, reference)
            sweep_store.write_identity(partial, identity)
        store = sweep_store.Store(partial, plan, system)
        find, made, done = points_of(plan), sweep_store.cube_layout(plan), store.done()
        progress(len(done), made.blocks)
        for number, block in enumerate(blocks(plan, made.block)):
            if number not in done:
                store.write(number, block, simulate_points(runner, find(block)))
                done.add(number)
                progress(len(done), made.blocks)
        spans = store.spans()
        bad = [name for name, (low, high) in spans.items() if not np.isfinite([low, high]).all()]
        certificate = certify_points(runner, bad, store.lowest())
        _write(partial / "certificate.json", to_json(certificate))
        _write(partial / "summary.csv", sweep_summary_csv(runner, spans, partial))
        _findings(partial, plan)
        return run_folder.finish(partial, {**_facts(plan, system, certificate, files), **facts})


def _findings(partial: Path, plan: Plan) -> None:
    """Put what a sweep found into its folder: best.csv, and a figure."""
    if plan.points * len(plan.cases) > MOST_POINTS:
        return
    annual = sweep_store.read_sweep(partial)["/annual"]
    _write(partial / "best.csv", best_csv(annual, plan))
    if plan.reference.output.figures:
        from pujiang.results.figures.sweep import write_sweep_figure

        write_sweep_figure(partial / "figures", annual, plan, plan.reference.output.lang)


def identity_of(runner: Runner, files: Mapping[str, str], data_hash: str) -> dict[str, str]:
    """What must be the same for a sweep to be resumed: each part by name, as a checksum."""

    def checksum(content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    return {
        "the configuration": checksum(to_json(files).encode()),
        "the model": runner.system.hash,
        "the evidence": data_hash,
        "the members": checksum(np.ascontiguousarray(runner.parameters).tobytes()),
        "the size of blocks": checksum(str(sweep_store.cube_layout(runner.plan)).encode()),
        "the engine": runner.engine.__module__,
    }


def collect_sweep(runner: Runner, progress: BlockProgress = lambda done, of: None) -> "xr.DataTree":
    """A sweep in memory: /annual, the cube, and /reference, the scenarios without axes."""
    import xarray as xr

    plan, reference = runner.plan, reference_of(runner)
    made, lowest = sweep_store.cube_layout(plan), []
    bad: set[str] = set()

    def found() -> Iterator[tuple[Block, Results]]:
        find = points_of(plan)
        progress(0, made.blocks)
        for number, block in enumerate(blocks(plan, made.block), 1):
            results = simulate_points(runner, find(block))
            lowest.append(results.lowest)
            bad.update(name for name, values in results.outcomes.items() if not np.isfinite(values).all())
            yield block, results
            progress(number, made.blocks)

    annual = sweep_store.in_memory(plan, runner.system, reference, found())
    certificate = certify_points(runner, sorted(bad), np.min(lowest, axis=0))
    tree = xr.DataTree.from_dict({"/annual": annual, "/reference": dataset_in_xarray(reference)})
    tree.attrs = {"model_hash": runner.system.hash, "certificate": to_json(certificate)}
    return tree


def reference_of(runner: Runner) -> Dataset:
    """The annual outcomes (scenario, member, year) of the baseline and of the scenarios without axes."""
    plan, system = runner.plan, runner.system
    names = [scenario.name for scenario in plan.reference.scenarios]
    alone = replace(plan, axes=(), cases=tuple(Case(i, {}) for i in range(len(names))), outcomes=system.outcomes)
    results = simulate_points(replace(runner, plan=alone), np.empty((0, 1)))
    values = {name: np.moveaxis(part, -1, 0).reshape(part.shape[-1], -1) for name, part in results.outcomes.items()}
    return dataset.annual(system, values, names, plan.members, runner.simulation.years)


def sweep_summary_csv(runner: Runner, spans: Mapping[str, tuple[Any, Any]], partial: Path) -> str:
    """outcome, element, year: the baseline's central value, and the lowest and highest of all runs."""
    baseline = read_netcdf(partial / sweep_store.REFERENCE).isel(scenario=0, member=0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("outcome", "element", "year", "unit", "baseline", "lowest", "highest"))
    for scalar, (low, high) in spans.items():
        name, _, element = scalar.partition(".")
        array = baseline[name]
        if element:
            array = array.sel({str(array.dims[-1]): element})
        unit = baseline[name].attrs.get("units", "")
        for year, base, least, most in zip(baseline["year"].values, array.values, low, high, strict=True):
            writer.writerow((name, element, year, unit, f"{base:.10g}", f"{least:.10g}", f"{most:.10g}"))
    return text.getvalue()


@contextmanager
def _partial(folder: Path, resume: Path | None, identity: Mapping[str, str]) -> Iterator[Path]:
    """A new folder under construction, or one to resume; what has finished blocks is never removed."""
    if resume is None:
        with run_folder.building(folder, keep=sweep_store.can_be_resumed) as partial:
            yield partial
        return
    if not resume.is_dir():
        raise InputError(f"no unfinished sweep '{resume}': allowed is a folder whose name ends in .partial")
    sweep_store.check_identity(resume, identity)
    with run_folder.one_line(resume.parent):
        yield resume


def _facts(plan: Plan, system: System, certificate: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": "sweep",
        "config_hash": hashlib.sha256(to_json(files).encode()).hexdigest(),
        "certificate_passed": bool(certificate["passed"]),
        "scenarios": list(dict(plan.choices)["scenario"]),
        "members": plan.members,
        "points": plan.points,
        "axes": [axis.key for axis in plan.axes],
        "model_hash": system.hash,
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
