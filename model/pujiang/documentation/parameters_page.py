"""The table of parameters: what each is, what the fit made of it, where it comes from, and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pujiang.basis import KINDS
from pujiang.declare import Parameter
from pujiang.documentation.entries import title
from pujiang.documentation.markdown import NOTE, declared_cell, item, number_cell, paragraph, span_cell, table
from pujiang.engine.system import System, parameter_default
from pujiang.experiment.fit import Fit
from pujiang.priors import Prior

PARAMETER_COLUMNS = ("parameter", "basis", "value", "fitted", "sd left", "unit", "bounds", "prior", "meaning", "reason")
NUMBER_COLUMNS = ("value", "fitted", "sd left")


@dataclass(frozen=True)
class ParameterRow:
    """One parameter, or one element of it, in words; `fitted` and `sd_left` are empty where it is fixed."""

    name: str
    sector: str
    basis: str
    value: str
    fitted: str
    sd_left: str
    unit: str
    bounds: str
    prior: str
    meaning: str
    reason: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells in the order of `COLUMNS`."""
        start = (f"`{self.name}`", self.basis, self.value, self.fitted, self.sd_left, self.unit)
        return (*start, self.bounds, self.prior, self.meaning, self.reason)


def rows(system: System, fit: Fit) -> tuple[ParameterRow, ...]:
    """Every parameter of a system, element by element, with what a fit made of it.

    `sd left` is the standard deviation after the fit over that of the prior: 1 where no observation told
    anything, near 0 where the observations alone decide.
    """
    left = dict(zip(fit.values, np.sqrt(np.square(fit.factor).sum(axis=1)), strict=True))
    return tuple(_row(system, name, fit.values, left) for name in system.parameter_names)


def _row(system: System, name: str, fitted: Mapping[str, float], left: Mapping[str, float]) -> ParameterRow:
    base, _, element = name.partition(".")
    parameter = system.parameters[base]
    return ParameterRow(
        name=name,
        sector=system.sector_of[base],
        basis=parameter.basis.kind,
        value=declared_cell(parameter_default(system, name)),
        fitted=number_cell(fitted[name]) if name in fitted else "",
        sd_left=f"{left[name]:.2f}" if name in fitted else "",
        unit=parameter.unit,
        bounds=span_cell(parameter.bounds) or "fixed",
        prior=_prior(_prior_of(parameter, element)),
        meaning=" ".join(parameter.doc.split()),
        reason=parameter.basis.reason,
    )


def _prior_of(parameter: Parameter, element: str) -> Prior | None:
    return parameter.prior.get(element) if isinstance(parameter.prior, Mapping) else parameter.prior


def _prior(prior: Prior | None) -> str:
    return "" if prior is None else f"{prior.kind}({declared_cell(prior.center)}, {declared_cell(prior.spread)})"


def parameters_page(system: System, fit: Fit) -> str:
    """The page, a table a sector."""
    every = rows(system, fit)
    assumed = sum(row.basis == "assumed" for row in every)
    silent = sum(row.sd_left == "1.00" for row in every)
    uncertain = sum(bool(row.fitted) for row in every)
    parts = [
        "# Parameters",
        NOTE,
        paragraph(
            f"{len(every)} numbers, {uncertain} of them uncertain (with prior and bounds), the others fixed. "
            f"{assumed} are assumed. Of the uncertain ones {silent} keep the whole width of their "
            "prior after the fit: no observation touches them."
        ),
        paragraph(
            "**value** is the declared one, **fitted** the one of the shipped fit. **sd left** is the standard "
            "deviation after the fit over that of the prior: 1.00 where no observation tells anything. **prior**: "
            "lognormal(median, sd of the logarithm), normal(mean, sd), logitnormal(median, sd of the share). "
            "Set one in every member: `parameters.NAME=NUMBER`. **basis** is how a number is known, **reason** why so:"
        ),
        "\n".join(item(f"{kind}: {meaning}") for kind, meaning in KINDS.items()),
    ]
    for sector in dict.fromkeys(row.sector for row in every):
        parts.append(f"## {title(sector)}")
        parts.append(
            table(PARAMETER_COLUMNS, [row.cells for row in every if row.sector == sector], right=NUMBER_COLUMNS)
        )
    return "\n\n".join(parts) + "\n"
