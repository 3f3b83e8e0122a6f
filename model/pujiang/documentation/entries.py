"""What is known of every variable and input, gathered from the declarations and the causal graph."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pujiang.basis import Basis
from pujiang.declare import Stock
from pujiang.documentation.markdown import code, declared_cell, span_cell
from pujiang.engine.expression import walk
from pujiang.engine.notation import mathematics
from pujiang.engine.system import System
from pujiang.engine.variable import Variable
from pujiang.reported import Ratio

_ANNUAL = {
    "integral": "the integral over the year",
    "end": "the value at the end of the year",
    "mean": "the year's mean",
}


@dataclass(frozen=True)
class VariableEntry:
    """A variable, as documentation shows it.

    Attributes:
        kind: stock, flow, auxiliary or initial.
        over: the dimension it runs over with its elements, empty for a scalar.
        equation: readable, with its left side.
        start: what a stock starts at, else empty.
        ends: what a flow leaves and enters, else empty.
        causes, effects: names in its equation; variables whose equation names it.
        rests_on: (name, basis) of every number and lever in its equation.
        held_against: the observations it is held against, in words; empty where there are none.
        annual: how it is reported, empty where it is not.
        loops: the declared loops it stands in.
        file: where it is declared.
    """

    name: str
    kind: str
    unit: str
    over: str
    doc: str
    sector: str
    equation: str
    start: str
    ends: str
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    rests_on: tuple[tuple[str, Basis], ...]
    held_against: str
    annual: str
    loops: tuple[str, ...]
    file: str


@dataclass(frozen=True)
class Input:
    """A parameter, constant, table, series or lever, in the row documentation gives it."""

    name: str
    kind: str
    unit: str
    value: str
    doc: str
    basis: Basis | None
    sector: str


def entries(system: System, held_against: Mapping[str, str]) -> tuple[VariableEntry, ...]:
    """Every variable of a system, in the order declared.

    Args:
        held_against: by variable, the observations it is held against, in words.
    """
    members = loop_members(system)
    known = {found.name: found.basis for found in inputs(system) if found.basis is not None}
    return tuple(_entry(system, v, members, known, held_against.get(v.name, "")) for v in system.variables.values())


def loop_members(system: System) -> dict[str, tuple[str, ...]]:
    """The variables each declared loop runs through, those between the declared ones included."""
    return {name: tuple(cause for cause, _ in links) for name, links in system.loop_links.items()}


def equation(system: System, variable: Variable) -> str:
    """The equation of a variable: of a stock, its flows."""
    if variable.expression is not None:
        return f"{variable.name} = {mathematics(variable.expression)}"
    terms = []
    for sign, flows in (("+", inflows(system, variable.name)), ("-", outflows(system, variable.name))):
        for flow in flows:
            reduced = system.variables[flow].over is not variable.over
            over = system.variables[flow].over
            terms += [sign, f"Σ {over.name} ({flow})" if reduced and over is not None else flow]
    change = " ".join(terms[1:] if terms[:1] == ["+"] else terms) or "0"
    return f"d {variable.name} / dt = {change}"


def inflows(system: System, stock: str) -> list[str]:
    """Flows into a stock."""
    return [name for name, ends in system.flow_ends.items() if ends.into == stock]


def outflows(system: System, stock: str) -> list[str]:
    """Flows out of a stock."""
    return [name for name, ends in system.flow_ends.items() if ends.out_of == stock]


def reported_as(variable: Variable) -> str:
    """How a variable is reported, in words; empty where it is not."""
    how = variable.annual
    if isinstance(how, Ratio):
        return f"the year's {how.numerator} over the year's {how.denominator}"
    return "" if how is None else _ANNUAL[how]


def start(system: System, variable: Variable) -> str:
    """What a stock starts at: a number, a name, or its `@initial` equation; empty for what is no stock."""
    if not isinstance(variable.declaration, Stock):
        return ""
    given = variable.declaration.initial
    if given is not None:
        return given if isinstance(given, str) else f"{given:g}"
    openings = (v for v in system.variables.values() if v.kind == "initial")
    return next(v.name for v in openings if v.declaration.stock is variable.declaration)


def _entry(
    system: System,
    variable: Variable,
    members: Mapping[str, Iterable[str]],
    known: Mapping[str, Basis],
    held_against: str,
) -> VariableEntry:
    tables = [] if variable.expression is None else [n.name for n in walk(variable.expression) if n.op == "lookup"]
    causes = tuple(dict.fromkeys([*variable.causes, *tables]))
    ends = system.flow_ends.get(variable.name)
    starts_at = start(system, variable)
    numbers = [*causes, starts_at]
    return VariableEntry(
        name=variable.name,
        kind="opening value" if variable.kind == "initial" else variable.kind,
        unit=variable.unit,
        over=f"{variable.over.name} ({', '.join(variable.over.elements)})" if variable.over else "",
        doc=" ".join(variable.doc.split()),
        sector=variable.sector,
        equation=equation(system, variable),
        start=starts_at,
        ends="" if ends is None else f"from {ends.out_of or 'outside'} to {ends.into or 'outside'}",
        causes=causes,
        effects=system.effects(variable.name),
        rests_on=tuple((name, known[name]) for name in dict.fromkeys(numbers) if name in known),
        held_against=held_against,
        annual=reported_as(variable),
        loops=tuple(loop for loop, through in members.items() if variable.name in through),
        file=system.file_of(variable.name),
    )


def inputs(system: System) -> tuple[Input, ...]:
    """Every input of a system: parameters, constants, tables, series, levers."""
    found = []

    def add(name: str, kind: str, unit: str, value: str, doc: str, basis: Basis | None) -> None:
        found.append(Input(name, kind, unit, value, " ".join(doc.split()), basis, system.sector_of[name]))

    for name, lever in system.levers.items():
        rest = "not set" if lever.default is None else declared_cell(lever.default)
        add(name, "lever", lever.unit, f"{rest} ({span_cell(lever.bounds)})", lever.doc, lever.basis)
    for name, parameter in system.parameters.items():
        values = parameter.value
        text = (
            declared_cell(values)
            if isinstance(values, int | float)
            else ", ".join(f"{element} {declared_cell(value)}" for element, value in values.items())
        )
        add(name, "parameter", parameter.unit, text, parameter.doc, parameter.basis)
    for name, constant in system.constants.items():
        add(name, "constant", constant.unit, declared_cell(constant.value), constant.doc, constant.basis)
    for name, table in system.tables.items():
        points = ", ".join(f"({x:g}, {y:g})" for x, y in table.points)
        add(name, "table", f"{table.unit} of {table.of}", points, table.doc, table.basis)
    for name, series in system.series.items():
        add(name, "series", series.unit, "data", series.doc, None)
    return tuple(found)


def sectors(system: System) -> tuple[str, ...]:
    """Sectors with a variable or an input, in the order of the model."""
    held = {system.sector_of[name] for name in system.variables} | {found.sector for found in inputs(system)}
    return tuple(sector for sector in dict.fromkeys(system.sector_of.values()) if sector in held)


def title(sector: str) -> str:
    """A sector's name as a heading."""
    return sector.replace("_", " ").capitalize()


def facts(entry: VariableEntry) -> list[str]:
    """What an entry says beside meaning and equation, a line each, in Markdown."""
    lines = []
    if entry.start:
        lines.append(f"starts at `{entry.start}`")
    if entry.ends:
        lines.append(entry.ends)
    lines += [f"causes: {code(entry.causes)}", f"effects: {code(entry.effects)}"]
    lines.append(f"reported every year: {entry.annual}" if entry.annual else "not among the reported outcomes")
    if entry.loops:
        lines.append(f"loops: {code(entry.loops)}")
    lines += [f"`{name}` is {basis}" for name, basis in entry.rests_on]
    if entry.held_against:
        lines.append(f"held against {entry.held_against}")
    return [*lines, f"file: {entry.file}"]
