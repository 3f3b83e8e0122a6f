"""What outcomes owe to inputs: tornado, and heat maps of Morris effects and Sobol' indices, in the last year.

Levers are blue and parameters vermilion throughout: what can be set, and what is not known.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pujiang.presentation import Outcome, Presentation
from pujiang.results.figures.style import (
    FAINT,
    GREY,
    PALETTE,
    SIZE,
    difference_title,
    heading,
    language_drawn,
    panel_grid,
    save_svg,
    styled,
    text_colour,
)
from pujiang.results.outcomes import signed
from pujiang.results.words import Words, words_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INPUT_COLOURS = {"lever": PALETTE[0], "date": PALETTE[2], "parameter": PALETTE[1], "chance": PALETTE[4]}
BARS = 6
ROWS = 24
FAINTEST = 0.01
"""A bar shorter than this part of the longest is not drawn."""

NOTHING = 1e-9
"""A change smaller than this part of the outcome is rounding."""


def write_sensitivity_figures(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | None],
    presentation: Presentation,
    language: str = "en",
) -> list[Path]:
    """Write a figure a table, by method, into `folder`, made where it is missing; the files written."""
    language = language_drawn(language)
    say = words_in(language, presentation)
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, tuple[Figure, str, str]] = {}
    tornado = tables.get("tornado")
    with styled(language):
        found = None if tornado is None else _last(tornado, presentation)
        if found is not None and len(found):
            title = say("What moves each outcome in {year}, one input at a time", year=_year(found))
            left_out = say(
                "Up to {bars} inputs an outcome, {shown} of {all} outcomes; tornado.csv holds all.",
                bars=BARS, shown=found["outcome"].nunique(), all=_scalars(tornado),
            )  # fmt: skip
            made["tornado"] = draw_tornado(found, title, say, left_out), title, _tornado_words(found, say)
        for name, column, text in (
            ("shapley", "share", say("What carries the bands: share of the variance of each outcome")),
            ("morris", "mu_star", say("Morris effect of each input, relative to the largest")),
            ("sobol", "total", say("Share of the variance each input is involved in (total Sobol’ index)")),
        ):
            table = tables.get(name)
            shares = None if table is None else _shares(_last(table, presentation), column)
            if table is not None and shares is not None and not shares.empty:
                title = say("{label}, {part}", label=text, part=_year(_last(table, presentation)))
                left_out = _left_out(shares, table, say)
                made[name] = heat_map(shares, title, say, left_out), title, _shares_words(shares, say)
        for name, (figure, title, description) in made.items():
            save_svg(figure, folder / f"{name}.svg", title, description)
    return [folder / f"{name}.svg" for name in made]


def draw_tornado(table: pd.DataFrame, title: str, say: Words, left_out: str = "") -> "Figure":
    """A panel an outcome: the inputs that move it most, from where it is at their low to their high end."""
    names = list(dict.fromkeys(table["outcome"]))
    columns = min(3, len(names))
    shown = [_foremost(table[table["outcome"] == name]) for name in names]
    bars = max(2, *map(len, shown))
    left = 0.25 + 0.066 * max((len(_label(name)) for rows in shown for name in rows["input"]), default=1)
    height = 0.2 * bars + 0.1
    figure, panels = panel_grid(len(names), columns, width=2.1, height=height, margins=(left, 0.5, 0.36, 0.4))
    for axes, name, rows in zip(panels, names, shown, strict=True):
        _draw_bars(axes, rows, say.outcome(name), say)
        axes.set_ylim(-bars + 0.4, 0.6)
    ends = say("Dark: the input at its high end; light: at its low end.")
    heading(figure, title, say.sentences([_key(table["kind"], say), ends, left_out]))
    return figure


def _draw_bars(axes: "Axes", rows: pd.DataFrame, outcome: Outcome, say: Words) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    if rows.empty:
        axes.text(0.5, 0.5, say("nothing moves it"), transform=axes.transAxes, ha="center", color=GREY)
    places = -np.arange(len(rows))
    shades = [INPUT_COLOURS[kind] for kind in rows["kind"]]
    # Where both ends lie on one side, the shorter bar lies on the longer one.
    low, high = _change(rows, "at_low", outcome), _change(rows, "at_high", outcome)
    for values, alpha, order in ((low, 0.45, np.abs(low) < np.abs(high)), (high, 1.0, np.abs(high) <= np.abs(low))):
        for y, value, shade, above in zip(places, values, shades, order, strict=True):
            axes.barh(y, value, height=0.62, color="white", zorder=2 + above)
            axes.barh(y, value, height=0.62, color=shade, alpha=alpha, zorder=2 + above, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=4)
    axes.set_yticks(places, [_label(name) for name in rows["input"]])
    for tick, shade in zip(axes.get_yticklabels(), shades, strict=True):
        tick.set_color(text_colour(shade))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.04)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    axes.set_title(difference_title(outcome, say))


def _tick(value: float) -> str:
    return "0" if value == 0 else f"{value:+,.10g}".replace("-", "−")


def heat_map(shares: pd.DataFrame, title: str, say: Words, left_out: str = "") -> "Figure":
    """Inputs by outcomes, a number and a shade a cell; levers above parameters; `left_out` says what is not shown.

    `shares`: rows indexed by (kind, input), a column an outcome.
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    rows, columns = shares.shape
    cell_width, cell_height, top = 0.46, 0.23, 1.6
    left = 0.3 + 0.07 * max(len(_label(str(name))) for _, name in shares.index)
    size = (max(left + cell_width * columns + 1.0, 0.2 + 0.083 * len(title) * 1.35), top + cell_height * rows + 0.15)
    figure = Figure(figsize=size)
    axes = figure.add_axes(
        (left / size[0], 0.1 / size[1], cell_width * columns / size[0], cell_height * rows / size[1])
    )
    values = shares.to_numpy(dtype=float)
    maps = {kind: LinearSegmentedColormap.from_list(kind, ["#ffffff", shade]) for kind, shade in INPUT_COLOURS.items()}
    colours = np.array(
        [maps[str(kind)](np.clip(row, 0, 1)) for (kind, _), row in zip(shares.index, values, strict=True)]
    )
    axes.imshow(colours, aspect="auto", interpolation="nearest")
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            if value >= 0.005:
                shade = "white" if value > 0.62 else "#222222"
                axes.text(x, y, f"{value:.2f}", ha="center", va="center", size=SIZE - 1.5, color=shade)
    axes.set_yticks(range(rows), [_label(str(name)) for _, name in shares.index])
    for tick, (kind, _) in zip(axes.get_yticklabels(), shares.index, strict=True):
        tick.set_color(text_colour(INPUT_COLOURS[str(kind)]))
    axes.set_xticks(
        range(columns),
        [say.outcome(str(name)).short for name in shares.columns],
        rotation=40,
        ha="left",
        rotation_mode="anchor",
    )
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    kinds = pd.Series([str(kind) for kind, _ in shares.index])
    heading(figure, title, say.sentences([_key(kinds, say), say("Empty: below 0.005."), left_out]))
    return figure


