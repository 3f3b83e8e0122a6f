"""The table of parameters: what each is, what the fit made of it, where it comes from, and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pujiang.declare import Parameter, Prior
from pujiang.documentation.entries import title
from pujiang.documentation.markdown import NOTE, declared, item, number, paragraph, span, table
from pujiang.engine.system import System, parameter_default
from pujiang.experiment.fit import Fit

BASES = ("assumed", "observed", "derived", "recalled", "seen", "definition", "structure", "neutral")
"""What a source may rest on, in the order in which a mention decides: what is partly assumed is assumed."""

BASES_MEAN = (
    "assumed: no figure states it; the reason stands with it, where there is one",
    "observed: a reported figure states it",
    "derived: computed from reported figures",
    "seen: a paper or report that was read states it, or its size",
    "recalled: common knowledge of the field, not looked up",
    "definition, structure: part of what a variable means",
    "neutral: has no effect until another part of the model replaces it",
    "named: the source says what it rests on",
)
COLUMNS = ("parameter", "basis", "value", "fitted", "sd left", "unit", "bounds", "prior", "meaning", "source")
NUMBERS = ("value", "fitted", "sd left")


@dataclass(frozen=True)
class Row:
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
    source: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells in the order of `COLUMNS`."""
        start = (f"`{self.name}`", self.basis, self.value, self.fitted, self.sd_left, self.unit)
        return (*start, self.bounds, self.prior, self.meaning, self.source)


def rows(system: System, fit: Fit) -> tuple[Row, ...]:
    """Every parameter of a system, element by element, with what a fit made of it.

    `sd left` is the standard deviation after the fit over that of the prior: 1 where no observation told
    anything, near 0 where the observations alone decide.
    """
    left = dict(zip(fit.values, np.sqrt(np.square(fit.factor).sum(axis=1)), strict=True))
    return tuple(_row(system, name, fit.values, left) for name in system.parameter_names)


def _row(system: System, name: str, fitted: Mapping[str, float], left: Mapping[str, float]) -> Row:
    base, _, element = name.partition(".")
    parameter = system.parameters[base]
    return Row(
        name=name,
        sector=system.sector_of[base],
        basis=basis(parameter.source),
        value=declared(parameter_default(system, name)),
        fitted=number(fitted[name]) if name in fitted else "",
        sd_left=f"{left[name]:.2f}" if name in fitted else "",
        unit=parameter.unit,
        bounds=span(parameter.bounds) or "fixed",
        prior=_prior(_prior_of(parameter, element)),
        meaning=" ".join(parameter.doc.split()),
        source=" ".join(parameter.source.split()),
    )


def basis(source: str) -> str:
    """What a source says its number rests on; "named" where it only names it.

    What a source says is assumed, wholly or in part, counts as assumed.
    """
    words = source.lower().replace(":", " ").replace(",", " ").replace(";", " ").split()
    if "assumed" in words:
        return "assumed"
    opening = [word for word in words[:2] if word in BASES]
    return opening[0] if opening else "named"


def _prior_of(parameter: Parameter, element: str) -> Prior | None:
    return parameter.prior[element] if isinstance(parameter.prior, Mapping) else parameter.prior


def _prior(prior: Prior | None) -> str:
    return "" if prior is None else f"{prior.kind}({declared(prior.center)}, {declared(prior.spread)})"


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
            f"{assumed} are assumed, wholly or in part. Of the uncertain ones {silent} keep the whole width of their "
            "prior after the fit: no observation touches them."
        ),
        paragraph(
            "**value** is the declared one, **fitted** the one of the shipped fit. **sd left** is the standard "
            "deviation after the fit over that of the prior: 1.00 where no observation tells anything. **prior**: "
            "lognormal(median, sd of the logarithm), normal(mean, sd), logitnormal(median, sd of the share). "
            "Set one in every member: `parameters.NAME=NUMBER`. **basis** is what the source rests on:"
        ),
        "\n".join(item(line) for line in BASES_MEAN),
    ]
    for sector in dict.fromkeys(row.sector for row in every):
        parts.append(f"## {title(sector)}")
        parts.append(table(COLUMNS, [row.cells for row in every if row.sector == sector], right=NUMBERS))
    return "\n\n".join(parts) + "\n"
