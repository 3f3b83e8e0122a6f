"""The declared feedback loops, with the sign of every link as it is found in the equations."""

import re

from pujiang.documentation.markdown import NOTE, item, paragraph, table
from pujiang.engine.causality import Traced
from pujiang.engine.system import System
from pujiang.experiment.loops import SEEN_AT

_CODE = re.compile(r"([RB]\d+)\b[:,]?\s*")
_SIGNS = {1: "+", -1: "−", 0: "no answer"}


def code_and_meaning(doc: str) -> tuple[str, str]:
    """The code a loop's meaning opens with ("R2: exits draw money"), empty where it has none, and the meaning."""
    text = " ".join(doc.split())
    found = _CODE.match(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def loops_page(system: System, loops: tuple[Traced, ...]) -> str:
    """The page: all loops in a table, then each with its links."""
    parts = [
        "# Feedback loops",
        NOTE,
        paragraph(
            f"{len(loops)} loops are declared by the variables they run through and found again in the equations. The "
            "sign of a link says whether the effect rises (+) or falls (−) when its cause alone rises by one per cent, "
            f"at {SEEN_AT:g} on the fitted course; a loop with an even number of − reinforces, with an odd number it "
            "balances. `pujiang check` repeats this, cuts each loop by its switch, and sees that it matters."
        ),
        table(
            ("loop", "code", "polarity", "links", "of them −", "cut by"),
            [
                (
                    f"[{found.name}](#{found.name})",
                    code_and_meaning(found.loop.doc)[0],
                    _polarity(found),
                    str(len(found.links)),
                    str(sum(link.sign < 0 for link in found.links)),
                    f"`{found.loop.cut_by}`",
                )
                for found in loops
            ],
            right=("links", "of them −"),
        ),
    ]
    parts.extend(_loop(system, found) for found in loops)
    return "\n\n".join(parts) + "\n"


def _polarity(found: Traced) -> str:
    return found.polarity if found.as_declared else f"declared {found.loop.polarity}, found {found.polarity}"


def _loop(system: System, found: Traced) -> str:
    code, meaning = code_and_meaning(found.loop.doc)
    facts = [f"polarity: {_polarity(found)}", f"cut by `{found.loop.cut_by}`: {system.switches[found.loop.cut_by].doc}"]
    if code:
        facts.insert(0, f"code: {code}")
    if found.loop.when:
        facts.append("seen at " + ", ".join(f"`{lever}` = {value:g}" for lever, value in found.loop.when.items()))
    links = [f"| `{link.cause}` | {_SIGNS[link.sign]} | `{link.effect}` |" for link in found.links]
    return "\n".join(
        [
            f"## {found.name}",
            "",
            paragraph(meaning),
            "",
            *(item(fact) for fact in facts),
            "",
            "| cause | sign | effect |",
            "| --- | --- | --- |",
            *links,
        ]
    )
