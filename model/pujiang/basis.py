"""What a number rests on: how it is known, and the reason in words. None goes without."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

KINDS = {
    "observed": "a reported figure states it",
    "derived": "computed from reported figures",
    "seen": "a paper or report that was read states it, or its size",
    "recalled": "common knowledge of the field, not looked up",
    "assumed": "no figure states it; the reason says why this size, and what it would take to know",
    "definition": "part of what a variable means, or of how the model is built",
    "neutral": "has no effect until another part of the model replaces it",
}
"""How a number can be known, and what each word means."""


@dataclass(frozen=True)
class Basis:
    """How a number is known (one of `KINDS`) and why it is what it is: the figure, the paper, the reason.

    Of a number whose sign or form is seen but whose size is not, the kind is that of the size.

    `hindsight`: the last year whose figures the number was set knowing, where it was: before the end of that year
    nobody could have set it so. 0: it rests on no figure of a year.
    """

    kind: str
    reason: str
    hindsight: int = 0

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"


_Named = Callable[..., Basis]

observed: _Named = partial(Basis, "observed")
derived: _Named = partial(Basis, "derived")
seen: _Named = partial(Basis, "seen")
recalled: _Named = partial(Basis, "recalled")
assumed: _Named = partial(Basis, "assumed")
by_definition: _Named = partial(Basis, "definition")
neutral: _Named = partial(Basis, "neutral")
