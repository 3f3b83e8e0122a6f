"""Where the numbers come from: the fit to the observations, and the sources behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pujiang.results.figures.fit import residuals
from pujiang.results.outcomes import shown_as

if TYPE_CHECKING:
    import xarray as xr


class Pack(Protocol):
    """The evidence as a report reads it: pujiang.evidence.Evidence, or what looks like it."""

    @property
    def observations(self) -> tuple[Any, ...]: ...
    @property
    def figures(self) -> Mapping[str, Any]: ...
    @property
    def sources(self) -> Mapping[str, Any]: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class FitRow:
    """How one series is met: points by their role, how many lie within two sd, the farthest."""

    outcome: str
    series: str
    fitted: int
    checked: int
    within: int
    worst_year: int
    worst: float


@dataclass(frozen=True)
class SourceRow:
    """A source, the outcomes held against it and the ids of its figures."""

    id: str
    title: str
    publisher: str
    date: str
    trust: str
    outcomes: tuple[str, ...]
    figures: tuple[str, ...]


def fit_rows(annual: "xr.Dataset", observations: Sequence[Any]) -> list[FitRow]:
    """A row a series of observations, in the order of the outcomes."""
    groups: dict[tuple[str, str], list[tuple[Any, float]]] = {}
    for point, residual in residuals(annual, observations):
        groups.setdefault((str(point.outcome), point.series), []).append((point, residual))
    order = list(annual.data_vars)
    rows = []
    for (outcome, series), points in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        fitted = sum(point.role == "fit" for point, _ in points)
        farthest, worst = max(points, key=lambda item: abs(item[1]))
        within = sum(abs(residual) <= 2 for _, residual in points)
        label, name = shown_as(outcome).label, series.replace("_", " ")
        rows.append(FitRow(label, name, fitted, len(points) - fitted, within, farthest.year, worst))
    return rows


def source_rows(pack: Pack, outcomes: Sequence[str]) -> list[SourceRow]:
    """The sources behind the observations of `outcomes`, excluded ones left out, in the pack's order."""
    used: dict[str, tuple[list[str], list[str]]] = {}
    for point in pack.observations:
        if point.outcome not in outcomes or point.role == "exclude":
            continue
        for cited in point.sources:
            figure = pack.figures.get(cited)
            against, ids = used.setdefault(cited if figure is None else figure.source, ([], []))
            label = shown_as(point.outcome).short
            if label not in against:
                against.append(label)
            if figure is not None and cited not in ids:
                ids.append(cited)
    return [
        SourceRow(id, source.title, source.publisher, source.date, source.trust, tuple(used[id][0]), tuple(used[id][1]))
        for id, source in pack.sources.items()
        if id in used
    ]
