"""From items to the variables of a file: named as its readers take them, with their equations as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pujiang.declare import Dimension, Table
from pujiang.engine.batch import Grid
from pujiang.engine.expression import Node, variables, walk
from pujiang.engine.profiles import Profile
from pujiang.exchange.content import Item
from pujiang.exchange.time_functions import CLOCK_SECTOR, STEP_CLOCK, STEP_STAGE, Points, clock, jumps, level, points
from pujiang.exchange.xmile_equations import equation, number

RESERVED = frozenset(
    "time dt starttime stoptime pi inf if then else and or not mod self "
    "abs arccos arcsin arctan cos exp init int ln log10 max mean min previous prod pulse ramp rank safediv sin size "
    "smth1 smth3 smthn sqrt stddev step sum tan trend delay delay1 delay3 delayn forcst exprnd lognormal normal "
    "poisson random".split()
)
"""Words that tools read as their own: operators, and the functions of XMILE."""

Cell = tuple[str, Points | None]
"""An equation, and the points of the graphical function it is read through."""


@dataclass(frozen=True)
class Quantity:
    """A variable of the file; `cells` is its equation, one by element where an array has several."""

    name: str
    kind: str
    cells: Mapping[str | None, Cell]
    over: Dimension | None = None
    unit: str = ""
    doc: str = ""
    sector: str = ""
    causes: tuple[str, ...] = ()
    inflows: tuple[str, ...] = ()
    outflows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """What every quantity is called in the file: one name a quantity, or one an element of it."""

    bare: Mapping[tuple[str, str | None], str]
    arrays: bool

    def __call__(self, name: str, element: str | None) -> str:
        """The name as an equation writes it."""
        if name == "time":
            return "TIME"
        return f"{self.bare[name, None]}[{element}]" if self.arrays and element else self.bare[name, element]

    def of(self, name: str, element: str | None) -> str:
        """The name of the variable that holds it."""
        return self.bare[name, None if self.arrays else element]


def names(items: Iterable[Item], others: Iterable[str], *, arrays: bool) -> Names:
    """A name for everything, told apart without regard to case, as the tools read them."""
    taken = set(RESERVED)
    bare: dict[tuple[str, str | None], str] = {}
    for name, over in [*((i.name, i.over) for i in items), *((name, None) for name in others)]:
        for element in (None,) if arrays or over is None else over.elements:
            own = wanted = (name if element is None else f"{name}_{element}").replace(".", "_")
            copy = 1
            while wanted.lower() in taken:
                copy += 1
                wanted = f"{own}_{copy}"
            taken.add(wanted.lower())
            bare[name, element] = wanted
    return Names(bare, arrays)


def quantities(
    items: Iterable[Item], tables: Mapping[str, Table], grid: Grid, method: str, *, arrays: bool
) -> tuple[tuple[Quantity, ...], Names]:
    """The variables of a file, and what each item is called there.

    Args:
        arrays: write what runs over a dimension as one array; else every element as a variable of its own.
    """
    items = _with_sums(list(items)) if arrays else list(items)
    staged = any(STEP_STAGE in _causes(item) for item in items)
    clocked = method == "rk4" and (staged or any(jumps(path) for item in items for path in _paths(item)))
    ticking = clock(grid) if clocked else {}
    called = names(items, ticking, arrays=arrays)
    over = {item.name: item.over for item in items} | dict.fromkeys(ticking)
    found = [
        Quantity(called.of(name, None), kind, {None: (text, None)}, sector=CLOCK_SECTOR, inflows=inflows)
        for name, (kind, text, inflows) in ticking.items()
    ]

    def cell(item: Item, element: str | None) -> Cell:
        if isinstance(item.equation, Node):
            if item.equation.op == "lookup":
                return equation(item.equation.arguments[0], element, called), tables[item.equation.name].points
            return equation(item.equation, element, called), None
        value = item.equation[element]
        if not isinstance(value, Profile):
            return number(value), None
        held = level(value)
        return (now(value), points(value, grid)) if held is None else (number(held), None)

    def now(path: Profile) -> str:
        return called(STEP_CLOCK, None) if clocked and jumps(path) else "TIME"

    def cells(item: Item, element: str | None) -> dict[str | None, Cell]:
        if not arrays or item.over is None:
            return {None: cell(item, element)}
        if isinstance(item.equation, Node) and all(node.op != "only" for node in walk(item.equation)):
            return {None: cell(item, item.over.name)}
        return {part: cell(item, part) for part in item.over.elements}

    def ends(flows: tuple[str, ...], stock: Item, element: str | None) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                called.of(flow, part)
                for flow in flows
                for part in ((element,) if over[flow] is stock.over else _elements(over[flow]))
            )
        )

    for item in items:
        kind = "auxiliary" if item.kind == "input" else item.kind
        for element in (None,) if arrays else _elements(item.over):
            causes = ends(_causes(item), item, element) or tuple({now(path) for path in _paths(item)} - {"TIME"})
            found.append(
                Quantity(
                    name=called.of(item.name, element),
                    kind=kind,
                    cells=cells(item, element),
                    over=item.over if arrays else None,
                    unit=item.unit,
                    doc=item.doc,
                    sector=item.sector,
                    causes=causes,
                    inflows=ends(item.inflows, item, element),
                    outflows=ends(item.outflows, item, element),
                )
            )
    return tuple(found), called


def _elements(over: Dimension | None) -> tuple[str | None, ...]:
    return (None,) if over is None else over.elements


def _paths(item: Item) -> list[Profile]:
    return [] if isinstance(item.equation, Node) else [p for p in item.equation.values() if isinstance(p, Profile)]


def _causes(item: Item) -> tuple[str, ...]:
    """What an equation reads, but for time; of a stock, which starts somewhere, nothing is drawn."""
    if item.kind == "stock" or not isinstance(item.equation, Node):
        return ()
    return tuple(name for name in variables(item.equation) if name != "time")


def _with_sums(items: list[Item]) -> list[Item]:
    """With arrays a stock without a dimension cannot take a flow over one: its sum stands in between, as a flow."""
    by_name = {item.name: item for item in items}
    sums: dict[str, Item] = {}

    def end(flow: str, stock: Item) -> str:
        item = by_name[flow]
        if item.over is stock.over:
            return flow
        total = Node("total", (Node("variable", name=flow, over=item.over),))
        unit, doc = item.unit, f"Sum of {flow} over {item.over.name if item.over else ''}."
        sums.setdefault(flow, Item(f"{flow}_total", "flow", total, None, unit, doc, item.sector))
        return f"{flow}_total"

    joined = [
        replace(i, inflows=tuple(end(f, i) for f in i.inflows), outflows=tuple(end(f, i) for f in i.outflows))
        for i in items
    ]
    return [*joined, *sums.values()]
