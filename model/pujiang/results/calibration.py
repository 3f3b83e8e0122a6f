"""The record of a calibration: the fit, every observation beside the model, what moved from its prior."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pujiang.engine.system import System
from pujiang.experiment.calibrate import Calibration
from pujiang.experiment.fit import uncertain
from pujiang.experiment.fit_files import save
from pujiang.experiment.goodness import Goodness, goodness
from pujiang.experiment.posterior import Mixing
from pujiang.reading import damaged, read_rows

if TYPE_CHECKING:
    from rich.table import Table


STATISTICS = ("rmspe", "r_squared", "bias", "variance", "covariance", "worst")


def write_calibration(partial: Path, calibration: Calibration, system: System) -> None:
    """Put the files of a calibration into a folder under construction.

    fit.yaml, fit_factor.csv and fit_draws.npy (what `fit=<folder>` reads), observations.csv (observed, modelled,
    error: modelled less observed, in sd), series.csv (goodness by series and role), parameters.csv (value, prior, how
    far it moved, what the data left of the prior's spread).
    """
    save(calibration.fit, partial)
    write_rows(
        partial / "observations.csv",
        ("series", "outcome", "year", "role", "likelihood", "observed", "modelled", "error_sd"),
        (
            (
                c.observation.series,
                c.observation.outcome,
                c.observation.year,
                c.observation.role,
                c.observation.likelihood,
                f"{c.observation.value:.6g}",
                f"{c.modelled:.6g}",
                f"{c.error:.3f}",
            )
            for c in calibration.comparisons
        ),
    )
    write_rows(
        partial / "series.csv",
        ("series", "outcome", "role", "count", *STATISTICS),
        (
            (g.series, g.outcome, g.role, g.count, *(f"{getattr(g, field):.4f}" for field in STATISTICS))
            for g in goodness(calibration.comparisons)
        ),
    )
    priors, draws = uncertain(system), calibration.fit.draws
    spread = np.sqrt(np.sum(calibration.fit.factor**2, axis=1))
    if draws:
        spread = np.array([np.std([prior.z(value) for value in draws[name]]) for name, prior in priors.items()])
    write_rows(
        partial / "parameters.csv",
        ("parameter", "unit", "value", "prior", "center", "spread", "moved_in_prior_sd", "spread_left"),
        (
            (
                name,
                system.parameters[name.partition(".")[0]].unit,
                f"{calibration.fit.values[name]:.6g}",
                prior.kind,
                f"{prior.center:g}",
                f"{prior.spread:g}",
                f"{prior.z(calibration.fit.values[name]):.3f}",
                f"{left:.3f}",
            )
            for (name, prior), left in zip(priors.items(), spread, strict=True)
        ),
    )


def write_diagnostics(partial: Path, mixing: Mixing) -> None:
    """How well the chains mixed, by parameter and outcome: diagnostics.csv."""
    header = ("quantity", "rhat", "effective_draws_bulk", "effective_draws_tail")
    rows = (
        (name, f"{mixing.rhat[name]:.5f}", f"{mixing.bulk[name]:.0f}", f"{mixing.tail[name]:.0f}")
        for name in mixing.rhat
    )
    write_rows(partial / "diagnostics.csv", header, rows)


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_goodness(folder: Path) -> list[Goodness]:
    """The goodness of fit in the run folder of a calibration, as series.csv holds it.

    Raises:
        InputError: where the file is not what a calibration writes.
    """
    path = folder / "series.csv"
    rows = read_rows(path)
    with damaged(f"'{path}' is damaged"):
        return [
            Goodness(
                series=row["series"],
                outcome=row["outcome"],
                role=row["role"],
                count=int(row["count"]),
                rmspe=float(row["rmspe"]),
                r_squared=float(row["r_squared"]),
                bias=float(row["bias"]),
                variance=float(row["variance"]),
                covariance=float(row["covariance"]),
                worst=float(row["worst"]),
            )
            for row in rows
        ]


def fit_table(statistics: Sequence[Goodness]) -> "Table":
    """Goodness by series and role, fitted series first, as a terminal table."""
    from rich.table import Table

    title = "Fit to the observations; worst: modelled less observed"
    table = Table(title=title, box=None, pad_edge=False, title_justify="left")
    table.add_column("series")
    for heading in ("role", "n", "RMSPE", "R2", "bias", "var", "cov", "worst, sd"):
        table.add_column(heading, justify="left" if heading == "role" else "right")
    order = {"fit": 0, "weak": 1, "check": 2, "input": 3}
    for g in sorted(statistics, key=lambda g: order.get(g.role, 9)):
        shares = (_share(x) for x in (g.bias, g.variance, g.covariance))
        errors = f"{g.rmspe:.1%}" if np.isfinite(g.rmspe) else "-"
        table.add_row(g.series, g.role, str(g.count), errors, _share(g.r_squared), *shares, f"{g.worst:+.1f}")
    return table


def _share(x: float) -> str:
    return f"{x:.2f}" if np.isfinite(x) else "-"
