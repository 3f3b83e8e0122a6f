"""What is exported of a system: plain items, each a quantity with its equation, in the order of the model.

Functions that remember are written as the stocks they are, so that every tool computes the same numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pujiang.declare import Constant, Dimension
from pujiang.engine.batch import Grid
from pujiang.engine.dynamics import DelayLine, Expanded, HiddenStock, expand
from pujiang.engine.expression import Node, as_node, combine, walk
from pujiang.engine.paths import Path
from pujiang.engine.system import System, Variable, parameter_default
from pujiang.errors import InputError, nearest

Kind = Literal["stock", "flow", "auxiliary", "input"]
Equation = Node | Mapping[str | None, float | Path]
"""A tree; or by element (None where there are none) a number, or what an input follows over time."""


@dataclass(frozen=True)
class Item:
    """A quantity to be written: a stock's equation is its start, and its flows stand beside it by name."""

    name: str
    kind: Kind
    equation: Equation
    over: Dimension | None
    unit: str
    doc: str
    sector: str
    inflows: tuple[str, ...] = ()
    outflows: tuple[str, ...] = ()


def content(
    system: System, parameters: Mapping[str, float], inputs: Mapping[str, Path], grid: Grid, *, stages: bool
) -> tuple[Item, ...]:
    """Every item of a system.

    Args:
        parameters: values by scalar name, in place of the declared ones.
        inputs: the path of every series, lever, switch and companion in use.
        stages: write a fixed delay as a stock for every step it lasts, exact by Euler's method in any tool;
            else as the function `fixed_delay`, which some tools do not have.
    """
    items = _inputs(system, parameters, inputs)
    for name, variable in system.variables.items():
        if variable.kind == "stock":
            items.append(_stock(system, variable))
        elif variable.kind != "initial":
            items.extend(_variable(system, name, variable, grid, stages))
    read = _names_read(items)
    items += [_opening(system, name, v) for name, v in system.variables.items() if v.kind == "initial" and name in read]
    return tuple(part for item in items for part in _with_tables_apart(item, system))


def of_sector(items: Iterable[Item], sector: str, outside: Mapping[str, Path]) -> tuple[Item, ...]:
    """The items of one sector, and what it reads of others as inputs that follow the paths of a run.

    Args:
        outside: the course of every variable by scalar name.

    Raises:
        InputError: if there is no such sector.
    """
    known = {item.name: item for item in items}
    sectors = {item.sector for item in known.values()}
    if sector not in sectors:
        raise InputError(f"sector: there is no '{sector}'{nearest(sector, sectors)}")
    own = {name: item for name, item in known.items() if item.sector == sector}
    own = {n: replace(i, outflows=_within(i.outflows, known), inflows=_within(i.inflows, known)) for n, i in own.items()}
    wanted = (_names_read(own.values()) | {f for i in own.values() for f in (*i.inflows, *i.outflows)}) - own.keys()
    read = [known[name] for name in known if name in wanted]
    given = [item if item.kind == "input" else _given(item, outside) for item in read]
    return (*given, *own.values())


def _within(flows: tuple[str, ...], known: Mapping[str, Item]) -> tuple[str, ...]:
    return tuple(flow for flow in flows if flow in known)


def _given(item: Item, outside: Mapping[str, Path]) -> Item:
    """What another sector computes, as the course it took; a flow stays a flow, so that stocks keep theirs."""
    elements = (None,) if item.over is None else item.over.elements
    courses = {e: outside[item.name if e is None else f"{item.name}.{e}"] for e in elements}
    kind: Kind = "flow" if item.kind == "flow" else "input"
    return replace(item, kind=kind, equation=courses, inflows=(), outflows=())


def _names_read(items: Iterable[Item]) -> set[str]:
    trees = [item.equation for item in items if isinstance(item.equation, Node)]
    return {node.name for tree in trees for node in walk(tree) if node.op == "variable"}


def _inputs(system: System, parameters: Mapping[str, float], inputs: Mapping[str, Path]) -> list[Item]:
    items = []
    for name, parameter in system.parameters.items():
        scalars = system.scalar_names(name)
        values = {s.partition(".")[2] or None: parameters.get(s, parameter_default(system, s)) for s in scalars}
        items.append(_input(system, name, values, parameter.over, parameter.unit, parameter.doc))
    for name, constant in system.constants.items():
        items.append(_input(system, name, {None: constant.value}, None, constant.unit, constant.doc))
    for name, path in inputs.items():
        declared = {**system.levers, **system.switches, **system.series}
        of = declared.get(name) or declared[name.removesuffix("_set")]
        unit, doc = (of.unit, of.doc) if name in declared else ("1", f"1 where {name.removesuffix('_set')} is set.")
        items.append(_input(system, name, {None: path}, None, unit, doc))
    return items


