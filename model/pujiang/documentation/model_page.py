"""Every variable of the model, sector by sector, as Markdown."""

import textwrap
from collections import Counter
from collections.abc import Mapping

from pujiang.documentation.entries import VariableEntry, entries, facts, sectors, title
from pujiang.documentation.markdown import NOTE, item, paragraph
from pujiang.engine.notation import LEGEND
from pujiang.engine.system import System

TITLE = "The model, variable by variable"


def model_page(system: System, held_against: Mapping[str, str]) -> str:
    """The page.

    Args:
        held_against: by variable, the observations it is held against, in words.
    """
    every = entries(system, held_against)
    parts = [f"# {TITLE}", NOTE, paragraph(introduction(system)), "How to read an equation:"]
    parts.append("\n".join(item(line) for line in LEGEND))
    counts = Counter(entry.sector for entry in every)
    parts.append("\n".join(f"- {title(sector)}: {count}" for sector, count in counts.items()))
    for sector in counts:
        parts.append(f"# {title(sector)}")
        parts.extend(entry_text(entry) for entry in every if entry.sector == sector)
    return "\n\n".join(parts) + "\n"


def introduction(system: System) -> str:
    """What there is, in numbers."""
    kinds = [variable.kind for variable in system.variables.values()]
    counts = f"{kinds.count('stock')} stocks, {kinds.count('flow')} flows and {kinds.count('auxiliary')} auxiliaries"
    return (
        f"{len(sectors(system))} sectors with {counts}, {len(system.parameters)} parameters, {len(system.levers)} "
        f"levers, {len(system.series)} data series and {len(system.loops)} declared loops; "
        f"{len(system.outcomes)} variables are reported every year."
    )


def entry_text(entry: VariableEntry) -> str:
    """One variable."""
    over = f", over {entry.over}" if entry.over else ""
    return "\n".join(
        [
            f"## {entry.name}",
            "",
            f"*{entry.kind}, {entry.unit}{over}*",
            "",
            paragraph(entry.doc),
            "",
            "```text",
            wrapped(entry.equation),
            "```",
            "",
            *(item(fact) for fact in facts(entry)),
        ]
    )


def wrapped(equation: str, width: int = 100) -> str:
    """An equation over several lines, none longer than `width` where it has a space to break at."""
    return "\n".join(textwrap.wrap(equation, width, subsequent_indent="    ", break_long_words=False))
