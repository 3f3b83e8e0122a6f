"""Ticks of axes: few, written out plainly, and drawn quickly."""

from typing import TYPE_CHECKING, Any

from pujiang.results.figures.style import AXES, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Formatter


def plain_ticks(axes: "Axes") -> None:
    """Few ticks on y, written out with thousands separators, with no more decimals than they need."""
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(plain_numbers())


def plain_numbers() -> "Formatter":
    """Numbers with thousands separators, and no more decimals than they need."""
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))


def draw_ticks(axes: "Axes", *which: str) -> None:
    """Draw the ticks of the axes named ("x", "y"; both by default) as a line of marks and labels.

    They look as matplotlib's own. Limits must be final by then, and the axes without labels of their own.
    """
    from matplotlib import rcParams
    from matplotlib.lines import Line2D
    from matplotlib.markers import TICKDOWN, TICKLEFT

    from pujiang.results.figures.tick_labels import Labels

    size, width = rcParams["xtick.major.size"], rcParams["xtick.major.width"]
    away = size + rcParams["xtick.major.pad"]
    for name in which or ("x", "y"):
        flat = name == "x"
        axis: Any = axes.xaxis if flat else axes.yaxis
        marker: Any = TICKDOWN if flat else TICKLEFT
        marks = axes.get_xaxis_transform("tick1") if flat else axes.get_yaxis_transform("tick1")
        beside, *_ = axes.get_xaxis_text1_transform(away) if flat else axes.get_yaxis_text1_transform(away)
        low, high = sorted(axis.get_view_interval())
        places, slack = axis.get_majorticklocs(), 1e-10 * (high - low)
        labelled = zip(places, axis.get_major_formatter().format_ticks(places), strict=True)
        shown = [(float(at), text) for at, text in labelled if low - slack <= at <= high + slack]
        points = [(at, 0.0) if flat else (0.0, at) for at, _ in shown]
        line = Line2D(
            [x for x, _ in points], [y for _, y in points], linestyle="", marker=marker,
            markersize=size, markeredgewidth=width, color=GREY, transform=marks, clip_on=False, zorder=AXES,
        )  # fmt: skip
        axes.add_artist(line)
        axes.add_artist(Labels(points, [text for _, text in shown], beside, under=flat))
        axis.set_visible(False)
