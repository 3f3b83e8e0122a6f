"""A file of XMILE, the interchange format of the field (OASIS XMILE 1.0)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from pujiang.engine.batch import Grid
from pujiang.engine.simulate import engine_named
from pujiang.exchange.case import Case, courses
from pujiang.exchange.content import content, of_sector
from pujiang.exchange.quantities import Cell, Names, Quantity, quantities
from pujiang.exchange.time_functions import through
from pujiang.exchange.xmile_equations import number
from pujiang.exchange.xmile_views import add_view

NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
_NO_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no file of XML may hold, though the words of an imported model may."""
_TAGS = {"auxiliary": "aux"}


@dataclass(frozen=True)
class File:
    """The text of a file, its variables, and what each variable of the system is called in it."""

    text: str
    quantities: tuple[Quantity, ...]
    names: Names


def xmile(
    case: Case, name: str, *, arrays: bool = False, exact_delays: bool = False, sector: str | None = None
) -> File:
    """A system under a scenario as one file: the central member, with its inputs as functions of time.

    Args:
        name: what the file calls the model.
        arrays: write what runs over a dimension as one array; else every element as a variable of its own, which
            tools without arrays read too.
        exact_delays: as `content` says.
        sector: only this sector; what it reads of others follows what they did in a run.

    Raises:
        InputError: if there is no such sector.
    """
    items = content(case, exact_delays=exact_delays)
    if sector is not None:
        ran = courses(case, engine_named("auto"))
        items = of_sector(items, sector, {n: through(case.grid.times, values) for n, values in ran.items()})
    found, names = quantities(items, case.system.tables, case.grid, case.method, arrays=arrays)
    return File(document(name, found, case.grid, case.method), found, names)


def document(name: str, variables: Iterable[Quantity], grid: Grid, method: str) -> str:
    """The text of a file: header, simulation, dimensions, variables, one diagram of all sectors."""
    from importlib.metadata import version

    variables = list(variables)
    root = ElementTree.Element("xmile", {"version": "1.0", "xmlns": NAMESPACE})
    header = _add(root, "header")
    _add(header, "name", name)
    _add(header, "vendor", "Pujiang")
    _add(header, "product", "Pujiang", version=version("pujiang"), lang="en")
    options = _add(header, "options")
    dimensions = {q.over.name: q.over for q in variables if q.over is not None}
    if dimensions:
        _add(options, "uses_arrays", max_dimensions="1")
    _add(options, "has_model_view")
    specs = _add(root, "sim_specs", method=method, time_units="year")
    for tag, value in (("start", grid.start), ("stop", grid.start + grid.steps * grid.dt), ("dt", grid.dt)):
        _add(specs, tag, number(value))
    if dimensions:
        group = _add(root, "dimensions")
        for name, dimension in dimensions.items():
            entry = _add(group, "dim", name=name)
            for element in dimension.elements:
                _add(entry, "elem", name=element)
    model = _add(root, "model")
    group = _add(model, "variables")
    for quantity in variables:
        _add_variable(group, quantity)
    add_view(model, variables)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text and _NO_CHARACTER.sub("", text)
    return element


def _add_variable(parent: ElementTree.Element, quantity: Quantity) -> None:
    variable = _add(parent, _TAGS.get(quantity.kind, quantity.kind), name=quantity.name)
    if quantity.over is not None:
        _add(_add(variable, "dimensions"), "dim", name=quantity.over.name)
    for element, cell in quantity.cells.items():
        _add_cell(variable if element is None else _add(variable, "element", subscript=element), cell)
    for tag, flows in (("inflow", quantity.inflows), ("outflow", quantity.outflows)):
        for flow in flows:
            _add(variable, tag, flow)
    if quantity.doc:
        _add(variable, "doc", quantity.doc)
    if quantity.unit:
        _add(variable, "units", quantity.unit)


def _add_cell(parent: ElementTree.Element, cell: Cell) -> None:
    text, points = cell
    _add(parent, "eqn", text)
    if points is not None:
        graph = _add(parent, "gf", type="continuous")
        for tag, column in (("xpts", 0), ("ypts", 1)):
            _add(graph, tag, ",".join(number(point[column]) for point in points))
