"""From checked declarations to a program: what remembers made into stocks, everything in order, line by line."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pujiang.declare import Constant, Dimension, Initial, Lever, Parameter, Series, Stock, Table
from pujiang.engine.collect import Ends, Entry, companions, run_over, scalars
from pujiang.engine.dynamics import DelayLine, Expanded, HiddenStock, expand
from pujiang.engine.expression import Node, TraceError, combine, variables
from pujiang.engine.program import LineProgram, Program, Writer
from pujiang.errors import ModelError


def without_dynamics(
    entries: Mapping[str, Entry], expressions: Mapping[str, Node], faults: list[str]
) -> dict[str, Expanded]:
    """Every equation with what it remembers made into stocks and delay lines."""

    def constant_of(node: Node) -> float | None:
        if node.op == "literal":
            return node.value
        declared = entries[node.name].declaration if node.name in entries else None
        return declared.value if isinstance(declared, Constant) else None

    expanded = {}
    for name, expression in expressions.items():
        try:
            expanded[name] = expand(name, expression, constant_of)
        except TraceError as error:
            faults.append(f"{entries[name].where}: {error}")
    return expanded


def assemble(
    entries: Mapping[str, Entry],
    expanded: Mapping[str, Expanded],
    flows: Mapping[str, Ends],
    starts: Mapping[str, Node],
    faults: list[str],
) -> Program:
    """The program of a model.

    Raises:
        ModelError: listing the faults found so far, and the cycles.
    """
    hidden = [stock for part in expanded.values() for stock in part.stocks]
    delays = [line for part in expanded.values() for line in part.lines]
    openings = {**starts, **{stock.name: stock.initial for stock in hidden}}
    order, initial_order = _orders(entries, expanded, openings, delays, faults)
    if faults:
        raise ModelError("\n".join(faults))
    stocks = [*declared_stocks(entries, flows, starts), *hidden]
    return _write_program(entries, expanded, stocks, delays, order, initial_order)


def declared_stocks(
    entries: Mapping[str, Entry], flows: Mapping[str, Ends], starts: Mapping[str, Node]
) -> list[HiddenStock]:
    """Every declared stock with its net flow as its rate, in the form the hidden ones have."""
    stocks = []
    for name, entry in entries.items():
        if not isinstance(entry.declaration, Stock):
            continue
        rate = Node("literal", value=0.0)
        for flow, ends in flows.items():
            signed = [("add", ends.into), ("subtract", ends.out_of)]
            for op in (op for op, end in signed if end == name):
                part = Node("variable", name=flow, over=entries[flow].declaration.over)
                if part.over is not entry.declaration.over:
                    part = Node("total", (part,))
                rate = combine(op, rate, part)
        stocks.append(HiddenStock(name, entry.declaration.over, rate, starts[name]))
    return stocks


def _ordered(graph: Mapping[str, Iterable[str]]) -> tuple[list[str], list[list[str]]]:
    """Names so that each comes after its causes; and the cycles that had to be left out, from cause to effect."""
    cycles: list[list[str]] = []
    while True:
        try:
            return list(TopologicalSorter(graph).static_order()), cycles
        except CycleError as error:
            cycle = error.args[1]
            cycles.append(cycle)
            graph = {n: [c for c in causes if c not in cycle] for n, causes in graph.items() if n not in cycle}


def _orders(
    entries: Mapping[str, Entry],
    expanded: Mapping[str, Expanded],
    starts: Mapping[str, Node],
    delays: list[DelayLine],
    faults: list[str],
) -> tuple[list[str], list[str]]:
    """Flows and auxiliaries, each after its causes; and the same for everything the start depends on."""
    present = {n: variables(p.expression) for n, p in expanded.items() if entries[n].kind != "initial"}
    order, cycles = _ordered({n: [c for c in causes if c in present] for n, causes in present.items()})
    faults.extend(
        f"a cycle without a stock: {' -> '.join(cycle)}; a stock or a smooth() must stand in it" for cycle in cycles
    )
    opening = {name: variables(part.at_start) for name, part in expanded.items()}
    opening.update({stock: variables(start) for stock, start in starts.items()})
    opening.update({line.name: variables(line.before) for line in delays})
    for name in {name for cycle in cycles for name in cycle}:  # a cycle is named once
        del opening[name]
    initial_order, cycles = _ordered({n: [c for c in causes if c in opening] for n, causes in opening.items()})
    faults.extend(
        f"initial values depend on each other: {' -> '.join(cycle)}; give one of them a start of its own"
        for cycle in cycles
    )
    return order, initial_order


def _write_program(
    entries: Mapping[str, Entry],
    expanded: Mapping[str, Expanded],
    stocks: list[HiddenStock],
    delays: list[DelayLine],
    order: list[str],
    initial_order: list[str],
) -> Program:
    def names(kind: type) -> tuple[str, ...]:
        return tuple(name for name, e in entries.items() if isinstance(e.declaration, kind))

    parameters = tuple(s for name in names(Parameter) for s in scalars(name, entries[name].declaration.over))
    series, tables = names(Series), names(Table)
    levers = (*names(Lever), *companions(entries).values())
    inputs: dict[str, tuple[str, int]] = {"time": ("time", 0)}
    inputs.update({name: ("parameter", i) for i, name in enumerate(parameters)})
    inputs.update({name: ("series", i) for i, name in enumerate(series)})
    inputs.update({name: ("lever", i) for i, name in enumerate(levers)})
    points = tuple(entries[name].declaration.points for name in tables)
    table_number = {name: i for i, name in enumerate(tables)}
    state_names = tuple(s for stock in stocks for s in scalars(stock.name, stock.over))
    delay_names = tuple(s for line in delays for s in scalars(line.name, line.over))
    initials = [name for name, e in entries.items() if isinstance(e.declaration, Initial)]
    opening_names = tuple(s for name in initials for s in scalars(name, run_over(entries[name])))

    def reader(at: dict[str, int], leaves: Mapping[str, tuple[str, int]]) -> Any:
        def leaf(writer: Writer, name: str, element: str | None) -> int:
            scalar = name if element is None else f"{name}.{element}"
            for candidate in (scalar, name):
                if candidate in at:
                    return at[candidate]
                if candidate in leaves:
                    op, number = leaves[candidate]
                    return writer.emit(op, (), number)
            return writer.emit("constant", (), entries[name].declaration.value)

        return leaf

    def write_all(writer: Writer, at: dict[str, int], name: str, over: Dimension | None, expression: Node) -> None:
        for element in (None,) if over is None else over.elements:
            at[name if element is None else f"{name}.{element}"] = writer.write(expression, element)

    # The start: stocks, delays and variables are all expressions of inputs and parameters.
    at_start: dict[str, int] = {}
    start = Writer(reader(at_start, inputs), table_number, points)
    by_name: dict[str, tuple[Dimension | None, Node]] = {
        **{name: (run_over(entries[name]), part.at_start) for name, part in expanded.items()},
        **{stock.name: (stock.over, stock.initial) for stock in stocks},
        **{line.name: (line.over, line.before) for line in delays},
    }
    for name in initial_order:
        write_all(start, at_start, name, *by_name[name])

    # Any instant: stocks, delays and opening values are given.
    leaves = {
        **inputs,
        **{name: ("state", i) for i, name in enumerate(state_names)},
        **{name: ("delayed", i) for i, name in enumerate(delay_names)},
        **{name: ("opening", i) for i, name in enumerate(opening_names)},
    }
    at: dict[str, int] = {}
    main = Writer(reader(at, leaves), table_number, points)
    for name in order:
        write_all(main, at, name, run_over(entries[name]), expanded[name].expression)
    rates: dict[str, int] = {}
    for stock in stocks:
        write_all(main, rates, stock.name, stock.over, stock.rate)
    line_programs = []
    for line in delays:
        for element in (None,) if line.over is None else line.over.elements:
            line_programs.append(
                LineProgram(main.write(line.input, element), main.write(line.before, element), line.lag)
            )
    lines = {name: main.emit(op, (), number) for name, (op, number) in leaves.items() if op in {"state", "opening"}}
    return Program(
        parameters=parameters,
        series=series,
        levers=levers,
        tables=points,
        states=state_names,
        initial=tuple(start.operations),
        initial_states=tuple(at_start[name] for name in state_names),
        openings=tuple(at_start[name] for name in opening_names),
        main=tuple(main.operations),
        rates=tuple(rates[name] for name in state_names),
        delay_names=delay_names,
        delays=tuple(line_programs),
        lines={**lines, **at},
    )
