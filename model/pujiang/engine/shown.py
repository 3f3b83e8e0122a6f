"""How an outcome is shown: what its declaration says, and what follows from its unit where that is silent."""

from pujiang.engine.system import System

SCALES = {"%": 100.0, "1,000": 1e-3}
"""What the first word of a shown unit does to the stored number; any other word leaves it as it is."""


def shown(system: System, name: str, unit: str) -> dict[str, str | float | int]:
    """Plain facts for the attributes of an annual outcome whose values are in `unit`.

    They are `label`, `short_label`, `shown_unit`, `scale` (times the stored value), `decimals`, `difference`
    (percent, points or number) and `better` (more, less, or empty where no direction is better).
    """
    reported = system.variables[name].reported
    assert reported is not None, name
    label = reported.label or name.replace("_", " ").capitalize()
    base = system.units.get(unit)
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
