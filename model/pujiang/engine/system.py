"""A model as a checked system: sectors in, every fault listed or a program out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pujiang.calendar import Calendar
from pujiang.declare import (
    Constant,
    Initial,
    Lever,
    Loop,
    Parameter,
    Series,
    Table,
    Unit,
)
from pujiang.engine.assemble import assemble, without_dynamics
from pujiang.engine.collect import (
    Ends,
    Entry,
    collect,
    declared_units,
    run_over,
    scalars,
    stock_names,
    symbols,
    trace_all,
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
from pujiang.engine.loop_faults import loop_faults
from pujiang.engine.notation import readable
from pujiang.engine.program import Program
from pujiang.engine.shown import presented
from pujiang.engine.variable import Variable
from pujiang.errors import ModelError
from pujiang.presentation import PLAIN, Presentation


@dataclass(frozen=True, eq=False, repr=False)
class System:
    """A checked model: its variables and inputs in the order declared, and the program that computes them.

    `entries` are all declarations but loops; `starts` are the opening expressions of stocks. Two systems are the
    same only where they are one; `hash` says whether they mean the same.
    """

    entries: Mapping[str, Entry]
    variables: Mapping[str, Variable]
    parameters: Mapping[str, Parameter]
    constants: Mapping[str, Constant]
    levers: Mapping[str, Lever]
    series: Mapping[str, Series]
    tables: Mapping[str, Table]
    files: Mapping[str, str]
    flow_ends: Mapping[str, Ends]
    starts: Mapping[str, Node]
    loops: Mapping[str, Loop]
    units: Mapping[str, Unit]
    calendar: Calendar
    program: Program
    hash: str
    presentation: Presentation = field(default_factory=Presentation)

    def __repr__(self) -> str:
        counts = Counter(variable.kind for variable in self.variables.values())
        return (
            f"<System {self.hash[:8]}: {counts['stock']} stocks, {counts['flow']} flows, {counts['auxiliary']} "
            f"auxiliaries, {len(self.parameters)} parameters, {len(self.levers)} levers>"
        )

    @cached_property
    def sector_of(self) -> Mapping[str, str]:
        """The sector of every variable and input."""
        return {name: entry.sector for name, entry in self.entries.items()}

    @cached_property
    def loop_links(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Every (cause, effect) of each loop, by its name, the chains between declared variables filled in."""
        effects = effects_of(self.causes)
        return {name: chain_through(effects, loop.through) for name, loop in self.loops.items()}

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the reported outcomes, in the order declared."""
        return tuple(name for name, variable in self.variables.items() if variable.annual is not None)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Scalar names of all parameters, elements included: `failure_rate`, `initial_output.ic`."""
        return self.program.parameters

    def file_of(self, name: str) -> str:
        """The file a name is declared in, and the line of its equation, where it has one."""
        line = self.variables[name].line if name in self.variables else None
        return self.files[self.sector_of[name]] + ("" if line is None else f":{line}")

    def scalar_names(self, name: str) -> tuple[str, ...]:
        """The scalar names of a variable or parameter: itself, or one per element."""
        return self._scalars[name]

    @cached_property
    def _scalars(self) -> dict[str, tuple[str, ...]]:
        over = {name: found.over for name, found in self.parameters.items()}
        over |= {name: found.over for name, found in self.variables.items()}
        return {name: scalars(name, dimension) for name, dimension in over.items()}

    @cached_property
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


def build(
    sectors: Iterable[Any],
    units: Iterable[Unit] | None = (),
    *,
    calendar: Calendar = Calendar(),
    presentation: Presentation = PLAIN,
) -> System:
    """Check sectors and make a system of them.

    Args:
        sectors: modules (or namespaces) whose names are declarations.
        units: base units beside those that sectors declare and "year"; None where units are words that nobody checks.
        calendar: the years they are about.
        presentation: what results show first, and the goals they are held against.

    Raises:
        ModelError: listing every fault: unknown and doubled names, units unknown or that do not close, dimensions
            that do not fit, flows without ends, stocks without a start, cycles without a stock, initial-value cycles.
    """
    faults: list[str] = []
    sectors = list(sectors)
    files = {_name(sector): _file(sector) for sector in sectors}
    declared = collect(sectors, faults)
    bases = declared_units(sectors, units or ())
    loops = {name: e.declaration for name, e in declared.items() if isinstance(e.declaration, Loop)}
    entries = {name: e for name, e in declared.items() if name not in loops}
    of_name = unit_table(entries, None if units is None else bases, faults)
    known = symbols(entries)
    expressions = trace_all(entries, known, faults)
    if units is not None:
        faults.extend(unit_faults(entries, expressions, of_name, bases))
    named = stock_names(entries)
    flows = flow_ends(entries, named, of_name, faults)
    starts = stock_starts(entries, named, known, of_name, faults)
    for entry in entries.values():
        faults.extend(f"{entry.where}: {fault}" for fault in input_faults(entry.declaration))
    faults.extend(annual_faults(entries))
    expanded = without_dynamics(entries, expressions, faults)
    faults.extend(delay_faults(entries, expanded))
    program = assemble(entries, expanded, flows, starts, faults)
    system = _system(entries, expressions, flows, starts, loops, bases, calendar, files, program)
    faults.extend(f"{declared[name].where}: {fault}" for name, fault in loop_faults(loops, system.causes, known))
    if faults:
        raise ModelError("\n".join(faults))
    return replace(system, presentation=presented(system.variables, system.units, calendar.policy_from, presentation))


def _name(sector: Any) -> str:
    return str(sector.__name__).rpartition(".")[2]


def _file(sector: Any) -> str:
    """The file of a sector: its own, or as its package names it: "shanghai/sectors/exits.py"."""
    if own := getattr(sector, "file", ""):
        return str(own)
    module = str(getattr(sector, "__module__", sector.__name__))
    return "/".join(module.split(".")[1:] or [module]) + ".py"


def _system(
    entries: Mapping[str, Entry],
    expressions: Mapping[str, Node],
    flows: Mapping[str, Ends],
    starts: Mapping[str, Node],
    loops: Mapping[str, Loop],
    units: Mapping[str, Unit],
    calendar: Calendar,
    files: Mapping[str, str],
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
        equation = getattr(declared, "equation", None)
        line = None if equation is None else equation.__code__.co_firstlineno
        found[name] = Variable(
            name, entry.kind, stock.unit, stock.over, doc, entry.sector, expression, causes, reported, declared, line
        )
    return System(
        entries=entries,
        variables=found,
        parameters=of(Parameter),
        constants=of(Constant),
        levers=of(Lever),
        series=of(Series),
        tables=of(Table),
        files=files,
        flow_ends=flows,
        starts=starts,
        loops=loops,
        units=units,
        calendar=calendar,
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


_HASHED = ("chance", "value", "bounds", "prior", "default", "history", "points", "initial", "conserved")
