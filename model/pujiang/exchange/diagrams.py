"""What a diagram shows: a sector, what stands around a variable, a feedback loop, or the whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pujiang.engine.system import System
from pujiang.errors import InputError, nearest
from pujiang.exchange.polarity import polarity

Link = tuple[str, str]


@dataclass(frozen=True)
class Diagram:
    """Boxes, pipes and arrows, without places.

    Attributes:
        kinds: stock, flow, auxiliary or input, by name.
        sectors: the sector of each.
        shown: those whose causes are drawn; the rest stand beside them.
        pipes: of each flow the stock it leaves and the one it enters, None where it begins or ends outside.
        signs: of each link from a cause to an effect +, -, or nothing where the equation does not tell.
        loops: the codes of the feedback loops that run over each link.
        names: what each of those loops is called, and whether it reinforces or balances, by its code.
        circle: the names in the order of the one loop that is drawn.
        around: the variable of which it shows what stands around it.
    """

    kinds: Mapping[str, str]
    sectors: Mapping[str, str]
    shown: Collection[str]
    pipes: Mapping[str, tuple[str | None, str | None]]
    signs: Mapping[Link, str]
    loops: Mapping[Link, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    circle: tuple[str, ...] = ()
    around: str = ""

    def label(self, link: Link) -> str:
        """What stands at an arrow: its sign, and the loops that run over it."""
        return " ".join(part for part in (self.signs[link], *self.loops.get(link, ())) if part)


def diagram(
    system: System, *, sector: str | None = None, around: str | None = None, loop: str | None = None
) -> Diagram:
    """The diagram of a sector, of what stands around a variable, of one loop by its code, or of the whole.

    Raises:
        InputError: if there is no such sector, variable or loop.
    """
    sectors = {variable.sector for variable in system.variables.values()}
    if sector is not None and sector not in sectors:
        raise InputError(f"sector: there is no '{sector}'{nearest(sector, sectors)}")
    if around is not None and around not in system.variables:
        raise InputError(f"around: there is no variable '{around}'{nearest(around, system.variables)}")
    chains = _chains(system)
    if loop is not None:
        if loop not in chains:
            raise InputError(f"loop: there is no '{loop}'{nearest(loop, chains)}")
        return _of_loop(system, loop, chains[loop])
    known = system.variables
    among = known if around is None else _near(system, around) & known.keys()
    shown = {n for n in among if known[n].kind != "initial" and sector in (None, known[n].sector)}
    links = [
        (cause, effect)
        for effect in (n for n in system.variables if n in shown)
        if system.variables[effect].expression is not None
        for cause in system.causes[effect]
        if _kind(system, cause) and (around is None or cause in shown or effect == around)
    ]
    pipes = {flow: (e.out_of, e.into) for flow, e in system.flow_ends.items() if flow in shown}
    ends = {stock for pair in pipes.values() for stock in pair if stock is not None}
    named = shown | ends | {cause for cause, _ in links}
    kinds = {n: _kind(system, n) for n in (*system.variables, *system.levers, *system.series) if n in named}
    over: dict[Link, tuple[str, ...]] = dict.fromkeys(links, ())
    for code, chain in chains.items():
        for link in chain:
            if link in over:
                over[link] += (code,)
    signs = {link: _sign(system, *link) for link in links}
    sectors_of = {n: system.sector_of[n] for n in kinds}
    return Diagram(kinds, sectors_of, shown, pipes, signs, over, _names(system, over), around=around or "")


def _chains(system: System) -> Mapping[str, tuple[Link, ...]]:
    return {system.loops[name].code: links for name, links in system.loop_links.items()}


def _of_loop(system: System, code: str, chain: tuple[Link, ...]) -> Diagram:
    circle = tuple(cause for cause, _ in chain)
    kinds = {name: _kind(system, name) for name in circle}
    signs = {link: _sign(system, *link) for link in chain}
    sectors, over = {n: system.sector_of[n] for n in kinds}, {chain[-1]: (code,)}
    return Diagram(kinds, sectors, circle, {}, signs, over, _names(system, over), circle)


def _names(system: System, over: Mapping[Link, tuple[str, ...]]) -> dict[str, str]:
    """What loops are called, and what they do, of those that run over some links."""
    codes = {code for codes in over.values() for code in codes}
    return {loop.code: f"{name}, {loop.polarity}" for name, loop in system.loops.items() if loop.code in codes}


def _kind(system: System, name: str) -> str:
    """The kind of a box; empty for what is not drawn: parameters, constants, opening values, time."""
    if name in system.levers or name in system.series:
        return "input"
    kind = system.variables[name].kind if name in system.variables else ""
    return "" if kind == "initial" else kind


def _sign(system: System, cause: str, effect: str) -> str:
    """Which way a cause moves an effect; a stock gains by what enters it."""
    ends = system.flow_ends.get(cause)
    if ends is not None and effect in (ends.out_of, ends.into):
        return "+" if ends.into == effect else "-"
    tree = system.variables[effect].expression
    assert tree is not None
    way = polarity(tree, cause, {name: table.points for name, table in system.tables.items()})
    return {1: "+", -1: "-", 0: ""}[way]


def _near(system: System, around: str) -> set[str]:
    """What causes a variable or is caused by it, directly, and the stocks its flows join."""
    near = {around, *system.causes.get(around, ()), *system.effects(around)}
    for flow in near & set(system.flow_ends):
        near |= {end for end in (system.flow_ends[flow].out_of, system.flow_ends[flow].into) if end is not None}
    return near
