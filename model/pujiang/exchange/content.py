"""What is exported of a system: plain items, each a quantity with its equation, in the order of the model.

Functions that remember are written as the stocks they are, so that every tool computes the same numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pujiang.declare import Constant, Dimension
from pujiang.engine.batch import STAGE_WEIGHT, Grid
from pujiang.engine.dynamics import DelayLine, Expanded, HiddenStock, expand
from pujiang.engine.expression import Node, as_node, combine, walk
from pujiang.engine.profiles import Profile
from pujiang.engine.system import System, parameter_default
from pujiang.engine.variable import Variable
from pujiang.errors import InputError, nearest
from pujiang.exchange.case import Case
from pujiang.exchange.time_functions import STEP_CLOCK, STEP_STAGE

Kind = Literal["stock", "flow", "auxiliary", "input"]
Equation = Node | Mapping[str | None, float | Profile]
"""A tree; or by element (None where there are none) a number, or what an input follows over time."""

_STAGE = Node("variable", name=STEP_STAGE)


@dataclass(frozen=True)
class Memory:
    """How fixed delays are written for a run by `method` on `grid`."""

    grid: Grid
    method: str
    exact: bool


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


def content(case: Case, *, exact_delays: bool) -> tuple[Item, ...]:
    """Every item of a system under a scenario.

    Args:
        exact_delays: write a fixed delay as a stock for every step (and stage of a step) it lasts, which any tool
            can run. Else as the function `fixed_delay`, which is one line, but which some tools do not have or
            take for another.
    """
    system, memory = case.system, Memory(case.grid, case.method, exact_delays)
    items = _inputs(system, case.parameters, case.inputs)
    for name, variable in system.variables.items():
        if variable.kind == "stock":
            items.append(_stock(system, variable))
        elif variable.kind != "initial":
            items.extend(_variable(system, name, variable, memory))
    read = _names_read(items)
    items += [_opening(system, name, v) for name, v in system.variables.items() if v.kind == "initial" and name in read]
    return tuple(part for item in items for part in _with_tables_apart(item, system))


def of_sector(items: Iterable[Item], sector: str, outside: Mapping[str, Profile]) -> tuple[Item, ...]:
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
    own = {
        n: replace(i, outflows=_within(i.outflows, known), inflows=_within(i.inflows, known)) for n, i in own.items()
    }
    wanted = (_names_read(own.values()) | {f for i in own.values() for f in (*i.inflows, *i.outflows)}) - own.keys()
    read = [known[name] for name in known if name in wanted]
    given = [item if item.kind == "input" else _given(item, outside) for item in read]
    return (*(replace(item, sector=sector) for item in given), *own.values())


def _within(flows: tuple[str, ...], known: Mapping[str, Item]) -> tuple[str, ...]:
    return tuple(flow for flow in flows if flow in known)


def _given(item: Item, outside: Mapping[str, Profile]) -> Item:
    """What another sector computes, as the course it took; a flow stays a flow, so that stocks keep theirs."""
    elements = (None,) if item.over is None else item.over.elements
    courses = {e: outside[item.name if e is None else f"{item.name}.{e}"] for e in elements}
    kind: Kind = "flow" if item.kind == "flow" else "input"
    return replace(item, kind=kind, equation=courses, inflows=(), outflows=())


def _names_read(items: Iterable[Item]) -> set[str]:
    trees = [item.equation for item in items if isinstance(item.equation, Node)]
    return {node.name for tree in trees for node in walk(tree) if node.op == "variable"}


def _inputs(system: System, parameters: Mapping[str, float], inputs: Mapping[str, Profile]) -> list[Item]:
    items = []
    for name, parameter in system.parameters.items():
        scalars = system.scalar_names(name)
        values = {s.partition(".")[2] or None: parameters.get(s, parameter_default(system, s)) for s in scalars}
        items.append(_input(system, name, values, parameter.over, parameter.unit, parameter.doc))
    for name, constant in system.constants.items():
        items.append(_input(system, name, {None: constant.value}, None, constant.unit, constant.doc))
    for name, path in inputs.items():
        declared: Mapping[str, Any] = {**system.levers, **system.series}
        of = declared.get(name) or declared[name.removesuffix("_set")]
        unit, doc = (of.unit, of.doc) if name in declared else ("1", f"1 where {name.removesuffix('_set')} is set.")
        items.append(_input(system, name, {None: path}, None, unit, doc))
    return items


def _input(system: System, name: str, equation: Equation, over: Dimension | None, unit: str, doc: str) -> Item:
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


def _variable(system: System, name: str, variable: Variable, memory: Memory) -> list[Item]:
    """A flow or auxiliary, after the stocks its functions that remember keep."""

    def constant_of(node: Node) -> float | None:
        declared = system.constants.get(node.name)
        return node.value if node.op == "literal" else declared.value if isinstance(declared, Constant) else None

    assert variable.expression is not None
    parts: Expanded = expand(name, variable.expression, constant_of)
    kind: Kind = "flow" if variable.kind == "flow" else "auxiliary"
    hidden = [item for stock in parts.stocks for item in _hidden(stock, variable)]
    lines = [item for line in parts.lines for item in _past(line, variable, memory)]
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


def _past(line: DelayLine, variable: Variable, memory: Memory) -> list[Item]:
    """What a fixed delay gives: the past that was given for as long as it lasts, then what entered it."""
    registers: list[Item] = []
    if memory.exact:
        stages = list(enumerate(STAGE_WEIGHT[memory.method], start=1))
        by_stage = [_register(f"{line.name}_{stage}", line, memory.grid, stage, weight) for stage, weight in stages]
        registers = [item for stocks in by_stage for stock in stocks for item in _hidden(stock, variable)]
        *earlier, delayed = [Node("variable", name=stocks[-1].name, over=line.over) for stocks in by_stage]
        for stage, last in reversed(list(enumerate(earlier, start=1))):
            delayed = combine("where", combine("less", _STAGE, stage + 0.5), last, delayed)
    else:
        delayed = Node("fixed_delay", (line.input, as_node(line.lag), as_node(0)), over=line.over)
    # The last stage of a step looks at its end, which still belongs to the past that was given.
    clock = STEP_CLOCK if memory.exact and memory.method == "rk4" else "time"
    before = Node("variable", name=clock) < memory.grid.start + line.lag - memory.grid.dt / 8
    given = combine("where", before, line.before, delayed)
    doc = f"What {variable.name} reads of the past, {line.lag:g} years ago."
    return [*registers, Item(line.name, "auxiliary", given, line.over, variable.unit, doc, variable.sector)]


def _register(name: str, line: DelayLine, grid: Grid, stage: int, weight: float) -> list[HiddenStock]:
    """A stock for every step the delay lasts: each takes over at one stage of a step what the one before it held.

    A stage counts in a step with its weight; what flows at that stage alone is divided by it.
    """
    stocks, entering = [], line.input
    for age in range(1, round(line.lag / grid.dt) + 1):
        level = Node("variable", name=f"{name}_{age}", over=line.over)
        rate = (entering - level) / (weight * grid.dt)
        if weight < 1:
            since, until = (combine("less", _STAGE, stage + shift) for shift in (-0.5, 0.5))
            rate = combine("where", until, combine("where", since, 0, rate), 0)
        stocks.append(HiddenStock(level.name, line.over, rate, as_node(0)))
        entering = level
    return stocks


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
