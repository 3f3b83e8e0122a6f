"""Units as people write them beside data: with words of scale, percent, months; and how many of one are another."""

import re
from fractions import Fraction
from functools import lru_cache

from pujiang.units import PURE, YEAR, Unit, UnitError, parse_unit

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "ten_thousand": 1e4, "million": 1e6, "hundred_million": 1e8, "billion": 1e9,
    "trillion": 1e12, "k": 1e3, "bn": 1e9, "mn": 1e6, "万": 1e4, "亿": 1e8, "万亿": 1e12,
}  # fmt: skip
"""What the word before another stands for: million_yuan, 亿元; alone, a number."""

OTHER_WORDS = {
    "%": (0.01, PURE), "percent": (0.01, PURE), "pct": (0.01, PURE), "permille": (0.001, PURE),
    "yr": (1.0, YEAR), "a": (1.0, YEAR), "年": (1.0, YEAR), "quarter": (1 / 4, YEAR), "month": (1 / 12, YEAR),
}  # fmt: skip
SAME = {"cny": "yuan", "rmb": "yuan", "元": "yuan", "people": "person", "company": "firm", "companies": "firm"}

Measure = tuple[float, Unit]
"""So many of a unit whose bases bear no word of scale: a billion_yuan is 1e9 of yuan."""


@lru_cache(maxsize=1024)
def measure(text: str) -> Measure:
    """A unit as it stands beside data; any word that is no scale is a base of its own.

    Raises:
        UnitError: for what is no product of powers.
    """
    factor, unit = 1.0, PURE
    parts = re.split(r"\s*([*/·])\s*|\s+", " ".join(text.split()))
    tokens = [part for part in parts if part]
    inverse = False
    for token in tokens:
        if token in ("*", "/", "·", "per"):
            inverse = token in ("/", "per")
            continue
        word, raised, power = token.partition("^")
        try:
            exponent = Fraction(power) if raised else Fraction(1)
        except (ValueError, ZeroDivisionError):
            raise UnitError(f"'{power}' in '{text}' is no power") from None
        exponent = -exponent if inverse else exponent
        inverse = False
        size, base = _word(word)
        if size == 0:
            raise UnitError(f"'{word}' in '{text}' is no unit")
        factor, unit = factor * size ** float(exponent), unit * base**exponent
    return factor, unit


def conversion(given: str, wanted: str) -> float:
    """How many of the unit wanted one of the unit given is.

    Raises:
        UnitError: where they measure different things, naming both.
    """
    if given == wanted:
        return 1.0
    (ours, unit), (theirs, needed) = measure(given), measure(wanted)
    if unit != needed:
        raise UnitError(f"'{given}' cannot be converted to '{wanted}'")
    return float(f"{ours / theirs:.14g}")  # 1e6 / 1e9 is meant to be a thousandth


def _word(word: str) -> Measure:
    if re.fullmatch(r"\d+(\.\d*)?([eE][+-]?\d+)?", word):
        return float(word), PURE
    lower = word.lower()
    for name in (lower, lower.removesuffix("s")):
        if name in OTHER_WORDS:
            return OTHER_WORDS[name]
        if name in SCALES:
            return SCALES[name], PURE
    scale, rest = _scaled(lower)
    rest = SAME.get(rest, rest)
    single = rest.removesuffix("s") if len(rest) > 3 else rest
    return scale, parse_unit(SAME.get(single, single))


def _scaled(word: str) -> tuple[float, str]:
    """The words of scale before another, and that other."""
    for name in sorted(SCALES, key=len, reverse=True):
        start = name if name[0] > "z" else f"{name}_"
        if word.startswith(start) and len(word) > len(start):
            more, rest = _scaled(word[len(start) :])
            return SCALES[name] * more, rest
    return 1.0, word