def _last(table: pd.DataFrame, presentation: Presentation) -> pd.DataFrame:
    """The rows of the last year and of the main outcomes (of all, where none of these is there)."""
    last: pd.DataFrame = table[(table["year"] == table["year"].max()) & (table["element"] == "")]
    main = [name for name in presentation.outcomes if name in set(last["outcome"])]
    if not main:
        return last
    order = {name: i for i, name in enumerate(main)}
    kept: pd.DataFrame = last[last["outcome"].isin(main)]
    return kept.iloc[np.argsort(kept["outcome"].map(order).to_numpy(), kind="stable")]


def _scalars(table: pd.DataFrame | None) -> int:
    """How many outcomes a table is about, elements counted one by one."""
    return 0 if table is None else len(table[["outcome", "element"]].drop_duplicates())


def _left_out(shares: pd.DataFrame, table: pd.DataFrame, say: Words) -> str:
    return say(
        "{rows} of {inputs} inputs, {columns} of {outcomes} outcomes; the table holds all.",
        rows=len(shares), inputs=table["input"].nunique(), columns=len(shares.columns), outcomes=_scalars(table),
    )  # fmt: skip


def _year(table: pd.DataFrame) -> int:
    return int(table["year"].max()) if len(table) else 0


def _reach(rows: pd.DataFrame) -> "pd.Series[float]":
    """How far an input moves the outcome, relative to it."""
    scale = rows["base"].abs().where(rows["base"] != 0, 1.0)
    ends = pd.concat([(rows[end] - rows["base"]).abs() for end in ("at_low", "at_high")], axis=1)
    return ends.max(axis=1) / scale


