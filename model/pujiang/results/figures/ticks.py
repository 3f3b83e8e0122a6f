"""Ticks of axes: few, and written out plainly."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pujiang.results.figures.plot import Plot

STEPS = [1, 2, 2.5, 5, 10]


def plain_number(value: float, _: object = None) -> str:
    """With thousands separators, and no more decimals than it needs."""
    return f"{value:,.10g}".replace("-", "−")


def plain_ticks(axes: "Axes") -> None:
    """Few ticks on y of matplotlib's axes, with plain numbers."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5, steps=STEPS))
    axes.yaxis.set_major_formatter(FuncFormatter(plain_number))


def few(low: float, high: float, most: int = 5, steps: Sequence[float] | None = STEPS) -> list[float]:
    """Round numbers from about `low` to about `high`, some `most` of them."""
    from matplotlib.ticker import MaxNLocator

    return [float(at) for at in MaxNLocator(most, steps=steps).tick_values(low, high)]


def number_ticks(plot: "Plot", axis: str, places: Sequence[float]) -> None:
    """Ticks of a plot with plain numbers."""
    plot.ticks(axis, places, list(map(plain_number, places)))
