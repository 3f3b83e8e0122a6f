"""Small multiples: observations, the history all scenarios share, and the scenarios after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.evidence import Observation
from pujiang.presentation import Goal, Outcome, TrackRecord, presentation_of
from pujiang.results.figures.style import (
    FAILED,
    GREY,
    SIZE,
    LineStyles,
    apart,
    areas,
    panel_grid,
    text_colour,
    unlabelled,
    width_of,
)
from pujiang.results.figures.ticks import draw_ticks, plain_ticks
from pujiang.results.outcomes import level_text
from pujiang.results.summary import dimension_of, draws, elements_of, ensemble_size, policy_from, quantiles
from pujiang.results.track_record import short
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
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
    figure, axes = panel_grid(len(panels), columns, width=2.3, height=1.75, margins=(0.6, right, 0.42, 0.38))
    unlabelled(axes)
    left_out = []
    for axis, panel in zip(axes, panels, strict=True):
        shown, beyond = _within_reach(panel, observations)
        draw_panel(axis, panel, shown, style, say)
        if beyond:
            left_out.append(say("{label} ({values})", label=panel.title, values="; ".join(beyond)))
    return figure, _note(panels, observations, left_out, say)


def draw_panel(axes: "Axes", panel: Panel, observations: Sequence[Observation], style: LineStyles, say: Words) -> None:
    """Bands, lines, observations, goal and labels of one outcome."""
    from matplotlib.ticker import FixedLocator

    scale, values = panel.outcome.scale, panel.values
    years = values["year"].values
    scenarios = [str(name) for name in values["scenario"].values]
    members = values["member"].values
    spread = quantiles(draws(values.values * scale, members, 1), 1)  # (quantile, scenario, year)
    inner = spread[[1, 3]]
    if panel.alone is not None:
        inner = quantiles(draws(panel.alone.values * scale, members, 1), 1)[[0, 4]]
    after = years >= panel.policy_from - 1
    for s, name in enumerate(scenarios[:2]):
        where = slice(None) if s == 0 else after
        bounds = [(low[s][where], high[s][where]) for low, high in (spread[[0, 4]], inner)]
        faint = 0.0 if s else 0.03
        areas(axes, years[where], bounds, [(style[name][0], alpha - faint) for alpha in (0.13, 0.20)])
    history = years < panel.policy_from
    axes.plot(years[history], spread[2, 0][history], color=style[scenarios[0]][0])
    for s, name in reversed(list(enumerate(scenarios))):  # the baseline on top
        colour, dash = style[name]
        axes.plot(years[after], spread[2, s][after], color=colour, linestyle=dash)
    _draw_observations(axes, _points_of(panel, observations), scale)
    axes.set_xlim(years[0] - 0.6, years[-1])
    axes.xaxis.set_major_locator(FixedLocator([year for year in years if year % 5 == 0]))
    axes.set_title(say("{label}, {part}", label=panel.title, part=panel.outcome.unit))
    _set_height(axes, spread, panel, years)
    plain_ticks(axes)
    last = last_data_year(observations, panel.policy_from)
    if last is not None:
        axes.axvline(last + 0.5, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
    _draw_goals(axes, panel, say)
    if panel.foretold is not None and ensemble_size(members):
        text = say("hindcast: {record}", record=short(panel.foretold))
        axes.annotate(
            text, (1, 0), xytext=(0, -19), xycoords="axes fraction", textcoords="offset points", ha="right", va="top",
            size=SIZE - 2, color=GREY,
        )  # fmt: skip
    _label_ends(axes, spread[2, :, -1], scenarios, style, float(years[-1]), say)
    draw_ticks(axes)


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


def _set_height(axes: "Axes", spread: NDArray[np.float64], panel: Panel, years: NDArray[Any]) -> None:
    """From 0 where the line comes near it: a share that moves between 57 and 75 % would lie flat."""
    low, high = axes.get_ylim()
    high = max([high, *(1.08 * goal.value * panel.outcome.scale for goal in panel.goals)])
    finite = spread[np.isfinite(spread)]
    if len(finite) and finite.min() >= 0 and low < 0.55 * high:
        low = 0.0
    axes.set_ylim(low, high)


def _draw_observations(axes: "Axes", points: Sequence[Observation], scale: float) -> None:
    """Fitted and input data filled, others open, a floor as a triangle; bars of one standard deviation."""
    kinds = (
        ([p for p in points if p.role in ("fit", "input") and p.likelihood != "floor"], "o", GREY),
        ([p for p in points if p.role not in ("fit", "input") and p.likelihood != "floor"], "o", "white"),
        ([p for p in points if p.likelihood == "floor"], "^", "white"),
    )
    for chosen, marker, face in kinds:
        if not chosen:
            continue
        values = np.array([point.value for point in chosen])
        low, high = np.array([_one_sd(point) for point in chosen]).T
        axes.errorbar(
            [point.year for point in chosen],
            values * scale,
            yerr=np.array([values - low, high - values]) * scale if marker == "o" else None,
            fmt=marker,
            markersize=3.2,
            color=GREY,
            markerfacecolor=face,
            markeredgewidth=0.8,
            elinewidth=0.7,
            zorder=3,
        )


def _one_sd(point: Observation) -> tuple[float, float]:
    """The value one standard deviation below and above."""
    if point.sd is None:
        return point.value, point.value
    if point.sd_scale == "log":
        return point.value * float(np.exp(-point.sd)), point.value * float(np.exp(point.sd))
    return point.value - point.sd, point.value + point.sd


def _draw_goals(axes: "Axes", panel: Panel, say: Words) -> None:
    """A bar at the year of each goal, with its words to the left: a line across would seem to hold for all years."""
    from matplotlib.patheffects import withStroke

    for goal in panel.goals:
        level = goal.value * panel.outcome.scale
        end = min(goal.year + 0.8, axes.get_xlim()[1])
        axes.plot([goal.year - 0.8, end], [level, level], color="black", linewidth=2, zorder=4)
        text = say("goal {year}: {goal}", year=goal.year, goal=say.label(goal.short))
        axes.annotate(text, (end, level), xytext=(0, 3), textcoords="offset points", ha="right", color=GREY,
                      size=SIZE - 1, zorder=5, path_effects=[withStroke(linewidth=2, foreground="white")])  # fmt: skip


def _label_ends(
    axes: "Axes", ends: NDArray[np.float64], scenarios: Sequence[str], style: LineStyles, x: float, say: Words
) -> None:
    """Each scenario's name at the end of its line, moved apart, with a thin leader where it had to move."""
    from matplotlib.collections import LineCollection

    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    box = axes.get_window_extent()
    point = axes.figure.dpi / 72  # pixels
    point_x, point_y = (right - left) / box.width * point, (high - low) / box.height * point
    shown = [i for i in range(len(scenarios)) if np.isfinite(ends[i])]
    if not shown:
        axes.annotate(say("not finite"), (0.5, 0.5), xycoords="axes fraction", ha="center", color=FAILED)
        return
    if len(shown) > 1 and np.ptp(ends[shown]) < 1.5 * point_y:
        # Within the width of a line: six names beside it would claim differences nobody can see.
        labels, wanted = [(say("all scenarios"), GREY)], [float(ends[shown[0]])]
    else:
        labels = [(say.case(scenarios[i]), style[scenarios[i]][0]) for i in shown]
        wanted = [float(ends[i]) for i in shown]
    half = 0.5 * SIZE * point_y
    places = apart(wanted, (SIZE + 1.2) * point_y, low + half, high - half)
    start, stop = x + 1.5 * point_x, x + 9 * point_x
    leaders = [((start, end), (stop, place)) for end, place in zip(wanted, places, strict=True)]
    shades = [text_colour(colour) for _, colour in labels]
    axes.add_collection(LineCollection(leaders, colors=shades, linewidths=0.5, alpha=0.7, clip_on=False), autolim=False)
    for (text, _), shade, place in zip(labels, shades, places, strict=True):
        axes.text(stop + 2 * point_x, place, text, va="center", size=SIZE - 0.5, color=shade)


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
