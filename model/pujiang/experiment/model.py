"""The model as shipped, or a variant of it: a list of sectors made into a checked system."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pujiang.engine.system import System, build


def load_model(sectors: Iterable[Any] | None = None) -> System:
    """Check sectors and make a system of them; by default the sectors of `pujiang.shanghai.sectors.FULL`.

    Raises:
        ModelError: listing every fault of the sectors.
    """
    if sectors is not None:
        return build(sectors)
    from pujiang.shanghai.goals import PRESENTATION
    from pujiang.shanghai.sectors import FULL

    return replace(build(FULL), presentation=PRESENTATION)
