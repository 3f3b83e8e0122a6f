"""What a Vensim model takes from other files: numbers and ranges of spreadsheets and text, data of another run."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.engine.batch import Floats
from pujiang.exchange.functions import NotReadError
from pujiang.exchange.names import identifier
from pujiang.exchange.tables import key, table

TABLES = (".csv", ".tab")
"""How tables of a run go by, beside a model: under its name, or as data."""

Places = Sequence[int]
"""Where an element stands in each subscript of an equation."""

FROM_FILES = frozenset({"GetConstantsStructure", "GetDataStructure", "GetLookupsStructure", "DataStructure"})
_INTERPOLATED = {None: "interpolate"} | {kind: kind for kind in ("interpolate", "hold_backward", "look_forward", "raw")}


def from_file(name: str, component: Any, elements: Sequence[Sequence[str]], model: Path) -> Callable[[Places], Any]:
    """What a component takes from a file: by the places of an element, its number or its points.

    Args:
        name: the quantity it is one of.
        elements: those of each subscript of the component.
        model: the model's file; the others stand beside it.

    Raises:
        NotReadError: if the file, or what is wanted of it, cannot be read.
    """
    from pysd.py_backend.external import ExtConstant, ExtData, ExtLookup

    ast = component.ast
    coords = {f"subscript {i}": list(names) for i, names in enumerate(elements)}
    keyword = getattr(component, "keyword", None)
    kind = type(ast).__name__
    if kind.endswith("DataStructure") and keyword not in _INTERPOLATED:
        raise NotReadError(f"data of the kind '{keyword}' are not read")
    if kind == "DataStructure":
        return _of_another_run(name, elements, _INTERPOLATED[keyword], model)
    common = (coords, model.parent, coords, "data")
    if kind == "GetConstantsStructure":
        reader = ExtConstant(ast.file, ast.tab, ast.cell, *common)
    elif kind == "GetDataStructure":
        reader = ExtData(ast.file, ast.tab, ast.time_row_or_col, ast.cell, keyword, *common)
    else:
        reader = ExtLookup(ast.file, ast.tab, ast.x_row_or_col, ast.cell, *common)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader.initialize()
    except Exception as error:  # whatever its readers of files trip over
        raise NotReadError(f"'{ast.file}', {ast.tab}: {' '.join(str(error).split())[:120]}") from None
    data = reader.data
    if kind == "GetConstantsStructure":
        return lambda places: float(data if not elements else data.values[tuple(places)])
    lookup = "interpolate" if kind == "GetLookupsStructure" else _INTERPOLATED[keyword]
    return lambda places: _points(data, places, lookup, over_time=kind == "GetDataStructure")


def range_from_file(given: Mapping[str, Any], folder: Path) -> list[str]:
    """The elements of a range that stand in another file.

    Raises:
        NotReadError: if the file, or what is wanted of it, cannot be read.
    """
    from pysd.py_backend.external import ExtSubscript

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ExtSubscript(**_named(given), root=folder)
    except Exception as error:  # whatever its readers of files trip over
        raise NotReadError(f"'{given['file']}', {given['tab']}: {' '.join(str(error).split())[:120]}") from None
    return list(found.subscript)


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"file_name" if name == "file" else name: value for name, value in given.items()}


def _of_another_run(name: str, elements: Sequence[Sequence[str]], kind: str, model: Path) -> Callable[[Places], Any]:
    """A quantity without an equation: columns of its name in a table of another run, which stands beside the model."""
    stems = [model.with_suffix(suffix) for suffix in TABLES]
    stems += [model.with_name(f"data{suffix}") for suffix in TABLES]
    place = next((path for path in stems if path.is_file()), None)
    if place is None:
        raise NotReadError(
            f"data of another run without a table of them, {' or '.join(p.name for p in stems)}, are not read"
        )
    times, columns = table(place)
    by_key = {key(heading): values for heading, values in columns.items()}

    def points(places: Places) -> Any:
        of = tuple(names[at] for names, at in zip(elements, places, strict=True))
        if (identifier(name), of) not in by_key:
            wanted = f"{name}[{', '.join(of)}]" if of else name
            raise NotReadError(f"{place.name} has no column '{wanted}'")
        return _lookup(times, by_key[identifier(name), of], kind, over_time=True)

    return points


def _points(data: Any, places: Places, kind: str, *, over_time: bool) -> Any:
    x = data.coords[data.dims[0]].values.astype(float)
    return _lookup(x, data.values[(slice(None), *places)].astype(float), kind, over_time=over_time)


def _lookup(x: Floats, y: Floats, kind: str, *, over_time: bool) -> Any:
    from pysd.translators.structures.abstract_expressions import (
        InlineLookupsStructure,
        LookupsStructure,
        ReferenceStructure,
    )

    there = ~np.isnan(y)
    x, y = x[there], y[there]
    if not x.size:
        raise NotReadError("data without a number are not read")
    points = LookupsStructure(tuple(x), tuple(y), (x.min(), x.max()), (y.min(), y.max()), kind)
    return InlineLookupsStructure(ReferenceStructure("time"), points) if over_time else points
