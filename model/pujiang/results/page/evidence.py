"""The figures that outcomes are held against: value, error, use, and where each comes from."""

import math
from collections.abc import Collection
from typing import Any

from pujiang.evidence import Evidence, Observation


def observations_told(evidence: Evidence, outcomes: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By scalar outcome, its figures in the order of their years; what is relative to another year has no height."""
    found: dict[str, list[dict[str, Any]]] = {}
    for seen in sorted(evidence.observations, key=lambda seen: seen.year):
        if seen.outcome in outcomes and seen.role != "exclude" and seen.base_year is None:
            found.setdefault(str(seen.outcome), []).append(_told(seen, evidence))
    return found


def _told(seen: Observation, evidence: Evidence) -> dict[str, Any]:
    low, high = _one_sd(seen)
    return {
        "year": seen.year,
        "value": seen.value,
        "low": low,
        "high": high,
        "role": seen.role,
        "floor": seen.likelihood == "floor",
        "sources": _sources(seen, evidence),
    }


def _one_sd(seen: Observation) -> tuple[float, float]:
    """The value one standard deviation below and above; itself where no error is stated, or it is a bound."""
    if seen.sd is None or seen.likelihood == "floor":
        return seen.value, seen.value
    if seen.sd_scale == "log":
        return seen.value * math.exp(-seen.sd), seen.value * math.exp(seen.sd)
    return seen.value - seen.sd, seen.value + seen.sd


def _sources(seen: Observation, evidence: Evidence) -> list[str]:
    ids = (evidence.figures[name].source if name in evidence.figures else name for name in seen.sources)
    cited = (evidence.sources[name] for name in dict.fromkeys(ids) if name in evidence.sources)
    return [f"{source.title} ({source.publisher}, {source.date})" for source in cited]
