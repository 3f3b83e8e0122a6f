"""Models of other tools: a file of XMILE or Vensim in, a checked system of ours out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.calendar import Calendar
from pujiang.engine.batch import Grid, Method
from pujiang.engine.expression import Node, combine, walk
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.exchange import declared
from pujiang.exchange.abstract import Abstract, abstract
from pujiang.exchange.formulas import REMEMBERED, Formulas
from pujiang.exchange.functions import NotReadError, Run
from pujiang.exchange.memories import memory
from pujiang.exchange.names import identifier, scalar_name
from pujiang.exchange.opening import with_openings
from pujiang.exchange.outside import FROM_FILES, from_file
from pujiang.exchange.stocks import Ends, ends_of_flows, net
from pujiang.exchange.subscripts import Elements, Meaning, Ranges, SubscriptError, ranges
from pujiang.exchange.uncertain import Uncertain, uncertain
from pujiang.operations import EVALUATE

MOST_STEPS = 1_000_000
MOST_ELEMENTS = 50_000
DEEPEST = 300
"""Steps of a run, elements of all arrays together, operations within operations of an equation that are read."""

CONTROLS = ("initial_time", "final_time", "time_step", "saveper")


@dataclass(frozen=True)
class Read:
    """A model that was read.

    Attributes:
        path: its file.
        sector: its quantities, as the declarations of a sector.
        grid, method: the run its file asks for.
        every: how many steps apart the file wants values saved.
        names: our name of every quantity, by its name in the file and the elements of its subscripts.
    """

    path: Path
    sector: Any
    grid: Grid
    method: Method
    every: int
    names: Mapping[tuple[str, Elements], str]

    @cached_property
    def system(self) -> System:
        """The checked model; its units are words of its file.

        Raises:
            ModelError: if it is no model that can run, such as one with a cycle without a stock.
        """
        return build([self.sector], None)

    @property
    def calendar(self) -> Calendar:
        """The run its file asks for, its unit of time taken for a year: what ensembles and sweeps run.

        Raises:
            InputError: if the run does not begin and end with a whole unit of time, or a step is no part of one.
        """
        start, dt = self.grid.start, self.grid.dt
        stop = start + self.grid.steps * dt
        first, last = round(start), round(stop) - 1
        if abs(first - start) + abs(last + 1 - stop) > 1e-9 or last < first or abs(round(1 / dt) * dt - 1) > 1e-9:
            raise InputError(
                f"{self.path}: its run goes from {start:g} to {stop:g} in steps of {dt:g}; "
                "allowed: whole units of time, and steps that divide one"
            )
        saved = self.every if round(1 / dt) % self.every == 0 else round(1 / dt)
        return Calendar(first, first, last, last + 10 * (last + 1 - first), 1 / round(1 / dt), self.method, saved * dt)


@dataclass(frozen=True)
class Cell:
    """One element of a quantity of the file, or the whole of one without subscripts."""

    title: str
    scalar: str
    ast: Any
    meaning: Meaning
    unit: str
    doc: str
    structural: bool


@dataclass
class Reading:
    """A file while it is read: its cells by our name, and what is made of them."""

    source: Abstract
    ranges: Ranges
    cells: dict[str, Cell] = field(default_factory=dict)
    names: dict[tuple[str, Elements], str] = field(default_factory=dict)
    over: dict[str, list[str]] = field(default_factory=dict)
    lookups: dict[tuple[str, Elements], Any] = field(default_factory=dict)
    controls: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    trees: dict[str, Node] = field(default_factory=dict)
    starts: dict[str, Node] = field(default_factory=dict)
    changes: dict[str, Node] = field(default_factory=dict)
    counted: dict[str, Node] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    structural: set[str] = field(default_factory=set)
    dt: float = 1.0


def read(path: str | os.PathLike[str]) -> Read:
    """Read a model from XMILE (.xmile, .stmx) or Vensim's format (.mdl).

    Numbers of the file become parameters; every element of an array becomes a quantity of its own.

    Raises:
        InputError: one line: file, line, name, and what of it is not read.
    """
    source = abstract(Path(path))
    try:
        reading = Reading(source, ranges(source.section, source.path.parent))
    except (NotReadError, SubscriptError) as error:
        raise InputError(f"{source.path}: {error}") from None
    for element in source.section.elements:
        try:
            _collect(reading, element)
        except NotReadError as error:
            raise InputError(f"{source.where(element.name)}: {error}") from None
    formulas, numbers = _formulas(reading)
    for cell in reading.cells.values():
        try:
            _interpret(reading, formulas, cell)
        except (NotReadError, SubscriptError) as error:
            raise InputError(f"{source.where(cell.title)}: {error}") from None
        _refuse_unknown(reading, cell)
    sector = declared.sector(identifier(source.path.stem), str(source.path), _declarations(reading))
    dt = numbers["time_step"]
    if not (dt > 0 and 0 < (numbers["final_time"] - numbers["initial_time"]) / dt <= MOST_STEPS):
        raise InputError(
            f"{source.path}: its run goes from {numbers['initial_time']:g} to {numbers['final_time']:g} "
            f"in steps of {dt:g}; allowed: 1 to {MOST_STEPS:,} steps"
        )
    steps = round((numbers["final_time"] - numbers["initial_time"]) / dt)
    grid = Grid(numbers["initial_time"], steps, dt)
    every = max(round(numbers["saveper"] / dt), 1)
    return Read(source.path, sector, grid, source.method, every, reading.names)


def _collect(reading: Reading, element: Any) -> None:
    """Give every element of a quantity of the file a name of ours."""
    name = identifier(element.name)
    if name in CONTROLS:
        reading.controls[name] = element.components[0].ast
        return
    doc = " ".join(element.documentation.split())
    known: list[list[str]] = []
    for component in element.components:
        subscripts, excepted = component.subscripts
        if subscripts in known:
            raise NotReadError("is defined a second time" + (f" over {', '.join(subscripts)}" if subscripts else ""))
        known.append(subscripts)
        reading.over.setdefault(name, list(reading.source.dimensions.get(name) or subscripts))
        expanded = [reading.ranges.expand(s) for s in subscripts]
        if len(reading.names) + prod(map(len, expanded)) > MOST_ELEMENTS:
            raise NotReadError(f"arrays of more than {MOST_ELEMENTS:,} elements together are not read")
        outside = None
        if type(component.ast).__name__ in FROM_FILES:
            outside = from_file(element.name, component, expanded, reading.source.path)
        for elements, meaning in reading.ranges.cells(subscripts, excepted):
            if (name, elements) in reading.names:
                continue  # what is said of one element goes before what is said of all
            scalar = scalar_name(name, elements, reading.taken)
            reading.names[name, elements] = scalar
            ast = component.ast
            if outside is not None:
                ast = outside([names.index(e) for names, e in zip(expanded, elements, strict=True)])
            if component.type == "Lookup":
                reading.lookups[name, elements] = ast
                continue
            structural = component.subtype == "Unchangeable"
            ast = _one_of(ast, reading, subscripts, elements)
            reading.cells[scalar] = Cell(element.name, scalar, ast, meaning, element.units, doc, structural)


def _one_of(ast: Any, reading: Reading, subscripts: list[str], elements: Elements) -> Any:
    """The number of one element, where an array is given as a block of numbers."""
    if not isinstance(ast, np.ndarray):
        return ast
    expanded = [reading.ranges.expand(s) for s in subscripts]
    sizes = tuple(map(len, expanded))
    if ast.size != np.prod(sizes) or (ast.ndim > 1 and [n for n in ast.shape if n > 1] != [n for n in sizes if n > 1]):
        raise NotReadError(f"a block of {' by '.join(map(str, ast.shape))} numbers for {sizes} elements is not read")
    return float(ast.reshape(sizes)[tuple(e.index(one) for e, one in zip(expanded, elements, strict=True))])


def _formulas(reading: Reading) -> tuple[Formulas, dict[str, float]]:
    """How equations are read, and the numbers of the run."""
    numbers: dict[str, float] = {}
    labels = count(1)

    def remember(ast: Any, meaning: Meaning, of: str) -> Node:
        if type(ast).__name__ == "IntegStructure":
            raise NotReadError("a stock inside an equation is not read")
        label = scalar_name(of, [f"memory_{next(labels)}"], reading.taken)

        def tree(part: Any) -> Node:
            return formulas.tree(part, meaning, of)

        def constant(part: Any, *, always: bool = False) -> float | None:
            return _number(reading, tree(part), formulas, None if always else numbers["initial_time"])

        found = memory(ast, tree, constant, formulas, reading.source.method, label)
        for name, level in found.levels.items():
            reading.changes[name], reading.starts[name] = level.rate, level.start
        return found.read

    def tabulate(points: Any, of: str) -> str:
        name = scalar_name(of, ["table"], reading.taken)
        reading.tables[name] = declared.table(points, f"Points of {of}.")
        return name

    formulas = Formulas(
        reading.ranges, reading.over, reading.names, reading.lookups, numbers, Run(1.0, False), remember, tabulate
    )
    for control in ("time_step", *CONTROLS):
        ast = reading.controls.get(control)
        found = None
        if ast is not None:
            try:
                found = _number(reading, formulas.tree(ast, {}, control), formulas)
            except (NotReadError, SubscriptError) as error:
                raise InputError(f"{reading.source.where(control.replace('_', ' '))}: {error}") from None
        if found is None:
            raise InputError(f"{reading.source.where(control.replace('_', ' '))}: is no number; a run needs one")
        numbers[control] = found
    numbers |= {"dt": numbers["time_step"], "starttime": numbers["initial_time"], "stoptime": numbers["final_time"]}
    reading.dt = numbers["time_step"]
    formulas = replace(formulas, run=Run(numbers["time_step"], reading.source.xmile))
    return formulas, numbers


def _number(reading: Reading, tree: Node, formulas: Formulas, start: float | None = None) -> float | None:
    """The number of a tree that is made of numbers and constants; what it reads is then varied no more.

    Args:
        start: where a number at the start of the run will do, the time of it: stocks stand where they start.
    """
    values: dict[int, float] = {}
    for node in walk(tree):
        found: float | None = None
        if node.op == "literal":
            found = node.value
        elif node.op == "variable" and node.name == "time":
            found = start
        elif node.op == "variable" and node.name in reading.cells:
            found = _number_of(reading, reading.cells[node.name], formulas, start)
        elif node.op in EVALUATE:
            found = float(EVALUATE[node.op](*(np.float64(values[id(a)]) for a in node.arguments)))
        if found is None:
            return None
        values[id(node)] = found
    return values[id(tree)]


def _number_of(reading: Reading, cell: Cell, formulas: Formulas, start: float | None) -> float | None:
    if isinstance(cell.ast, int | float):
        reading.structural.add(cell.scalar)
        return float(cell.ast)
    kind = type(cell.ast).__name__.removesuffix("Structure")
    if kind in REMEMBERED and (kind != "Integ" or start is None):
        return None
    ast = cell.ast.initial if kind == "Integ" else cell.ast
    return _number(reading, formulas.tree(ast, cell.meaning, cell.scalar), formulas, start)


def _interpret(reading: Reading, formulas: Formulas, cell: Cell) -> None:
    """The tree of one cell; of a stock, that of its start and of its net flow."""
    if isinstance(cell.ast, int | float):
        return
    if type(cell.ast).__name__ == "IntegStructure":
        reading.starts[cell.scalar] = formulas.tree(cell.ast.initial, cell.meaning, cell.scalar)
        reading.changes[cell.scalar] = formulas.tree(cell.ast.flow, cell.meaning, cell.scalar)
        return
    ast = cell.ast
    if type(ast).__name__ == "CallStructure" and identifier(ast.function.reference) == "active_initial":
        ast, at_opening = ast.arguments
        reading.counted[cell.scalar] = formulas.tree(at_opening, cell.meaning, cell.scalar)
    reading.trees[cell.scalar] = formulas.tree(ast, cell.meaning, cell.scalar)


def _refuse_unknown(reading: Reading, cell: Cell) -> None:
    for tree in (reading.trees.get(cell.scalar), reading.starts.get(cell.scalar), reading.changes.get(cell.scalar)):
        depth: dict[int, int] = {}
        for node in () if tree is None else walk(tree):
            depth[id(node)] = 1 + max((depth[id(part)] for part in node.arguments), default=0)
            if depth[id(node)] > DEEPEST:
                raise InputError(f"{reading.source.where(cell.title)}: nests more than {DEEPEST} operations deep")
            if node.op not in EVALUATE and node.op not in {"literal", "variable", "lookup", "fixed_delay"}:
                raise InputError(f"{reading.source.where(cell.title)}: the function {node.op.upper()} is not read")


def _declarations(reading: Reading) -> dict[str, Any]:
    made: dict[str, Any] = dict(reading.tables)
    starts, second = with_openings(reading.starts, reading.trees, reading.counted)
    made |= {name: declared.auxiliary(tree, "", "What counts at the opening.") for name, tree in second.items()}
    stocks = {}
    for name, start in starts.items():
        cell = reading.cells.get(name)
        held = cell is not None and cell.ast.non_negative
        stocks[name] = declared.stock(*("", "") if cell is None else (cell.unit, cell.doc), signed=not held)
        made[name] = stocks[name]
        made[scalar_name("initial", [name], reading.taken)] = declared.initial(stocks[name], start)
    numbers = {n: float(cell.ast) for n, cell in reading.cells.items() if isinstance(cell.ast, int | float)}
    fixed = {n for n in numbers if reading.cells[n].structural or n in reading.structural}
    varied = {n: value for n, value in numbers.items() if n not in fixed}
    known = uncertain(reading.source.path.with_suffix(".yaml"), varied)
    for name, value in numbers.items():
        cell, facts = reading.cells[name], known.get(name, Uncertain())
        if name in fixed:
            made[name] = declared.constant(value, cell.unit, cell.doc)
        elif facts.lever is not None:
            made[name] = declared.lever(value, cell.unit, cell.doc, facts.lever)
        else:
            made[name] = declared.parameter(value, cell.unit, cell.doc, facts)
    ends: Mapping[str, Ends] = ends_of_flows(reading.changes, reading.trees)
    for name in stocks:
        rest = net(name, reading.changes[name], ends)
        if rest is not None:
            label = scalar_name(name, ["change"], reading.taken)
            made[label] = declared.flow(rest, "", f"Net flow of {name}.", Ends(into=name))
        if name in reading.cells and reading.cells[name].ast.non_negative and reading.source.method == "euler":
            label = scalar_name(name, ["held_at_zero"], reading.taken)
            made[label] = declared.flow(
                _missing(name, reading), "", f"What keeps {name} from falling below 0.", Ends(into=name)
            )
    for name, tree in reading.trees.items():
        cell, line = reading.cells[name], reading.source.line(reading.cells[name].title)
        end = ends.get(name)
        if end is None:
            made[name] = declared.auxiliary(tree, cell.unit, cell.doc, line)
        else:
            made[name] = declared.flow(tree, cell.unit, cell.doc, end, line)
    return made


def _missing(stock: str, reading: Reading) -> Node:
    """What a step of Euler's would leave a stock short of 0 by, as a rate."""
    left = Node("variable", name=stock) / reading.dt + reading.changes[stock]
    return combine("maximum", -left, 0)
