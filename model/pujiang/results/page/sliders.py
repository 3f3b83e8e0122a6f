"""The levers as a page shows them: meaning, value at rest, and how far their slider goes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pujiang.engine.system import System
from pujiang.results.page.case import Case

REACH = 2.0
"""How much further a slider goes than the farthest any scenario sets the lever: bounds admit far more than is asked."""


def levers_told(system: System, cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Every lever by name: label, meaning, unit, value at rest, bounds, and the range of its slider."""
    found = {}
    for name, lever in system.levers.items():
        low, high = _slider(lever, [*_shown(lever.shown_at), *_values(name, cases)])
        found[name] = {
            "label": lever.label or name.replace("_", " ").capitalize(),
            "doc": lever.doc,
            "why": lever.why,
            "unit": _unit(lever.unit, system),
            "default": lever.default,
            "bounds": list(lever.bounds),
            "slider": [low, high],
            "step": _round_step((high - low) / 100),
            "history": lever.history,
            "rests": f"{lever.basis.kind}: {lever.basis.reason}",
        }
    return found


def _unit(unit: str, system: System) -> str:
    """The unit in words: "billion_yuan/year" as "bn yuan a year"."""
    top, _, bottom = unit.partition("/")
    word = system.units[top].shown or top.replace("_", " ") if top in system.units else ""
    return f"{word} a {bottom}".strip() if bottom else word


def _shown(shown_at: Any) -> Iterator[float]:
    """The numbers of a setting."""
    if isinstance(shown_at, Mapping):
        yield from (float(shown_at[key]) for key in ("target", "from") if key in shown_at)
    elif shown_at is not None:
        yield float(shown_at)


def _values(name: str, cases: Sequence[Case]) -> Iterator[float]:
    """What cases set a lever to."""
    for case in cases:
        setting = case.levers.get(name)
        if setting is not None:
            numbers = [setting.target, setting.origin, *(value for _, value in setting.path or ())]
            yield from (value for value in numbers if value is not None)


def _slider(lever: Any, values: Sequence[float]) -> tuple[float, float]:
    """From and to: both ways as far as need be, within the bounds; all of them where nothing says how far."""
    low, high = lever.bounds
    rest = lever.default if lever.default is not None else (sum(values) / len(values) if values else low)
    reach = REACH * max((abs(value - rest) for value in values), default=0.0)
    if lever.default is None and values:
        reach = REACH * max(map(abs, values))
    if reach == 0:
        return low, high
    step = _round_step(reach / 10)
    return max(low, math.floor((rest - reach) / step) * step), min(high, math.ceil((rest + reach) / step) * step)


def _round_step(size: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten that is not above."""
    power = 10.0 ** math.floor(math.log10(size))
    return float(f"{max(part for part in (1, 2, 5) if part * power <= size * 1.0001) * power:.6g}")
