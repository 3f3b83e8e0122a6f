"""What an explanation finds of one outcome, as plain values: its difference, the parts, the ways it travels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError, nearest
from pujiang.labelled import Tree
from pujiang.presentation import Outcome, Presentation, presentation_of
from pujiang.results.summary import dimension_of, draws, headline

Floats = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
BEGINS = 0.1
"""An outcome has begun to move in the first year in which its difference is this part of the last."""
FAR = 2.0
"""Times the mean of the members that their median may be for the parts to be scaled to it."""
ARROW = " > "
SIDES = ("scenario", "member", "year")
"""Dimensions of a scalar outcome of both sides."""


@dataclass(frozen=True)
class Part:
    """What one difference adds to an outcome's: as `signed` shows it, with the 5–95 % band of the members."""

    name: str
    kind: str
    value: float
    low: float
    high: float
    alone: float
    error: float


@dataclass(frozen=True)
class Way:
    """A way from an input to the outcome: variables, sectors, and the share of the whole it carries."""

    source: str
    variables: tuple[str, ...]
    sectors: tuple[str, ...]
    share: float
    since: int


@dataclass(frozen=True)
class Story:
    """One outcome in one year.

    Differences are relative to A where the outcome's read best in per cent, else in its stored unit. `whole` is the
    median of the members (the central one where there is none other); parts are means over the members, scaled
    so that they add up to it; where the median is far from the mean, `whole` is the mean.

    Attributes:
        members: of `low` and `high`; `divided_over`: of the parts, beside the central one.
        mediators: reported outcomes on the main way, with their difference in the same form as `whole` has.
        pair: the two levers that do most beyond what each does, and how much; None where it is next to nothing.
    """

    scalar: str
    outcome: Outcome
    element: tuple[str, str]
    year: int
    a: str
    b: str
    level_a: float
    level_b: float
    whole: float
    low: float
    high: float
    members: int
    divided_over: int
    parts: tuple[Part, ...]
    joint: float
    pair: tuple[str, str, float] | None
    exact: bool
    ways: tuple[Way, ...]
    mediators: tuple[tuple[str, float], ...]
    begins: int | None


