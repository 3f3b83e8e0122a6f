"""The declared feedback loops, with the sign of every link as it is found in the equations."""

from collections.abc import Mapping

from pujiang.declare import Cut
from pujiang.documentation.markdown import NOTE, item, paragraph, table
from pujiang.engine.causality import Traced
from pujiang.engine.collect import symbols
from pujiang.engine.expression import trace
from pujiang.engine.notation import readable
from pujiang.engine.system import System
from pujiang.experiment.explanation.loops import contradicts
from pujiang.experiment.gains import OVER, Gain, gain_text
from pujiang.experiment.loops import seen_at
from pujiang.experiment.scenario import BASELINE
from pujiang.labelled import Dataset

GAIN_YEARS = (2, 5, 10)
"""Over how many years gains are shown."""
_YEARS = tuple(f"gain, {years} years" for years in GAIN_YEARS)

_SIGNS = {1: "+", -1: "−", 0: "no answer"}


def loops_page(
    system: System, loops: tuple[Traced, ...], gains: Mapping[str, Gain], pushed: Dataset | None = None
) -> str:
    """The page: all loops in a table with their gains, then over time, then each with its links.

    `pushed`: the gains of loops in all scenarios, as `pujiang.loops` gives them.
    """
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
            'named. Below a thousandth a loop is there and does next to nothing; "all back": a '
            "balance takes back more than was added."
        ),
        table(
            ("loop", "code", *_YEARS, "links", "of them −", "cut at"),
            [
                (
                    f"[{found.name}](#{found.name})",
                    found.loop.code,
                    *(gain_text(gains[found.name].over[years]) for years in GAIN_YEARS),
                    str(len(found.links)),
                    str(sum(link.sign < 0 for link in found.links)),
                    ", ".join(_arrow(cut) for cut in found.loop.cuts),
                )
                for found in loops
            ],
            right=(*_YEARS, "links", "of them −"),
        ),
    ]
    if pushed is not None:
        parts += _over_time(pushed)
    parts.extend(_loop(system, found, _against(pushed, found)) for found in loops)
    return "\n\n".join(parts) + "\n"


def _polarity(found: Traced) -> str:
    return found.polarity if found.as_declared else f"{found.loop.polarity} by its code, found {found.polarity}"


def _arrow(cut: Cut) -> str:
    return f"`{cut.cause}` → `{cut.effect}`"


def _held(system: System, cut: Cut) -> str:
    if isinstance(cut.held, float):
        return f"{cut.held:g} times the cause"
    if isinstance(cut.held, str):
        return {"opening": "its value at the opening", "zero": "0"}[cut.held]
    known = symbols(system.entries)
    return f"`{readable(trace(cut.held, {name: known[name] for name in cut.held_reads}))}`"


def _over_time(pushed: Dataset) -> list[str]:
    """The gains in the baseline of pushes from several years on, and which loop is the strongest of its kind when."""
    own = pushed.sel(case=BASELINE.name)
    starts = [f"from {start}" for start in own["start"].values.tolist()]
    rows = [
        (name, code, *(f"**{gain_text(g)}**" if s else gain_text(g) for g, s in zip(gains, strongest, strict=True)))
        for name, code, gains, strongest in zip(
            own["loop"].values.tolist(), own["code"].values.tolist(), own["gain"].values, own["strongest"].values,
            strict=True,
        )
    ]  # fmt: skip
    return [
        "## Over time",
        paragraph(
            f"The gain in the baseline within {OVER} years of a push that begins in each of these years. The strongest "
            "loop of each kind then stands out. `pujiang loops scenario=NAME` prints the same for a scenario; where a "
            "loop does other than its code says in a shipped scenario, it is said below."
        ),
        table(("loop", "code", *starts), rows, right=tuple(starts)),
    ]


def _against(pushed: Dataset | None, found: Traced) -> list[str]:
    """Where a loop is measured to be other than its code says, scenario by scenario."""
    if pushed is None:
        return []
    own = pushed.sel(loop=found.name)
    out = []
    for case, gains in zip(own["case"].values.tolist(), own["gain"].values, strict=True):
        starts = [
            f"{gain_text(gain)} from {start}"
            for start, gain in zip(own["start"].values.tolist(), gains, strict=True)
            if contradicts(found.loop.polarity, float(gain))
        ]
        if starts:
            out.append(f"`{case}` ({', '.join(starts)})")
    other = "balances" if found.loop.polarity == "reinforcing" else "reinforces"
    return [f"pushed for {OVER} years it {other} in {'; '.join(out)}"] if out else []


def _loop(system: System, found: Traced, against: list[str]) -> str:
    facts = [f"code: {found.loop.code}", f"polarity: {_polarity(found)}", *against]
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
