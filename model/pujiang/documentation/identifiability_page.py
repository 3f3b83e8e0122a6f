"""What the data know of each parameter, which of them trade off, and what unknown ones carry the bands."""

from collections.abc import Mapping

import numpy as np

from pujiang.documentation.markdown import NOTE, number_cell, paragraph, table
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit, uncertain
from pujiang.presentation import Shares
from pujiang.results.bands import CURVATURE, INPUTS, MODEL

TOUCHED, HALF = 0.9, 0.5
"""Data touch a parameter of which they leave less than the first share of its prior's spread, and know it under the
second."""
PAIRS = 25
PLAIN = 0.3
"""The least correlation that is shown: hundreds of draws show smaller ones where there are none."""
CARRIERS = 5


def identifiability_page(system: System, fit: Fit, bands: Mapping[str, Shares]) -> str:
    """The page, from the draws of a fit and the shares shipped beside it.

    Args:
        bands: shares of the variance of each outcome's band (presentation.bands).
    """
    priors = uncertain(system)
    names = [name for name in priors if name in fit.draws]
    z = np.array([[priors[name].z(float(value)) for value in fit.draws[name]] for name in names])
    shift, left = z.mean(axis=1), z.std(axis=1)
    known = dict(zip(names, left.tolist(), strict=True))
    touched, half = int(np.sum(left < TOUCHED)), int(np.sum(left < HALF))
    last = system.calendar.run[1]
    parts = [
        "# What the data know",
        NOTE,
        paragraph(
            f"{len(names)} parameters are uncertain. The data leave {half} of them less than half of the spread of "
            f"their prior, and {touched} less than {TOUCHED:g} of it; the others are as their priors say. From "
            f"{z.shape[1]:,} draws of the posterior, each number to about ±{1 / np.sqrt(2 * z.shape[1]):.2f}. A "
            "profile of any of them: `pujiang calibrate --profile NAME`."
        ),
        f"## What carries the bands of {last}",
        paragraph(
            "Share of the variance of each outcome of the baseline, in per cent: parameters, inputs ahead that are "
            "left to chance, errors of the model as hindcasts size them, and what no straight line shows. **at their "
            f"prior**: parameters that carry it of which the data leave {TOUCHED:g} or more of the prior's spread; a "
            "figure for one of these would narrow the band. `pujiang sensitivity` computes it anew: Shapley effects "
            "over the posterior."
        ),
        table(
            ("outcome", "parameters", "inputs ahead", "model", "curvature", "at their prior", "known in part"),
            [_carried(outcome, shares, known) for outcome, shares in bands.items()],
            right=("parameters", "inputs ahead", "model", "curvature"),
        ),
        "## What trades off",
        paragraph(
            f"Correlations of two parameters over the draws, the largest first, from {PLAIN:g} on: what the data know "
            "is a combination of the two, and one cannot be moved without the other."
        ),
        table(("one", "other", "correlation"), _pairs(names, z), right=("correlation",)),
        "## Prior and posterior",
        paragraph(
            "**prior**: its 5, 50 and 95 % points; **posterior**: those of the draws. **shift**: of the mean, in "
            "standard deviations of the prior. **sd left**: over that of the prior; bounds may leave a little less "
            "than 1 of one that no figure touches. The best known first."
        ),
        table(
            ("parameter", "unit", "prior", "posterior", "shift", "sd left"),
            [
                (
                    f"`{names[i]}`",
                    system.parameters[names[i].partition(".")[0]].unit,
                    _points(priors[names[i]].value(np.array([-1.645, 0.0, 1.645]))),
                    _points(np.quantile(fit.draws[names[i]], (0.05, 0.5, 0.95))),
                    f"{shift[i]:+.2f}".replace("-", "−"),
                    f"{left[i]:.2f}",
                )
                for i in np.argsort(left, kind="stable")
            ],
            right=("shift", "sd left"),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _carried(outcome: str, shares: Shares, known: Mapping[str, float]) -> tuple[str, ...]:
    parts = shares.get("part", {})
    others = [parts.get(part, 0.0) for part in (INPUTS, MODEL, CURVATURE)]
    cells = [f"{100 * share:.0f}" for share in (1 - sum(others), *others)]
    found = shares.get("parameter", {})
    at_prior = {name: share for name, share in found.items() if known.get(name, 1.0) >= TOUCHED}
    in_part = {name: share for name, share in found.items() if name not in at_prior}
    return f"`{outcome}`", *cells, _listed(at_prior), _listed(in_part)


def _listed(shares: Mapping[str, float]) -> str:
    first = sorted(shares.items(), key=lambda entry: -entry[1])[:CARRIERS]
    return ", ".join(f"`{name}` {100 * share:.0f}" for name, share in first if share >= 0.005) or "–"


def _pairs(names: list[str], z: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> list[tuple[str, str, str]]:
    correlations = np.atleast_2d(np.corrcoef(z))
    rows, columns = np.triu_indices(len(names), k=1)
    sizes = correlations[rows, columns]
    first = [place for place in np.argsort(-np.abs(sizes), kind="stable")[:PAIRS] if abs(sizes[place]) >= PLAIN]
    return [(f"`{names[rows[i]]}`", f"`{names[columns[i]]}`", f"{sizes[i]:+.2f}".replace("-", "−")) for i in first]


def _points(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> str:
    return " · ".join(number_cell(float(value)) for value in values)
