"""A variable of a checked system."""

from dataclasses import dataclass, field
from typing import Any

from pujiang.declare import Dimension
from pujiang.engine.expression import Node
from pujiang.reported import Annual, Reported


@dataclass(frozen=True)
class Variable:
    """A variable of a checked system: what a result column is.

    `kind` is stock, flow, auxiliary or initial. `expression` is the equation as read (None for a stock, whose
    `causes` are its flows). `reported` says how it becomes annual and is shown, None where it is not
    reported. `line` is that of the equation in its file.
    """

    name: str
    kind: str
    unit: str
    over: Dimension | None
    doc: str
    sector: str
    expression: Node | None = field(repr=False)
    causes: tuple[str, ...]
    reported: Reported | None = field(repr=False)
    declaration: Any = field(repr=False)
    line: int | None = None

    @property
    def annual(self) -> Annual | None:
        """How it becomes annual, None where it is not reported."""
        return None if self.reported is None else self.reported.annual
