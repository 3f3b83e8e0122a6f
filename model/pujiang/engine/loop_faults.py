"""What can be wrong with loops and cuts; every fault is a line that says what is there instead."""

import re
from collections.abc import Collection, Mapping

from pujiang.declare import Cut, Loop
from pujiang.engine.graph import chain_through, effects_of
from pujiang.errors import nearest

Causes = Mapping[str, tuple[str, ...]]


def loop_faults(loops: Mapping[str, Loop], causes: Causes, known: Collection[str]) -> list[tuple[str, str]]:
    """Loops, by name, that the equations do not have, or whose codes or cuts do not fit.

    Args:
        causes: what enters each variable's equation, of a stock its flows.
        known: everything an equation may name.
    """
    effects = effects_of(causes)
    coded: dict[str, str] = {}
    found = []
    for name, loop in loops.items():
        faults = [f"no variable is called '{v}'{nearest(v, causes)}" for v in loop.through if v not in causes]
        if not re.fullmatch(r"[RB][1-9]\d*", loop.code):
            faults.append(f"its code is '{loop.code}'; allowed: R (reinforcing) or B (balancing) and a number")
        elif coded.setdefault(loop.code, name) != name:
            faults.append(f"its code {loop.code} is that of {coded[loop.code]}")
        faults += [f"no lever is called '{lever}'{nearest(lever, known)}" for lever in loop.when if lever not in known]
        faults += [fault for cut in loop.cuts for fault in cut_faults(cut, causes, known)]
        if any(cut.held == "course" for cut in loop.cuts):
            faults.append(
                "its cut is held at 'course', which only a run can give; allowed: opening, zero, or an equation"
            )
        if not faults:
            try:
                links = chain_through(effects, loop.through)
            except ValueError as error:
                faults = [str(error)]
            else:
                if not any((cut.cause, cut.effect) in links for cut in loop.cuts):
                    chain = " -> ".join([*(cause for cause, _ in links), links[0][0]])
                    faults = [f"none of its cuts is a link of it; it runs {chain}"]
        found += [(name, fault) for fault in faults]
    return found


def cut_faults(cut: Cut, causes: Causes, known: Collection[str]) -> list[str]:
    """What in a cut does not fit the equations."""
    unknown = [name for name in cut.held_reads if name not in known]
    faults = [f"what its cut holds names '{name}', which does not exist{nearest(name, known)}" for name in unknown]
    if isinstance(cut.held, str) and cut.held not in ("opening", "zero", "course"):
        faults.append(f"its cut is held at '{cut.held}'; allowed: opening, zero, or an equation")
    if cut.effect is None:
        entering = set(known)
    elif cut.effect not in causes:
        return [*faults, f"no variable is called '{cut.effect}'{nearest(cut.effect, causes)}"]
    else:
        entering = set(causes[cut.effect])
    if cut.cause not in entering:
        where = f"does not enter {cut.effect}" if cut.effect else "does not exist"
        faults.append(f"its cut starts at '{cut.cause}', which {where}{nearest(cut.cause, entering)}")
    return faults
