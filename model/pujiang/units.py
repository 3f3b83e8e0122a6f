"""Units: products of powers of base units, and how they are written."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pujiang.errors import nearest


class UnitError(ValueError):
    """A unit does not close or cannot be read; the message says which."""


@dataclass(frozen=True)
class Unit:
    """A product of powers of base units; money at current and at constant prices are different bases."""

    powers: tuple[tuple[str, Fraction], ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, Fraction(0)) + power
        return Unit(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other**-1

    def __pow__(self, power: int | Fraction) -> "Unit":
        return Unit(tuple((base, p * power) for base, p in self.powers if power))

    def __str__(self) -> str:
        def factors(sign: int) -> list[str]:
            signed = [(base, p * sign) for base, p in self.powers if p * sign > 0]
            return [base if p == 1 else f"{base}^{float(p):g}" for base, p in signed]

        top, bottom = factors(1), factors(-1)
        return "/".join(["*".join(top) or "1", *bottom])


PURE = Unit()
YEAR = Unit((("year", Fraction(1)),))


@lru_cache(maxsize=1024)
def parse_unit(text: str, bases: frozenset[str] | None = None) -> Unit:
    """A unit from words: base units joined by * and /, with ^ for powers; "1" is a pure number.

    `bases` are the base units there are beside "year"; without them any word will do, as in a checked system.

    Raises:
        UnitError: naming the word that is no unit.
    """
    unit = PURE
    parts = re.split("([*/])", text)
    for joined_by, part in zip(["*", *parts[1::2]], parts[::2], strict=True):
        base, raised, power = part.strip().partition("^")
        if base == "1" and not raised:
            continue
        known = ["year", *(bases or ())]
        if not base.isidentifier() or (bases is not None and base not in known):
            raise UnitError(f"'{base}' in '{text}' is no unit; known: {', '.join(sorted(known))}{nearest(base, known)}")
        try:
            factor = Unit(((base, Fraction(1)),)) ** (Fraction(power) if raised else Fraction(1))
            unit = unit * factor if joined_by == "*" else unit / factor
        except ValueError:
            raise UnitError(f"'{power}' in '{text}' is no power") from None
    return unit


def needed(unit: Unit | None, wanted: Unit, fault: str) -> None:
    """Refuse a unit that is not the one wanted; None, the unit of a written 0, fits any.

    Raises:
        UnitError: saying the fault and both units.
    """
    if unit is not None and unit != wanted:
        raise UnitError(f"{fault}: {unit} with {wanted}")
