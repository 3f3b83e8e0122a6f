"""A model as a checked system: sectors in, every fault listed or a program out."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from pujiang.declare import (
    Annual,
    Auxiliary,
    Constant,
    Dimension,
    Flow,
    Initial,
    Lever,
    Loop,
    Parameter,
    Prior,
    Ratio,
    Series,
    Stock,
    Table,
)
from pujiang.engine.collect import (
    Entry,
    collect,
    companions,
    run_over,
    stock_names,
    symbols,
    traced,
    unit_table,
)
from pujiang.engine.dynamics import DelayLine, Expanded, HiddenStock, expand
from pujiang.engine.expression import Node, TraceError, combine, readable, variables
from pujiang.engine.graph import chain_through, effects_of
from pujiang.engine.program import LineProgram, Program, Writer
from pujiang.engine.units import PURE, YEAR, Unit, UnitError, infer, parse_unit
from pujiang.errors import ModelError, nearest


@dataclass(frozen=True)
class Variable:
    """A variable of a checked system: what a result column is.

    `kind` is stock, flow, auxiliary or initial. `expression` is the equation as read (None for a stock, whose
    `causes` are its flows). `annual` says how it is reported, None where it is not.
    """

    name: str
    kind: str
    unit: str
    over: Dimension | None
    doc: str
    sector: str
    expression: Node | None
    causes: tuple[str, ...]
    annual: Annual
    declaration: Any


@dataclass(frozen=True)
class Ends:
    """The ends of a flow by name, and whether its sum over a dimension is what they see."""

    out_of: str | None
    into: str | None
    total_over: Dimension | None


@dataclass(frozen=True)
class System:
    """A checked model: its variables and inputs in the order declared, and the program that computes them."""

    variables: Mapping[str, Variable]
    parameters: Mapping[str, Parameter]
    constants: Mapping[str, Constant]
    levers: Mapping[str, Lever]
    switches: Mapping[str, Lever]
    series: Mapping[str, Series]
    tables: Mapping[str, Table]
    sector_of: Mapping[str, str]
    flow_ends: Mapping[str, Ends]
    loops: Mapping[str, Loop]
    program: Program
    hash: str

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the reported outcomes, in the order declared."""
        return tuple(name for name, variable in self.variables.items() if variable.annual is not None)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Scalar names of all parameters, elements included: `failure_rate`, `initial_output.ic`."""
        return self.program.parameters

    def scalar_names(self, name: str) -> tuple[str, ...]:
        """The scalar names of a variable or parameter: itself, or one per element."""
        over = (self.variables.get(name) or self.parameters[name]).over
        return scalars(name, over)

    @property
    def causes(self) -> dict[str, tuple[str, ...]]:
        """What enters each variable's equation; those of a stock are its flows. Opening values are left out."""
        return {name: v.causes for name, v in self.variables.items() if v.kind != "initial"}

    def effects(self, name: str) -> tuple[str, ...]:
        """Variables whose equation names this one."""
        return tuple(v.name for v in self.variables.values() if name in v.causes)


def scalars(name: str, over: Dimension | None) -> tuple[str, ...]:
    """A name, or one per element of the dimension it runs over."""
    return (name,) if over is None else tuple(f"{name}.{element}" for element in over.elements)


def parameter_default(system: System, scalar: str) -> float:
    """The declared value of a parameter or of one element of it."""
    name, _, element = scalar.partition(".")
    value = system.parameters[name].value
    return float(value[element]) if isinstance(value, Mapping) else float(value)


def build(sectors: Iterable[Any]) -> System:
    """Check sectors and make a system of them.

    Args:
        sectors: modules (or namespaces) whose names are declarations.

    Raises:
        ModelError: listing every fault: unknown and doubled names, units that do not close, dimensions that do
            not fit, flows without ends, stocks without a start, cycles without a stock, initial-value cycles.
    """
    faults: list[str] = []
    declared = collect(sectors, faults)
    loops = {name: e.declaration for name, e in declared.items() if isinstance(e.declaration, Loop)}
    entries = {name: e for name, e in declared.items() if name not in loops}
    units = unit_table(entries, faults)
    known = symbols(entries)
    expressions = traced(entries, known, faults)
    faults.extend(_unit_faults(entries, expressions, units))
    named = stock_names(entries)
    flows = _flow_ends(entries, named, units, faults)
    starts = _starts(entries, named, known, units, faults)
    for entry in entries.values():
        faults.extend(f"{entry.where}: {fault}" for fault in _input_faults(entry.declaration))
    faults.extend(_annual_faults(entries))
    expanded = _expand(entries, expressions, faults)
    hidden = [stock for part in expanded.values() for stock in part.stocks]
    delays = [line for part in expanded.values() for line in part.lines]
    openings = {**starts, **{stock.name: stock.initial for stock in hidden}}
    order, initial_order = _orders(entries, expanded, openings, delays, faults)
    faults.extend(_delay_faults(entries, expanded, delays))
    if faults:
        raise ModelError("\n".join(faults))
    stocks = [*_stocks(entries, flows, starts), *hidden]
    program = _program(entries, expanded, stocks, delays, order, initial_order)
    system = _system(entries, expressions, flows, loops, program)
    faults.extend(f"{declared[name].where}: {fault}" for name, fault in _loop_faults(system))
    if faults:
        raise ModelError("\n".join(faults))
    return system


