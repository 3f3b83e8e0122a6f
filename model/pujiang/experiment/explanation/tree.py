"""An explanation with labels: everything that is found, as one tree of datasets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine import dataset
from pujiang.engine.batch import Floats
from pujiang.engine.central import Trajectories
from pujiang.engine.pathways import Edge
from pujiang.engine.system import System
from pujiang.experiment.explanation.by_lever import ByLever
from pujiang.experiment.explanation.routes import (
    Central,
    Flow,
    Path,
    carried_of,
    main_paths,
    saved_parts,
    sector_flows,
    stock_through,
    through,
    variable_flows,
)
from pujiang.experiment.explanation.sides import Sides
from pujiang.labelled import Array, Dataset

ARROW = " > "
"""What stands between the variables of a way."""


def levers_part(found: Sides, divided: ByLever, years: NDArray[np.int64]) -> dict[str, Dataset]:
    """`/annual` of both sides, and `/levers` with what stands below it."""
    names = [difference.name for difference in found.differences]
    labels = {
        "difference": _along("difference", names),
        "kind": _along("difference", [difference.kind for difference in found.differences]),
        "sector": _along("difference", [found.system.sector_of.get(n.partition(".")[0], "") for n in names]),
    }
    flat = {
        scalar: divided.levels[:, place].transpose(2, 0, 1).reshape(len(years), -1)
        for place, scalar in enumerate(divided.outcomes)
    }
    annual = dataset.annual(found.system, flat, list(found.labels), found.members, years)
    elements = {
        v.over.name: _along(v.over.name, v.over.elements) for v in found.system.variables.values() if v.over is not None
    }

    def over(values: Floats, dims: Sequence[str], coords: Mapping[str, Array]) -> Dataset:
        """An array (…, outcome, …) as a dataset; `dims` are its dimensions, "outcome" that of outcomes."""
        rows = dict(zip(divided.outcomes, np.moveaxis(values, dims.index("outcome"), 0), strict=True))
        rest = tuple(dim for dim in dims if dim != "outcome")
        data = {}
        for name in found.system.outcomes:
            along = found.system.variables[name].over
            parts = [rows[scalar] for scalar in found.system.scalar_names(name)]
            own_dims, own = (rest, parts[0]) if along is None else ((*rest, along.name), np.stack(parts, axis=-1))
            data[name] = Array(own_dims, own, annual.arrays[name].attrs)
        used = {name: words for name, words in elements.items() if any(name in array.dims for array in data.values())}
        return Dataset(data, {**used, **coords}, dict(annual.attrs))

    member, year = Array(("member",), np.arange(found.members)), Array(("year",), years)
    own = {**labels, "member": member, "year": year}
    dims = ("difference", "outcome", "member", "year")
    out = {"annual": annual, "levers": over(divided.parts, dims, own)}
    out["levers"].attrs.update(
        exact=int(divided.plan.exact),
        orders=len(divided.plan.orders),
        runs=len(divided.plan.coalitions) * found.members,
    )
    for name in ("error", "alone", "taken_back"):
        out[f"levers/{name}"] = over(getattr(divided, name), dims, own)
    if divided.joint is not None:
        out["levers/joint"] = over(
            divided.joint,
            ("difference", "other", "outcome", "year"),
            {**labels, "other": _along("other", names), "year": year},
        )
    return out


@dataclass(frozen=True)
class Routes:
    """What is found of one outcome in one year."""

    outcome: str
    year: int
    sources: Mapping[str, float]
    variables: list[Flow]
    sectors: list[Flow]
    stocks: Mapping[str, float]
    paths: list[Path]


def routes(found: Central, wanted: Sequence[tuple[str, int]]) -> tuple[list[Routes], list[dict[Edge, float]]]:
    """The routes of some outcomes, each by scalar name and year, and what every link of scalars carries of each."""
    carried = carried_of(found, wanted)
    years = [year for _, year in wanted]
    between = zip(variable_flows(found, carried, years), sector_flows(found, carried, years), strict=True)
    out = []
    for (scalar, year), of, (variables, sectors) in zip(wanted, carried, between, strict=True):
        sources = _of_inputs(found.system, of.sources)
        paths = main_paths(variables, sources, scalar.partition(".")[0])
        out.append(Routes(scalar, year, sources, variables, sectors, stock_through(found, of), paths))
    return out, [of.amounts for of in carried]


def pathways_part(
    found: Central, every: int, made: Sequence[Routes], links: Sequence[Mapping[Edge, float]]
) -> dict[str, Dataset]:
    """`/pathways`: parts of everything over time and what links carry; and `/trajectories` of both sides."""
    shares, steps = saved_parts(found, every)
    edges = list(dict.fromkeys([*shares, *(edge for own in links for edge in own)]))
    zero = np.zeros(len(steps))
    place = found.divided.formulas.variable
    sector = found.system.sector_of
    grid = found.divided.grid
    carried = [[own.get(edge, 0.0) for edge in edges] for own in links]
    pathways = Dataset(
        {
            "part": Array(
                ("edge", "time"),
                np.array([shares.get(edge, zero) for edge in edges]).reshape(len(edges), len(steps)),
                {"long_name": "part of the effect's difference that its cause makes, in the unit of the effect"},
            ),
            "carried": Array(
                ("outcome", "edge"),
                np.array(carried).reshape(len(links), len(edges)),
                {"long_name": "part of the outcome's difference that passes along the link, in the outcome's unit"},
            ),
        },
        {
            "cause": _along("edge", [cause for cause, _ in edges]),
            "effect": _along("edge", [effect for _, effect in edges]),
            "variable": _along("edge", [place.get(effect, effect) for _, effect in edges]),
            "sector": _along("edge", [sector.get(place.get(effect, effect), "") for _, effect in edges]),
            "time": Array(("time",), grid.times[steps]),
            "outcome": _along("outcome", [own.outcome for own in made]),
            "of_year": Array(("outcome",), np.array([own.year for own in made], dtype=np.int64)),
        },
    )
    return {
        "pathways": pathways,
        "pathways/sources": _table(made, ("input", "amount"), lambda own: list(own.sources.items())),
        "pathways/variables": _table(made, _FLOW, lambda own: _rows(own.variables)),
        "pathways/sectors": _table(made, _FLOW, lambda own: _rows(own.sectors)),
        "pathways/stocks": _table(made, ("stock", "amount"), lambda own: _largest(own.stocks)),
        "pathways/through": _table(made, ("sector", "amount"), lambda own: _largest(through(own.sectors))),
        "pathways/paths": _table(
            made,
            ("names", "amount", "since"),
            lambda own: [(ARROW.join(p.names), p.amount, ARROW.join(map(str, p.since))) for p in own.paths],
        ),
    }


def held_part(made: Sequence[Routes], names: Sequence[str], amounts: Floats) -> Dataset:
    """Rows of what is lost with each variable held, beside what the links into it carry."""
    rows: list[list[tuple[str, float, float]]] = []
    for place, own in enumerate(made):
        carried = {**through(own.variables), **own.stocks}
        rows.append([(name, float(amounts[n, place]), carried.get(name, 0.0)) for n, name in enumerate(names)])
    given = dict(zip((own.outcome for own in made), rows, strict=True))
    return _table(made, ("variable", "lost", "carried"), lambda own: given[own.outcome])


_FLOW = ("cause", "effect", "amount", "since")


def _rows(flows: Iterable[Flow]) -> list[tuple[Any, ...]]:
    return [(flow.cause, flow.effect, flow.amount, flow.since) for flow in flows]


def _largest(amounts: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(amounts.items(), key=lambda pair: (-abs(pair[1]), pair[0]))


def _table(made: Sequence[Routes], columns: Sequence[str], rows_of: Any) -> Dataset:
    """Rows of all outcomes one below the other, with the outcome as the first column."""
    rows = [(own.outcome, *row) for own in made for row in rows_of(own)]
    data = {}
    for place, column in enumerate(("of", *columns)):
        values = [row[place] for row in rows]
        text = not values or isinstance(values[0], str)
        data[column] = Array(("row",), np.array(values, dtype=object if text else None))
    return Dataset(data, {})


def trajectories_part(found: Central, sides: Sides, every: int) -> Dataset:
    """Every variable of both central runs (scenario, time[, element])."""
    names = [scalar for name in found.system.variables for scalar in found.system.scalar_names(name)]
    snapshots = np.stack([found.stages.lines[name][:, 0] for name in names], axis=1)
    kept = Trajectories(snapshots, {}, {}, np.empty((0, 0, 2)))
    cases = dict(zip(sides.labels, sides.levers, strict=True))
    return dataset.trajectories(found.system, kept, cases, sides.series[0], sides.grid.times, every)


def _of_inputs(system: System, sources: Mapping[str, float]) -> dict[str, float]:
    """Sources by lever, a companion with its lever; parameters by their own scalar names."""
    out: dict[str, float] = {}
    for name, amount in sources.items():
        lever = name.removesuffix("_set")
        key = lever if name not in system.entries and lever in system.levers else name
        out[key] = out.get(key, 0.0) + amount
    return out


def _along(dim: str, words: Iterable[str]) -> Array:
    """Words along a dimension."""
    return Array((dim,), np.array(list(words), dtype=object))
