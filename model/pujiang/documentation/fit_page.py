"""How well the fitted model reproduces what was observed, series by series, misfits first to last."""

import math
from collections.abc import Iterable

from pujiang.documentation.markdown import NOTE, paragraph, table
from pujiang.experiment.goodness import Goodness

FIT_COLUMNS = ("series", "held against", "role", "n", "RMSPE", "R²", "bias", "variance", "covariance", "worst, sd")


def fit_page(found: Iterable[Goodness]) -> str:
    """The page: every series that can be held against the model, fitted or not."""
    return (
        "\n\n".join(
            [
                "# The fit, series by series",
                NOTE,
                paragraph(
                    "The central member of the shipped fit against every observation. Series of the roles `fit` and "
                    "`weak` were fitted, `check` were not, and `input` drive the model. RMSPE is the root mean square "
                    "of relative errors. Bias, variance and covariance are the shares of the mean square error that "
                    "are due to unequal means, unequal variation and imperfect correlation (Theil 1966); the error of "
                    "a good fit is in the last. The worst error is modelled less observed, in standard deviations of "
                    "the observation and of the model's own error together. `pujiang calibrate` fits anew and writes "
                    "every observation beside its modelled value."
                ),
                table(FIT_COLUMNS, map(_row, found), right=FIT_COLUMNS[3:]),
            ]
        )
        + "\n"
    )


def _row(found: Goodness) -> tuple[str, ...]:
    shares = (found.r_squared, found.bias, found.variance, found.covariance)
    numbers = ("–" if math.isnan(share) else f"{share:.2f}" for share in shares)
    rmspe = "–" if math.isnan(found.rmspe) else f"{found.rmspe:.1%}"
    return found.series, f"`{found.outcome}`", found.role, str(found.count), rmspe, *numbers, f"{found.worst:+.1f}"
