"""Checks of single values; `where` names the key, or the file, line and key, in the message."""

import math
import os
import re
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from pujiang.errors import InputError, nearest

LONGEST_TEXT = 100_000
LONGEST_PATH = 4000
LONGEST_NAME = 255
"""Characters of a text, bytes of a path and of each name in it: what is longer is a slip, or no file system's."""


def number(value: Any, where: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number within bounds."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{where}: found {shown(value)}, needs a number{span(low, high)}")
    found = float(value)
    if not math.isfinite(found):
        raise InputError(f"{where}: found {shown(value)}, needs a finite number{span(low, high)}")
    if not low <= found <= high:
        raise InputError(f"{where}: found {found:.10g}, allowed{span(low, high)}")
    return found


def whole(value: Any, where: str, low: float, high: float) -> int:
    """A whole number within bounds (1e3 is one)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(f"{where}: found {shown(value)}, needs a whole number{span(low, high)}")
    found = int(value)
    if not low <= found <= high:
        raise InputError(f"{where}: found {found}, allowed{span(low, high)}")
    return found


def date(value: Any, where: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A date within bounds, in decimal years; "2026-02" is the beginning of that month."""
    month = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", value.strip()) if isinstance(value, str) else None
    if isinstance(value, str) and month is None:
        raise InputError(f"{where}: found {shown(value)}, needs a number or YYYY-MM,{span(low, high)}")
    return number(int(month[1]) + (int(month[2]) - 1) / 12 if month else value, where, low, high)


def part_of_year(value: Any, where: str, low: int, high: int) -> float:
    """A length of time that divides the year into a whole number of parts, made exact."""
    length = number(value, where)
    parts = round(1 / length) if length > 0 else 0
    if low <= parts <= high and abs(parts * length - 1) < 1e-4:
        return 1 / parts
    near = min(max(parts, low), high) if length > 0 else low
    raise InputError(
        f"{where}: found {length:.6g}, needs a year divided by a whole number{span(low, high)}; nearest: {1 / near:.6g}"
    )


def flag(value: Any, where: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise InputError(f"{where}: found {shown(value)}, allowed: true, false")
    return value


def text(value: Any, where: str) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: found {shown(value)}, needs text")
    return readable(value, where)


def readable(value: str, where: str) -> str:
    """Text that a file can hold: no zero byte, no half of a character, not without end."""
    if len(value) > LONGEST_TEXT:
        raise InputError(f"{where}: found {len(value):,} characters, allowed: up to {LONGEST_TEXT:,}")
    if "\0" in value or not _encodes(value):
        raise InputError(f"{where}: found {shown(value)}, which holds a character that no file can hold")
    return value


def path(value: str | os.PathLike[Any], where: str) -> str:
    """The name of a file or folder, whether it exists or not, that a file system can hold."""
    name = os.fspath(value)
    if not isinstance(name, str):
        raise InputError(f"{where}: found {shown(name)}, needs a path that is text")
    readable(name, where)
    longest = max((len(part.encode()) for part in re.split(r"[/\\]", name)), default=0)
    if longest > LONGEST_NAME or len(name.encode()) > LONGEST_PATH:
        raise InputError(
            f"{where}: found {shown(name)}, a path of {len(name):,} characters; allowed: up to {LONGEST_PATH:,}, "
            f"and {LONGEST_NAME} a name"
        )
    return name


def is_folder(name: str | os.PathLike[str]) -> bool:
    """Whether there is such a folder; a name that no file system can hold is none."""
    try:
        return Path(path(name, "")).is_dir()
    except (InputError, OSError):
        return False


def choice(value: Any, where: str, allowed: Iterable[str]) -> str:
    """One of a few words."""
    words = list(allowed)
    if not isinstance(value, str) or value not in words:
        hint = nearest(str(value), words)
        raise InputError(f"{where}: found {shown(value)}, allowed: {', '.join(words)}{hint}")
    return value


def word_or_folder(value: Any, where: str, words: Iterable[str]) -> str:
    """One of a few words, or a folder that exists."""
    name = text(value, where)
    if name not in words and not is_folder(path(name, where)):
        raise InputError(f"{where}: found {shown(name)}, allowed: {', '.join(words)}, or a folder that exists")
    return name


def names(value: Any, where: str) -> tuple[str, ...]:
    """Several names, or one."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not found or not all(isinstance(name, str) for name in found):
        raise InputError(f"{where}: found {shown(value)}, needs names, as in [a,b]")
    return tuple(found)


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
    try:
        words = f"'{value}'" if isinstance(value, str) else str(value)
    except Exception:  # some class of the caller's, or a whole number of thousands of digits
        words = type(value).__name__
    return " ".join(words.split()) if len(words) <= 60 else f"{' '.join(words[:56].split())} …"


def span(low: float, high: float) -> str:
    """Bounds as a message goes on with them: " from 0 to 1.5"; nothing where there are none."""
    return "" if math.isinf(low) and math.isinf(high) else f" from {low:.10g} to {high:.10g}"


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
