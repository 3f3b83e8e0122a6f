"""An explanation for the terminal: paragraphs, what each lever adds to the main outcomes, and the ways of the first."""

import re
from typing import TYPE_CHECKING

import numpy as np

from pujiang.labelled import Tree
from pujiang.presentation import Outcome, presentation_of
from pujiang.results.explanation.names import called, place_called
from pujiang.results.explanation.paragraph import paragraph
from pujiang.results.explanation.story import Part, Story, rows, story_of, told_outcomes
from pujiang.results.outcomes import signed
from pujiang.results.summary import headline
from pujiang.results.text_tables import TABLE_WIDTH, console, grid, text_of
from pujiang.results.words import Words, words_in
from pujiang.results.wrapping import wrapped

if TYPE_CHECKING:
    from rich.console import Console

MOST_FLOWS = 12
MOST_LEVERS = 5
LEAST = 0.05
HEAD = 12
"""Width of a column of the table by lever."""
INDENT = 6 * " "
"""Links, sectors and stocks below this share of the difference are not printed."""


def explanation_text(
    tree: Tree,
    outcomes: list[str] | None = None,
    *,
    language: str = "en",
    width: int = TABLE_WIDTH,
    terminal: bool = False,
) -> str:
    """An explanation as text, at most `width` columns wide.

    Args:
        outcomes: scalar names of those to explain; by default the three headline outcomes that differ most.
    """
    annual = tree["annual"]
    say = words_in(language, presentation_of(annual.attrs))
    names = outcomes or told_outcomes(tree)
    page = console(width, colour=terminal)
    found = {name: story_of(tree, name) for name in dict.fromkeys([*names, *headline(annual)])}
    stories = [found[name] for name in names]
    for story in stories:
        for line in wrapped(paragraph(story, say), width):
            page.print(line, markup=False)
        page.print()
    _levers(page, list(found.values()), say)
    if stories and "pathways" in tree.children:
        _pathways(page, tree, stories[0], say)
    return text_of(page)


def _levers(page: "Console", stories: list[Story], say: Words) -> None:
    """A row an outcome, a column a lever: those that add most to the first."""
    first = stories[0]
    title = say("What each adds, {year}: {b} less {a}", year=first.year, b=say.case(first.b), a=say.case(first.a))
    kept = [part.name for part in first.parts[:MOST_LEVERS]]
    rest = [part.name for part in first.parts[MOST_LEVERS:]]
    heads = [say("Whole difference"), *(called(name, say) for name in kept), *([say("All others")] if rest else [])]
    page.print(title, style="bold", markup=False)
    made = grid("", [_breakable(head) for head in heads], HEAD)
    for story in stories:
        outcome = say.outcome(story.scalar.partition(".")[0])
        by_name = {part.name: part for part in story.parts}
        cells = [signed(story.whole, outcome), *(_cell(by_name[name], outcome) for name in kept)]
        if rest:
            cells.append(signed(sum(by_name[name].value for name in rest), outcome))
        made.add_row(called(story.scalar, say), *cells)
    page.print(made)
    if not first.exact:
        page.print(say("± one standard error of the sampled orders."), markup=False)
    page.print()


def _breakable(head: str) -> str:
    """A heading whose words break at a hyphen where they are wider than the column."""
    words = (word if len(word) <= HEAD else re.sub(r"(-)(?=[^-]+$)", "- ", word) for word in head.split(" "))
    return " ".join(words)


def _cell(part: Part, outcome: Outcome) -> str:
    text = signed(part.value, outcome)
    error = signed(part.error, outcome).lstrip("+").removesuffix(" %").removesuffix(" pp")
    return f"{text} ± {error}" if part.error and error != "0" and not text.startswith("0") else text


def _pathways(page: "Console", tree: Tree, story: Story, say: Words) -> None:
    """The ways of one outcome, and what passes through sectors and stocks."""
    name = called(story.scalar, say)
    whole = sum(float(row["amount"]) for row in rows(tree, "sources", story.scalar))
    if not whole or not np.isfinite(whole):
        return
    page.print(say("How the difference of {name} travels", name=name), style="bold", markup=False)
    for row in rows(tree, "paths", story.scalar):
        if abs(float(row["amount"])) / abs(whole) < 0.01:
            continue
        names = [_step(name, say) for name in str(row["names"]).split(" > ")]
        years = [*str(row["since"]).split(" > ")]
        steps = [names[0]]
        last = ""
        for step, year in zip(names[1:], years, strict=True):
            steps.append(step if year == last else say("{step} ({year})", step=step, year=year))
            last = year
        line = f"{_share(float(row['amount']) / whole)}  {' -> '.join(steps)}"
        for text in wrapped(line, page.width, INDENT):
            page.print(text, markup=False)
    for node, column, head in (
        ("through", "sector", say("Through sectors")),
        ("stocks", "stock", say("Through stocks")),
    ):
        found = [(str(row[column]), float(row["amount"]) / whole) for row in rows(tree, node, story.scalar)]
        kept = [(called(n, say) if column == "stock" else place_called(n, say), s) for n, s in found if abs(s) >= LEAST]
        if kept:
            told = ", ".join(f"{name} {_share(share)}" for name, share in kept[:MOST_FLOWS])
            for text in wrapped(f"{head}: {told}", page.width, INDENT):
                page.print(text, markup=False)
    for row in rows(tree, "held", story.scalar):
        variable, gone, carried = str(row["variable"]), float(row["lost"]) / whole, float(row["carried"]) / whole
        page.print(
            say(
                "With {name} held as in {a}, {lost} of the difference is lost; its links carry {carried}.",
                name=called(variable, say), a=say.case(story.a), lost=_share(gone),
                carried=_share(carried),
            ),
            markup=False,
        )  # fmt: skip
    page.print()


def _step(name: str, say: Words) -> str:
    """A variable on a way: by the name it is asked for by, in Chinese by what it is called."""
    return called(name, say) if say.language == "zh" else name


def _share(share: float) -> str:
    return f"{round(100 * share)} %".replace("-", "−")