def _loop_faults(system: System) -> list[tuple[str, str]]:
    """Loops, by name, that the equations do not have or that no switch cuts."""
    effects = effects_of(system.causes)
    found = []
    for name, loop in system.loops.items():
        unknown = [v for v in loop.through if v not in system.variables]
        found += [(name, f"no variable is called '{v}'{nearest(v, system.variables)}") for v in unknown]
        if loop.cut_by not in system.switches:
            found.append((name, f"no switch is called '{loop.cut_by}'{nearest(loop.cut_by, system.switches)}"))
        found.extend(
            (name, f"no lever is called '{lever}'{nearest(lever, system.levers)}")
            for lever in loop.when
            if lever not in system.levers
        )
        if not unknown:
            try:
                chain_through(effects, loop.through)
            except ValueError as error:
                found.append((name, str(error)))
    return found


def _unit_faults(entries: Mapping[str, Entry], expressions: Mapping[str, Node], units: Mapping[str, Unit]) -> list[str]:
    faults = []
    tables: dict[str, tuple[Unit, Unit]] = {}
    for name, entry in entries.items():
        if isinstance(entry.declaration, Table):
            try:
                tables[name] = units[name], parse_unit(entry.declaration.of)
            except UnitError as error:
                faults.append(f"{entry.where}: {error}")
                tables[name] = units[name], PURE
    for name, expression in expressions.items():
        try:
            found = infer(expression, units.__getitem__, tables)
        except UnitError as error:
            faults.append(f"{entries[name].where}: {error}")
            continue
        if found is not None and found != units[name]:
            faults.append(f"{entries[name].where}: its equation is in {found}, its declaration in {units[name]}")
    return faults


def _flow_ends(
    entries: Mapping[str, Entry], named: Mapping[int, str], units: Mapping[str, Unit], faults: list[str]
) -> dict[str, Ends]:
    stocks = {name for name, e in entries.items() if isinstance(e.declaration, Stock)}
    ends: dict[str, Ends] = {}
    for name, entry in entries.items():
        flow = entry.declaration
        if not isinstance(flow, Flow):
            continue
        undeclared = [e for e in (flow.out_of, flow.into) if isinstance(e, Stock) and id(e) not in named]
        faults.extend(f"{entry.where}: its stock is not declared in any sector of this model" for _ in undeclared)
        out_of, into = (named.get(id(e)) if isinstance(e, Stock) else e for e in (flow.out_of, flow.into))
        ends[name] = Ends(out_of, into, flow.total_over)
        if flow.out_of is None and flow.into is None:
            faults.append(f"{entry.where}: a flow leaves a stock, enters one, or both: name out_of or into")
        for end in (out_of, into):
            if end is None:
                continue
            if end not in stocks:
                faults.append(f"{entry.where}: no stock is called '{end}'{nearest(str(end), stocks)}")
                continue
            if units[end] != units[name] * YEAR:
                faults.append(f"{entry.where}: it is in {units[name]}, the stock {end} in {units[end]}")
            over = entries[end].declaration.over
            if over is not flow.over and not (over is None and flow.total_over is flow.over):
                faults.append(
                    f"{entry.where}: it runs over {flow.over.name if flow.over else 'nothing'}, the stock {end} "
                    f"over {over.name if over else 'nothing'}; state total_over, or spread() it"
                )
        if out_of in stocks and into in stocks:
            families = [entries[str(end)].declaration.conserved for end in (out_of, into)]
            if families[0] != families[1]:
                faults.append(f"{entry.where}: leaves the family {families[0]} and enters {families[1]}")
    return ends


