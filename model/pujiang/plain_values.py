"""Values made of what JSON holds."""

import math
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """The same value made of what JSON holds: a number that is not finite becomes "nan" or "inf"."""
    if hasattr(value, "tolist"):  # NumPy numbers and arrays
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(part) for part in parts]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
