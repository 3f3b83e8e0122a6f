"""Why the scenarios of a report differ: the answer in sentences, the goals and their odds, what it costs, by lever."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pujiang.labelled import Tree
from pujiang.presentation import Presentation, presentation_of
from pujiang.results.explanation.names import called
from pujiang.results.explanation.paragraph import answer, paragraph, sources, together, way
from pujiang.results.explanation.story import Story, in_order, story_of
from pujiang.results.outcomes import signed
from pujiang.results.summary import headline
from pujiang.results.words import Words

if TYPE_CHECKING:
    from pujiang.results.compare import Comparison

TOLD = 3
"""Outcomes whose differences are told, at most."""
LEVERS = 5
MOVES = 0.001
"""The relative difference from which an outcome counts as moved."""


@dataclass(frozen=True)
class Why:
    """One scenario, explained.

    Attributes:
        stories: of the outcomes that say most, the main one first.
        said: what differs and where it comes from; `travels` how; `costs` of the levers.
        paragraphs: the same of the further outcomes, for the annex.
        columns, rows: the table of all headline outcomes by lever; empty where nothing was divided.
        tree: the explanation; None where there is none.
    """

    label: str
    stories: tuple[Story, ...]
    said: str
    travels: str
    costs: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tree: Tree | None


def telling(comparison: "Comparison", case: str, year: int, question: str = "") -> list[str]:
    """The outcomes that say most of a case: those the question names, those of goals, then those that differ most;
    costs left out."""
    sizes = {
        name: abs(row["median"]) / 100
        for (name, of, measure), row in comparison.scalars(year).items()
        if of == case and measure == "percent" and math.isfinite(row["median"])
    }
    shown = presentation_of(comparison.values.attrs)
    names = headline(comparison.values)
    asked = [name for name in asked_about(question, shown) if name in names]
    moved = in_order({name: sizes[name] for name in names if sizes.get(name, 0.0) >= MOVES}, shown)
    return list(dict.fromkeys([*asked, *moved]))[:TOLD]


def asked_about(question: str, shown: Presentation) -> list[str]:
    """The outcomes a question names by their label, in any language: the longest labels first."""
    languages = [translation.labels for translation in shown.translations.values()]
    words = {
        name: {said for word in (o.label, o.short) for said in (word, *(own.get(word, word) for own in languages))}
        for name, o in shown.shown.items()
    }
    found = {
        name: max((len(word) for word in own if word and word.lower() in question.lower()), default=0)
        for name, own in words.items()
    }
    return sorted((name for name, size in found.items() if size), key=lambda name: -found[name])


def whys(
    comparison: "Comparison", explanations: Mapping[str, Tree | None], year: int, question: str, say: Words
) -> list[Why]:
    """Every case but the reference, explained as far as it can be; `explanations` by case."""
    out = []
    for case in comparison.cases:
        if case == comparison.reference:
            continue
        tree = explanations.get(case)
        stories = [story_in(comparison, case, name, year, tree) for name in telling(comparison, case, year, question)]
        said, travels = say("No main outcome differs by a thousandth."), ""
        if stories:
            said = say.sentences([answer(stories[0], say), sources(stories[0], say), *together(stories[0], say)])
            travels = way(stories[0], say)
        columns, rows = _by_lever(comparison, case, stories, tree, say) if tree is not None else ((), ())
        out.append(
            Why(
                label=say.case(case),
                stories=tuple(stories),
                said=said,
                travels=travels,
                costs=_costs(comparison, case, year, tree, say),
                paragraphs=tuple(paragraph(story, say) for story in stories[1:]),
                columns=columns,
                rows=rows,
                tree=tree,
            )
        )
    return out


def story_in(comparison: "Comparison", case: str, name: str, year: int, tree: Tree | None) -> Story:
    """The story of one outcome, its whole that of the comparison, so that a report says one number."""
    found = comparison.scalars(year)
    shown = presentation_of(comparison.values.attrs)
    outcome = shown.outcome(name, str(found[name, case, "level"]["unit"]))
    percent = outcome.difference == "percent"
    row = found[name, case, "percent" if percent else "difference"]
    whole, low, high = (float(row[key]) * (0.01 if percent else 1.0) for key in ("median", "q05", "q95"))
    members = int(comparison.values.sizes["member"]) - 1 if math.isfinite(low) else 0
    level_a, level_b = (float(found[name, of, "level"]["median"]) for of in (comparison.reference, case))
    if tree is None:
        story = Story(
            name, outcome, ("", ""), year, comparison.reference, case, level_a, level_b, whole, low, high, members,
            0, (), 0.0, None, True, (), (), None,
        )  # fmt: skip
    else:
        story = story_of(tree, name, year)
    scale = whole / story.whole if story.whole else 1.0
    scale = scale if 0.5 < scale < 2 else 1.0
    return replace(
        story,
        a=comparison.reference,
        b=case,
        level_a=level_a,
        level_b=level_b,
        whole=whole,
        low=low,
        high=high,
        members=members,
        parts=tuple(replace(part, value=scale * part.value) for part in story.parts),
        joint=scale * story.joint,
        mediators=tuple((n, change) for n, _ in story.mediators if (change := _change(found, case, n, shown))),
    )


def _change(found: Mapping[Any, Any], case: str, name: str, shown: Presentation) -> float:
    """The difference of an outcome as `signed` shows it."""
    percent = shown.outcome(name).difference == "percent"
    row = found.get((name, case, "percent" if percent else "difference"))
    return float(row["median"]) * (0.01 if percent else 1.0) if row else 0.0


def _costs(comparison: "Comparison", case: str, year: int, tree: Tree | None, say: Words) -> str:
    """What the levers cost the budget in the year, and which of them costs most; empty where no outcome says it."""
    name = presentation_of(comparison.values.attrs).cost
    if name not in comparison.values.data_vars:
        return ""
    story = story_in(comparison, case, name, year, tree)
    return say.sentences([answer(story, say), sources(story, say)])


def _by_lever(
    comparison: "Comparison", case: str, told: Sequence[Story], tree: Tree, say: Words
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A row an outcome, a column a lever: those that add most to the first outcome; the rest together."""
    year = comparison.years[-1]
    names = [name for name in headline(comparison.values) if name not in {story.scalar for story in told}]
    stories = [*told, *(story_in(comparison, case, name, year, tree) for name in names)]
    order = [part.name for part in stories[0].parts]
    kept, rest = order[:LEVERS], order[LEVERS:]
    rows = []
    for story in stories:
        outcome = say.outcome(story.scalar)
        by_name = {part.name: part.value for part in story.parts}
        cells = [signed(story.whole, outcome), *(signed(by_name[name], outcome) for name in kept)]
        if rest:
            cells.append(signed(sum(by_name[name] for name in rest), outcome))
        rows.append((called(story.scalar, say), *cells))
    columns = [say("Whole difference"), *(called(name, say) for name in kept), *([say("All others")] if rest else [])]
    return tuple(columns), tuple(rows)


def pictures_of(why: Why, prefix: str, say: Words) -> Sequence[tuple[str, Any, str, str]]:
    """(key, figure, title, note) of the main outcome's pictures, to be drawn within `style.styled`."""
    from pujiang.results.explanation.files import outcome_pictures

    if why.tree is None or not why.stories:
        return []
    drawn = outcome_pictures(why.tree, why.stories[0], say)
    return [(f"{prefix}-{key.partition('_')[0]}", figure, title, note) for key, figure, title, note in drawn]