def _input(
    system: System, name: str, equation: Equation, over: Dimension | None, unit: str, doc: str
) -> Item:
    sector = system.sector_of.get(name) or system.sector_of[name.removesuffix("_set")]
    return Item(name, "input", equation, over, unit, doc, sector)


def _stock(system: System, variable: Variable) -> Item:
    name = variable.name
    into = tuple(flow for flow, ends in system.flow_ends.items() if ends.into == name)
    out_of = tuple(flow for flow, ends in system.flow_ends.items() if ends.out_of == name)
    start = _start(system, variable)
    return Item(name, "stock", start, variable.over, variable.unit, variable.doc, variable.sector, into, out_of)


def _start(system: System, variable: Variable) -> Node:
    """Where a stock starts: the equation said so beside it, a number, or the name of a quantity."""
    for opening in system.variables.values():
        if opening.kind == "initial" and opening.declaration.stock is variable.declaration:
            assert opening.expression is not None
            return opening.expression
    start = variable.declaration.initial
    if isinstance(start, str):
        named = system.variables.get(start) or system.parameters.get(start)
        return Node("variable", name=start, over=None if named is None else named.over)
    return Node("literal", value=float(start))


def _variable(system: System, name: str, variable: Variable, grid: Grid, stages: bool) -> list[Item]:
    """A flow or auxiliary, after the stocks its functions that remember keep."""

    def constant_of(node: Node) -> float | None:
        declared = system.constants.get(node.name)
        return node.value if node.op == "literal" else declared.value if isinstance(declared, Constant) else None

    assert variable.expression is not None
    parts: Expanded = expand(name, variable.expression, constant_of)
    kind: Kind = "flow" if variable.kind == "flow" else "auxiliary"
    hidden = [item for stock in parts.stocks for item in _hidden(stock, variable)]
    lines = [item for line in parts.lines for item in _past(line, variable, grid, stages)]
    own = Item(name, kind, parts.expression, variable.over, variable.unit, variable.doc, variable.sector)
    return [*hidden, *lines, own]


def _hidden(stock: HiddenStock, variable: Variable) -> tuple[Item, Item]:
    """A stock that a function keeps, and its net flow; its unit is left to the tool that reads it."""
    change = f"{stock.name}_change"
    doc = f"What {variable.name} remembers."
    return (
        Item(stock.name, "stock", stock.initial, stock.over, "", doc, variable.sector, (change,)),
        Item(change, "flow", stock.rate, stock.over, "", f"Net flow of {stock.name}.", variable.sector),
    )


def _past(line: DelayLine, variable: Variable, grid: Grid, stages: bool) -> list[Item]:
    """What a fixed delay gives: the past that was given for as long as it lasts, then what entered it."""
    memory: list[Item] = []
    if stages:
        entering = line.input
        for stage in range(1, round(line.lag / grid.dt) + 1):
            level = Node("variable", name=f"{line.name}_{stage}", over=line.over)
            rate = (entering - level) / grid.dt
            memory += _hidden(HiddenStock(level.name, line.over, rate, as_node(0)), variable)
            entering = level
    else:
        entering = Node("fixed_delay", (line.input, as_node(line.lag), as_node(0)), over=line.over)
    before = Node("variable", name="time") < grid.start + line.lag - grid.dt / 2
    given = combine("where", before, line.before, entering)
    doc = f"What {variable.name} reads of the past, {line.lag:g} years ago."
    return [*memory, Item(line.name, "auxiliary", given, line.over, variable.unit, doc, variable.sector)]


def _opening(system: System, name: str, variable: Variable) -> Item:
    """The opening value of a stock, where an equation reads it."""
    stock = next(n for n, v in system.variables.items() if v.declaration is variable.declaration.stock)
    start = Node("opening", name=stock, over=variable.over)
    return Item(name, "auxiliary", start, variable.over, variable.unit, variable.doc, variable.sector)


def _with_tables_apart(item: Item, system: System) -> list[Item]:
    """The item, before it an auxiliary for every table read inside its equation: a file reads a table by variable."""
    if not isinstance(item.equation, Node):
        return [item]
    rewritten: dict[int, Node] = {}
    apart: list[Item] = []
    for node in walk(item.equation):
        present = replace(node, arguments=tuple(rewritten[id(a)] for a in node.arguments))
        if node.op == "lookup" and node is not item.equation:
            table = system.tables[node.name]
            name = f"{item.name}_{node.name}"
            apart.append(Item(name, "auxiliary", present, node.over, table.unit, table.doc, item.sector))
            present = Node("variable", name=name, over=node.over)
        rewritten[id(node)] = present
    return [*apart, replace(item, equation=rewritten[id(item.equation)])]