def _foremost(rows: pd.DataFrame) -> pd.DataFrame:
    reach = _reach(rows)
    order = reach[reach > max(NOTHING, FAINTEST * reach.max())].sort_values(ascending=False, kind="stable").index[:BARS]
    return rows.loc[order]


def _change(rows: pd.DataFrame, end: str, outcome: Outcome) -> Any:
    change = (rows[end] - rows["base"]).to_numpy()
    if outcome.difference == "percent":
        base = rows["base"].to_numpy()
        return 100 * change / np.where(base == 0, 1.0, np.abs(base))
    return change * outcome.scale


def _shares(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Inputs by outcomes, the foremost inputs alone, levers first; Morris effects relative to the largest."""
    wide: pd.DataFrame = table.pivot_table(index=["kind", "input"], columns="outcome", values=column, sort=False)[
        list(dict.fromkeys(table["outcome"]))
    ]
    if column == "mu_star":
        largest = wide.max()
        wide = wide / largest.where(largest > 0, 1.0)
    foremost = wide.max(axis=1).sort_values(ascending=False, kind="stable").index[:ROWS]
    wide = wide.loc[foremost]
    order = {kind: i for i, kind in enumerate(INPUT_COLOURS)}
    kinds = np.array([order[str(kind)] for kind, _ in wide.index])
    return wide.iloc[np.argsort(kinds, kind="stable")]


def _label(name: str) -> str:
    return name.replace("_", " ")


def _key(kinds: "pd.Series[str]", say: Words) -> str:
    texts = {
        "lever": say("Blue: levers."),
        "date": say("Green: dates of levers."),
        "parameter": say("Red: uncertain parameters."),
        "chance": say("Yellow: inputs ahead, left to chance."),
    }
    return say.sentences([text for kind, text in texts.items() if kind in set(kinds)])


def _tornado_words(table: pd.DataFrame, say: Words) -> str:
    sentences = [say("The inputs that move each outcome most.")]
    for name in dict.fromkeys(table["outcome"]):
        rows, outcome = _foremost(table[table["outcome"] == name]), say.outcome(name)
        parts = []
        for row in rows.head(3).to_dict("records"):
            ends = (row[end] - row["base"] for end in ("at_low", "at_high"))
            scale = abs(row["base"]) if outcome.difference == "percent" and row["base"] else 1.0
            low, high = (signed(end / scale, outcome) for end in ends)
            parts.append(f"{_label(row['input'])} ({say('{low} to {high}', low=low, high=high)})")
        values = say.listed(parts) or say("nothing moves it")
        sentences.append(say("{outcome}: {values}.", outcome=outcome.label, values=values))
    return say.sentences(sentences)


def _shares_words(shares: pd.DataFrame, say: Words) -> str:
    sentences = []
    for name in shares.columns:
        foremost = shares[name].sort_values(ascending=False, kind="stable").head(3)
        parts = [f"{_label(str(index[1]))} {value:.2f}" for index, value in foremost.items()]  # type: ignore[index]
        outcome = say.outcome(str(name)).label
        sentences.append(say("{outcome}: {values}.", outcome=outcome, values=say.listed(parts)))
    return say.sentences(sentences)