def _starts(
    entries: Mapping[str, Entry],
    named: Mapping[int, str],
    known: Mapping[str, Any],
    units: Mapping[str, Unit],
    faults: list[str],
) -> dict[str, Node]:
    """The initial expression of every stock."""
    starts: dict[str, Node] = {}
    for name, entry in entries.items():
        if isinstance(entry.declaration, Initial):
            stock = named.get(id(entry.declaration.stock))
            if stock is None:
                faults.append(f"{entry.where}: its stock is not declared in any sector of this model")
            elif stock in starts:
                faults.append(f"{entry.where}: the stock {stock} has two initial values")
            else:
                starts[stock] = Node("variable", name=name, over=entry.declaration.stock.over)
    for name, entry in entries.items():
        if not isinstance(entry.declaration, Stock):
            continue
        given = entry.declaration.initial
        if given is not None and name in starts:
            faults.append(f"{entry.where}: the stock has two initial values")
        elif isinstance(given, str):
            if not isinstance(known.get(given), Node):
                faults.append(f"{entry.where}: it starts at '{given}', which does not exist{nearest(given, known)}")
            elif units[given] != units[name]:
                faults.append(f"{entry.where}: it is in {units[name]}, its start {given} in {units[given]}")
            elif known[given].over not in (None, entry.declaration.over):
                faults.append(
                    f"{entry.where}: its start {given} runs over {known[given].over.name}, the stock over "
                    f"{entry.declaration.over.name if entry.declaration.over else 'nothing'}"
                )
            else:
                starts[name] = known[given]
        elif given is not None:
            if given not in (0, 1):
                faults.append(f"{entry.where}: starts at {given}; a number other than 0 or 1 is a parameter")
            starts[name] = Node("literal", value=float(given))
        elif name not in starts:
            faults.append(f"{entry.where}: nothing says where the stock starts: initial=..., or an @initial equation")
    return starts


def _input_faults(declared: Any) -> list[str]:
    """What is wrong with the numbers of an input."""
    if isinstance(declared, Parameter):
        return _parameter_faults(declared)
    if isinstance(declared, Lever) and declared.default is not None:
        low, high = declared.bounds
        if not low <= declared.default <= high:
            return [f"its default {declared.default:g} is outside its bounds {low:g} to {high:g}"]
    if isinstance(declared, Table):
        x = [point[0] for point in declared.points]
        if not x or any(not before < after for before, after in pairwise(x)):
            return ["a table has points whose x increases"]
    return []


def _parameter_faults(p: Parameter) -> list[str]:
    faults = []
    values = dict(p.value) if isinstance(p.value, Mapping) else {"": p.value}
    priors = dict(p.prior) if isinstance(p.prior, Mapping) else dict.fromkeys(values, p.prior)
    if (p.over is None) == isinstance(p.value, Mapping):
        faults.append("a value for each element goes with over=..., and only with it")
    elif p.over is not None and tuple(values) != p.over.elements:
        faults.append(f"its elements are {tuple(values)}; {p.over.name} has {p.over.elements}")
    if priors.keys() != values.keys():
        faults.append("its priors are not of the elements it has values of")
    if p.bounds is not None:
        low, high = p.bounds
        outside = [v for v in values.values() if not low <= v <= high]
        faults.extend(f"its value {v:g} is outside its bounds {low:g} to {high:g}" for v in outside)
    if p.prior is not None and p.bounds is None:
        faults.append("an uncertain parameter (with a prior) has bounds too")
    for element, prior in priors.items():
        if prior is not None and not prior_reaches(prior, values.get(element, math.nan)):
            faults.append(f"its value {values.get(element, math.nan):g} cannot come from its {prior.kind} prior")
    return faults


def prior_reaches(prior: Prior, value: float) -> bool:
    """Whether a value lies inside the support of a prior."""
    low, high = {"lognormal": (0.0, math.inf), "logitnormal": (0.0, 1.0)}.get(prior.kind, (-math.inf, math.inf))
    return low < value < high


def _annual_faults(entries: Mapping[str, Entry]) -> list[str]:
    faults = []
    variables_ = {n: e for n, e in entries.items() if isinstance(e.declaration, (Stock, Flow, Auxiliary))}
    for entry in variables_.values():
        annual = entry.declaration.annual
        if not isinstance(annual, Ratio):
            if annual not in (None, "integral", "end", "mean"):
                faults.append(f"{entry.where}: annual is '{annual}'; allowed: integral, end, mean, ratio()")
            continue
        for part in (annual.numerator, annual.denominator):
            if part not in variables_:
                faults.append(f"{entry.where}: a ratio of '{part}', which is no variable{nearest(part, variables_)}")
            elif run_over(variables_[part]) is not None:
                faults.append(f"{entry.where}: a ratio of '{part}', which runs over a dimension; use its total")
        if run_over(entry) is not None:
            faults.append(f"{entry.where}: a ratio of annual values does not run over a dimension")
    return faults


