"""From lines of a program to vector instructions: one chunk of a plan becomes one function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pujiang.engine.kernel import mathematics
from pujiang.engine.kernel.plan import Chunk, Stretch
from pujiang.engine.kernel.text import Text
from pujiang.engine.program import Operation, Program

Leaf = Callable[[Text, int], str | None]
"""Reads a line from memory; None where the line is computed."""

_ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv"}
_COMPARISONS = {"less": "olt", "less_equal": "ole"}
_WHOLE_POWERS = 8


@dataclass
class Lines:
    """The lines known so far within a chunk: values, and masks where a line is a comparison."""

    text: Text
    program: Program
    stretch: Stretch
    leaf: Leaf
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
        operation, t = self.stretch.operations[line], self.text
        if operation.op in _COMPARISONS:
            a, b = (self.value(x) for x in operation.arguments)
            self.masks[line] = t.compare(_COMPARISONS[operation.op], a, b)
        else:
            self.values[line] = self._computed(line, operation)

    def _computed(self, line: int, operation: Operation) -> str:
        t, op, arguments = self.text, operation.op, operation.arguments
        same = self._unchanged(op, arguments)
        if same is not None:
            return self.value(same)
        if op == "where":
            return t.select(self.mask(arguments[0]), self.value(arguments[1]), self.value(arguments[2]))
        if op in {"minimum", "maximum"}:
            return self._bound(op, *arguments)
        if op == "power":
            return self._power(line, *arguments)
        prepared = self.prepared(line)
        if prepared is not None:
            return t.float("fmul", self.value(arguments[0]), prepared)
        given = [self.value(a) for a in arguments]
        if op in _ARITHMETIC:
            return t.float(_ARITHMETIC[op], *given)
        if op == "safe_divide":
            zero = t.compare("oeq", given[1], t.constant(0.0))
            return t.select(zero, t.constant(0.0), t.float("fdiv", *given))
        if op == "lookup":
            return mathematics.lookup(t, given[0], self.program.tables[int(operation.number)])
        return _UNARY[op](t, given[0])

    def _unchanged(self, op: str, arguments: tuple[int, ...]) -> int | None:
        """The argument that an operation with 0 or 1 gives back."""
        nothing = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "divide": 1.0}.get(op)
        if nothing is None:
            return None
        if self._constant(arguments[1]) == nothing:
            return arguments[0]
        return arguments[1] if op in {"add", "multiply"} and self._constant(arguments[0]) == nothing else None

    def _constant(self, line: int) -> float | None:
        operation = self.stretch.operations[line]
        return operation.number if operation.op == "constant" else None

    def _bound(self, op: str, a: int, b: int) -> str:
        """min or max; one instruction where one side is a number for certain."""
        t = self.text
        if self._constant(a) is None:
            a, b = b, a
        if self._constant(a) is not None:
            return (t.lesser if op == "minimum" else t.greater)(self.value(a), self.value(b))
        return (t.minimum if op == "minimum" else t.maximum)(self.value(a), self.value(b))

    def _power(self, line: int, base: int, exponent: int) -> str:
        number = self._constant(exponent)
        if number is not None and number == int(number) and abs(number) <= _WHOLE_POWERS:
            return mathematics.whole_power(self.text, self.value(base), int(number))
        x, y = self.value(base), self.value(exponent)
        sign = None
        if not self._never_negative(base):
            sign = self.prepared(line) or mathematics.sign_of_power(self.text, y)
        return mathematics.power(self.text, x, y, sign)

    def _never_negative(self, line: int, depth: int = 6) -> bool:
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
            return self._never_negative(x, depth - 1)

        if op == "maximum":
            return any(below(a) for a in arguments)
        if op == "where":
            return all(below(a) for a in arguments[1:])
        if op == "power":
            return below(arguments[0])
        if op in {"add", "multiply", "divide", "safe_divide", "minimum"}:
            return all(below(a) for a in arguments) or (op == "multiply" and arguments[0] == arguments[1])
        return False


def _negative(t: Text, x: str) -> str:
    return t.value(f"fneg {t.vector} {x}")


_UNARY: dict[str, Callable[[Text, str], str]] = {
    "negative": _negative,
    "exp": mathematics.exp,
    "log": mathematics.log,
    "sqrt": lambda t, x: t.unary("sqrt", x),
    "inverse": lambda t, x: t.float("fdiv", t.constant(1.0), x),
    "sign_of_power": mathematics.sign_of_power,
}


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
