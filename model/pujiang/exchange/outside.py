"""Numbers that a Vensim model takes from other files: spreadsheets and text, read by PySD."""

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.exchange.formulas import NotReadError

Places = Sequence[int]
"""Where an element stands in each subscript of an equation."""

FROM_FILES = frozenset({"GetConstantsStructure", "GetDataStructure", "GetLookupsStructure"})
_INTERPOLATED = {None: "interpolate", "interpolate": "interpolate", "hold_backward": "hold_backward"}
_INTERPOLATED |= {"look_forward": "look_forward"}


def from_file(component: Any, elements: Sequence[Sequence[str]], folder: Path) -> Callable[[Places], Any]:
    """What a component takes from a file: by the places of an element, its number or its points.

    Args:
        elements: those of each subscript of the component.
        folder: where the model's file stands, and the others beside it.

    Raises:
        NotReadError: if the file, or what is wanted of it, cannot be read.
    """
    from pysd.py_backend.external import ExtConstant, ExtData, ExtLookup

    ast = component.ast
    coords = {f"subscript {i}": list(names) for i, names in enumerate(elements)}
    keyword = getattr(component, "keyword", None)
    kind = type(ast).__name__
    if kind == "GetDataStructure" and keyword not in _INTERPOLATED:
        raise NotReadError(f"data of the kind '{keyword}' are not read")
    common = (coords, folder, coords, "data")
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


def _points(data: Any, places: Places, kind: str, *, over_time: bool) -> Any:
    from pysd.translators.structures.abstract_expressions import (
        InlineLookupsStructure,
        LookupsStructure,
        ReferenceStructure,
    )

    x = data.coords[data.dims[0]].values.astype(float)
    y = data.values[(slice(None), *places)].astype(float)
    there = ~np.isnan(y)
    x, y = x[there], y[there]
    points = LookupsStructure(tuple(x), tuple(y), (x.min(), x.max()), (y.min(), y.max()), kind)
    return InlineLookupsStructure(ReferenceStructure("time"), points) if over_time else points