def story_of(tree: Tree, scalar: str, year: int | None = None) -> Story:
    """The story of one scalar outcome.

    Raises:
        InputError: if the explanation has no such outcome or year.
    """
    annual = tree["annual"]
    name, _, element = scalar.partition(".")
    if name not in annual:
        raise InputError(f"outcome: there is no '{scalar}'{nearest(scalar, list(map(str, annual.data_vars)))}")
    over = dimension_of(annual[name])
    years = annual["year"].values.tolist()
    year = int(tree.attrs["year"]) if year is None else year
    if year not in years:
        raise InputError(f"year: found {year}, the explanation has {years[0]} to {years[-1]}")
    at = years.index(year)
    outcome = presentation_of(annual.attrs).outcome(name, str(annual[name].attrs.get("units", "")))
    members = annual["member"].values

    def of(node: str) -> Floats:
        """Values (…, year) of the outcome."""
        values = tree[node].variables[name]
        if over:
            values = values.isel({over: annual[over].values.tolist().index(element)})
        found: Floats = values.values
        return found

    sides = of("annual")  # (side, member, year)
    levels = sides[..., at]
    base = np.abs(levels[0]) if outcome.difference == "percent" else np.ones(levels.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = draws((levels[1] - levels[0]) / base, members, 0)
        parts, alone, error = (
            draws(of(node)[..., at] / base, members, 1) for node in ("levers", "levers/alone", "levers/error")
        )
    median = float(np.median(whole))
    means = parts.mean(axis=1)
    scale = median / means.sum() if abs(means.sum()) > 1e-9 * np.abs(means).sum() and median * means.sum() > 0 else 0.0
    if scale > FAR or scale < 1 / FAR:  # the median is far from the mean, of which the parts are: tell that
        scale, median = 1.0, float(means.sum())
    labels = tree["levers"]
    names, kinds = labels["difference"].values.tolist(), labels["kind"].values.tolist()
    found = []
    bands = np.quantile(parts, (LOW, HIGH), axis=1)
    for place, mean in enumerate(means):
        low, high = bands[:, place].tolist()
        by_itself, drawn = float(alone[place].mean()), float(error[place].mean())
        found.append(Part(str(names[place]), str(kinds[place]), float(scale * mean), low, high, by_itself, drawn))
    level = np.median(draws(levels, members, 1), axis=1)
    parts_in_order = tuple(sorted(found, key=lambda part: -abs(part.value)))
    # The way of the largest part first; of a group of levers, that of the lever that carries most.
    ways = tuple(sorted(_ways(tree, scalar), key=lambda way: way.source != parts_in_order[0].name))
    course = np.median(draws(sides[1] - sides[0], members, 0), axis=0)[: at + 1]
    begun = np.flatnonzero(np.abs(course) > BEGINS * abs(course[-1])) if course[-1] else np.array([])
    begins = int(years[begun[0]]) if len(begun) else None
    low, high = map(float, np.quantile(whole, (LOW, HIGH)))
    size = int((members != 0).sum())
    return Story(
        scalar=scalar,
        outcome=outcome,
        element=(over, element),
        year=year,
        a=str(tree.attrs["a"]),
        b=str(tree.attrs["b"]),
        level_a=float(level[0]),
        level_b=float(level[1]),
        whole=median,
        low=low,
        high=high,
        members=size,
        divided_over=size,
        parts=parts_in_order,
        joint=float((whole - alone.sum(axis=0)).mean()),
        pair=_pair(tree, of, at, base, median),
        exact=bool(labels.attrs["exact"]),
        ways=ways,
        mediators=_mediators(tree, ways, scalar, year),
        begins=begins,
    )


def told_outcomes(tree: Tree, most: int = 3) -> list[str]:
    """The headline outcomes to tell of the year explained (see `in_order`); what hardly differs is left out."""
    annual = tree["annual"]
    names = headline(annual)
    year = int(tree.attrs["year"])
    sizes = {}
    for name in names:
        levels = draws(annual[name].sel(year=year).values, annual["member"].values, 1)
        a, b = np.median(levels, axis=1)
        sizes[name] = abs(b - a) / abs(a) if a else 0.0
    moved = {name: size for name, size in sizes.items() if size >= 0.001}
    return in_order(moved, presentation_of(annual.attrs))[:most]


def in_order(sizes: Mapping[str, float], shown: Presentation) -> list[str]:
    """Outcomes by how much they say, costs left out: those that goals are about first, quantities before shares (which
    are often what policy sets), then the largest differences."""
    goals = {goal.outcome.partition(".")[0] for goal in shown.goals}

    def says(name: str) -> tuple[bool, bool, float]:
        return name not in goals, shown.outcome(name).difference == "points", -sizes[name]

    return sorted((name for name in sizes if name != shown.cost), key=says)


def rows(tree: Tree, node: str, scalar: str) -> list[dict[str, Any]]:
    """The rows of a table below `/pathways` that are of one outcome; none where pathways were not followed."""
    if f"pathways/{node}" not in tree.children:
        return []
    table = tree[f"pathways/{node}"]
    which = np.flatnonzero(table["of"].values == scalar)
    columns = {str(name): table[name].values[which] for name in table.data_vars if name != "of"}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _ways(tree: Tree, scalar: str) -> tuple[Way, ...]:
    found = rows(tree, "paths", scalar)
    if not found:
        return ()
    whole = sum(float(row["amount"]) for row in rows(tree, "sources", scalar))
    edges = tree["pathways"]
    sector = dict(zip(edges["variable"].values.tolist(), edges["sector"].values.tolist(), strict=True))
    out = []
    for row in found:
        names = tuple(str(row["names"]).split(ARROW))
        places = [sector[name] for name in names[1:] if sector.get(name)]
        short = tuple(dict.fromkeys(places))
        since = int(str(row["since"]).split(ARROW)[-1])
        out.append(Way(names[0], names[1:], short, float(row["amount"]) / whole if whole else 0.0, since))
    return tuple(out)


def _mediators(tree: Tree, ways: Sequence[Way], scalar: str, year: int) -> tuple[tuple[str, float], ...]:
    """Of each sector the main way passes but the outcome's own, a reported outcome on the way, or its first headline
    outcome, with its difference."""
    annual = tree["annual"]
    shown = presentation_of(annual.attrs)
    sectors = {str(name): str(annual.variables[name].attrs.get("sector")) for name in annual.data_vars}
    scalars = [name for name in sectors if annual.variables[name].ndim == len(SIDES)]
    own = sectors[scalar.partition(".")[0]]
    out = []
    for sector in ways[0].sectors if ways else ():
        inside = [name for name in scalars if sectors[name] == sector]
        inside = [n for n in inside if n in ways[0].variables] or [
            n for n in shown.among(inside) if n in shown.outcomes
        ]
        if sector == own or not inside:
            continue
        name = inside[0]
        outcome = shown.outcome(name, str(annual[name].attrs.get("units", "")))
        a, b = draws(annual[name].sel(year=year).values, annual["member"].values, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            change = float(np.median((b - a) / np.abs(a) if outcome.difference == "percent" else b - a))
        if np.isfinite(change) and change:
            out.append((name, change))
    return tuple(out[:4])


def _pair(tree: Tree, of: Any, at: int, base: Floats, whole: float) -> tuple[str, str, float] | None:
    if "levers/joint" not in tree.children:
        return None
    found = of("levers/joint")[..., at] / base[0]
    names = tree["levers"]["difference"].values
    i, j = np.unravel_index(np.argmax(np.abs(np.triu(found, 1))), found.shape)
    amount = float(found[i, j])
    return (str(names[i]), str(names[j]), amount) if abs(amount) > 0.1 * abs(whole) > 0 else None
