"""Why two trajectories differ, drawn: a waterfall by lever, the main pathways, and strips of a variable's causes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.results.explanation.flow_picture import Box, Link, Picture
from pujiang.results.explanation.names import called
from pujiang.results.explanation.story import Story
from pujiang.results.figures.style import BLACK, GREY, PALETTE, SIZE, panel_grid, text_colour, width_of
from pujiang.results.figures.ticks import plain_ticks
from pujiang.results.outcomes import signed
from pujiang.results.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WITH, AGAINST = PALETTE[0], PALETTE[1]
"""Colours of what makes a difference larger, and smaller."""
ROW = 0.27
MOST_ROWS = 12


def waterfall(story: Story, say: Words) -> "tuple[Figure, str]":
    """How the difference of one outcome adds up, lever by lever; and a note on how it is read."""
    from matplotlib.figure import Figure

    shown = list(story.parts[:MOST_ROWS])
    rest = sum(part.value for part in story.parts[MOST_ROWS:])
    outcome = say.outcome(story.scalar.partition(".")[0])
    factor = 100.0 if outcome.difference == "percent" else outcome.scale
    rows = [(called(part.name, say), part.value, part.low, part.high) for part in shown]
    if story.parts[MOST_ROWS:]:
        rows.append((say("All others"), rest, np.nan, np.nan))
    head, foot, left, right = 0.1, 0.5, 0.2 + 0.075 * max(width_of(row[0]) for row in rows), 2.0
    width, height = 7.4, head + foot + ROW * (len(rows) + 1)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, foot / height, 1 - (left + right) / width, 1 - (head + foot) / height))
    at = 0.0
    for place, (_, value, low, high) in enumerate(rows):
        colour = WITH if value * story.whole >= 0 else AGAINST
        axes.barh(-place, value * factor, left=at * factor, height=0.62, color=colour)
        axes.plot([(at + value) * factor] * 2, [-place - 0.31, -place - 1 + 0.31], color=GREY, linewidth=0.7)
        _amount(axes, -place, signed(value, outcome), _band(low, high, outcome, story, say))
        at += value
    last = -len(rows)
    axes.barh(last, story.whole * factor, height=0.62, color=BLACK)
    _amount(axes, last, signed(story.whole, outcome), _band(story.low, story.high, outcome, story, say), bold=True)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_ylim(last - 0.6, 0.6)
    axes.set_yticks([-n for n in range(len(rows) + 1)], [*(row[0] for row in rows), say("Whole difference")])
    axes.tick_params(axis="y", length=0, labelcolor="black")
    axes.spines["left"].set_visible(False)
    unit = {"percent": "%", "points": "pp"}.get(outcome.difference, outcome.unit)
    axes.set_xlabel(unit, color=GREY)
    note = [say("Blue adds to the difference, orange takes from it.")]
    if story.divided_over:
        size = story.divided_over
        note.append(say("Means of {members:,} members; in brackets where 90 % of them lie.", members=size))
    else:
        note.append(say("The central member."))
    if not story.exact:
        worst = max(part.error for part in story.parts)
        note.append(say("Sampled; standard error {error} at most.", error=signed(worst, outcome).lstrip("+")))
    return figure, say.sentences(note)


def _amount(axes: Any, row: float, text: str, band: str, *, bold: bool = False) -> None:
    axes.text(1.02, row, text, transform=axes.get_yaxis_transform(), va="center", weight="bold" if bold else "normal")
    if band:
        axes.annotate(band, (1.02, row), (52, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      va="center", size=SIZE - 1, color=GREY)  # fmt: skip


def _band(low: float, high: float, outcome: Any, story: Story, say: Words) -> str:
    if not story.divided_over or not np.isfinite(low):
        return ""
    bare = [signed(value, outcome).removesuffix(" %").removesuffix(" pp") for value in (low, high)]
    return f"({say('{low} to {high}', low=bare[0], high=bare[1])})" if bare[0] != bare[1] else ""


def flow(picture: Picture, say: Words) -> "tuple[Figure, str]":
    """The main pathways of one outcome as boxes and bands, whose widths are what they carry; and a note."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=picture.size)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, picture.size[0])
    axes.set_ylim(0, picture.size[1])
    axes.axis("off")
    for link in picture.links:
        _ribbon(axes, link)
    for box in picture.boxes:
        if box.kind != "stop":
            _box(axes, box)
    note = say(
        "Widths are shares of the difference; blue adds to it, orange takes from it. Boxes: what passes through, less "
        "what leads back. Links below {least} are left out.",
        least=f"{100 * picture.least:.0f} %",
    )
    return figure, note


