"""A sweep on disk: a Zarr store filled block by block, that can be interrupted and resumed.

Each block is one chunk of every outcome, written once. A file of its own, put in place after the chunks are
there, says that a part, a few blocks, is done; what was being written when a sweep was killed is written again.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.system import System
from pujiang.experiment import reduction
from pujiang.experiment.axes import coordinate_facts
from pujiang.experiment.sweep import POINT, Block, Plan, block_of, grid_values, points_of
from pujiang.experiment.sweep_runs import Results, Runner
from pujiang.labelled import Dataset
from pujiang.reading import damaged
from pujiang.results.places import is_url, options_of, patiently
from pujiang.results.sweep_layout import blocks_in_part, cube, cube_layout, parts
from pujiang.results.sweep_notes import Note, Notes

STORE = "annual.zarr"
REFERENCE = "reference.nc"
QUANTILES = "quantiles.nc"
COORDINATE_CHUNK = 131_072

Array = NDArray[Any]


def create(folder: Path, plan: Plan, system: System, reference: Dataset) -> None:
    """Make the empty store: arrays of the outcomes, and the coordinates filled.

    `reference`: the annual outcomes of the scenarios without axes, whose facts the outcomes share.
    """
    made = cube_layout(plan)
    group = opened(folder, mode="w", attributes=system.presentation.attributes())
    choices = len(plan.choices)
    for name in plan.outcomes:
        over = system.variables[name].over
        extra = {} if over is None else {over.name: len(over.elements)}
        sizes = {**made.sizes, **extra}
        points = zip(plan.sizes, made.block, strict=True)
        chunks = {**sizes, **dict(points)}
        group.create_array(
            name,
            shape=tuple(sizes.values()),
            chunks=tuple(chunks.values()),
            dtype=plan.precision,
            dimension_names=tuple(sizes),
            fill_value=np.nan,
            attributes={str(key): value for key, value in reference[name].attrs.items()},
            config={"write_empty_chunks": True},  # so that one that is missing is told from one without numbers
        )
        if over is not None and over.name not in group:
            _coordinate(group, over.name, np.array(over.elements, dtype=object), {})
    for name, values in plan.choices[:choices]:
        _coordinate(group, name, np.array(values, dtype=object), {})
    years = plan.reference.simulation
    _coordinate(group, "member", np.arange(plan.members), {})
    _coordinate(group, "year", np.arange(years.first_year, years.last_year + 1)[-made.sizes["year"] :], {})
    _axes(group, plan, system)


def opened(folder: Path, mode: Any, **more: Any) -> Any:
    """The store below a folder of the disk, or of a store of objects."""
    import zarr

    return zarr.open_group(str(folder / STORE), storage_options=options_of(folder), mode=mode, zarr_format=3, **more)


def _coordinate(group: Any, name: str, values: Array, attributes: Mapping[str, Any]) -> None:
    text = values.dtype == object
    array = group.create_array(
        name,
        shape=values.shape,
        chunks=(max(1, min(len(values), COORDINATE_CHUNK)),),
        dtype=str if text else values.dtype,
        dimension_names=(name,),
        attributes=dict(attributes),
    )
    array[:] = values


def _axes(group: Any, plan: Plan, system: System) -> None:
    facts = {axis.name: coordinate_facts(system, axis) for axis in plan.axes}
    if plan.is_grid:
        for axis in plan.axes:
            _coordinate(group, axis.name, np.array(grid_values(axis)), facts[axis.name])
        return
    count, find = plan.points, points_of(plan)
    arrays = [
        group.create_array(
            axis.name,
            shape=(count,),
            chunks=(min(count, COORDINATE_CHUNK),),
            dtype="float64",
            dimension_names=(POINT,),
            attributes={**facts[axis.name], "coordinate": True},
        )
        for axis in plan.axes
    ]
    for start in range(0, count, COORDINATE_CHUNK):
        part = slice(start, min(start + COORDINATE_CHUNK, count))
        for array, values in zip(arrays, find((part,)), strict=True):
            array[part] = values


def checksums(home: Path, known: Mapping[str, str]) -> dict[str, str]:
    """The checksums of the files of the cube below a folder; of those that are not known they are read."""
    found = {}
    for path in (home / STORE).rglob("*"):
        if path.is_file():
            name = path.relative_to(home).as_posix()
            found[name] = known.get(name) or hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(found.items()))


class Store:
    """An open store parts are written to: the cube, where there is one, and the notes."""

    def __init__(self, home: Path, plan: Plan, system: System) -> None:
        self._home, self._plan, self._system = home, plan, system
        self._group: Any = None
        if plan.keep != "quantiles":
            with damaged(f"'{home / STORE}' is damaged"):
                self._group = opened(home, mode="r+")
        self._notes = Notes(home, parts(plan), None if plan.keep == "all" else self._nothing)

    def _nothing(self) -> reduction.Reduction:
        plan, system = self._plan, self._system
        scalars = [scalar for name in plan.outcomes for scalar in system.scalar_names(name)]
        years = plan.reference.simulation.years.tolist()
        return reduction.empty(scalars, system.presentation.goals, years, len(plan.cases))

    def done(self) -> set[int]:
        """The numbers of the parts that are written."""
        return self._notes.done()

    def write(self, number: int, run: Runner) -> None:
        """Simulate and write a part, then the note that it is done."""
        made, each = cube_layout(self._plan), blocks_in_part(self._plan)
        every = range(number * each, min((number + 1) * each, made.blocks))
        blocks = (block_of(self._plan, made.block, place) for place in every)
        note = Note(np.empty(0), [processor(run)])
        if self._plan.keep != "all":
            note.reduction = self._nothing()
        for block, results in run.simulate(run, blocks):
            if self._group is not None:
                note.files |= self._write_chunks(block, results)
            note.lowest = np.minimum(note.lowest, results.lowest) if note.lowest.size else results.lowest
            if note.reduction is not None:
                note.reduction.add(results.outcomes)
                continue
            for name, values in results.outcomes.items():
                with np.errstate(invalid="ignore"):
                    note.spans[name] = (np.min(values, axis=(0, 1, 2)), np.max(values, axis=(0, 1, 2)))
        self._notes.write(number, note)

    def _write_chunks(self, block: Block, results: Results) -> dict[str, str]:
        """Write a block; the checksums of its files, where these are not on this disk to be read once more."""
        plan, made = self._plan, cube_layout(self._plan)
        where = (*(slice(None) for _ in plan.choices), *block)
        chunk = [0] * len(plan.choices)
        chunk += [part.start // length for part, length in zip(block, made.block, strict=True)]
        found: dict[str, str] = {}
        for name in plan.outcomes:
            array = self._group[name]
            values = cube(plan, self._system, name, results, block).astype(plan.precision, copy=False)
            patiently(partial(array.__setitem__, where, values))
            if is_url(self._home):
                file = "/".join([STORE, name, "c", *map(str, [*chunk, *[0] * (array.ndim - len(chunk))])])
                found[file] = hashlib.sha256(patiently((self._home / file).read_bytes)).hexdigest()
        return found

    def fold(self) -> None:
        """Keep notes few."""
        self._notes.fold()

    def total(self) -> Note:
        """What is noted of all parts: spans are NaN where an outcome was no number."""
        total = self._notes.total()
        if total.reduction is not None:
            whole = total.reduction
            bad = whole.not_finite.any(axis=1)
            low, high = (np.where(bad, np.nan, end) for end in (whole.low.min(axis=1), whole.high.max(axis=1)))
            total.spans = {name: (low[s], high[s]) for s, name in enumerate(whole.scalars)}
        return total


def processor(run: Runner) -> str:
    """What a runner computes on: the same name gives the same bits."""
    from pujiang.engine import kernel
    from pujiang.engine.kernel.compile import this_processor

    if kernel.unavailable() is not None:
        return "reference engine"
    found = this_processor()
    return f"{found.name}, {64 * found.width} bit"
