"""The record of what was foreseen of the data: by observation and by series, under the priors and the posterior."""

from collections.abc import Sequence
from pathlib import Path

from pujiang.experiment.predictive import BANDS, QUANTILES, Foreseen, SeriesCheck
from pujiang.experiment.profiled import ProfilePoint
from pujiang.results.calibration import write_rows


def write_predictive(partial: Path, foreseen: Sequence[Foreseen], checks: Sequence[SeriesCheck]) -> None:
    """predictive.csv (quantiles of readings of every observation) and predictive_series.csv (how its data lie)."""
    write_rows(
        partial / "predictive.csv",
        ("kind", "series", "outcome", "year", "observed", *(f"q{100 * q:g}" for q in QUANTILES)),
        (
            (row.kind, o.series, o.outcome, o.year, f"{o.value:.6g}", *(f"{q:.6g}" for q in row.quantiles))
            for row in foreseen
            for o in [row.observation]
        ),
    )
    write_rows(
        partial / "predictive_series.csv",
        ("kind", "series", "outcome", "count", *(f"inside_{band:.0%}" for band in BANDS), "misfit", "tail_probability"),
        (
            (c.kind, c.series, c.outcome, c.count, *(f"{x:.3f}" for x in c.inside), f"{c.misfit:.3f}", f"{c.tail:.4f}")
            for c in checks
        ),
    )


def write_profiles(partial: Path, profiles: Sequence[ProfilePoint]) -> None:
    """profiles.csv: a row a point of the profile of each parameter."""
    write_rows(
        partial / "profiles.csv",
        ("parameter", "value", "sd_from_fit", "rise", "rise_foreseen", "misfit", "prior", "converged"),
        (
            (
                p.parameter,
                f"{p.value:.6g}",
                f"{p.sd:g}",
                *(f"{x:.4f}" for x in (p.rise, p.foreseen, p.data, p.prior)),
                int(p.converged),
            )
            for p in profiles
        ),
    )
