"""The evidence as it stood at the end of a year: what somebody who then fitted the model would have had.

Observations of later years are gone. Inputs either go on as they happened (which tests the model alone), or as one
would then have set them: what was known or announced stays, the last value holds on, and every switch from data to
the model's own course is thrown at the turn of that year, so that chance draws spread the inputs from there on.
"""

from dataclasses import replace
from typing import Any, Literal

from pujiang.evidence import Evidence, InputSeries, Observation
from pujiang.evidence.inputs import SWITCH

InputsAhead = Literal["happened", "foreseen"]
"""Inputs after the cutoff: as they happened, or as they would have been set at it."""

ENTRIES = ("times", "values", "statuses", "sources", "notes", "known_from")
"""The parts of a series that have one entry a figure."""


def vintage(evidence: Evidence, year: int, inputs: InputsAhead) -> Evidence:
    """The evidence at the end of a year: observations up to it, and inputs after it as asked."""
    known = tuple(o for o in evidence.observations if _latest(o) <= year)
    series = evidence.inputs
    if inputs == "foreseen":
        series = {name: _foreseen(each, year) for name, each in series.items()}
    return replace(evidence, observations=known, inputs=series)


def _latest(observation: Observation) -> int:
    return max(observation.year, observation.base_year or observation.year)


def _foreseen(series: InputSeries, year: int) -> InputSeries:
    """A course as it was known; its switches are thrown at the end of the year if they would be thrown later."""
    if SWITCH in series.statuses:
        return replace(series, times=tuple(min(time, year + 1.0) for time in series.times))
    kept = [i for i, known in enumerate(series.known_from) if known <= year]
    if not kept:  # nobody could know what it would be; it is as at its first entry
        kept = [0]
    parts: Any = {name: tuple(getattr(series, name)[i] for i in kept) for name in ENTRIES}
    return replace(series, **parts)
