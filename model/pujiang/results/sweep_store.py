"""A sweep on disk: a Zarr store filled block by block, that can be interrupted and resumed.

Each block is one chunk of every outcome, written once. A file of its own, renamed into place after the
chunks are there, says that a block is done; what was being written when a sweep was killed is written again.
"""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from pujiang.annotations import check
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.axes import coordinate_facts
from pujiang.experiment.sweep import POINT, Block, Plan, chunk_shape, grid_values, points_of
from pujiang.experiment.sweep_runs import Results
from pujiang.labelled import Dataset, dataset_in_xarray
from pujiang.reading import damaged, read_json
from pujiang.results.netcdf import read_netcdf
from pujiang.results.record import MANIFEST, UNFINISHED, to_json

if TYPE_CHECKING:
    import xarray as xr

STORE = "annual.zarr"
REFERENCE = "reference.nc"
DONE = f"{UNFINISHED}/blocks"
IDENTITY = f"{UNFINISHED}/identity.json"
LOCK = f"{UNFINISHED}/lock"
COORDINATE_CHUNK = 131_072

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
        "year": years.last_year - years.first_year + 1,
    }
    block = chunk_shape(list(plan.sizes.values()), len(plan.cases) * plan.members)
    return CubeLayout(sizes, tuple(block))


def size_in_bytes(plan: Plan, system: System) -> int:
    """Bytes the outcomes take before they are compressed."""
    scalars = sum(len(system.scalar_names(name)) for name in plan.outcomes)
    return plan.runs * cube_layout(plan).sizes["year"] * scalars * np.dtype(plan.precision).itemsize


def create(folder: Path, plan: Plan, system: System, reference: Dataset) -> None:
    """Make the empty store: arrays of the outcomes, and the coordinates filled.

    `reference`: the annual outcomes of the scenarios without axes, whose facts the outcomes share.
    """
    import zarr

    made = cube_layout(plan)
    group = zarr.open_group(folder / STORE, mode="w", zarr_format=3, attributes=system.presentation.attributes())
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
    _coordinate(group, "year", np.arange(years.first_year, years.last_year + 1), {})
    _axes(group, plan, system)


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
    parts = [results.outcomes[scalar] for scalar in system.scalar_names(name)]
    choices = [len(values) for _, values in plan.choices]
    shape = (*choices, *(part.stop - part.start for part in block), *parts[0].shape[2:])
    shaped = [part.reshape(shape) for part in parts]
    return shaped[0] if system.variables[name].over is None else np.stack(shaped, axis=-1)


class Store:
    """An open store blocks are written to."""

    def __init__(self, folder: Path, plan: Plan, system: System) -> None:
        import zarr

        self._folder, self._plan, self._system = folder, plan, system
        with damaged(f"'{folder / STORE}' is damaged"):
            self._group: Any = zarr.open_group(folder / STORE, mode="r+", zarr_format=3)
        (folder / DONE).mkdir(parents=True, exist_ok=True)

    def done(self) -> set[int]:
        """The numbers of the blocks that are written."""
        most = cube_layout(self._plan).blocks
        names = list((self._folder / DONE).glob("*.json"))
        for path in names:
            if not path.stem.isdecimal() or int(path.stem) >= most:
                raise InputError(f"'{path}' is damaged: no block of this sweep is called so")
        return {int(path.stem) for path in names}

    def write(self, number: int, block: Block, results: Results) -> None:
        """Write a block, then the note that it is done."""
        plan, system = self._plan, self._system
        where = (*(slice(None) for _ in plan.choices), *block)
        spans = {}
        for name in plan.outcomes:
            values = cube(plan, system, name, results, block)
            self._group[name][where] = values.astype(plan.precision, copy=False)
        for name, values in results.outcomes.items():
            with np.errstate(invalid="ignore"):
                low, high = (pick(values, axis=(0, 1, 2)) for pick in (np.min, np.max))
            spans[name] = {"low": _finite(low), "high": _finite(high)}
        note = {"spans": spans, "lowest": _finite(results.lowest)}
        draft = self._folder / DONE / f"{number:07d}.draft"
        draft.write_text(json.dumps(note), encoding="utf-8")
        draft.replace(draft.with_suffix(".json"))

    def spans(self) -> dict[str, tuple[Array, Array]]:
        """The lowest and highest value of every scalar outcome by year; NaN where any was none."""
        notes = self._notes()
        found = {}
        for name in notes[0]["spans"]:
            low, high = (np.array([note["spans"][name][end] for note in notes], dtype=float) for end in ("low", "high"))
            found[name] = (low.min(axis=0), high.max(axis=0))
        return found

    def lowest(self) -> Array:
        """The lowest value of every state over all blocks."""
        lowest: Array = np.array([note["lowest"] for note in self._notes()], dtype=float).min(axis=0)
        return lowest

    def _notes(self) -> list[dict[str, Any]]:
        paths = sorted((self._folder / DONE).glob("*.json"))
        return [_note(path) for path in paths]


