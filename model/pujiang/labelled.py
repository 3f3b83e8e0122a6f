"""Arrays with named dimensions and labels, as results carry them between our own parts.

They are read as xarray's are (`annual["gdp"].sel(year=2030).values`), so that whatever reads results takes either; of
xarray's, only what results need. Importing xarray takes longer than a simulation: it is left to those who ask for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Array:
    """Numbers or words over named dimensions, with what is said of them; labels of its dimensions in `coords`."""

    dims: tuple[str, ...]
    values: NDArray[Any]
    attrs: dict[str, Any] = field(default_factory=dict)
    coords: "Mapping[str, Array]" = field(default_factory=dict)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The kind of its values."""
        return self.values.dtype

    @property
    def ndim(self) -> int:
        """How many dimensions it has."""
        return self.values.ndim

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes, in the order of its dimensions."""
        return self.values.shape

    @property
    def nbytes(self) -> int:
        """Bytes of its values."""
        return self.values.nbytes

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each dimension."""
        return dict(zip(self.dims, self.values.shape, strict=True))

    def __getitem__(self, name: str) -> "Array":
        return self.coords[name]

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        return np.asarray(self.values, dtype=dtype)

    def __len__(self) -> int:
        return len(self.values)

    def __float__(self) -> float:
        return float(self.values)

    def __int__(self) -> int:
        return int(self.values)

    def to_numpy(self) -> NDArray[Any]:
        """Its values."""
        return self.values

    def transpose(self, *dims: str) -> "Array":
        """The same in another order of its dimensions."""
        values = self.values.transpose([self.dims.index(name) for name in dims])
        return Array(dims, values, self.attrs, self.coords)

    def sel(self, chosen: Mapping[str, Any] | None = None, **labels: Any) -> "Array":
        """The part at a label of a dimension, at several, or at a slice of them, ends included."""
        return self.isel(_places(self.coords, {**(chosen or {}), **labels}))

    def isel(self, chosen: Mapping[str, Any] | None = None, **places: Any) -> "Array":
        """The part at a place along a dimension, at several, or at a slice of them."""
        wanted = {**(chosen or {}), **places}
        values: Any = self.values
        left: list[str] = []
        for name in self.dims:
            if name in wanted:
                values = values[(slice(None),) * len(left) + (wanted[name],)]
            if name not in wanted or not isinstance(wanted[name], int | np.integer):
                left.append(name)
        if not isinstance(values, np.ndarray):  # one alone
            values = np.array(values, dtype=self.values.dtype)
        coords = {n: c if wanted.keys().isdisjoint(c.dims) else c.isel(wanted) for n, c in self.coords.items()}
        return Array(tuple(left), values, self.attrs, coords)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Arrays that share labels. Those of a frame, which has zeros for numbers, are filled in by `filled`."""

    arrays: dict[str, Array]
    coords: dict[str, Array]
    attrs: dict[str, Any] = field(default_factory=dict)
    frame: "Dataset | None" = field(default=None, repr=False)

    @property
    def data_vars(self) -> dict[str, Array]:
        """Its arrays, each with its labels."""
        return {name: self[name] for name in self.arrays}

    def __getitem__(self, name: Any) -> Any:
        if isinstance(name, list):
            arrays = {one: self.arrays[one] for one in name}
            dims = {dim for array in arrays.values() for dim in array.dims}
            coords = {n: c for n, c in self.coords.items() if set(c.dims) <= dims}
            return replace(self, arrays=arrays, coords=coords, frame=None)
        if name not in self.arrays:
            return self.coords[name]
        found = self.arrays[name]
        dims = set(found.dims)
        coords = {n: c for n, c in self.coords.items() if dims.issuperset(c.dims)}
        return Array(found.dims, found.values, found.attrs, coords)

    def __contains__(self, name: object) -> bool:
        return name in self.arrays or name in self.coords

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    @property
    def variables(self) -> dict[str, Array]:
        """Its arrays and its labels."""
        return {**self.arrays, **self.coords}

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each dimension."""
        return {name: size for array in self.variables.values() for name, size in array.sizes.items()}

    dims = sizes

    def to_dataset(self) -> "Dataset":
        """Itself: a part of a tree is a dataset."""
        return self

    def load(self) -> "Dataset":
        """Itself: it is in memory."""
        return self

    def sel(self, chosen: Mapping[str, Any] | None = None, *, drop: bool = False, **labels: Any) -> "Dataset":
        """The part at a label of a dimension, at several, or at a slice of them, ends included."""
        part = self.isel(_places(self.coords, {**(chosen or {}), **labels}))
        return part.drop_vars([name for name, label in part.coords.items() if label.ndim == 0]) if drop else part

    def isel(self, chosen: Mapping[str, Any] | None = None, **places: Any) -> "Dataset":
        """The part at a place along a dimension, at several, or at a slice of them."""
        wanted = {**(chosen or {}), **places}
        data, coords = ({n: a.isel(wanted) for n, a in of.items()} for of in (self.arrays, self.coords))
        return replace(self, arrays=data, coords=coords, frame=None)

    def drop_vars(self, names: Sequence[str]) -> "Dataset":
        """The same without some labels."""
        return replace(self, coords={n: c for n, c in self.coords.items() if n not in names}, frame=None)

    def rename(self, **names: str) -> "Dataset":
        """The same with other names of some dimensions and their labels."""
        data, coords = (
            {names.get(n, n): replace(a, dims=tuple(names.get(d, d) for d in a.dims)) for n, a in of.items()}
            for of in (self.arrays, self.coords)
        )
        return replace(self, arrays=data, coords=coords, frame=None)

    def filled(self, data: Mapping[str, NDArray[Any]]) -> "Dataset":
        """A frame with numbers."""
        arrays = {name: replace(array, values=data[name]) for name, array in self.arrays.items()}
        return replace(self, arrays=arrays, frame=self)


