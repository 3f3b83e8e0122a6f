"""Observations: what the model is held against, with error, likelihood and role."""

from collections.abc import Collection
from dataclasses import dataclass

from pujiang.evidence.schema import Row, read_table, refuse_duplicates

COLUMNS = (
    "series", "entity", "year", "value", "unit", "scale", "model_unit", "outcome", "timing",
    "likelihood", "sd", "sd_scale", "role", "sources", "traps", "reason",
)  # fmt: skip
OPTIONAL = ("base_year",)

ROLES = ("fit", "weak", "check", "input", "initial", "exclude")
SCORED_ROLES = ("fit", "weak")
TIMINGS = ("flow", "year_end", "mean", "ratio")

# A likelihood fixes the scale its error is stated on.
LIKELIHOODS = {"lognormal": "log", "floor": "log", "normal": "abs", "poisson": "abs", "none": ""}


@dataclass(frozen=True)
class Observation:
    """One reported value of one series, place and year.

    `value` is in model units (`unit`), `reported_value` as published. `outcome` names the model outcome it
    is held against, None where the model has none. `timing`: flow (the integral over the year), year_end (a
    stock at the end of the year), mean (a stock's mean over the year), ratio (of two annual values).
    `likelihood`: lognormal, normal, poisson, floor (a bound from below, half-normal above it) or none.
    `sd`: on the log scale where `sd_scale` is "log", in model units where it is "abs".
    `role`: fit (scored), weak (scored, wide), check (compared, never scored), input (drives the model),
    initial (sets it up), exclude (kept to show it was seen). `sources`: ids of figures or sources;
    `traps`: ids of the traps it avoids. `base_year`: `value` is the outcome over its own value of that year,
    None where it is the outcome itself.
    """

    series: str
    entity: str
    year: int
    value: float
    unit: str
    outcome: str | None
    timing: str
    likelihood: str
    sd: float | None
    sd_scale: str
    role: str
    sources: tuple[str, ...]
    traps: tuple[str, ...]
    reason: str
    reported_value: float
    reported_unit: str
    base_year: int | None = None


def read_observations(
    where: str, content: bytes, citable: Collection[str], trap_ids: Collection[str]
) -> tuple[Observation, ...]:
    """The observations of a file; sources must be among `citable`, traps among `trap_ids`."""
    rows = read_table(where, content, COLUMNS, OPTIONAL)
    refuse_duplicates(rows, ("series", "entity", "year"))
    return tuple(_observation(row, citable, trap_ids) for row in rows)


def _observation(row: Row, citable: Collection[str], trap_ids: Collection[str]) -> Observation:
    likelihood = row.choice("likelihood", LIKELIHOODS)
    role = row.choice("role", ROLES)
    scale = row.positive("scale")
    outcome = row.cells["outcome"] or None
    if role in SCORED_ROLES and outcome is None:
        raise row.fault("outcome", f"a model outcome, because the role is '{role}'")
    if role in SCORED_ROLES and likelihood == "none":
        raise row.fault("likelihood", f"a likelihood other than none, because the role is '{role}'")
    sd, sd_scale = _error(row, likelihood, scale)
    return Observation(
        series=row.text("series"),
        entity=row.text("entity"),
        year=row.year("year"),
        value=_reported_value(row, likelihood) * scale,
        unit=row.text("model_unit"),
        outcome=outcome,
        timing=row.choice("timing", TIMINGS),
        likelihood=likelihood,
        sd=sd,
        sd_scale=sd_scale,
        role=role,
        sources=row.names("sources", citable, "figures.csv or sources.csv"),
        traps=row.names("traps", trap_ids, "traps.yaml"),
        reason=row.cells["reason"],
        reported_value=row.number("value"),
        reported_unit=row.text("unit"),
        base_year=_base_year(row),
    )


def _base_year(row: Row) -> int | None:
    if not row.cells["base_year"]:
        return None
    if row.year("base_year") == row.year("year"):
        raise row.fault("base_year", "another year than the row's own")
    return row.year("base_year")


def _reported_value(row: Row, likelihood: str) -> float:
    if LIKELIHOODS[likelihood] == "log":
        return row.positive("value")
    value = row.number("value")
    if likelihood == "poisson" and value < 0:
        raise row.fault("value", "a count of 0 or more, because the likelihood is 'poisson'")
    return value


def _error(row: Row, likelihood: str, scale: float) -> tuple[float | None, str]:
    sd_scale = row.cells["sd_scale"]
    if sd_scale != LIKELIHOODS[likelihood]:
        allowed = f"'{LIKELIHOODS[likelihood]}'" if LIKELIHOODS[likelihood] else "nothing"
        raise row.fault("sd_scale", f"{allowed}, because the likelihood is '{likelihood}'")
    if likelihood == "none":
        if row.cells["sd"]:
            raise row.fault("sd", "nothing, because the likelihood is 'none'")
        return None, sd_scale
    return row.positive("sd") * (scale if sd_scale == "abs" else 1), sd_scale
