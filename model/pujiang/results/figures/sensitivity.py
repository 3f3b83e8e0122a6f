"""What outcomes owe to inputs: tornado, and heat maps of Morris effects and Sobol' indices, in the last year.

Levers are blue and parameters vermilion throughout: what can be set, and what is not known.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pujiang.results.figures.style import FAINT, GREY, PALETTE, SETTINGS, SIZE, grid, heading, readable, save
from pujiang.results.outcomes import TABLE, Outcome, shown_as, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = {"lever": PALETTE[0], "date": PALETTE[2], "parameter": PALETTE[1]}
WORDS = {"lever": "levers", "date": "dates of levers", "parameter": "uncertain parameters"}
BARS = 6
ROWS = 24
FAINTEST = 0.01
"""A bar shorter than this part of the longest is not drawn."""

NOTHING = 1e-9
"""A change smaller than this part of the outcome is rounding."""

UNITS = {"percent": "%", "points": "pp"}


def write_figures(
    folder: Path,
    tornado: pd.DataFrame | None,
    morris: pd.DataFrame | None,
    sobol: pd.DataFrame | None,
    notes: Sequence[str] = (),
) -> list[Path]:
    """Write a figure a table into `folder`, made where it is missing; the files written."""
    from matplotlib import rc_context

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with rc_context(dict(SETTINGS)):
        if tornado is not None:
            found = _last(tornado)
            title = f"What moves each outcome in {_year(found)}, one input at a time"
            if len(found):
                figure = draw_tornado(found, title)
                save(figure, folder / "tornado.svg", title, _tornado_words(found))
                written.append(folder / "tornado.svg")
        for name, table, column, what in (
            ("morris", morris, "mu_star", "Morris effect of each input, relative to the largest"),
            ("sobol", sobol, "total", "Share of the variance each input is involved in (total Sobol’ index)"),
        ):
            if table is None:
                continue
            shares = _shares(_last(table), column)
            if shares.empty:
                continue
            title = f"{what}, {_year(_last(table))}"
            save(heat_map(shares, title), folder / f"{name}.svg", title, _shares_words(shares))
            written.append(folder / f"{name}.svg")
    return written


def draw_tornado(table: pd.DataFrame, title: str) -> "Figure":
    """A panel an outcome: the inputs that move it most, from where it is at their low to their high end."""
    names = list(dict.fromkeys(table["outcome"]))
    columns = min(3, len(names))
    shown = [_foremost(table[table["outcome"] == name]) for name in names]
    bars = max(2, *map(len, shown))
    left = 0.25 + 0.066 * max((len(_label(name)) for rows in shown for name in rows["input"]), default=1)
    figure, panels = grid(len(names), columns, width=2.1, height=0.2 * bars + 0.1, margins=(left, 0.5, 0.36, 0.4))
    for axes, name, rows in zip(panels, names, shown, strict=True):
        _draw_bars(axes, rows, shown_as(name))
        axes.set_ylim(-bars + 0.4, 0.6)
    heading(figure, title, _key(table["kind"], "Dark: the input at its high end; light: at its low end."), failed=False)
    return figure


def _draw_bars(axes: "Axes", rows: pd.DataFrame, outcome: Outcome) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    if rows.empty:
        axes.text(0.5, 0.5, "nothing moves it", transform=axes.transAxes, ha="center", color=GREY)
    places = -np.arange(len(rows))
    shades = [KINDS[kind] for kind in rows["kind"]]
    # Where both ends lie on one side, the shorter bar lies on the longer one.
    low, high = _change(rows, "at_low", outcome), _change(rows, "at_high", outcome)
    for values, alpha, order in ((low, 0.45, np.abs(low) < np.abs(high)), (high, 1.0, np.abs(high) <= np.abs(low))):
        for y, value, shade, above in zip(places, values, shades, order, strict=True):
            axes.barh(y, value, height=0.62, color="white", zorder=2 + above)
            axes.barh(y, value, height=0.62, color=shade, alpha=alpha, zorder=2 + above, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=4)
    axes.set_yticks(places, [_label(name) for name in rows["input"]])
    for tick, shade in zip(axes.get_yticklabels(), shades, strict=True):
        tick.set_color(readable(shade))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.04)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    axes.set_title(f"{outcome.short}, {UNITS.get(outcome.difference, outcome.unit)}")


def _tick(value: float) -> str:
    return "0" if value == 0 else f"{value:+,.10g}".replace("-", "−")


def heat_map(shares: pd.DataFrame, title: str) -> "Figure":
    """Inputs by outcomes, a number and a shade a cell; levers above parameters.

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
    maps = {kind: LinearSegmentedColormap.from_list(kind, ["#ffffff", shade]) for kind, shade in KINDS.items()}
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
        tick.set_color(readable(KINDS[str(kind)]))
    axes.set_xticks(
        range(columns),
        [shown_as(str(name)).short for name in shares.columns],
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
    heading(figure, title, _key(kinds, "Empty: below 0.005."), failed=False)
    return figure


def _last(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last year and of the main outcomes (of all, where none of these is there)."""
    last: pd.DataFrame = table[(table["year"] == table["year"].max()) & (table["element"] == "")]
    main = [name for name in TABLE if name in set(last["outcome"])]
    if not main:
        return last
    order = {name: i for i, name in enumerate(main)}
    kept: pd.DataFrame = last[last["outcome"].isin(main)]
    return kept.iloc[np.argsort(kept["outcome"].map(order).to_numpy(), kind="stable")]


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
    order = {kind: i for i, kind in enumerate(KINDS)}
    kinds = np.array([order[str(kind)] for kind, _ in wide.index])
    return wide.iloc[np.argsort(kinds, kind="stable")]


def _label(name: str) -> str:
    return name.replace("_", " ")


def _key(kinds: "pd.Series[str]", more: str) -> str:
    names = {PALETTE[0]: "blue", PALETTE[1]: "red", PALETTE[2]: "green"}
    found = [kind for kind in KINDS if kind in set(kinds)]
    return f"{'; '.join(f'{names[KINDS[kind]]}: {WORDS[kind]}' for kind in found).capitalize()}. {more}"


def _tornado_words(table: pd.DataFrame) -> str:
    sentences = []
    for name in dict.fromkeys(table["outcome"]):
        rows, outcome = _foremost(table[table["outcome"] == name]), shown_as(name)
        parts = []
        for row in rows.head(3).to_dict("records"):
            ends = (row[end] - row["base"] for end in ("at_low", "at_high"))
            scale = abs(row["base"]) if outcome.difference == "percent" and row["base"] else 1.0
            low, high = (signed(end / scale, outcome) for end in ends)
            parts.append(f"{_label(row['input'])} ({low} to {high})")
        sentences.append(f"{outcome.label}: {', '.join(parts) or 'nothing'}.")
    return "The inputs that move each outcome most. " + " ".join(sentences)


def _shares_words(shares: pd.DataFrame) -> str:
    sentences = []
    for name in shares.columns:
        foremost = shares[name].sort_values(ascending=False, kind="stable").head(3)
        parts = [f"{_label(str(index[1]))} {value:.2f}" for index, value in foremost.items()]  # type: ignore[index]
        sentences.append(f"{shown_as(str(name)).label}: {', '.join(parts)}.")
    return " ".join(sentences)