def _expand(entries: Mapping[str, Entry], expressions: Mapping[str, Node], faults: list[str]) -> dict[str, Expanded]:
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


def _stocks(entries: Mapping[str, Entry], flows: Mapping[str, Ends], starts: Mapping[str, Node]) -> list[HiddenStock]:
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
    opening = {name: variables(part.expression) for name, part in expanded.items()}
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


def _delay_faults(entries: Mapping[str, Entry], expanded: Mapping[str, Expanded], delays: list[DelayLine]) -> list[str]:
    """Fixed delays whose `before` depends on the course of the run, which it precedes."""
    moving = {name for name, e in entries.items() if isinstance(e.declaration, (Stock, Lever))}
    moving |= set(companions(entries).values())
    faults = []
    for line in delays:
        where = entries[line.name.partition(".")[0]].where
        todo, seen = list(variables(line.before)), set()
        while todo:
            name = todo.pop()
            if name in moving or "." in name:  # a dotted name is what another function remembers
                faults.append(
                    f"{where}: what its fixed_delay gives before the lag has passed depends on {name}, "
                    "a stock or a lever"
                )
                break
            if name not in seen and name in expanded and entries[name].kind != "initial":
                seen.add(name)
                todo.extend(variables(expanded[name].expression))
    return faults


def _program(
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
    series, levers, tables = names(Series), names(Lever), names(Table)
    inputs: dict[str, tuple[str, int]] = {"time": ("time", 0)}
    inputs.update({name: ("parameter", i) for i, name in enumerate(parameters)})
    inputs.update({name: ("series", i) for i, name in enumerate(series)})
    inputs.update({name: ("lever", i) for i, name in enumerate(levers)})
    inputs.update({set_: ("lever_set", levers.index(name)) for name, set_ in companions(entries).items()})
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
        **{name: (run_over(entries[name]), part.expression) for name, part in expanded.items()},
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


def _system(
    entries: Mapping[str, Entry],
    expressions: Mapping[str, Node],
    flows: Mapping[str, Ends],
    loops: Mapping[str, Loop],
    program: Program,
) -> System:
    def of(kind: type) -> dict[str, Any]:
        return {name: e.declaration for name, e in entries.items() if isinstance(e.declaration, kind)}

    found = {}
    for name, entry in entries.items():
        if entry.kind not in {"stock", "flow", "auxiliary", "initial"}:
            continue
        declared = entry.declaration
        stock = declared.stock if isinstance(declared, Initial) else declared
        expression = expressions.get(name)
        if expression is None:
            causes = tuple(flow for flow, ends in flows.items() if name in (ends.out_of, ends.into))
            doc = declared.doc
        else:
            causes = tuple(v for v in variables(expression))
            doc = " ".join((declared.equation.__doc__ or "").split())
        annual = getattr(declared, "annual", None)
        found[name] = Variable(
            name, entry.kind, stock.unit, stock.over, doc, entry.sector, expression, causes, annual, declared
        )
    return System(
        variables=found,
        parameters=of(Parameter),
        constants=of(Constant),
        levers={name: lever for name, lever in of(Lever).items() if not lever.test_only},
        switches={name: lever for name, lever in of(Lever).items() if lever.test_only},
        series=of(Series),
        tables=of(Table),
        sector_of={name: e.sector for name, e in entries.items()},
        flow_ends=flows,
        loops=loops,
        program=program,
        hash=_hash(entries, expressions, flows),
    )


def _hash(entries: Mapping[str, Entry], expressions: Mapping[str, Node], flows: Mapping[str, Ends]) -> str:
    """SHA-256 over everything that moves numbers or their meaning: equations, units, values, priors, ends."""
    text = []
    stocks = stock_names(entries)
    for name, entry in sorted(entries.items()):
        declared = entry.declaration
        over = run_over(entry)
        facts = [entry.kind, name, getattr(declared, "unit", ""), repr(over and (over.name, over.elements))]
        facts += [stocks[id(declared.stock)]] if isinstance(declared, Initial) else []
        facts += [repr(getattr(declared, field)) for field in _HASHED if hasattr(declared, field)]
        facts += [readable(expressions[name])] if name in expressions else []
        facts += [repr((flows[name].out_of, flows[name].into))] if name in flows else []
        text.append("|".join(facts))
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


_HASHED = ("value", "bounds", "prior", "default", "history", "points", "initial", "conserved", "annual")
