"""What is reported every year, and how it is shown: said where a variable is declared."""

from dataclasses import KW_ONLY, dataclass
from typing import Literal


@dataclass(frozen=True)
class Ratio:
    """How a share or an intensity becomes annual: the year's numerator over the year's denominator."""

    numerator: str
    denominator: str


ratio = Ratio

Annual = Literal["integral", "end", "mean"] | Ratio
"""How a variable becomes annual: by integral, by its value at the end, by its mean, or as a ratio of integrals."""


@dataclass(frozen=True)
class Reported:
    """How a variable becomes annual, and how results show it.

    Attributes:
        label: what it is called; by default its name.
        short: the same in a table row.
        unit: the unit it is shown in, which says the scale too: "% of GDP" is a hundredth, "1,000 firms" thousands.
            By default its own.
        decimals: how many are shown; by default 1 of what is shown in percent or thousands, 2 of a pure number,
            else none.
        difference: how a difference reads best: in percent, in percentage points (the default of what is shown in
            percent), or as a number (counts that may be near 0).
        better: the direction that is better, where one is: goals, and what policies are for. Means and costs, who
            pays, and what others do have none.
    """

    annual: Annual
    label: str = ""
    _: KW_ONLY
    short: str = ""
    unit: str = ""
    decimals: int | None = None
    difference: Literal["percent", "points", "number"] | None = None
    better: Literal["more", "less"] | None = None


reported = Reported
