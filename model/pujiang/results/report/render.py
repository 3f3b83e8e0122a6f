"""From values and figures to the page: one Jinja2 template, one style sheet, both set into the file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.presentation import OVERALL
from pujiang.templates import html_templates

if TYPE_CHECKING:
    from pujiang.results.report.content import Content
    from pujiang.results.report.inline import DrawnTogether, InlineFigure
    from pujiang.results.report.why import Why
    from pujiang.results.words import Words

TEMPLATES = Path(__file__).parent
CASES_A_TABLE = 5
MOST_PANELS = 6


def page(content: "Content", shown: "Sequence[DrawnTogether]", say: "Words") -> str:
    """The report as HTML, in the language of `say`; `shown` is drawn into figures."""
    from markupsafe import Markup

    from pujiang.results.figures.style import language_drawn
    from pujiang.results.report import inline
    from pujiang.results.track_record import sentence

    language_drawn(say.language)  # says once, for all figures, where a font is missing
    figures = [inline.inline_figures(part, f"f{place}-", say) for place, part in enumerate(shown, 1)]
    explained = inline.explained(content.whys, say)
    front = _front(content.whys, explained, shown, say)
    environment = html_templates(TEMPLATES)
    environment.filters |= {"batched": batched_list, "safe_svg": Markup, "whole_numbers": whole_numbers}
    style = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))
    text: str = environment.get_template("page.html.j2").render(
        report=content,
        figures=[(part.run, own) for part, own in zip(shown, figures, strict=True)],
        front=front,
        explained=list(zip(content.whys, explained, strict=True)),
        t=say,
        language=say.language,
        style=style,
        cases_a_table=CASES_A_TABLE,
        record=sentence(say.presentation, OVERALL, say),
    )
    return text


def whole_numbers(text: str) -> str:
    """A text whose lines never end between a number and its per cent."""
    return text.replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0")


def batched_list(values: Sequence[Any], size: int) -> list[list[Any]]:
    """The values in lists of at most `size`; one empty list where there are none."""
    return [list(values[start : start + size]) for start in range(0, max(len(values), 1), size)]


def _front(
    whys: "Sequence[Why]", explained: "list[list[InlineFigure]]", shown: "Sequence[DrawnTogether]", say: "Words"
) -> "InlineFigure | None":
    """The one figure of the first pages: of one scenario how its difference adds up by lever (and not again in the
    annex), of several how each differs in the outcomes that are told."""
    from pujiang.results.report import inline

    if len(explained) == 1 and explained[0]:
        return explained[0].pop(0)
    if len(shown) != 1 or not whys:
        return None
    names = list(dict.fromkeys(story.scalar for why in whys for story in why.stories))
    return inline.differences_of(shown[0], names[:MOST_PANELS], say) if names else None
