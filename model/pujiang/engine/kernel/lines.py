"""From lines of a program to vector instructions: one chunk of a plan becomes one function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from pujiang.engine.kernel import mathematics
from pujiang.engine.kernel.plan import Chunk, Stretch
from pujiang.engine.kernel.text import Text
from pujiang.engine.program import Program
from pujiang.operations import COMPARISONS

LeafWriter = Callable[[Text, int], str | None]
"""Reads a line from memory; None where the line is computed."""

_WHOLE_POWERS = 8


@dataclass
class Lines:
    """The lines known so far within a chunk: values, and masks where a line is a comparison."""

    text: Text
    program: Program
    stretch: Stretch
    leaf: LeafWriter
    prepared: Callable[[int], str | None]
    slot: Callable[[Text, int], str]
    values: dict[int, str] = field(default_factory=dict)
    masks: dict[int, str] = field(default_factory=dict)

    def value(self, line: int) -> str:
        """The vector of a line: computed in this chunk, read from memory, or a constant."""
        if line not in self.values:
            if line in self.masks:
                t = self.text
                self.values[line] = t.select(self.masks[line], t.constant(1.0), t.constant(0.0))
            else:
                self.values[line] = self._read(line)
        return self.values[line]

    def _read(self, line: int) -> str:
        operation = self.stretch.operations[line]
        if operation.op == "constant":
            return self.text.constant(operation.number)
        found = self.leaf(self.text, line)
        if found is not None:
            return found
        return self.text.load_vector(self.slot(self.text, self.stretch.slot[line]))

    def mask(self, line: int) -> str:
        """Where a line is not 0."""
        if line not in self.masks:
            self.masks[line] = self.text.compare("une", self.value(line), self.text.constant(0.0))
        return self.masks[line]

    def compute(self, line: int) -> None:
        """Write the instructions of a line."""
        operation = self.stretch.operations[line]
        known = self.masks if operation.op in COMPARISONS else self.values
        known[line] = WRITERS[operation.op](self, line, *operation.arguments)

    def constant(self, line: int) -> float | None:
        """The number of a line that is one."""
        operation = self.stretch.operations[line]
        return operation.number if operation.op == "constant" else None

    def never_negative(self, line: int, depth: int = 6) -> bool:
        """Whether a line is 0, positive or not a number by its form alone."""
        operation = self.stretch.operations[line]
        op, arguments = operation.op, operation.arguments
        if op == "constant":
            return operation.number >= 0
        if op in {"exp", "sqrt", "less", "less_equal"}:
            return True
        if depth == 0 or not arguments:
            return False

        def below(x: int) -> bool:
            return self.never_negative(x, depth - 1)

        if op == "maximum":
            return any(below(a) for a in arguments)
        if op == "where":
            return all(below(a) for a in arguments[1:])
        if op == "power":
            return below(arguments[0])
        if op in {"add", "multiply", "divide", "safe_divide", "minimum"}:
            return all(below(a) for a in arguments) or (op == "multiply" and arguments[0] == arguments[1])
        return False


Written = Callable[..., str]
"""Writes a line of the given arguments (lines too) and gives its value; of a comparison, its mask."""


def _arithmetic(instruction: str, neutral: float, lines: Lines, line: int, a: int, b: int) -> str:
    """Two arguments joined; where one is the number that changes nothing, the other as it is."""
    if lines.constant(b) == neutral:
        return lines.value(a)
    if instruction in {"fadd", "fmul"} and lines.constant(a) == neutral:
        return lines.value(b)
    inverse = lines.prepared(line)
    if inverse is not None:
        return lines.text.float("fmul", lines.value(a), inverse)
    return lines.text.float(instruction, lines.value(a), lines.value(b))


def _safely_divided(lines: Lines, line: int, a: int, b: int) -> str:
    t, top, bottom = lines.text, lines.value(a), lines.value(b)
    zero = t.compare("oeq", bottom, t.constant(0.0))
    return t.select(zero, t.constant(0.0), t.float("fdiv", top, bottom))


def _compared(relation: str, lines: Lines, line: int, a: int, b: int) -> str:
    return lines.text.compare(relation, lines.value(a), lines.value(b))


def _chosen(lines: Lines, line: int, condition: int, a: int, b: int) -> str:
    return lines.text.select(lines.mask(condition), lines.value(a), lines.value(b))


def _bounded(op: Literal["minimum", "maximum"], lines: Lines, line: int, a: int, b: int) -> str:
    """min or max; one instruction where one side is a number for certain."""
    t = lines.text
    if lines.constant(a) is None:
        a, b = b, a
    if lines.constant(a) is not None:
        return (t.lesser if op == "minimum" else t.greater)(lines.value(a), lines.value(b))
    return (t.minimum if op == "minimum" else t.maximum)(lines.value(a), lines.value(b))


def _raised(lines: Lines, line: int, base: int, exponent: int) -> str:
    number = lines.constant(exponent)
    if number is not None and number == int(number) and abs(number) <= _WHOLE_POWERS:
        return mathematics.whole_power(lines.text, lines.value(base), int(number))
    x, y = lines.value(base), lines.value(exponent)
    sign = None
    if not lines.never_negative(base):
        sign = lines.prepared(line) or mathematics.sign_of_power(lines.text, y)
    return mathematics.power(lines.text, x, y, sign)


def _looked_up(lines: Lines, line: int, x: int) -> str:
    points = lines.program.tables[int(lines.stretch.operations[line].number)]
    return mathematics.lookup(lines.text, lines.value(x), points)


def _negative(lines: Lines, line: int, x: int) -> str:
    return lines.text.value(f"fneg {lines.text.vector} {lines.value(x)}")


def _root(lines: Lines, line: int, x: int) -> str:
    return lines.text.unary("sqrt", lines.value(x))


def _inverse(lines: Lines, line: int, x: int) -> str:
    value = lines.value(x)
    return lines.text.float("fdiv", lines.text.constant(1.0), value)


def _called(function: Callable[[Text, str], str], lines: Lines, line: int, x: int) -> str:
    return function(lines.text, lines.value(x))


WRITERS: Mapping[str, Written] = {
    "add": partial(_arithmetic, "fadd", 0.0),
    "subtract": partial(_arithmetic, "fsub", 0.0),
    "multiply": partial(_arithmetic, "fmul", 1.0),
    "divide": partial(_arithmetic, "fdiv", 1.0),
    "safe_divide": _safely_divided,
    "negative": _negative,
    "power": _raised,
    "exp": partial(_called, mathematics.write_exp),
    "log": partial(_called, mathematics.write_log),
    "sqrt": _root,
    "floor": partial(_called, mathematics.floor),
    "sin": partial(_called, mathematics.sine),
    "cos": partial(_called, mathematics.cosine),
    "arctan": partial(_called, mathematics.arctangent),
    "minimum": partial(_bounded, "minimum"),
    "maximum": partial(_bounded, "maximum"),
    "less": partial(_compared, "olt"),
    "less_equal": partial(_compared, "ole"),
    "where": _chosen,
    "lookup": _looked_up,
    "inverse": _inverse,
    "sign_of_power": partial(_called, mathematics.sign_of_power),
}
"""The instructions of every operation that a program may hold, and of those that only a kernel knows."""


def write_chunk(lines: Lines, chunk: Chunk, wanted: Sequence[tuple[int, Callable[[str], None]]]) -> None:
    """Write a chunk's instructions.

    Args:
        wanted: lines and what to do with their values, each done as soon as the value is there.
    """
    actions: dict[int, list[Callable[[str], None]]] = {}
    for line, action in wanted:
        actions.setdefault(line, []).append(action)
    mine = set(chunk.lines)
    for line in (line for line in actions if line not in mine):
        for action in actions[line]:
            action(lines.value(line))
    keeps = set(chunk.keeps)
    for line in chunk.lines:
        if lines.stretch.operations[line].op == "delayed":
            lines.values[line] = lines._read(line)
        else:
            lines.compute(line)
        if line in keeps:
            slot = lines.slot(lines.text, lines.stretch.slot[line])
            lines.text.store_vector(lines.value(line), slot)
        for action in actions.get(line, ()):
            action(lines.value(line))
