"""What is asked of an explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """What is asked of an explanation.

    Attributes:
        outcomes: scalar names of those whose pathways are followed; by default the headline outcomes.
        year: the year they are explained in; by default the last.
        group: levers taken together, by the name of the group; or one of `sides.GROUPINGS`.
        pairs: pairs of orders to draw; by default none up to a dozen differences.
        pathways: whether pathways are followed.
        loops: whether the gains of loops are measured.
        hold: variables to hold at their course in A, each by itself, to see what is lost.
    """

    outcomes: tuple[str, ...] | None = None
    year: int | None = None
    group: Mapping[str, Sequence[str]] | str | None = None
    pairs: int | None = None
    pathways: bool = True
    loops: bool = True
    hold: tuple[str, ...] = ()
