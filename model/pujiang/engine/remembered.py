"""What is worked out of a large model is kept in the user's cache: it takes longer than a simulation."""

from collections.abc import Callable
from typing import TypeVar

from pujiang import cache
from pujiang.engine.system import System

T = TypeVar("T")
LARGE = 1_000
"""Lines of a program from which it is: of fewer, looking it up takes as long."""


def remembered(what: str, system: System, make: Callable[[], T]) -> T:
    """Plain data of some kind that follow from a system alone, from the cache or made and put there."""
    if len(system.program.main) < LARGE:
        return make()
    return cache.remembered(what, make, f"{system.hash} {system.program.fingerprint}")
