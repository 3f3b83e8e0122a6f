"""Small multiples: observations, the history all scenarios share, and the scenarios after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.presentation import Goal, Outcome, TrackRecord, presentation_of
from pujiang.results.figures.plot import Plot, limits_around
from pujiang.results.figures.style import (
    FAILED,
    GREY,
    SIZE,
    Box,
    LineStyles,
    apart,
    panel_boxes,
    text_colour,
    width_of,
)
from pujiang.results.figures.ticks import few, number_ticks
from pujiang.results.outcomes import level_text
from pujiang.results.summary import dimension_of, draws, elements_of, ensemble_size, policy_from, quantiles
from pujiang.results.track_record import short
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

FITTED = ("fit", "weak", "input", "initial")
BEYOND = 2.0


@dataclass(frozen=True)
class Panel:
    """One panel: an outcome by its scalar name, how it is shown, and its values (scenario, member, year).

    `alone`: the same without the errors of the model, None where there are none. `policy_from` is the first year in
    which levers act; up to the year before, all scenarios are one line. `foretold`: how it was foretold in hindcasts.
    """

    name: str
    title: str
    full_title: str
    outcome: Outcome
    values: "xr.DataArray"
    goals: tuple[Goal, ...]
    policy_from: int
    alone: "xr.DataArray | None" = None
    foretold: TrackRecord | None = None


def panels_of(annual: "xr.Dataset", name: str, say: Words, reached: Any = None) -> list[Panel]:
    """The panel of an outcome, or of each of its elements; `reached`: outcomes with the errors of the model."""
    array, records = annual[name], presentation_of(annual.attrs).records
    with_errors = {} if reached is None else elements_of(reached[name])
    outcome, over = say.outcome(name, str(array.attrs.get("units", ""))), dimension_of(array)
    levels = [goal for goal in presentation_of(annual.attrs).goals if goal.base_year is None]
    panels = []
    for element, part in elements_of(array).items():
        label = say.element(over, element) if element else outcome.short
        full, scalar = (label, f"{name}.{element}") if element else (outcome.label, name)
        values = part.transpose("scenario", "member", "year")
        goals = tuple(goal for goal in levels if goal.outcome == scalar)
        alone, found = None, values
        if with_errors:
            found = with_errors[element].transpose("scenario", "member", "year")
            alone = values if np.any(found.values != values.values) else None
        past = records.get(scalar)
        panels.append(Panel(scalar, label, full, outcome, found, goals, policy_from(annual), alone, past))
    return panels


def small_multiples(
    panels: Sequence[Panel], observations: Sequence[Observation], style: LineStyles, say: Words, *, columns: int
) -> "tuple[Figure, str]":
    """A figure with one panel an outcome, and a note on how to read it."""
    array = panels[0].values
    longest = max(13, *(width_of(say.case(str(name))) for name in array["scenario"].values))  # titles need room too
    right = 0.22 + 0.07 * longest
    figure, boxes = panel_boxes(len(panels), columns, width=2.3, height=1.75, margins=(0.6, right, 0.42, 0.38))
    left_out = []
    for box, panel in zip(boxes, panels, strict=True):
        shown, beyond = _within_reach(panel, observations)
        draw_panel(figure, box, panel, shown, style, say)
        if beyond:
            left_out.append(say("{label} ({values})", label=panel.title, values="; ".join(beyond)))
    return figure, _note(panels, observations, left_out, say)


def draw_panel(
    figure: "Figure", box: Box, panel: Panel, observations: Sequence[Observation], style: LineStyles, say: Words
) -> None:
    """Bands, lines, observations, goals and labels of one outcome."""
    scale, values = panel.outcome.scale, panel.values
    years = values["year"].values
    scenarios = [str(name) for name in values["scenario"].values]
    members = values["member"].values
    spread = quantiles(draws(values.values * scale, members, 1), 1)  # (quantile, scenario, year)
    inner = spread[[1, 3]]
    if panel.alone is not None:
        inner = quantiles(draws(panel.alone.values * scale, members, 1), 1)[[0, 4]]
    after, history = years >= panel.policy_from - 1, years < panel.policy_from
    bands = [  # of two scenarios: more would hide one another
        (where, [(low[s][where], high[s][where]) for low, high in (spread[[0, 4]], inner)], style[name][0])
        for s, (name, where) in enumerate(zip(scenarios[:2], (np.full(len(years), True), after), strict=False))
    ]
    points = _points_of(panel, observations)
    height = _height(panel, [spread[2], *(bounds for _, bounds, _ in bands)], points, spread)
    plot = Plot(figure, box, (float(years[0]) - 0.6, float(years[-1])), height)
    for where, bounds, colour in bands:
        faint = 0.03 if where.all() else 0.0  # of the baseline
        plot.areas(years[where], bounds, [(colour, alpha - faint) for alpha in (0.13, 0.20)])
    plot.line(years[history], spread[2, 0][history], color=style[scenarios[0]][0])
    for s, name in reversed(list(enumerate(scenarios))):  # the baseline on top
        colour, dash = style[name]
        plot.line(years[after], spread[2, s][after], color=colour, linestyle=dash)
    _draw_observations(plot, points, scale)
    last = last_data_year(observations, panel.policy_from)
    if last is not None:
        plot.line([last + 0.5] * 2, plot.y, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
    _draw_goals(plot, panel, say)
    plot.title(say("{label}, {part}", label=panel.title, part=panel.outcome.unit))
    plot.frame("left", "bottom")
    number_ticks(plot, "y", few(*plot.y))
    fifth = [int(year) for year in years if year % 5 == 0]
    plot.ticks("x", fifth, list(map(str, fifth)))
    if panel.foretold is not None and ensemble_size(members):
        text = say("hindcast: {record}", record=short(panel.foretold))
        plot.text(plot.x[1], plot.y[0], text, up=-19, ha="right", va="top", size=SIZE - 2, color=GREY)
    _label_ends(plot, spread[2, :, -1], scenarios, style, say)


def _points_of(panel: Panel, observations: Sequence[Observation]) -> list[Observation]:
    """The observations that belong into a panel: levels of its outcome, as what is relative to a year has no height."""
    years = panel.values["year"].values
    return [
        point
        for point in observations
        if point.outcome == panel.name
        and point.role != "exclude"
        and point.base_year is None
        and years[0] <= point.year <= years[-1]
    ]


def _within_reach(panel: Panel, observations: Sequence[Observation]) -> tuple[list[Observation], list[str]]:
    """The observations but for what would flatten the panel, and that in words: "2021: 280".

    A figure the model is only checked against may count another thing altogether: where it is over BEYOND times
    the largest median or fitted value, it is named and not drawn.
    """
    modelled = quantiles(draws(panel.values.values, panel.values["member"].values, 1), 1)[2]
    mine = _points_of(panel, observations)
    fitted = [point.value for point in mine if point.role in FITTED]
    largest = max([*modelled[np.isfinite(modelled)].tolist(), *fitted], default=np.inf)
    beyond = [point for point in mine if point.role not in FITTED and point.value > BEYOND * largest > 0]
    words = [f"{point.year}: {level_text(point.value, panel.outcome)}" for point in beyond]
    return [point for point in observations if point not in beyond], words


def last_data_year(observations: Sequence[Observation], policy_from: int) -> int | None:
    """The last year whose data the model was fitted to: from the year before policy begins on, figures are single."""
    years = [point.year for point in observations if point.role in ("fit", "input") and point.year < policy_from - 1]
    return max(years, default=None)


def _height(
    panel: Panel, drawn: Sequence[Any], points: Sequence[Observation], spread: NDArray[np.float64]
) -> tuple[float, float]:
    """From 0 where the line comes near it: a share that moves between 57 and 75 % would lie flat."""
    scale = panel.outcome.scale
    low, high = limits_around(*drawn, [[end * scale for end in _bar(point)] for point in points])
    high = max([high, *(1.08 * goal.value * scale for goal in panel.goals)])
    finite = spread[np.isfinite(spread)]
    if len(finite) and finite.min() >= 0 and low < 0.55 * high:
        low = 0.0
    return low, high


def _draw_observations(plot: Plot, points: Sequence[Observation], scale: float) -> None:
    """Fitted and input data filled, others open, a floor as a triangle; bars of one standard deviation."""
    kinds = (
        ([p for p in points if p.role in ("fit", "input") and p.likelihood != "floor"], "o", GREY),
        ([p for p in points if p.role not in ("fit", "input") and p.likelihood != "floor"], "o", "white"),
        ([p for p in points if p.likelihood == "floor"], "^", "white"),
    )
    for chosen, marker, face in kinds:
        if not chosen:
            continue
        years = [point.year for point in chosen]
        low, high = scale * np.array([_bar(point) for point in chosen]).T
        plot.lines((years, low), (years, high), colors=GREY, linewidths=0.7, zorder=3)
        plot.line(
            years, [point.value * scale for point in chosen], linestyle="", marker=marker, markersize=3.2,
            color=GREY, markerfacecolor=face, markeredgewidth=0.8, zorder=3.1,
        )  # fmt: skip


def _bar(point: Observation) -> tuple[float, float]:
    """The ends of an observation's bar: a floor has none."""
    return (point.value, point.value) if point.likelihood == "floor" else _one_sd(point)


