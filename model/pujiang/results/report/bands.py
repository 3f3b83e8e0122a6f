"""What carries the bands, for the report: as the project ships it, of the baseline and the shipped fit."""

from collections.abc import Iterable
from dataclasses import dataclass

from pujiang.results.bands import CURVATURE, INPUTS, MODEL
from pujiang.results.explanation.names import called
from pujiang.results.words import Words

NAMED = 3
"""Parameters named for each outcome."""


@dataclass(frozen=True)
class BandRow:
    """One outcome: the shares of its band in per cent, and the parameters that carry most of it."""

    label: str
    parameters: str
    inputs: str
    model: str
    curvature: str
    foremost: tuple[tuple[str, str], ...]


def band_rows(outcomes: Iterable[str], say: Words) -> tuple[BandRow, ...]:
    """A row for each of the outcomes of which it is known."""
    rows = []
    for name in outcomes:
        shares = say.presentation.bands.get(name)
        if shares is None:
            continue
        others = [shares.get("part", {}).get(part, 0.0) for part in (INPUTS, MODEL, CURVATURE)]
        parameters, inputs, model, curvature = (f"{100 * share:.0f}" for share in (1 - sum(others), *others))
        first = sorted(shares.get("parameter", {}).items(), key=lambda entry: -entry[1])[:NAMED]
        foremost = tuple((called(key, say), f"{100 * share:.0f}") for key, share in first)
        rows.append(BandRow(say.outcome(name).label, parameters, inputs, model, curvature, foremost))
    return tuple(rows)
