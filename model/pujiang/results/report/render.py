"""From values and figures to the page: one Jinja2 template, one style sheet, both set into the file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pujiang.results.report.content import Content
    from pujiang.results.report.drawings import Shown

HERE = Path(__file__).parent
CASES_A_TABLE = 5


def page(content: "Content", shown: "Sequence[Shown]", language: str) -> str:
    """The report as HTML, in `language`; `shown` is drawn into figures."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from pujiang.results import chinese
    from pujiang.results.report.drawings import drawings

    words: Callable[[str], str] = chinese.text if language == "zh" else str
    finish = chinese.figure_finisher() if language == "zh" else _as_drawn
    figures = [drawings(part, prefix=f"f{place}-", words=words, finish=finish) for place, part in enumerate(shown, 1)]
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"batched": batched_list, "safe_svg": Markup}
    style = Markup((HERE / "page.css").read_text(encoding="utf-8"))
    text: str = environment.get_template("page.html.j2").render(
        report=content,
        figures=[(part.run, drawn) for part, drawn in zip(shown, figures, strict=True)],
        t=words,
        language=language,
        style=style,
        cases_a_table=CASES_A_TABLE,
    )
    return text


def batched_list(values: Sequence[Any], size: int) -> list[list[Any]]:
    """The values in lists of at most `size`; one empty list where there are none."""
    return [list(values[start : start + size]) for start in range(0, max(len(values), 1), size)]


def _as_drawn(figure: Any) -> None:
    """Figures are drawn in English."""
