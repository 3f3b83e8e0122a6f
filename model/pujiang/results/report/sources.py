"""Where the numbers come from: the fit to the observations, and the sources behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pujiang.evidence import Evidence, Observation
from pujiang.experiment.likelihood import Residual
from pujiang.results.figures.fit import central_residuals
from pujiang.results.words import Words

if TYPE_CHECKING:
    import xarray as xr


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


def fit_rows(annual: "xr.Dataset", observations: Sequence[Observation], say: Words) -> list[FitRow]:
    """A row a series of observations, in the order of the outcomes."""
    groups: dict[tuple[str, str], list[Residual]] = {}
    for entry in central_residuals(annual, observations):
        groups.setdefault((str(entry.observation.outcome), entry.observation.series), []).append(entry)
    order = [str(name) for name in annual.data_vars]
    rows = []
    for outcome, series in sorted(groups, key=lambda key: (order.index(key[0].partition(".")[0]), key)):
        entries = groups[outcome, series]
        fitted = sum(entry.observation.role == "fit" for entry in entries)
        farthest = max(entries, key=lambda entry: abs(entry.error))
        within = sum(abs(entry.error) <= 2 for entry in entries)
        label, name = say.scalar(annual, outcome), series.replace("_", " ")
        rows.append(
            FitRow(label, name, fitted, len(entries) - fitted, within, farthest.observation.year, farthest.error)
        )
    return rows


def source_rows(evidence: Evidence, outcomes: Sequence[str], say: Words) -> list[SourceRow]:
    """The sources behind the observations of `outcomes`, excluded ones left out, in the evidence's order."""
    used: dict[str, tuple[list[str], list[str]]] = {}
    for point in evidence.observations:
        if point.outcome is None or point.outcome not in outcomes or point.role == "exclude":
            continue
        for cited in point.sources:
            figure = evidence.figures.get(cited)
            against, ids = used.setdefault(cited if figure is None else figure.source, ([], []))
            label = say.outcome(point.outcome).short
            if label not in against:
                against.append(label)
            if figure is not None and cited not in ids:
                ids.append(cited)
    return [
        SourceRow(
            id, source.title, source.publisher, source.date, say(source.trust), tuple(used[id][0]), tuple(used[id][1])
        )
        for id, source in evidence.sources.items()
        if id in used
    ]
