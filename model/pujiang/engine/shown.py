"""How an outcome is shown: what its declaration says, and what follows from its unit where that is silent."""

from collections.abc import Mapping
from dataclasses import replace

from pujiang.declare import Unit
from pujiang.engine.variable import Variable
from pujiang.presentation import Outcome, Presentation
from pujiang.units import YEAR, parse_unit

SCALES = {"%": 100.0, "1,000": 1e-3}
"""What the first word of a shown unit does to the stored number; any other word leaves it as it is."""


def display_facts(variable: Variable, unit: str, units: Mapping[str, Unit]) -> dict[str, str | float | int]:
    """Plain facts for the attributes of an annual outcome whose values are in `unit`.

    They are `label`, `short_label`, `shown_unit`, `scale` (times the stored value), `decimals`, `difference`
    (percent, points or number) and `better` (more, less, or empty where no direction is better).
    """
    reported = variable.reported
    assert reported is not None, variable.name
    label = reported.label or variable.name.replace("_", " ").capitalize()
    base = units.get(unit)
    words = reported.unit or (base.shown if base else "") or ("" if unit == "1" else unit)
    scale = SCALES.get(words.partition(" ")[0], 1.0)
    decimals = (2 if unit == "1" else 0) if scale == 1 else 1
    return {
        "label": label,
        "short_label": reported.short or label,
        "shown_unit": words,
        "scale": scale,
        "decimals": decimals if reported.decimals is None else reported.decimals,
        "difference": reported.difference or ("points" if scale > 1 else "percent"),
        "better": reported.better or "",
    }


def annual_unit(variable: Variable) -> str:
    """The unit of a variable's annual values: an integral over the year is in units of its rate times years."""
    return str(parse_unit(variable.unit) * YEAR) if variable.annual == "integral" else variable.unit


def presented(
    variables: Mapping[str, Variable], units: Mapping[str, Unit], policy_from: int, presentation: Presentation
) -> Presentation:
    """A presentation with what the declarations say: how outcomes are shown, and what elements are called."""
    reported = {name: v for name, v in variables.items() if v.annual is not None}
    facts = {name: display_facts(v, annual_unit(v), units) for name, v in reported.items()}
    dimensions = {v.over.name: v.over for v in variables.values() if v.over is not None}
    return replace(
        presentation,
        policy_from=policy_from,
        shown={name: Outcome(*found.values()) for name, found in facts.items()},  # type: ignore[arg-type]
        elements={name: {e: over.label(e) for e in over.elements} for name, over in dimensions.items()},
    )
