"""What an extreme condition is: a question to a model far outside experience, with a yes or no."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field

from pujiang.declare import Cut

Reader = Callable[[str, int], float]
"""The central value of an outcome, by scalar name, in a year."""

Expectation = tuple[str, Callable[[Reader, Reader], bool]]
"""What is expected, in words, and the test of it, of the run and the baseline."""


@dataclass(frozen=True)
class Extreme:
    """A condition far outside experience, from the date on from which levers act, and what must come of it.

    `levers` are steps to a value; `without` names variables held at zero.
    """

    name: str
    levers: Mapping[str, float] = field(default_factory=dict)
    _: KW_ONLY
    without: tuple[str, ...] = ()
    expected: tuple[Expectation, ...]

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """What holds the variables it is without."""
        return tuple(Cut(name, held="zero") for name in self.without)
