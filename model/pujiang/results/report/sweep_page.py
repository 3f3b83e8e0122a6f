"""A report on a sweep: what it answers, what moves the outcomes, goals, where outcomes are best, and what made it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.experiment.axes import named
from pujiang.presentation import presentation_of
from pujiang.reading import damaged, parse_yaml, read_rows, read_text
from pujiang.results.outcomes import level_text
from pujiang.results.report.record import made_by
from pujiang.results.report.render import whole_numbers
from pujiang.results.report.sweep_answer import (
    Moved,
    answer,
    input_called,
    input_said,
    most_telling,
    moved_outcomes,
    table_of_drivers,
)
from pujiang.results.report.sweep_goals import GoalOdds, goal_odds, sentence
from pujiang.results.sweep_points import BEST_COLUMNS
from pujiang.results.words import Words, words_in
from pujiang.templates import html_templates

if TYPE_CHECKING:
    import xarray as xr

TEMPLATES = Path(__file__).parent
MOST_AXES = 40
"""Axes listed one by one; sweep.yaml has all."""
MOST_SETTINGS = 8
CHOSEN = ("scenario", "shock")
TOLD = 3
MOST_ASKED = 4


def sweep_report(tree: "xr.DataTree", *, title: str | None, question: str | None, language: str) -> str:
    """A sweep read with `run_folder.open`, as one HTML text; the same text for the same sweep."""
    from markupsafe import Markup

    from pujiang.results.run_folder import read_certificate

    facts, path = tree.attrs, Path(str(tree.attrs["run"]))
    say = words_in(language, presentation_of(tree["reference"].attrs))
    certificate = read_certificate(path)
    figure = path / "figures" / "response.svg"
    plan: Mapping[str, Any] = parse_yaml(read_text(path / "sweep.yaml"), str(path / "sweep.yaml"))[1]
    inputs = _inputs(plan, tree)
    with damaged(f"'{path}' is damaged"):  # its cube and tables are read here
        moved, odds = moved_outcomes(tree, inputs, plan["choices"]), goal_odds(tree, path, say)
        outcomes, best = _outcomes(path, say), _best(path, inputs, say)
    front = [table for table in (_moving(moved, inputs, say), _goals(odds, say)) if table is not None]
    cases = say.listed([say.case(str(name)) for name in facts.get("scenarios", [])])
    environment = html_templates(TEMPLATES)
    environment.filters |= {"whole_numbers": whole_numbers}
    text: str = environment.get_template("sweep.html.j2").render(
        title=title or say("Sweep of {points} points: {scenarios}", points=f"{facts['points']:,}", scenarios=cases),
        question=question or _question(inputs, say),
        place=say.label(say.presentation.place) or say("the model"),
        failures=[] if certificate.get("passed") else certificate.get("failures") or [say("none")],
        said=_said(moved, odds, int(facts["points"]), tree, inputs, question or "", say),
        tables=[*front, outcomes, _axes(plan, say), *best, _made_by(facts, say)],
        front=len(front),
        figure=Markup(_svg(figure)) if figure.is_file() else "",
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        language=language,
        t=say,
    )  # fmt: skip
    return text


def _inputs(plan: Mapping[str, Any], tree: "xr.DataTree") -> dict[str, str]:
    """The key in the configuration of what varies, by its name in the cube."""
    out = {name: name for name, values in plan["choices"].items() if len(values) > 1}
    if "annual" not in tree.children:
        return out | {name: key for key, name in named((axis["key"] for axis in plan["axes"]), ()).items()}
    coordinates = tree["annual"].to_dataset().coords.items()
    names = {values.attrs["key"]: str(name) for name, values in coordinates if "key" in values.attrs}
    return out | {names[axis["key"]]: axis["key"] for axis in plan["axes"] if axis["key"] in names}


def _question(inputs: Mapping[str, str], say: Words) -> str:
    names = [input_said(key, say) for key in list(inputs.values())[:MOST_ASKED]]
    if len(inputs) > MOST_ASKED:
        names.append(say("{count} more", count=len(inputs) - MOST_ASKED))
    return say("What comes of {inputs}?", inputs=say.listed(names, say(" and ")))


def _said(
    moved: list[Moved], odds: list[GoalOdds], points: int, tree: "xr.DataTree", inputs: Mapping[str, str],
    question: str, say: Words,
) -> list[str]:  # fmt: skip
    """The answer, and what else is told of the outcomes that say most."""
    year = int(tree["reference"].to_dataset()["year"].values[-1])
    told = [answer(own, points, year, inputs, say) for own in most_telling(moved, question, say)[:TOLD]]
    goals = sentence(odds, say)
    if not told:
        return [goals] if goals else []
    return [say.sentences([told[0], goals]), *told[1:]]


def _moving(moved: list[Moved], inputs: Mapping[str, str], say: Words) -> "Table | None":
    head, rows = table_of_drivers(moved, inputs, say)
    if len(head) < 2:
        return None
    title = say("What moves the outcomes")
    note = say("From the low to the high end of an input; in brackets its part of the variance among the points.")
    return title, head, rows, note


def _goals(odds: list[GoalOdds], say: Words) -> "Table | None":
    rows = [[say("{year}: {goal}", year=own.year, goal=own.label), own.over, own.baseline] for own in odds]
    return (say("Plan goals"), [say("Goal"), say("Over the points"), say("Baseline")], rows, "") if rows else None


def _svg(path: Path) -> str:
    """The drawing itself: what stands before it has no place inside a page."""
    text = path.read_text(encoding="utf-8")
    return text[text.index("<svg ") :]


def _rows(path: Path) -> list[dict[str, str]]:
    return read_rows(path) if path.is_file() else []


Table = tuple[str, list[str], list[list[str]], str]
"""Heading, head, rows, and a note below the heading."""


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
    return say("What the sweep comes to in {year}", year=year), head, shown, ""


def _axes(plan: Mapping[str, Any], say: Words) -> Table:
    rows = [
        [input_called(name, say), say.listed([say.case(value) for value in values])]
        for name, values in plan["choices"].items()
        if len(values) > 1
    ]
    rows += [[input_called(axis["key"], say), _over(axis, say)] for axis in plan["axes"][:MOST_AXES]]
    left = len(plan["axes"]) - MOST_AXES
    if left > 0:
        rows.append([say("{count} more", count=left), "sweep.yaml"])
    return say("What was varied"), [say("Input"), say("Over")], rows, ""


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


def _best(path: Path, inputs: Mapping[str, str], say: Words) -> list[Table]:
    rows = [row for row in _rows(path / "best.csv") if row["rank"] == "1"]
    if not rows:
        return []
    settings = list(rows[0])[len(BEST_COLUMNS) :]
    if len(settings) > MOST_SETTINGS:
        return []
    made = []
    for row in rows:
        outcome = say.outcome(row["outcome"])
        settings_of = (say.case(row[key]) if key in CHOSEN else row[key] for key in settings)
        made.append([outcome.short, level_text(float(row["value"]), outcome), *settings_of])
    head = [say("Outcome"), say("Value"), *(input_called(inputs.get(key, key), say) for key in settings)]
    return [(say("Where each outcome is best, or highest where none is better"), head, made, "")]


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
    return say("Record"), ["", ""], [[key, str(value)] for key, value in made if value not in (None, "")], ""
