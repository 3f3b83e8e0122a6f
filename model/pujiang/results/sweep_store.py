"""A sweep on disk: a Zarr store filled block by block, that can be interrupted and resumed.

Each block is one chunk of every outcome, written once. A file of its own, put in place after the chunks are
there, says that a part, a few blocks, is done; what was being written when a sweep was killed is written again.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment import reduction
from pujiang.experiment.axes import coordinate_facts
from pujiang.experiment.sweep import POINT, Block, Plan, block_of, chunk_shape, grid_values, points_of
from pujiang.experiment.sweep_runs import Results, Runner
from pujiang.labelled import Dataset, dataset_in_xarray
from pujiang.reading import damaged
from pujiang.results.netcdf import read_netcdf
from pujiang.results.places import is_url, options_of, patiently, put
from pujiang.results.record import MANIFEST, UNFINISHED, to_json
from pujiang.results.sweep_notes import Note, Notes, is_begun
from pujiang.results.sweep_notes import clear_drafts as clear_notes

if TYPE_CHECKING:
    import xarray as xr

STORE = "annual.zarr"
REFERENCE = "reference.nc"
IDENTITY = f"{UNFINISHED}/identity.json"
LOCK = f"{UNFINISHED}/lock"
QUANTILES = "quantiles.nc"
COORDINATE_CHUNK = 131_072

PARTS = 256
"""Parts of a sweep whose runs are reduced, at least, as far as there are blocks: enough for many workers."""
BLOCKS_IN_PART = 64
"""Blocks that are reduced together, at most."""

Array = NDArray[Any]


@dataclass(frozen=True)
class CubeLayout:
    """The cube of a sweep: every dimension's length, and the size of a block in those the points lie in."""

    sizes: Mapping[str, int]
    block: tuple[int, ...]

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        points = [self.sizes[name] for name in self._between]
        return math.prod(-(-size // length) for size, length in zip(points, self.block, strict=True))

    @property
    def _between(self) -> list[str]:
        names = [name for name in self.sizes if name not in ("member", "year")]
        return names[len(names) - len(self.block) :]


def cube_layout(plan: Plan) -> CubeLayout:
    """How a plan's results lie in the store."""
    years = plan.reference.simulation
    sizes = {
        **{name: len(values) for name, values in plan.choices},
        **plan.sizes,
        "member": plan.members,
        "year": 1 if plan.keep == "outcomes" else years.last_year - years.first_year + 1,
    }
    block = chunk_shape(list(plan.sizes.values()), len(plan.cases) * plan.members)
    return CubeLayout(sizes, tuple(block))


def blocks_in_part(plan: Plan) -> int:
    """How many blocks are noted at once: one chunk, or some that are reduced; it depends on nothing but the plan."""
    return 1 if plan.keep == "all" else min(max(1, cube_layout(plan).blocks // PARTS), BLOCKS_IN_PART)


def parts(plan: Plan) -> int:
    """Number of parts."""
    return -(-cube_layout(plan).blocks // blocks_in_part(plan))


def size_in_bytes(plan: Plan, system: System) -> int:
    """Bytes the outcomes take before they are compressed."""
    if plan.keep == "quantiles":
        return 0
    scalars = sum(len(system.scalar_names(name)) for name in plan.outcomes)
    return plan.runs * cube_layout(plan).sizes["year"] * scalars * np.dtype(plan.precision).itemsize


def create(folder: Path, plan: Plan, system: System, reference: Dataset) -> None:
    """Make the empty store: arrays of the outcomes, and the coordinates filled.

    `reference`: the annual outcomes of the scenarios without axes, whose facts the outcomes share.
    """
    made = cube_layout(plan)
    group = _opened(folder, mode="w", attributes=system.presentation.attributes())
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


def _opened(folder: Path, mode: Any, **more: Any) -> Any:
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


def cube(plan: Plan, system: System, name: str, results: Results, block: Block) -> Array:
    """One outcome of a block, in the dimensions of the store."""
    kept = slice(-1 if plan.keep == "outcomes" else 0, None)
    parts = [results.outcomes[scalar][..., kept] for scalar in system.scalar_names(name)]
    choices = [len(values) for _, values in plan.choices]
    shape = (*choices, *(part.stop - part.start for part in block), *parts[0].shape[2:])
    shaped = [part.reshape(shape) for part in parts]
    return shaped[0] if system.variables[name].over is None else np.stack(shaped, axis=-1)


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
                self._group = _opened(home, mode="r+")
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


# --- resuming -----------------------------------------------------------------------------------------------


def can_be_resumed(partial: Path) -> bool:
    """Whether an interrupted sweep has finished blocks, or lacks nothing but its name."""
    return is_whole(partial) or is_begun(partial)


def is_whole(partial: Path) -> bool:
    """Whether a sweep was interrupted after its last file, the manifest, was written."""
    return (partial / MANIFEST).is_file()


def interrupted(folder: Path, identity: Mapping[str, str]) -> list[Path]:
    """Interrupted sweeps below `folder` that are the same as this one and nobody is working on."""
    found = []
    for path in sorted(folder.glob("*.partial")) if folder.is_dir() else ():
        try:
            same = _identity(path) == identity
        except InputError:
            continue
        if same and can_be_resumed(path) and not _is_locked(path):
            found.append(path)
    return found


def _identity(home: Path) -> dict[str, Any]:
    with damaged(f"'{home / IDENTITY}' cannot be read"):
        found = json.loads((home / IDENTITY).read_bytes())
        return dict(found)


def check_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Refuse to resume a sweep that model, data, fit or engine have moved away from.

    Raises:
        InputError: naming what is different.
    """
    try:
        was = _identity(partial)
    except InputError as error:
        raise InputError(f"'{partial}' cannot be resumed: it has no readable {IDENTITY}: {error}") from error
    different = [name for name in identity if was.get(name) != identity[name]]
    if different:
        raise InputError(
            f"'{partial}' cannot be resumed: other than when it was started are {', '.join(different)}; start it anew"
        )


def clear_drafts(partial: Path) -> None:
    """Remove what a killed sweep was in the middle of writing."""
    clear_notes(partial)
    if not is_url(partial):  # a store of objects has nothing that is half there
        for draft in (partial / STORE).rglob("*.partial"):
            draft.unlink()


def write_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Note what the sweep depends on."""
    put(partial / IDENTITY, to_json(identity).encode())


@contextmanager
def locked(partial: Path) -> Iterator[None]:
    """Keep others from working on the same sweep; a process that dies lets go.

    Raises:
        InputError: if somebody works on it.
    """
    (partial / UNFINISHED).mkdir(exist_ok=True, parents=True)
    if is_url(partial):  # no such locks there: two on one sweep write the same bytes twice
        yield
        return
    file = (partial / LOCK).open("w")
    try:
        if not _lock(file):
            raise InputError(f"'{partial}': another process is working on this sweep")
        yield
    finally:
        file.close()


def _is_locked(partial: Path) -> bool:
    with (partial / LOCK).open("a") as file:
        return not _lock(file)


def _lock(file: Any) -> bool:
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: two processes on one sweep are then the user's to avoid
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- reading ------------------------------------------------------------------------------------------------


def read_sweep(path: Path, home: Path | None = None) -> "dict[str, xr.Dataset]":
    """The sweep in a run folder: /annual, the cube, read where it lies and when it is used; /quantiles, what its runs
    come to; and /reference, in memory. Of the first two a sweep has what it keeps.

    `home`: where the cube lies, where that is elsewhere.
    """
    home = path if home is None else home
    found = {"/reference": dataset_in_xarray(read_netcdf(path / REFERENCE))}
    if (path / QUANTILES).is_file():
        found["/quantiles"] = dataset_in_xarray(read_netcdf(path / QUANTILES))
    if (home / STORE / "zarr.json").is_file():
        found["/annual"] = read_cube(home)
    return found


def read_cube(home: Path) -> "xr.Dataset":
    """The cube of a sweep, read where it lies and when it is used."""
    import xarray as xr

    with damaged(f"'{home / STORE}' is damaged"):
        annual: xr.Dataset = xr.open_zarr(
            str(home / STORE), consolidated=False, chunks=None, decode_times=False, storage_options=options_of(home)
        )
        points = [str(name) for name, values in annual.data_vars.items() if values.attrs.pop("coordinate", False)]
        annual = annual.set_coords(points)
        text = [name for name in annual.coords if annual[name].dtype.kind not in "fiu"]
        annual = annual.assign_coords({name: [str(word) for word in annual[name].values] for name in text})
        _refuse_missing_chunks(home)
    return annual


def _refuse_missing_chunks(home: Path) -> None:
    """Raise InputError where a chunk of an outcome is not there: it would be read as if it had no numbers."""
    for name, array in _opened(home, mode="r").arrays():
        found = sum(1 for file in (home / STORE / name / "c").rglob("*") if file.is_file())
        if array.ndim > 1 and found < array.nchunks:
            raise InputError(f"'{home / STORE / name}' is damaged: it has {found} of its {array.nchunks} chunks")


def in_memory(plan: Plan, system: System, reference: Dataset, found: Iterator[tuple[Block, Results]]) -> "xr.Dataset":
    """The cube of a sweep, from blocks as they come."""
    import xarray as xr

    made = cube_layout(plan)
    arrays: dict[str, Array] = {}
    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {name: list(values) for name, values in plan.choices}
    for name in plan.outcomes:
        over = system.variables[name].over
        extra = {} if over is None else {over.name: len(over.elements)}
        arrays[name] = np.full([*made.sizes.values(), *extra.values()], np.nan, dtype=plan.precision)
        data[name] = ((*made.sizes, *extra), arrays[name], dict(reference[name].attrs))
        coordinates |= {} if over is None else {over.name: list(over.elements)}
    for block, results in found:
        where = (*(slice(None) for _ in plan.choices), *block)
        for name, array in arrays.items():
            array[where] = cube(plan, system, name, results, block)
    years = plan.reference.simulation
    coordinates |= {"member": np.arange(plan.members), "year": np.arange(years.first_year, years.last_year + 1)}
    whole: Any = (
        [grid_values(axis) for axis in plan.axes] if plan.is_grid else points_of(plan)((slice(0, plan.points),))
    )
    for axis, values in zip(plan.axes, whole, strict=True):
        dims = axis.name if plan.is_grid else POINT
        coordinates[axis.name] = (dims, np.asarray(values), coordinate_facts(system, axis))
    return xr.Dataset(data, coordinates, system.presentation.attributes())