class SpanRecord(TypedDict):
    """Lowest and highest value of an outcome by year; null where one was no number."""

    low: list[float | None]
    high: list[float | None]


class BlockRecord(TypedDict):
    """What is noted of a block that is written."""

    spans: dict[str, SpanRecord]
    lowest: list[float | None]


def _note(path: Path) -> dict[str, Any]:
    found = read_json(path)
    check(found, BlockRecord, f"'{path}' is damaged")
    return found


def _finite(values: Array) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


# --- resuming -----------------------------------------------------------------------------------------------


def can_be_resumed(partial: Path) -> bool:
    """Whether an interrupted sweep has finished blocks, or lacks nothing but its name."""
    return is_whole(partial) or any((partial / DONE).glob("*.json"))


def is_whole(partial: Path) -> bool:
    """Whether a sweep was interrupted after its last file, the manifest, was written."""
    return (partial / MANIFEST).is_file()


def interrupted(folder: Path, identity: Mapping[str, str]) -> list[Path]:
    """Interrupted sweeps below `folder` that are the same as this one and nobody is working on."""
    found = []
    for path in sorted(folder.glob("*.partial")) if folder.is_dir() else ():
        try:
            same = read_json(path / IDENTITY) == identity
        except InputError:
            continue
        if same and can_be_resumed(path) and not _is_locked(path):
            found.append(path)
    return found


def check_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Refuse to resume a sweep that model, data, fit or engine have moved away from.

    Raises:
        InputError: naming what is different.
    """
    try:
        was = read_json(partial / IDENTITY)
    except InputError as error:
        raise InputError(f"'{partial}' cannot be resumed: it has no readable {IDENTITY}: {error}") from error
    different = [name for name in identity if was.get(name) != identity[name]]
    if different:
        raise InputError(
            f"'{partial}' cannot be resumed: other than when it was started are {', '.join(different)}; start it anew"
        )


def clear_drafts(partial: Path) -> None:
    """Remove what a killed sweep was in the middle of writing."""
    for draft in (*(partial / STORE).rglob("*.partial"), *(partial / DONE).glob("*.draft")):
        draft.unlink()


def write_identity(partial: Path, identity: Mapping[str, str]) -> None:
    """Note what the sweep depends on."""
    (partial / IDENTITY).write_text(to_json(identity), encoding="utf-8", newline="\n")


@contextmanager
def locked(partial: Path) -> Iterator[None]:
    """Keep others from working on the same sweep; a process that dies lets go.

    Raises:
        InputError: if somebody works on it.
    """
    (partial / UNFINISHED).mkdir(exist_ok=True)
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


def read_sweep(path: Path) -> "dict[str, xr.Dataset]":
    """The sweep in a run folder: /annual, read from disk where it is used, and /reference, in memory."""
    import xarray as xr

    reference = dataset_in_xarray(read_netcdf(path / REFERENCE))
    with damaged(f"'{path / STORE}' is damaged"):
        annual = xr.open_zarr(path / STORE, consolidated=False, chunks=None, decode_times=False)
        points = [str(name) for name, values in annual.data_vars.items() if values.attrs.pop("coordinate", False)]
        annual = annual.set_coords(points)
        text = [name for name in annual.coords if annual[name].dtype.kind not in "fiu"]
        annual = annual.assign_coords({name: [str(word) for word in annual[name].values] for name in text})
        _refuse_missing_chunks(path / STORE)
    return {"/annual": annual, "/reference": reference}


def _refuse_missing_chunks(store: Path) -> None:
    """Raise InputError where a chunk of an outcome is not there: it would be read as if it had no numbers."""
    import zarr

    for name, array in zarr.open_group(store, mode="r", zarr_format=3).arrays():
        found = sum(1 for file in (store / name / "c").rglob("*") if file.is_file())
        if array.ndim > 1 and found < array.nchunks:
            raise InputError(f"'{store / name}' is damaged: it has {found} of its {array.nchunks} chunks")


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
