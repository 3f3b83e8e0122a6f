"""What every scalar of a model is computed from, as named in its equation: one formula of causes for each.

The program of a model shares lines between variables; here each variable, rate of a stock, opening value and input of a
fixed delay stands by itself, and its leaves are the names its equation reads.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pujiang.declare import Constant, Dimension, Table
from pujiang.engine.assemble import declared_stocks, without_dynamics
from pujiang.engine.collect import run_over, scalars
from pujiang.engine.division import CAUSE, Formula
from pujiang.engine.expression import Node
from pujiang.engine.program import Operation, Writer
from pujiang.engine.remembered import remembered
from pujiang.engine.system import System


@dataclass(frozen=True)
class Formulas:
    """The formulas of a model by scalar name.

    Attributes:
        present: of every flow and auxiliary, each after its causes; what a fixed delay reads, and gives until it has
            run as long as its lag, stands among them as `<name> input` and `<name> before`.
        rates: of every stock, the hidden ones of functions that remember included: what it changes by.
        opening: of every stock, opening value and what they read, at the start alone, each after its causes.
        delays: the lag, year, of every fixed delay; its value is a leaf under this name.
        variable: the declared variable each scalar belongs to (a hidden stock: that whose equation keeps it).
    """

    present: Mapping[str, Formula]
    rates: Mapping[str, Formula]
    opening: Mapping[str, Formula]
    delays: Mapping[str, float]
    variable: Mapping[str, str]


@lru_cache(maxsize=4)
def formulas(system: System) -> Formulas:
    """The formulas of a system."""
    return remembered("formulas", system, lambda: _formulas(system))


def _formulas(system: System) -> Formulas:
    whole = {name: v.expression for name, v in system.variables.items() if v.expression is not None}
    expanded = without_dynamics(system.entries, whole, [])
    hidden = [stock for part in expanded.values() for stock in part.stocks]
    lines = [line for part in expanded.values() for line in part.lines]
    stocks = [*declared_stocks(system.entries, system.flow_ends, system.starts), *hidden]
    variable = {s: name for name in system.variables for s in system.scalar_names(name)}
    for name, part in expanded.items():
        remembers = [(s.name, s.over) for s in part.stocks] + [(line.name, line.over) for line in part.lines]
        variable |= {scalar: name for hidden_name, over in remembers for scalar in scalars(hidden_name, over)}
    write = _writer(system, frozenset(variable))

    def of(name: str, over: Dimension | None, expression: Node) -> dict[str, Formula]:
        elements = (None,) if over is None else over.elements
        return {s: write(expression, e) for s, e in zip(scalars(name, over), elements, strict=True)}

    present: dict[str, Formula] = {}
    opening: dict[str, Formula] = {}
    for name, part in expanded.items():
        over = run_over(system.entries[name])
        opening |= of(name, over, part.at_start)
        if system.variables[name].kind != "initial":
            present |= of(name, over, part.expression)
    rates: dict[str, Formula] = {}
    for stock in stocks:
        rates |= of(stock.name, stock.over, stock.rate)
        opening |= of(stock.name, stock.over, stock.initial)
    delays: dict[str, float] = {}
    for line in lines:
        opening |= of(line.name, line.over, line.before)
        present |= {f"{s} input": f for s, f in of(line.name, line.over, line.input).items()}
        present |= {f"{s} before": f for s, f in of(line.name, line.over, line.before).items()}
        delays |= dict.fromkeys(scalars(line.name, line.over), line.lag)
    variable |= {f"{s} {what}": variable[s] for s in delays for what in ("input", "before")}
    return Formulas(_in_order(present), rates, _in_order(opening), delays, variable)


def _writer(system: System, known: frozenset[str]) -> Callable[[Node, str | None], Formula]:
    entries = system.entries
    tables = [name for name, entry in entries.items() if isinstance(entry.declaration, Table)]
    points = tuple(entries[name].declaration.points for name in tables)
    number = {name: place for place, name in enumerate(tables)}
    parameters = frozenset(system.parameter_names)
    shared: dict[Operation, Operation] = {}

    def write(expression: Node, element: str | None) -> Formula:
        causes: dict[str, int] = {}

        def leaf(writer: Writer, name: str, part: str | None) -> int:
            scalar = name if part is None else f"{name}.{part}"
            if scalar not in known and scalar not in parameters:
                scalar = name  # a lever, series, companion, the time; or a stock without elements
            declared = entries[name].declaration if name in entries else None
            if isinstance(declared, Constant):
                return writer.emit("constant", (), declared.value)
            return writer.emit(CAUSE, (), causes.setdefault(scalar, len(causes)))

        writer = Writer(leaf, number, points)
        line = writer.write(expression, element)
        operations = tuple(shared.setdefault(operation, operation) for operation in writer.operations)
        return Formula(tuple(causes), operations, line, points)

    return write


def _in_order(found: Mapping[str, Formula]) -> dict[str, Formula]:
    """The same, each after its causes."""
    from graphlib import TopologicalSorter

    graph: dict[str, Iterable[str]] = {name: [c for c in f.causes if c in found] for name, f in found.items()}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}
