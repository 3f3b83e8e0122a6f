"""Which scenario comes first in what: a slope chart of the ranks in one year, down from outcome to outcome."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.batch import Floats
from pujiang.results.columns import Columns
from pujiang.results.figures.style import FAINT, GREY, SIZE, LineStyles, apart, text_colour
from pujiang.results.summary import ENOUGH
from pujiang.results.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def slopes(
    ranks: Columns, cases: Sequence[str], names: Sequence[str], style: LineStyles, say: Words, *, year: int
) -> "tuple[Figure, str]":
    """A row an outcome, a line a case down through its ranks, with the share of the draws in which it holds; a note.

    `ranks`: as `compare` gives them. `cases`: the baseline first. Cases that share a rank lie side by side,
    half-way between the ranks they fill.
    """
    from matplotlib.figure import Figure

    rank, probability = (_square(ranks, cases, names, year, column) for column in ("rank", "probability"))
    left, pitch, top, bottom = 2.3, 1.05, 1.3, 0.55
    width, height = left + pitch * len(cases) + 0.3, top + 0.31 * len(names) + bottom
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, bottom / height, pitch * len(cases) / width, 1 - (top + bottom) / height))
    axes.set_xlim(0.5, len(cases) + 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.axis("off")
    for y, name in enumerate(names):
        axes.axhline(y, color=FAINT, linewidth=0.7, zorder=0)
        axes.annotate(say.outcome(name).short, (0, y), xycoords=("axes fraction", "data"), xytext=(-10, 0),
                      textcoords="offset points", ha="right", va="center", color=GREY)  # fmt: skip
    places, shared = spread_ties(rank)
    rows = np.arange(len(names))
    for s, name in reversed(list(enumerate(cases))):
        colour, dash = style[name]
        axes.plot(places[s], rows, color=colour, linestyle=dash, linewidth=1.3)
        axes.plot(places[s], rows, "o", color=colour, markersize=5.5, markeredgewidth=0)
    members = _square(ranks, cases, names, year, "members")
    probability = np.where(members >= ENOUGH, probability, np.nan)
    for (s, y), share in np.ndenumerate(probability):
        if np.isfinite(share) and np.isfinite(places[s, y]) and not shared[s, y]:
            axes.annotate(f"{100 * share:.0f}", (places[s, y], y), xytext=(6, 0.5), textcoords="offset points",
                          va="center", size=SIZE - 2, color=GREY,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip
    labels = [textwrap.fill(say.case(case), 14) for case in cases]
    _label(axes, places[:, 0], -0.5, labels, cases, style)
    _label(axes, places[:, -1], len(names) - 0.5, labels, cases, style)
    note = [say("Left: the best, or the highest where none is better. Side by side: no difference.")]
    if np.isfinite(probability).any():
        note.append(say("Small figures: % of members in which the rank holds."))
    elif (members > 0).any():
        note.append(say("How often a rank holds needs at least {members} members.", members=ENOUGH))
    return figure, say.sentences(note)


def _square(ranks: Columns, cases: Sequence[str], names: Sequence[str], year: int, column: str) -> Floats:
    """A column of the ranks of one year as (case, outcome); NaN where there is no rank."""
    found = {key: row[column] for key, row in _ranked(ranks, year).items()}
    return np.array([[found.get((name, case), np.nan) for name in names] for case in cases], dtype=float)


def _ranked(ranks: Columns, year: int) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows of the scalar outcomes of a year in which there is a rank, by outcome and case."""
    rows = ranks.where(year=year, element="").by("outcome", "case")
    return {key: row for key, row in rows.items() if row["rank"] > 0}


def spread_ties(rank: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Where each rank (case, outcome) is drawn, and whether it is shared.

    Two that share rank 2 fill ranks 2 and 3: they are drawn round 2.5, a little apart.
    """
    places, shared = rank.copy(), np.zeros(rank.shape, dtype=bool)
    usual = np.nan_to_num(np.nansum(rank, axis=1))  # so that as few lines cross as may be
    for x in range(rank.shape[1]):
        for place in np.unique(rank[np.isfinite(rank[:, x]), x]):
            (sharing,) = np.nonzero(rank[:, x] == place)
            sharing = sharing[np.argsort(usual[sharing], kind="stable")]
            middle = (len(sharing) - 1) / 2
            places[sharing, x] = place + middle + 0.16 * (np.arange(len(sharing)) - middle)
            shared[sharing, x] = len(sharing) > 1
    return places, shared


def _label(axes: Any, places: Floats, y: float, labels: Sequence[str], cases: Sequence[str], style: LineStyles) -> None:
    """The cases' names above the first row or below the last, moved apart."""
    shown = [s for s in range(len(cases)) if np.isfinite(places[s])]
    wanted = [float(places[s]) for s in shown]
    above = y < 0
    for s, place in zip(shown, apart(wanted, 1.0, 1.0, float(len(cases))), strict=True):
        axes.annotate(labels[s], (place, y), xytext=(0, 4 if above else -4), textcoords="offset points", ha="center",
                      va="bottom" if above else "top", size=SIZE - 0.5, linespacing=1.05,
                      color=text_colour(style[cases[s]][0]), annotation_clip=False)  # fmt: skip


def ranks_in_words(ranks: Columns, names: Sequence[str], year: int, say: Words) -> str:
    """The same for those who cannot see it: the cases of each outcome in order."""
    rows = _ranked(ranks, year)
    sentences = [say("Ranks in {year}.", year=year)]
    for name in names:
        mine = sorted((row for (of, _), row in rows.items() if of == name), key=lambda row: row["rank"])
        parts = [f"{row['rank']} {say.case(row['case'])}" for row in mine]
        sentences.append(say("{outcome}: {values}.", outcome=say.outcome(name).label, values=say.listed(parts)))
    return say.sentences(sentences)
