"""The same model with links that can be cut: each cut is a lever that no sector declares, 0 while all is whole.

While it is 1, the equation of an effect reads in place of the cause what the cut holds: the cause's value at the
opening, zero, a multiple of the cause, the value of an equation, or a course that the run gives. A cut never touches
the opening: stocks start as they do in the whole model. A cut link leaves its cause alone, which goes on as its own
equation says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pujiang.basis import by_definition
from pujiang.declare import Cut, Initial, Lever, Stock
from pujiang.engine.assemble import assemble, without_dynamics
from pujiang.engine.collect import Entry, symbols
from pujiang.engine.dynamics import Expanded
from pujiang.engine.expression import Node, as_node, combine, trace, walk
from pujiang.engine.loop_faults import cut_faults
from pujiang.engine.profiles import Profile
from pujiang.engine.program import Program
from pujiang.engine.system import System


def with_cuts(
    system: System,
    cuts: Mapping[str, Iterable[Cut]] | None = None,
    kept: Callable[[Callable[[], Program]], Program] = lambda make: make(),
) -> System:
    """A system in which each of some cuts, by name, can be made; by default those of its loops.

    Until one is made, it runs as the system does, to the last bit. `kept`: gives the program, from where it is kept or
    by making it.

    Raises:
        ModelError: if a cut names what is not there, or closes a cycle without a stock.
    """
    if cuts is None:
        cuts = {name: loop.cuts for name, loop in system.loops.items()}
    faults: list[str] = []
    known = symbols(system.entries)
    levers: dict[str, Entry] = {}
    openings: dict[str, Entry] = {}
    whole = {name: v.expression for name, v in system.variables.items() if v.expression is not None}
    changed = dict(whole)
    for name, cut in ((name, cut) for name, several in cuts.items() for cut in several):
        found = cut_faults(cut, system.causes, known)
        cause = known.get(cut.cause)
        if found or not isinstance(cause, Node):
            faults += [f"{name}: {fault}" for fault in found or [f"its cut starts at a table, {cut.cause}"]]
            continue
        lever = Node("variable", name=_lever(name))
        levers[lever.name] = Entry(lever.name, _LEVER, "cut")
        if cut.held == "opening":
            held = Node("variable", name=f"opening {cut.cause}", over=cause.over)
            openings[held.name] = Entry(held.name, Initial(stock=Stock("1", "Opening value.", over=cause.over)), "cut")
            whole[held.name] = changed[held.name] = cause
        elif cut.held == "course":
            given, held = _course(name, cause)
            levers |= {each: Entry(each, _LEVER, "cut") for each in given}
        elif isinstance(cut.held, str):
            held = as_node(0)
        elif isinstance(cut.held, float):
            held = combine("multiply", cause, as_node(cut.held))
        else:
            held = trace(cut.held, {argument: known[argument] for argument in cut.held_reads})
        if cut.effect is None and cut.cause in whole:
            changed[cut.cause] = combine("where", lever, held, changed[cut.cause])
            continue
        for effect in [cut.effect] if cut.effect else system.effects(cut.cause):
            if system.variables[effect].kind == "stock":
                faults.append(f"{name}: its cut ends at the stock {effect}; cut a link into the flow {cut.cause}")
            elif system.variables[effect].kind != "initial":
                changed[effect] = _reading(changed[effect], cut.cause, combine("where", lever, held, cause))
    entries = {**system.entries, **levers, **openings}

    def made() -> Program:
        start, after = without_dynamics(entries, whole, faults), without_dynamics(entries, changed, faults)
        expanded = {name: _joined(start[name], after[name]) for name in start}
        return assemble(entries, expanded, system.flow_ends, system.starts, faults)

    program = made() if faults else kept(made)
    hidden = {name: entry.declaration for name, entry in levers.items()}
    return replace(system, entries=entries, levers={**system.levers, **hidden}, program=program)


def cut_from(date: float, *names: str) -> dict[str, Profile]:
    """The lever profiles of a run in which some cuts, by name, are made from a date on, decimal year."""
    return {_lever(name): Profile((date,), (0.0,), (1.0,)) for name in names}


_LEVER = Lever("1", "Whether a cut is made.", default=0.0, bounds=(0.0, 1.0), basis=by_definition("0 in a whole model"))


def _lever(name: str) -> str:
    """The lever of a cut: no identifier, so that no declaration can have its name."""
    return f"cut {name}"


def course_from(name: str, course: Mapping[str, Profile]) -> dict[str, Profile]:
    """The lever profiles that give the course a cut holds, by the scalar names of its cause."""
    return {f"{_lever(name)}: {scalar}": profile for scalar, profile in course.items()}


def _course(name: str, cause: Node) -> tuple[list[str], Node]:
    """The levers that give a course, one an element, and what reads them."""
    if cause.over is None:
        lever = Node("variable", name=f"{_lever(name)}: {cause.name}")
        return [lever.name], lever
    levers = {e: Node("variable", name=f"{_lever(name)}: {cause.name}.{e}") for e in cause.over.elements}
    parts = [Node("only", (lever,), name=element, over=cause.over) for element, lever in levers.items()]
    held = parts[0]
    for part in parts[1:]:
        held = combine("add", held, part)
    return [lever.name for lever in levers.values()], held


def _reading(expression: Node, cause: str, instead: Node) -> Node:
    """An expression that reads something else in place of a cause."""
    new: dict[int, Node] = {}
    for node in walk(expression):
        if node.op == "variable" and node.name == cause:
            new[id(node)] = instead
        else:
            new[id(node)] = replace(node, arguments=tuple(new[id(argument)] for argument in node.arguments))
    return new[id(expression)]


def _joined(start: Expanded, after: Expanded) -> Expanded:
    """What is cut after the start, as it is whole at it."""
    return Expanded(
        after.expression,
        start.expression,
        tuple(replace(b, initial=a.initial) for a, b in zip(start.stocks, after.stocks, strict=True)),
        tuple(replace(b, before=a.before) for a, b in zip(start.lines, after.lines, strict=True)),
    )
