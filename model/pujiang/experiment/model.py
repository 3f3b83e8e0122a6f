"""The model as shipped, or a variant of it: a list of sectors made into a checked system."""

from collections.abc import Iterable
from typing import Any

from pujiang.engine.system import System, build


def load_model(sectors: Iterable[Any] | None = None) -> System:
    """Check sectors and make a system of them; by default the sectors of `pujiang.shanghai.sectors.FULL`.

    Sectors may use the units of `pujiang.shanghai.units` beside those they declare.

    Raises:
        ModelError: listing every fault of the sectors.
    """
    from pujiang.shanghai.units import UNITS

    if sectors is None:
        from pujiang.shanghai.sectors import FULL

        sectors = FULL
    return build(sectors, UNITS)
