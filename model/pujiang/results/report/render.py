"""From values and figures to the page: one Jinja2 template, one style sheet, both set into the file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.templates import html_templates

if TYPE_CHECKING:
    from pujiang.results.report.content import Content
    from pujiang.results.report.inline import DrawnTogether, InlineFigure
    from pujiang.results.words import Words

TEMPLATES = Path(__file__).parent
CASES_A_TABLE = 5


def page(content: "Content", shown: "Sequence[DrawnTogether]", say: "Words") -> str:
    """The report as HTML, in the language of `say`; `shown` is drawn into figures."""
    from markupsafe import Markup

    from pujiang.results.report import inline

    figures = [inline.inline_figures(part, f"f{place}-", say) for place, part in enumerate(shown, 1)]
    explained = inline.explained(content.whys, say)
    front, figures = _front(explained, figures)
    environment = html_templates(TEMPLATES)
    environment.filters |= {"batched": batched_list, "safe_svg": Markup}
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
    )
    return text


def batched_list(values: Sequence[Any], size: int) -> list[list[Any]]:
    """The values in lists of at most `size`; one empty list where there are none."""
    return [list(values[start : start + size]) for start in range(0, max(len(values), 1), size)]


def _front(
    explained: "list[list[InlineFigure]]", figures: "list[list[InlineFigure]]"
) -> "tuple[InlineFigure | None, list[list[InlineFigure]]]":
    """The one figure of the first pages, taken from where it stood: of one scenario how its difference adds up by
    lever, of several how each differs."""
    if len(explained) == 1 and explained[0]:
        return explained[0].pop(0), figures
    for own in figures:
        for figure in own:
            if figure.key.endswith("differences"):
                return figure, [[other for other in part if other is not figure] for part in figures]
    return None, figures
