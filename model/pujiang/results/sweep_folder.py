"""A sweep as a run folder: simulated block by block, resumed where it was interrupted, finished whole."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.engine import dataset
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.sweep import Block, Case, Plan, blocks
from pujiang.experiment.sweep_runs import Results, Runner, certify_points, simulate_points
from pujiang.labelled import Dataset, dataset_in_xarray, from_xarray
from pujiang.results import run_folder, sweep_store, unfinished_sweep
from pujiang.results.locks import locked
from pujiang.results.netcdf import read_netcdf, write_netcdf
from pujiang.results.places import at_url, fetch_run, is_url, one_line_of, patiently, remove, send
from pujiang.results.record import MANIFEST, UNFINISHED, file_names, to_json
from pujiang.results.sweep_cube import in_memory, read_cube
from pujiang.results.sweep_layout import blocks_in_part, cube_layout, parts
from pujiang.results.sweep_points import MOST_POINTS, best_csv
from pujiang.results.sweep_reduced import goals_csv, quantiles_csv, reduced

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

BlockProgress = Callable[[int, int], None]
"""Called with the number of blocks done and of all blocks, at the start and after each."""

PARTS_OF_TASK = 8
"""Parts a worker writes in one task, at most: a task costs client and scheduler some milliseconds."""


def run_sweep(
    runner: Runner,
    folder: Path | str,
    files: Mapping[str, str],
    facts: Mapping[str, Any],
    *,
    resume: Path | None = None,
    progress: BlockProgress = lambda done, of: None,
    begun: Callable[[Path], None] = lambda home: None,
    on: "Client | None" = None,
) -> Path:
    """Run a sweep into a run folder; its path.

    Args:
        folder: where the run folder goes, on this disk or a URL; ignored where a sweep is resumed.
        files: config.yaml and what else says what was swept, by name.
        facts: what the manifest shall say beside what follows from the plan (argv, data_hash, ...).
        resume: a sweep that was interrupted, `<id>.partial`, or in a store of objects its folder.
        begun: called with what would have to be resumed, before the first block is run.
        on: the workers that run it, which must see the folder too; by default this process does.

    Raises:
        InputError: where the folder cannot be written, or the sweep to resume is another or is being run.
    """
    plan, system = runner.plan, runner.system
    identity = identity_of(runner, files, str(facts.get("data_hash", "")))
    if resume is not None and not is_url(resume) and unfinished_sweep.is_whole(resume):
        run_folder.refuse_damaged(resume)
        with locked(resume):
            return run_folder.settle(resume)
    place = _elsewhere if is_url(resume or folder) else _partial
    with place(folder, resume, identity) as (partial, home), locked(home):
        unfinished_sweep.clear_drafts(home)
        if not unfinished_sweep.can_be_resumed(home):
            for name, text in files.items():
                (partial / name).write_text(text, encoding="utf-8", newline="\n")
            reference = reference_of(runner)
            write_netcdf(partial / sweep_store.REFERENCE, reference)
            if partial != home:
                send(partial, home, [*files, sweep_store.REFERENCE])
            if plan.keep != "quantiles":
                patiently(lambda: sweep_store.create(home, plan, system, reference))
            unfinished_sweep.write_identity(home, identity)
        begun(home)
        store = sweep_store.Store(home, plan, system)
        _run_parts(runner, store, home, progress, on)
        total = store.total()
        bad = [name for name, (low, high) in total.spans.items() if not np.isfinite([low, high]).all()]
        certificate = certify_points(runner, bad, total.lowest)
        _write(partial / "certificate.json", to_json(certificate))
        _write(partial / "summary.csv", sweep_summary_csv(runner, total.spans, partial))
        if total.reduction is not None:
            reference = read_netcdf(partial / sweep_store.REFERENCE)
            made = reduced(plan, system, total.reduction, dataset_in_xarray(reference))
            write_netcdf(partial / sweep_store.QUANTILES, from_xarray(made))
            _write(partial / "quantiles.csv", quantiles_csv(plan, made))
            _write(partial / "goals.csv", goals_csv(plan, total.reduction))
        _findings(partial, home, plan)
        known = {**_facts(plan, system, certificate, files), **_computed_on(total.processors), **facts}
        if partial == home:
            return run_folder.finish(partial, known)
        run = run_folder.finish(partial, known, sweep_store.checksums(home, total.files))
        send(run, home, [*file_names(run), MANIFEST])  # what says that it is whole comes last
        remove(home / UNFINISHED)
        return home


def _run_parts(
    runner: Runner, store: sweep_store.Store, home: Path, progress: BlockProgress, on: "Client | None"
) -> None:
    """Write the parts that are not written yet, here or on workers."""
    plan = runner.plan
    done, each, blocks = store.done(), blocks_in_part(plan), cube_layout(plan).blocks
    todo = [number for number in range(parts(plan)) if number not in done]

    def tell(more: Iterable[int]) -> None:
        done.update(more)
        store.fold()
        progress(min(len(done) * each, blocks), blocks)

    tell(())
    if on is None:
        for number in todo:
            store.write(number, runner)
            tell((number,))
        return
    from pujiang.experiment.cluster import each as on_workers
    from pujiang.experiment.cluster import on_one_thread, threads_of

    many = 1 if plan.keep != "all" else max(1, min(PARTS_OF_TASK, len(todo) // (4 * threads_of(on))))
    work = _Work(on_one_thread(runner), home if is_url(home) else home.absolute())
    for numbers, _ in on_workers(on, _written, work, _in_stretches(todo, many)):
        tell(numbers)


@dataclass(frozen=True)
class _Work:
    """What the tasks of a sweep share; `store` is opened by each worker."""

    run: Runner
    home: Path

    @cached_property
    def store(self) -> sweep_store.Store:
        if not (self.home / unfinished_sweep.IDENTITY).is_file():
            raise InputError(
                f"cluster: a worker does not see '{self.home}'; it needs a folder that all machines share, or a URL"
            )
        return sweep_store.Store(self.home, self.run.plan, self.run.system)

    def __getstate__(self) -> dict[str, Any]:
        return {"run": self.run, "home": self.home}


def _in_stretches(numbers: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    rest = iter(numbers)
    while stretch := tuple(islice(rest, size)):
        yield stretch


def _written(work: _Work, numbers: Sequence[int]) -> None:
    """Write some parts, on a worker; what stores say of a fault cannot always be sent, a line can."""
    with one_line_of(work.home):
        for number in numbers:
            work.store.write(number, work.run)


def _computed_on(processors: Sequence[str]) -> dict[str, Any]:
    """What the manifest says of the processors: bits are those of one kind, others agree to rounding."""
    found: dict[str, Any] = {"processors": list(processors)}
    if len(processors) > 1:
        found["processors_note"] = "computed on several kinds of processor: equal to rounding, not to the bit"
    return found


def _findings(partial: Path, home: Path, plan: Plan) -> None:
    """Put what a sweep found into its folder: best.csv, and a figure."""
    if plan.points * len(plan.cases) > MOST_POINTS or plan.keep == "quantiles":
        return
    annual = read_cube(home)
    _write(partial / "best.csv", best_csv(annual, plan))
    if plan.reference.output.figures:
        from pujiang.results.figures.sweep import write_sweep_figure

        write_sweep_figure(partial / "figures", annual, plan, plan.reference.output.lang)


def identity_of(runner: Runner, files: Mapping[str, str], data_hash: str) -> dict[str, str]:
    """What must be the same for a sweep to be resumed: each part by name, as a checksum."""

    plan = runner.plan

    def checksum(content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    return {
        "the configuration": checksum(to_json(files).encode()),
        "the model": runner.system.hash,
        "the evidence": data_hash,
        "the members": checksum(np.ascontiguousarray(runner.parameters).tobytes()),
        "the size of blocks": checksum(f"{cube_layout(plan)} {blocks_in_part(plan)}".encode()),
        "the engine": runner.engine.__module__,
    }


def collect_sweep(runner: Runner, progress: BlockProgress = lambda done, of: None) -> "xr.DataTree":
    """A sweep in memory: /annual, the cube, and /reference, the scenarios without axes."""
    import xarray as xr

    plan, reference = runner.plan, reference_of(runner)
    made, lowest = cube_layout(plan), []
    bad: set[str] = set()

    def found() -> Iterator[tuple[Block, Results]]:
        progress(0, made.blocks)
        for number, (block, results) in enumerate(runner.simulate(runner, blocks(plan, made.block)), 1):
            lowest.append(results.lowest)
            bad.update(name for name, values in results.outcomes.items() if not np.isfinite(values).all())
            yield block, results
            progress(number, made.blocks)

    annual = in_memory(plan, runner.system, reference, found())
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
def _partial(folder: Path | str, resume: Path | None, identity: Mapping[str, str]) -> Iterator[tuple[Path, Path]]:
    """A new folder under construction, or one to resume; what has finished blocks is never removed.

    Twice: where the files are made, and where blocks and notes go.
    """
    if resume is None:
        with run_folder.building(Path(folder), keep=unfinished_sweep.can_be_resumed) as partial:
            yield partial, partial
        return
    if not resume.is_dir():
        raise InputError(f"no unfinished sweep '{resume}': allowed is a folder whose name ends in .partial")
    unfinished_sweep.check_identity(resume, identity)
    with run_folder.one_line(resume.parent):
        yield resume, resume


@contextmanager
def _elsewhere(folder: Path | str, resume: Path | None, identity: Mapping[str, str]) -> Iterator[tuple[Path, Path]]:
    """The same in a store of objects: nothing is renamed there, so a sweep has its name from the start, and is whole
    when it has its manifest. Files are made on this disk; blocks and notes go there at once."""
    with TemporaryDirectory() as here, run_folder.building(Path(here)) as partial:
        home = at_url(str(folder)) / partial.stem if resume is None else resume
        with one_line_of(home):
            if resume is not None:
                unfinished_sweep.check_identity(home, identity)
                partial = partial.rename(partial.with_name(f"{home.name}{run_folder.PARTIAL}"))
                fetch_run(partial, home)
            try:
                yield partial, home
            finally:
                if not unfinished_sweep.can_be_resumed(home):
                    remove(home)


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
