"""Diagrams of stocks, flows and causes in the language of Mermaid."""

from collections.abc import Collection

from pujiang.engine.graph import effects_of
from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.exchange.polarity import polarity

_SHAPES = {"stock": ("[", "]"), "flow": ("{{", "}}"), "auxiliary": ("(", ")"), "input": ("([", "])")}


def mermaid(system: System, *, sector: str | None = None, around: str | None = None) -> str:
    """A diagram of a sector, of what stands around a variable, or of the whole.

    Stocks are boxes, flows hexagons joined to their stocks by thick arrows, levers and data pills. A thin arrow
    says that a cause enters an equation, with + or - where the equation alone tells which way it moves it.

    Raises:
        InputError: if there is no such sector or variable.
    """
    sectors = {variable.sector for variable in system.variables.values()}
    if sector is not None and sector not in sectors:
        raise InputError(f"sector: there is no '{sector}'{nearest(sector, sectors)}")
    if around is not None and around not in system.variables:
        raise InputError(f"around: there is no variable '{around}'{nearest(around, system.variables)}")
    shown = {n for n, v in system.variables.items() if v.kind != "initial" and sector in (None, v.sector)}
    if around is not None:
        shown &= _near(system, around)
    links = [
        (cause, effect)
        for effect in (n for n in system.variables if n in shown)
        if system.variables[effect].expression is not None
        for cause in system.causes[effect]
        if (cause in system.variables and system.variables[cause].kind != "initial") or cause in _inputs(system)
    ]
    if around is not None:
        links = [(cause, effect) for cause, effect in links if cause in shown or effect == around]
    named = [n for n in (*system.variables, *_inputs(system)) if n in shown | {cause for cause, _ in links}]
    ends = {flow: e for flow, e in system.flow_ends.items() if flow in shown}
    stocks = [s for e in ends.values() for s in (e.out_of, e.into) if s is not None]
    named += [stock for stock in dict.fromkeys(stocks) if stock not in named]
    lines = ["flowchart LR", *_nodes(system, named, shown)]
    for flow, end in ends.items():
        source = f"{flow}_from((( )))" if end.out_of is None else end.out_of
        sink = f"{flow}_to((( )))" if end.into is None else end.into
        lines.append(f"  {source} ==> {flow} ==> {sink}")
    lines += [f"  {cause} -->{_sign(system, cause, effect)} {effect}" for cause, effect in links]
    return "\n".join(lines) + "\n"


def _inputs(system: System) -> tuple[str, ...]:
    return (*system.levers, *system.series)


def _nodes(system: System, named: Collection[str], shown: Collection[str]) -> list[str]:
    """A line for every node, those of a sector in a frame; dashed what is not itself shown."""
    by_sector: dict[str, list[str]] = {}
    for name in named:
        kind = system.variables[name].kind if name in system.variables else "input"
        left, right = _SHAPES[kind]
        outside = "" if name in shown or kind == "input" else ":::outside"
        by_sector.setdefault(system.sector_of[name], []).append(
            f'    {name}{left}"{name.replace("_", " ")}"{right}{outside}'
        )
    frames = [line for s, nodes in by_sector.items() for line in (f"  subgraph {s}_sector [{s}]", *nodes, "  end")]
    return ["  classDef outside stroke-dasharray: 4", *frames]


def _sign(system: System, cause: str, effect: str) -> str:
    tree = system.variables[effect].expression
    assert tree is not None
    way = polarity(tree, cause, {name: table.points for name, table in system.tables.items()})
    return {1: "|+|", -1: '|"-"|', 0: ""}[way]


def _near(system: System, around: str) -> set[str]:
    """What causes a variable or is caused by it, directly, and the stocks its flows join."""
    effects = effects_of(system.causes)
    near = {around, *system.causes.get(around, ()), *effects.get(around, ())}
    for flow in near & set(system.flow_ends):
        near |= {end for end in (system.flow_ends[flow].out_of, system.flow_ends[flow].into) if end is not None}
    return near


def diagram(system: System, format: str, *, sector: str | None = None, around: str | None = None) -> str:
    return mermaid(system, sector=sector, around=around)
