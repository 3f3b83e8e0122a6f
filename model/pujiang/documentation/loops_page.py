"""The declared feedback loops, with the sign of every link as it is found in the equations."""

from collections.abc import Mapping

from pujiang.declare import Cut
from pujiang.documentation.markdown import NOTE, item, paragraph, table
from pujiang.engine.causality import Traced
from pujiang.engine.collect import symbols
from pujiang.engine.expression import trace
from pujiang.engine.notation import readable
from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_paths
from pujiang.experiment.loops import levers_that_close, moment, traced

SEEN_AT = 2028.0
"""When the signs are read: after levers act, before the end."""

_SIGNS = {1: "+", -1: "−", 0: "no answer"}


def traced_loops(system: System, fit: Fit, series: Mapping[str, Path], engine: str = "auto") -> tuple[Traced, ...]:
    """Every declared loop at one moment of the fitted course, the levers at which it closes being set."""
    if not system.loops:
        return ()
    simulation = Simulation()
    cases = {
        name: lever_paths(system, levers_that_close(system, loop), series, simulation.dt)
        for name, loop in system.loops.items()
    }
    tree = simulate(system, fit.values, series=series, scenarios=cases, simulation=simulation, engine=engine)
    courses = tree["trajectories"].to_dataset()
    return tuple(
        traced(system, name, moment(system, fit, courses, series, cases[name], name, SEEN_AT)) for name in cases
    )


def loops_page(system: System, loops: tuple[Traced, ...]) -> str:
    """The page: all loops in a table, then each with its links."""
    parts = [
        "# Feedback loops",
        NOTE,
        paragraph(
            f"{len(loops)} loops are declared by the variables they run through and found again in the equations. The "
            "sign of a link says whether the effect rises (+) or falls (−) when its cause alone rises by one per cent, "
            f"at {SEEN_AT:g} on the fitted course; a loop with an even number of − reinforces, with an odd number it "
            "balances. The letter of a loop's code, R or B, says which it is meant to be. `pujiang check` repeats "
            "this, cuts each loop and sees that it matters: the effect of a cut link then reads, in place of the "
            "cause, what is held. No equation knows of cuts; the engine makes a model in which they can be made."
        ),
        table(
            ("loop", "code", "polarity", "links", "of them −", "cut at"),
            [
                (
                    f"[{found.name}](#{found.name})",
                    found.loop.code,
                    _polarity(found),
                    str(len(found.links)),
                    str(sum(link.sign < 0 for link in found.links)),
                    ", ".join(_arrow(cut) for cut in found.loop.cuts),
                )
                for found in loops
            ],
            right=("links", "of them −"),
        ),
    ]
    parts.extend(_loop(system, found) for found in loops)
    return "\n\n".join(parts) + "\n"


def _polarity(found: Traced) -> str:
    return found.polarity if found.as_declared else f"{found.loop.polarity} by its code, found {found.polarity}"


def _arrow(cut: Cut) -> str:
    return f"`{cut.cause}` → `{cut.effect}`"


def _held(system: System, cut: Cut) -> str:
    if isinstance(cut.held, str):
        return {"opening": "its value at the opening", "zero": "0"}[cut.held]
    known = symbols(system.entries)
    return f"`{readable(trace(cut.held, {name: known[name] for name in cut.held_reads}))}`"


def _loop(system: System, found: Traced) -> str:
    facts = [f"code: {found.loop.code}", f"polarity: {_polarity(found)}"]
    facts += [f"cut at {_arrow(cut)}, which then reads {_held(system, cut)}" for cut in found.loop.cuts]
    if found.loop.when:
        facts.append("seen at " + ", ".join(f"`{lever}` = {value:g}" for lever, value in found.loop.when.items()))
    links = [f"| `{link.cause}` | {_SIGNS[link.sign]} | `{link.effect}` |" for link in found.links]
    return "\n".join(
        [
            f"## {found.name}",
            "",
            paragraph(found.loop.doc),
            "",
            *(item(fact) for fact in facts),
            "",
            "| cause | sign | effect |",
            "| --- | --- | --- |",
            *links,
        ]
    )