@dataclass(frozen=True, eq=False)
class Tree:
    """Datasets by name, and what is said of them together."""

    children: dict[str, Dataset]
    attrs: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Dataset:
        return self.children[name]


Results = "Tree | xr.DataTree"
"""What reads a run takes either."""


def _places(coords: Mapping[str, Array], labels: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _place(coords[name].values, label, name) for name, label in labels.items()}


def _place(values: NDArray[Any], label: Any, name: str) -> Any:
    if isinstance(label, slice):
        low = -np.inf if label.start is None else label.start
        high = np.inf if label.stop is None else label.stop
        within = np.flatnonzero((values >= low) & (values <= high))
        return slice(within[0], within[-1] + 1) if len(within) else slice(0, 0)
    known = values.tolist()
    if isinstance(label, list | tuple | np.ndarray):
        at = {value: place for place, value in enumerate(known)}
        return np.array([at[one] for one in np.asarray(label, dtype=object).tolist()], dtype=int)
    try:
        return known.index(label.item() if isinstance(label, np.generic) else label)
    except ValueError:
        raise KeyError(f"{name} has no label {label!r}") from None


def in_xarray(tree: Tree) -> "xr.DataTree":
    """A tree as xarray's."""
    import xarray as xr

    root = xr.DataTree.from_dict({"/": xr.Dataset(attrs=tree.attrs)})
    for name, part in tree.children.items():
        root[name] = xr.DataTree()
        root[name].dataset = dataset_in_xarray(part)  # a tree made of full nodes copies each twice
    return root


def dataset_in_xarray(dataset: Dataset) -> "xr.Dataset":
    """A dataset as xarray's; of a frame's form labels are made once, for they take longer than the numbers."""
    if dataset.frame is None:
        return _made(dataset)
    return _frame(dataset.frame).copy(data={name: array.values for name, array in dataset.arrays.items()})


@lru_cache(maxsize=32)
def _frame(frame: Dataset) -> "xr.Dataset":
    return _made(frame)


def _made(dataset: Dataset) -> "xr.Dataset":
    import xarray as xr

    data, coords = (
        {name: (array.dims, array.values, array.attrs) for name, array in of.items()}
        for of in (dataset.arrays, dataset.coords)
    )
    return xr.Dataset(data, coords, dataset.attrs)


def from_xarray(dataset: "Dataset | xr.Dataset") -> Dataset:
    """A dataset in our own arrays; one that is ours already is copied, so that nothing is shared but the numbers."""
    arrays, coords = (
        {str(n): Array(tuple(map(str, dataset[n].dims)), dataset[n].values, dict(dataset[n].attrs)) for n in names}
        for names in (dataset.data_vars, dataset.coords)
    )
    return Dataset(arrays, coords, {str(key): value for key, value in dataset.attrs.items()})
