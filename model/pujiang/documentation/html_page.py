"""Every variable of the model as one HTML page: no script, nothing fetched, every name a link to what it names."""

import re
from collections.abc import Mapping
from pathlib import Path

from pujiang.documentation.entries import Input, VariableEntry, entries, inputs, loop_members, sectors, title
from pujiang.documentation.model_page import TITLE, introduction
from pujiang.engine.notation import LEGEND
from pujiang.engine.system import System
from pujiang.templates import html_templates

HERE = Path(__file__).parent
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def html_page(system: System, held_against: Mapping[str, str]) -> str:
    """The page.

    Args:
        held_against: by variable, the observations it is held against, in words.
    """
    from markupsafe import Markup, escape

    every, given = entries(system, held_against), inputs(system)
    members = loop_members(system)
    anchors = {entry.name for entry in every} | {found.name for found in given}
    # What is not declared itself but stands for a lever: whether it is set.
    links = {name: name for name in anchors} | {f"{name}_set": name for name in system.levers}

    def linked(text: str) -> Markup:
        """A text in which every name the page explains is a link."""
        parts, last = [], 0
        for found in _NAME.finditer(text):
            name = found.group()
            parts.append(escape(text[last : found.start()]))
            parts.append(Markup('<a href="#{}">{}</a>').format(links[name], name) if name in links else escape(name))
            last = found.end()
        return Markup("").join([*parts, escape(text[last:])])

    environment = html_templates(HERE)
    environment.filters["linked"] = linked
    style = (HERE / "page.css").read_text(encoding="utf-8")
    page: str = environment.get_template("page.html.j2").render(
        title=TITLE,
        introduction=introduction(system),
        legend=[line.replace("`", "") for line in LEGEND],
        sectors=[(s, title(s), *_of_sector(s, every, given)) for s in sectors(system)],
        loops=[(name, loop, members[name]) for name, loop in system.loops.items()],
        style=Markup(style),
    )
    return page + "\n"


def _of_sector(
    sector: str, every: tuple[VariableEntry, ...], given: tuple[Input, ...]
) -> tuple[list[VariableEntry], list[Input]]:
    return [e for e in every if e.sector == sector], [i for i in given if i.sector == sector]
