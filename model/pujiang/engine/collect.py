"""Reading sectors: what they declare, under which names, and the symbols their equations may use."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pujiang.declare import (
    Auxiliary,
    Constant,
    Dimension,
    Flow,
    Initial,
    Lever,
    Loop,
    Parameter,
    Series,
    Stock,
    Table,
)
from pujiang.declare import Unit as BaseUnit
from pujiang.engine.expression import Node, TableSymbol, TraceError, trace
from pujiang.errors import nearest
from pujiang.units import PURE, YEAR, Unit, UnitError, parse_unit

DECLARATIONS = (Auxiliary, Constant, Flow, Initial, Lever, Loop, Parameter, Series, Stock, Table)
RESERVED = frozenset({"time", "year", "scenario", "member"})
"""Names with a meaning of their own in equations or results."""

VARIABLE_KINDS: Mapping[type, str] = {kind: kind.__name__.lower() for kind in DECLARATIONS}


@dataclass(frozen=True)
class Entry:
    """A declaration under its name, the sector it stands in, and its file where that is no file of Python."""

    name: str
    declaration: Any
    sector: str
    file: str = ""

    @property
    def kind(self) -> str:
        """The kind of declaration: stock, flow, auxiliary, initial, parameter, ..."""
        return VARIABLE_KINDS[type(self.declaration)]

    @property
    def where(self) -> str:
        """File (by default that of the sector) and name, for messages."""
        return f"{self.file or f'{self.sector}.py'}: {self.name}"


@dataclass(frozen=True)
class Ends:
    """The ends of a flow by name, and whether its sum over a dimension is what they see."""

    out_of: str | None
    into: str | None
    total_over: Dimension | None


def collect(sectors: Iterable[Any], faults: list[str]) -> dict[str, Entry]:
    """All declarations of the sectors (modules or namespaces) by name; doubled names become faults."""
    found: dict[str, Entry] = {}
    names: dict[int, str] = {}
    for sector in sectors:
        name_of_sector = sector.__name__.rpartition(".")[2]
        for name, value in vars(sector).items():
            if not isinstance(value, DECLARATIONS):
                continue
            entry = Entry(name, value, name_of_sector, getattr(sector, "file", ""))
            if name in found:
                faults.append(f"{entry.where}: the name is already taken in {found[name].sector}.py")
                continue
            if id(value) in names:
                faults.append(f"{entry.where}: a second name of {names[id(value)]}; a declaration has one name")
            names.setdefault(id(value), name)
            found[name] = entry
    dimensions = {over.name for over in map(run_over, found.values()) if over is not None}
    faults.extend(
        f"{found[name].where}: the name is taken; '{name}' is "
        + ("a dimension" if name in dimensions else "a word of the engine")
        for name in found
        if name in RESERVED | dimensions
    )
    faults.extend(
        f"{found[companion].where}: the name is taken; it says whether the lever {name} is set"
        for name, companion in companions(found).items()
        if companion in found
    )
    return found


def declared_units(sectors: Iterable[Any], shared: Iterable[BaseUnit]) -> dict[str, BaseUnit]:
    """The base units that are shared or that sectors declare, by their word; any sector may use all of them."""
    own = (value for sector in sectors for value in vars(sector).values() if isinstance(value, BaseUnit))
    return {unit.name: unit for unit in (*own, *shared)}


def companions(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The `_set` companion of every lever that has no default, by the name of the lever."""
    return {
        name: f"{name}_set"
        for name, entry in entries.items()
        if isinstance(entry.declaration, Lever) and entry.declaration.default is None
    }


def stock_names(entries: Mapping[str, Entry]) -> dict[int, str]:
    """The name of each stock, by identity: sector files refer to their own stocks as values."""
    return {id(e.declaration): name for name, e in entries.items() if isinstance(e.declaration, Stock)}


def run_over(entry: Entry) -> Dimension | None:
    """The dimension a declaration runs over, if any."""
    if isinstance(entry.declaration, Initial):
        return entry.declaration.stock.over
    over: Dimension | None = getattr(entry.declaration, "over", None)
    return over


def symbols(entries: Mapping[str, Entry]) -> dict[str, Node | TableSymbol]:
    """What an equation may name: every variable and input, a lever's `_set` companion, and `time`."""
    known: dict[str, Node | TableSymbol] = {"time": Node("variable", name="time")}
    for name, entry in entries.items():
        if isinstance(entry.declaration, Table):
            known[name] = TableSymbol(name)
            continue
        known[name] = Node("variable", name=name, over=run_over(entry))
    for companion in companions(entries).values():
        known[companion] = Node("variable", name=companion)
    return known


def trace_all(
    entries: Mapping[str, Entry], known: Mapping[str, Node | TableSymbol], faults: list[str]
) -> dict[str, Node]:
    """The expression of every equation by name; what cannot be read becomes a fault."""
    expressions: dict[str, Node] = {}
    for name, entry in entries.items():
        if not isinstance(entry.declaration, Auxiliary | Flow | Initial):
            continue
        equation = entry.declaration.equation
        if equation is None:
            faults.append(f"{entry.where}: has no equation; write @{entry.kind}(...) above a function")
            continue
        causes = equation.__code__.co_varnames[: equation.__code__.co_argcount]
        unknown = [cause for cause in causes if cause not in known]
        faults.extend(f"{entry.where}: no variable or input is called '{c}'{nearest(c, known)}" for c in unknown)
        if unknown:
            continue
        try:
            expression = trace(equation, {cause: known[cause] for cause in causes})
        except TraceError as error:
            faults.append(f"{entry.where}: {error}")
            continue
        over = run_over(entry)
        if expression.over is not None and expression.over is not over:
            faults.append(
                f"{entry.where}: its equation runs over {expression.over.name}, its declaration over "
                f"{over.name if over else 'nothing'}; use total(), or declare over={expression.over.name}"
            )
            continue
        expressions[name] = expression
    return expressions


def unit_table(entries: Mapping[str, Entry], bases: Collection[str] | None, faults: list[str]) -> dict[str, Unit]:
    """The unit of everything an equation may name; unreadable units become faults.

    Without base units no unit is read: all are pure numbers, flows a year.
    """
    units = {"time": YEAR}
    for name, entry in entries.items():
        if bases is None:
            units[name] = PURE / YEAR if isinstance(entry.declaration, Flow) else PURE
            continue
        declaration = entry.declaration
        if isinstance(declaration, Initial):
            declaration = declaration.stock
        try:
            units[name] = parse_unit(declaration.unit, frozenset(bases))
        except UnitError as error:
            faults.append(f"{entry.where}: {error}")
            units[name] = PURE
    return units | dict.fromkeys(companions(entries).values(), PURE)


def scalars(name: str, over: Dimension | None) -> tuple[str, ...]:
    """A name, or one per element of the dimension it runs over."""
    return (name,) if over is None else tuple(f"{name}.{element}" for element in over.elements)
