"""The declared feedback loops, with the sign of every link as it is found in the equations."""

import math
from collections.abc import Mapping

from pujiang.declare import Cut
from pujiang.documentation.markdown import NOTE, item, paragraph, table
from pujiang.engine.causality import Traced
from pujiang.engine.collect import symbols
from pujiang.engine.expression import trace
from pujiang.engine.notation import readable
from pujiang.engine.system import System
from pujiang.experiment.gains import Gain
from pujiang.experiment.loops import seen_at

GAIN_YEARS = (2, 5, 10)
"""Over how many years gains are shown."""
_YEARS = tuple(f"gain, {years} years" for years in GAIN_YEARS)

_SIGNS = {1: "+", -1: "−", 0: "no answer"}


def loops_page(system: System, loops: tuple[Traced, ...], gains: Mapping[str, Gain]) -> str:
    """The page: all loops in a table with their gains, then each with its links."""
    parts = [
        "# Feedback loops",
        NOTE,
        paragraph(
            f"{len(loops)} loops are declared by the variables they run through and found again in the equations. The "
            "sign of a link says whether the effect rises (+) or falls (−) when its cause alone rises by one per cent, "
            f"at {seen_at(system):g} on the fitted course; a loop with an even number of − reinforces, with an odd "
            "number it balances. The letter of a loop's code, R or B, says which it is meant to be. `pujiang check` "
            "repeats "
            "this, cuts each loop and sees that it matters: the effect of a cut link then reads, in place of the "
            "cause, what is held. No equation knows of cuts; the engine makes a model in which they can be made."
        ),
        paragraph(
            "The gain of a loop is measured, not declared: what an effect reads of its cause is raised by one per cent "
            f"from {system.calendar.policy_from} on, and of what is read, the share that has come back round the loop "
            "is counted over so many years. Whatever leads back to the cause counts, not only the chain that is "
            "named. Below a thousandth a loop is there and does next to nothing."
        ),
        table(
            ("loop", "code", *_YEARS, "links", "of them −", "cut at"),
            [
                (
                    f"[{found.name}](#{found.name})",
                    found.loop.code,
                    *(_percent(gains[found.name].over[years]) for years in GAIN_YEARS),
                    str(len(found.links)),
                    str(sum(link.sign < 0 for link in found.links)),
                    ", ".join(_arrow(cut) for cut in found.loop.cuts),
                )
                for found in loops
            ],
            right=(*_YEARS, "links", "of them −"),
        ),
    ]
    parts.extend(_loop(system, found) for found in loops)
    return "\n\n".join(parts) + "\n"


def _polarity(found: Traced) -> str:
    return found.polarity if found.as_declared else f"{found.loop.polarity} by its code, found {found.polarity}"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:+.2g} %".replace("-", "−")


def _arrow(cut: Cut) -> str:
    return f"`{cut.cause}` → `{cut.effect}`"


def _held(system: System, cut: Cut) -> str:
    if isinstance(cut.held, float):
        return f"{cut.held:g} times the cause"
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
