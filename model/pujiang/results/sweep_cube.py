"""The cube of a sweep as xarray's: read where it lies, or filled in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.axes import coordinate_facts
from pujiang.experiment.sweep import POINT, Block, Plan, grid_values, points_of
from pujiang.experiment.sweep_runs import Results
from pujiang.labelled import Dataset, dataset_in_xarray
from pujiang.reading import damaged
from pujiang.results.netcdf import read_netcdf
from pujiang.results.places import options_of
from pujiang.results.sweep_layout import cube, cube_layout
from pujiang.results.sweep_store import QUANTILES, REFERENCE, STORE, opened

if TYPE_CHECKING:
    import xarray as xr


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
    for name, array in opened(home, mode="r").arrays():
        found = sum(1 for file in (home / STORE / name / "c").rglob("*") if file.is_file())
        if array.ndim > 1 and found < array.nchunks:
            raise InputError(f"'{home / STORE / name}' is damaged: it has {found} of its {array.nchunks} chunks")


def in_memory(plan: Plan, system: System, reference: Dataset, found: Iterator[tuple[Block, Results]]) -> "xr.Dataset":
    """The cube of a sweep, from blocks as they come."""
    import xarray as xr

    made = cube_layout(plan)
    arrays: dict[str, NDArray[Any]] = {}
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