def _one_sd(point: Observation) -> tuple[float, float]:
    """The value one standard deviation below and above."""
    if point.sd is None:
        return point.value, point.value
    if point.sd_scale == "log":
        return point.value * float(np.exp(-point.sd)), point.value * float(np.exp(point.sd))
    return point.value - point.sd, point.value + point.sd


def _draw_goals(plot: Plot, panel: Panel, say: Words) -> None:
    """A bar at the year of each goal, with its words to the left: a line across would seem to hold for all years."""
    from matplotlib.patheffects import withStroke

    for goal in panel.goals:
        level = goal.value * panel.outcome.scale
        end = min(goal.year + 0.8, plot.x[1])
        plot.line([goal.year - 0.8, end], [level, level], color="black", linewidth=2, zorder=4)
        text = say("goal {year}: {goal}", year=goal.year, goal=say.label(goal.short))
        plot.text(end, level, text, up=3, ha="right", color=GREY, size=SIZE - 1, zorder=5,
                  path_effects=[withStroke(linewidth=2, foreground="white")])  # fmt: skip


def _label_ends(plot: Plot, ends: NDArray[np.float64], scenarios: Sequence[str], style: LineStyles, say: Words) -> None:
    """Each scenario's name at the end of its line, moved apart, with a thin leader where it had to move."""
    shown = [i for i in range(len(scenarios)) if np.isfinite(ends[i])]
    if not shown:
        middle = (sum(plot.x) / 2, sum(plot.y) / 2)
        plot.text(*middle, say("not finite"), ha="center", color=FAILED)
        return
    point_x, point_y = plot.values_of(1)
    if len(shown) > 1 and np.ptp(ends[shown]) < 1.5 * point_y:
        # Within the width of a line: six names beside it would claim differences nobody can see.
        labels, wanted = [(say("all scenarios"), GREY)], [float(ends[shown[0]])]
    else:
        labels = [(say.case(scenarios[i]), style[scenarios[i]][0]) for i in shown]
        wanted = [float(ends[i]) for i in shown]
    low, high = plot.y
    half = 0.5 * SIZE * point_y
    places = apart(wanted, (SIZE + 1.2) * point_y, low + half, high - half)
    start, stop = plot.x[1] + 1.5 * point_x, plot.x[1] + 9 * point_x
    shades = [text_colour(colour) for _, colour in labels]
    plot.lines((start, wanted), (stop, places), cut=False, colors=shades, linewidths=0.5, alpha=0.7)
    for (text, _), shade, place in zip(labels, shades, places, strict=True):
        plot.text(stop, place, text, right=2, va="center", size=SIZE - 0.5, color=shade)


def _note(panels: Sequence[Panel], observations: Sequence[Observation], left_out: Sequence[str], say: Words) -> str:
    array = panels[0].values
    size = ensemble_size(array["member"].values)
    lines = [say("One member, no ensemble.")]
    if size:
        banded = say.listed([say.case(str(name)) for name in array["scenario"].values[:2]], say(" and "))
        bands = "Lines: medians of {members:,} members; bands: 50 and 90 % for {scenarios}."
        if any(panel.alone is not None for panel in panels):
            bands = (
                "Lines: medians of {members:,} members; bands: 90 % for {scenarios} (dark: parameters and inputs "
                "alone; light: with errors of the model)."
            )
        lines = [say(bands, members=size, scenarios=banded)]
    if observations:
        points = say("Points: data ± 1 sd (open: not fitted, or only weakly; triangle: at least).")
        lines.append(say.sentences([points, say("Dotted line: end of data.")]))
    if size and any(panel.foretold for panel in panels):
        lines.append(say("Below a panel: share of later data that the 80 % band held in hindcasts, and skill."))
    beyond = [say("Not shown, on another basis far above: {values}.", values=values) for values in left_out]
    return "\n".join(filter(None, (*lines, say.sentences(beyond))))
