"""Checks of single values; `where` names the key, or the file, line and key, in the message."""

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

from pujiang.errors import InputError, nearest


def number(value: Any, where: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number within bounds."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{where}: found {shown(value)}, needs a number{_range(low, high)}")
    found = float(value)
    if not math.isfinite(found):
        raise InputError(f"{where}: found {shown(value)}, needs a finite number{_range(low, high)}")
    if not low <= found <= high:
        raise InputError(f"{where}: found {found:.10g}, allowed{_range(low, high)}")
    return found


def whole(value: Any, where: str, low: int, high: int) -> int:
    """A whole number within bounds (1e3 is one)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(f"{where}: found {shown(value)}, needs a whole number{_range(low, high)}")
    found = int(value)
    if not low <= found <= high:
        raise InputError(f"{where}: found {found}, allowed{_range(low, high)}")
    return found


def flag(value: Any, where: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise InputError(f"{where}: found {shown(value)}, allowed: true, false")
    return value


def text(value: Any, where: str) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: found {shown(value)}, needs text")
    return value


def choice(value: Any, where: str, allowed: Iterable[str]) -> str:
    """One of a few words."""
    names = list(allowed)
    if not isinstance(value, str) or value not in names:
        hint = nearest(str(value), names)
        raise InputError(f"{where}: found {shown(value)}, allowed: {', '.join(names)}{hint}")
    return value


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """A mapping with text keys; nothing at all counts as an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{where}: found {shown(value)}, needs a mapping of keys to values")
    for key in value:
        if not isinstance(key, str):
            raise InputError(f"{where}: found the key {shown(key)}, needs text")
    return value


def shown(value: Any) -> str:
    """A value as a message shows it: as a file would write it, and short."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    words = f"'{value}'" if isinstance(value, str) else str(value)
    return " ".join(words.split()) if len(words) <= 60 else f"{' '.join(words[:56].split())} …"


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return ""
    return f" from {low:g} to {high:g}"
