"""A report on a sweep: what was varied, what the outcomes came to, where they are best, and what made it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.presentation import presentation_of
from pujiang.reading import parse_yaml, read_rows, read_text
from pujiang.results.outcomes import level_text
from pujiang.results.report.record import made_by
from pujiang.results.sweep_points import BEST_COLUMNS
from pujiang.results.words import Words, words_in
from pujiang.templates import html_templates

if TYPE_CHECKING:
    import xarray as xr

TEMPLATES = Path(__file__).parent
MOST_AXES = 40
"""Axes listed one by one; sweep.yaml has all."""
BEST_SHOWN = 3
MOST_SETTINGS = 8


def sweep_report(tree: "xr.DataTree", *, title: str | None, question: str | None, language: str) -> str:
    """A sweep read with `run_folder.open`, as one HTML text; the same text for the same sweep."""
    from markupsafe import Markup

    from pujiang.results.run_folder import read_certificate

    facts, path = tree.attrs, Path(str(tree.attrs["run"]))
    say = words_in(language, presentation_of(tree["reference"].attrs))
    certificate = read_certificate(path)
    figure = path / "figures" / "response.svg"
    tables = (_outcomes(path, say), _axes(path, say), *_best(path, say), _made_by(facts, say))
    text: str = html_templates(TEMPLATES).get_template("sweep.html.j2").render(
        title=title or say("Sweep of {points} points: {scenarios}", points=f"{facts['points']:,}",
                           scenarios=say.listed(list(map(str, facts.get("scenarios", []))))),
        question=question,
        failures=[] if certificate.get("passed") else certificate.get("failures") or [say("none")],
        tables=tables,
        figure=Markup(_svg(figure)) if figure.is_file() else "",
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        language=language,
        t=say,
    )  # fmt: skip
    return text


def _svg(path: Path) -> str:
    """The drawing itself: what stands before it has no place inside a page."""
    text = path.read_text(encoding="utf-8")
    return text[text.index("<svg ") :]


def _rows(path: Path) -> list[dict[str, str]]:
    return read_rows(path) if path.is_file() else []


Table = tuple[str, list[str], list[list[str]]]


def _outcomes(path: Path, say: Words) -> Table:
    rows = _rows(path / "summary.csv")
    year = rows[-1]["year"]
    last = {row["outcome"]: row for row in rows if row["year"] == year and not row["element"]}
    shown = []
    for name in say.presentation.among(last):
        outcome = say.outcome(name, last[name]["unit"])
        values = (level_text(float(last[name][key]), outcome) for key in ("baseline", "lowest", "highest"))
        shown.append([outcome.short, outcome.unit, *values])
    head = [say("Outcome"), say("Unit"), say("Baseline, central member"), say("Lowest of all runs"), say("Highest")]
    return say("What the sweep comes to in {year}", year=year), head, shown


def _axes(path: Path, say: Words) -> Table:
    content: Mapping[str, Any] = parse_yaml(read_text(path / "sweep.yaml"), str(path / "sweep.yaml"))[1]
    rows = [[name, ", ".join(values)] for name, values in content["choices"].items() if len(values) > 1]
    rows += [[axis["key"], _over(axis, say)] for axis in content["axes"][:MOST_AXES]]
    left = len(content["axes"]) - MOST_AXES
    if left > 0:
        rows.append([say("{count} more", count=left), "sweep.yaml"])
    return say("What was varied"), [say("Input"), say("Over")], rows


def _over(axis: Mapping[str, Any], say: Words) -> str:
    if "values" in axis:
        values = axis["values"]
        many = say(
            "{count} values from {low} to {high}", count=len(values), low=f"{min(values):g}", high=f"{max(values):g}"
        )
        return many if len(values) > 6 else ", ".join(f"{value:g}" for value in values)
    if "interval" in axis:
        low, high = axis["interval"]
        return say("{low} to {high}", low=f"{low:g}", high=f"{high:g}")
    return say("its prior")


def _best(path: Path, say: Words) -> list[Table]:
    rows = [row for row in _rows(path / "best.csv") if int(row["rank"]) <= BEST_SHOWN]
    if not rows:
        return []
    settings = list(rows[0])[len(BEST_COLUMNS) :]
    if len(settings) > MOST_SETTINGS:
        return []
    made = []
    for row in rows:
        outcome = say.outcome(row["outcome"])
        made.append(
            [outcome.short, row["rank"], level_text(float(row["value"]), outcome), *(row[key] for key in settings)]
        )
    head = [say("Outcome"), say("Rank"), say("Value"), *(key.replace("_", " ") for key in settings)]
    return [(say("Where each outcome is best, or highest where none is better"), head, made)]


def _made_by(facts: Mapping[Any, Any], say: Words) -> Table:
    name = Path(str(facts["run"])).name
    made = [
        (say("Run"), name),
        (say("Made by"), made_by(facts)),
        (say("To repeat it"), f"pujiang sweep --from runs/{name}"),
        (say("Seed"), facts.get("seed")),
        (say("Fit"), facts.get("fit")),
        (say("Of the fit"), facts.get("fit_note")),
        (say("Model hash"), facts.get("model_hash")),
        (say("Data hash"), facts.get("data_hash")),
    ]
    return say("Record"), ["", ""], [[key, str(value)] for key, value in made if value not in (None, "")]
