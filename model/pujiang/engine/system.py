"""A model as a checked system: sectors in, every fault listed or a program out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pujiang.declare import (
    Constant,
    Dimension,
    Initial,
    Lever,
    Loop,
    Parameter,
    Series,
    Table,
    Unit,
)
from pujiang.engine.assemble import declared_stocks, orders, without_dynamics, write_program
from pujiang.engine.collect import (
    Ends,
    Entry,
    collect,
    declared_units,
    run_over,
    scalars,
    stock_names,
    symbols,
    traced,
    unit_table,
)
from pujiang.engine.expression import Node, variables
from pujiang.engine.faults import (
    annual_faults,
    delay_faults,
    flow_ends,
    input_faults,
    stock_starts,
    unit_faults,
)
from pujiang.engine.graph import chain_through, effects_of
from pujiang.engine.notation import readable
from pujiang.engine.program import Program
from pujiang.errors import ModelError, nearest
from pujiang.reported import Annual, Reported


@dataclass(frozen=True)
class Variable:
    """A variable of a checked system: what a result column is.

    `kind` is stock, flow, auxiliary or initial. `expression` is the equation as read (None for a stock, whose
    `causes` are its flows). `reported` says how it becomes annual and is shown, None where it is not reported.
    """

    name: str
    kind: str
    unit: str
    over: Dimension | None
    doc: str
    sector: str
    expression: Node | None = field(repr=False)
    causes: tuple[str, ...]
    reported: Reported | None = field(repr=False)
    declaration: Any = field(repr=False)

    @property
    def annual(self) -> Annual | None:
        """How it becomes annual, None where it is not reported."""
        return None if self.reported is None else self.reported.annual


@dataclass(frozen=True, repr=False)
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
    units: Mapping[str, Unit]
    program: Program
    hash: str

    def __repr__(self) -> str:
        counts = Counter(variable.kind for variable in self.variables.values())
        return (
            f"<System {self.hash[:8]}: {counts['stock']} stocks, {counts['flow']} flows, {counts['auxiliary']} "
            f"auxiliaries, {len(self.parameters)} parameters, {len(self.levers)} levers>"
        )

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


def parameter_default(system: System, scalar: str) -> float:
    """The declared value of a parameter or of one element of it."""
    name, _, element = scalar.partition(".")
    value = system.parameters[name].value
    return float(value[element]) if isinstance(value, Mapping) else float(value)


def build(sectors: Iterable[Any], units: Iterable[Unit] = (), *, check_units: bool = True) -> System:
    """Check sectors and make a system of them.

    Args:
        sectors: modules (or namespaces) whose names are declarations.
        units: base units beside those that sectors declare and "year".
        check_units: False for a model of another tool, whose units are words of its own.

    Raises:
        ModelError: listing every fault: unknown and doubled names, units unknown or that do not close, dimensions
            that do not fit, flows without ends, stocks without a start, cycles without a stock, initial-value cycles.
    """
    faults: list[str] = []
    sectors = list(sectors)
    declared = collect(sectors, faults)
    bases = declared_units(sectors, units)
    loops = {name: e.declaration for name, e in declared.items() if isinstance(e.declaration, Loop)}
    entries = {name: e for name, e in declared.items() if name not in loops}
    of_name = unit_table(entries, bases, faults)
    known = symbols(entries)
    expressions = traced(entries, known, faults)
    faults.extend(unit_faults(entries, expressions, of_name, bases) if check_units else [])
    named = stock_names(entries)
    flows = flow_ends(entries, named, of_name, faults)
    starts = stock_starts(entries, named, known, of_name, faults)
    for entry in entries.values():
        faults.extend(f"{entry.where}: {fault}" for fault in input_faults(entry.declaration))
    faults.extend(annual_faults(entries))
    expanded = without_dynamics(entries, expressions, faults)
    hidden = [stock for part in expanded.values() for stock in part.stocks]
    delays = [line for part in expanded.values() for line in part.lines]
    openings = {**starts, **{stock.name: stock.initial for stock in hidden}}
    order, initial_order = orders(entries, expanded, openings, delays, faults)
    faults.extend(delay_faults(entries, expanded, delays))
    if faults:
        raise ModelError("\n".join(faults))
    stocks = [*declared_stocks(entries, flows, starts), *hidden]
    program = write_program(entries, expanded, stocks, delays, order, initial_order)
    system = _system(entries, expressions, flows, loops, bases, program)
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


def _system(
    entries: Mapping[str, Entry],
    expressions: Mapping[str, Node],
    flows: Mapping[str, Ends],
    loops: Mapping[str, Loop],
    units: Mapping[str, Unit],
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
        reported = getattr(declared, "reported", None)
        found[name] = Variable(
            name, entry.kind, stock.unit, stock.over, doc, entry.sector, expression, causes, reported, declared
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
        units=units,
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
        facts += [repr(declared.reported and declared.reported.annual)] if hasattr(declared, "reported") else []
        facts += [readable(expressions[name])] if name in expressions else []
        facts += [repr((flows[name].out_of, flows[name].into))] if name in flows else []
        text.append("|".join(facts))
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


_HASHED = ("value", "bounds", "prior", "default", "history", "points", "initial", "conserved")