def _ribbon(axes: Any, link: Link) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (x0, y0), (x1, y1), half = link.start, link.end, link.width / 2
    bend = (y0 - y1) / 2
    points = [
        (x0 - half, y0), (x0 - half, y0 - bend), (x1 - half, y1 + bend), (x1 - half, y1),
        (x1 + half, y1), (x1 + half, y1 + bend), (x0 + half, y0 - bend), (x0 + half, y0), (x0 - half, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    colour = WITH if link.adds else AGAINST
    axes.add_patch(PathPatch(Path(points, codes), facecolor=colour, edgecolor="none", alpha=0.32))


def _box(axes: Any, box: Box) -> None:
    from matplotlib.patches import FancyBboxPatch

    face = {"input": "#e9f1e4", "outcome": "#1a1a1a"}.get(box.kind, "white")
    ink, faint = ("white", "white") if box.kind == "outcome" else ("black", GREY)
    (x, y), (width, height) = box.at, box.size
    axes.add_patch(
        FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.05", facecolor=face,
                       edgecolor="#444444", linewidth=0.8)
    )  # fmt: skip
    axes.text(x + width / 2, y + height * 0.66, box.words, ha="center", va="center", color=ink)
    axes.text(x + width / 2, y + height * 0.27, box.told, ha="center", va="center", size=SIZE - 1, color=faint)


def strips(
    courses: Sequence[tuple[str, str, np.ndarray, np.ndarray]], parts: Mapping[str, np.ndarray], times: np.ndarray,
    labels: tuple[str, str], say: Words,
) -> "tuple[Figure, str]":  # fmt: skip
    """A variable and its causes in both runs, and its difference by cause.

    Args:
        courses: name, unit, and values (time,) in A and B: the variable first, then its causes.
        parts: of the variable's difference, (time,) by cause.
        labels: of A and B.
    """
    figure, axes = panel_grid(
        len(courses) + 1, 3, width=1.95, height=1.25, margins=(0.62, 0.22, 0.34, 0.36)
    )  # fmt: skip
    shades = dict(zip(parts, (*PALETTE, *PALETTE), strict=False))
    order = [axes[0], *axes[2:]]
    for place, (axis, (name, unit, a, b)) in enumerate(zip(order, courses, strict=True)):
        axis.plot(times, a, color=BLACK, label=labels[0])
        axis.plot(times, b, color=WITH, label=labels[1])
        colour = text_colour(shades[name]) if place and name in shades else BLACK
        axis.set_title(_short(name, 32), fontsize=SIZE, color=colour, fontweight="normal" if place else "bold")
        axis.set_ylabel(unit, size=SIZE - 2, color=GREY)
        _years(axis, times)
    axis = axes[1]
    total = np.sum(list(parts.values()), axis=0)
    axis.plot(times, total, color=BLACK, linewidth=2.0)
    for name, values in parts.items():
        axis.plot(times, values, color=shades[name])
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.set_title(say("Its difference, by cause"), fontsize=SIZE)
    _years(axis, times)
    note = say(
        "Black: {a}; blue: {b}. Second panel: the whole difference in black, each cause's part in the colour of its "
        "title.",
        a=labels[0], b=labels[1],
    )  # fmt: skip
    return figure, note


def _years(axis: Any, times: np.ndarray) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_xlim(times[0], times[-1])
    axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    plain_ticks(axis)


def _short(text: str, most: int) -> str:
    return text if width_of(text) <= most else f"{text[: most - 1]}…"
