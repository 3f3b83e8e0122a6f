"""The scalar program of a model: every element of every variable as one straight line of operations.

Both engines run it. Equal operations are one operation, constants are folded, and sums over a dimension are
unrolled in the order of its elements, so the engines differ only in how they compute, never in what.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from pujiang.engine.expression import Node, walk
from pujiang.operations import EVALUATE, REDUCTIONS

LEAVES = ("constant", "parameter", "series", "lever", "time", "state", "delayed", "opening")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a program: an operation on earlier lines, or a leaf.

    `number` is the value of a constant, and the position of a parameter, series, lever, state, delay line,
    opening value or table in the program's lists.
    """

    op: str
    arguments: tuple[int, ...] = ()
    number: float = 0


@dataclass(frozen=True)
class LineProgram:
    """A fixed delay in a program: lines of its input and of what it gives before it has run for `lag` years."""

    input: int
    before: int
    lag: float


@dataclass(frozen=True, repr=False)
class Program:
    """A model ready to run.

    `initial` is evaluated once, at the start: `initial_states` and `openings` are lines of it. `main` gives
    all variables at an instant: `rates` are the lines of the states' derivatives, `lines` those of variables.
    """

    parameters: tuple[str, ...]
    series: tuple[str, ...]
    levers: tuple[str, ...]
    tables: tuple[tuple[tuple[float, float], ...], ...]
    states: tuple[str, ...]
    initial: tuple[Operation, ...]
    initial_states: tuple[int, ...]
    openings: tuple[int, ...]
    main: tuple[Operation, ...]
    rates: tuple[int, ...]
    delay_names: tuple[str, ...]
    delays: tuple[LineProgram, ...]
    lines: Mapping[str, int]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that decides what it computes."""
        text = ((part.name, getattr(self, part.name)) for part in fields(self) if part.name != "lines")
        return hashlib.sha256("\n".join(f"{name} {value!r}" for name, value in text).encode()).hexdigest()

    def __repr__(self) -> str:
        return f"<Program: {len(self.states)} states, {len(self.main)} operations>"


Leaf = Callable[[str, str | None], int]
"""Finds the line of a variable (name, element) or makes its leaf."""


class Writer:
    """Writes a program line by line; an operation already written is not written again."""

    def __init__(
        self,
        leaf: Callable[["Writer", str, str | None], int],
        table_number: Mapping[str, int],
        tables: tuple[tuple[tuple[float, float], ...], ...],
    ) -> None:
        self.operations: list[Operation] = []
        self._known: dict[Operation, int] = {}
        self._leaf = leaf
        self._table_number = table_number
        self._tables = tables

    def emit(self, op: str, arguments: tuple[int, ...] = (), number: float = 0) -> int:
        """The line of an operation, folded where all its arguments are constants."""
        given = [self.operations[a] for a in arguments]
        if op == "power" and given[1].op == "constant" and given[1].number in (0.5, 1.0, 2.0):
            base = arguments[0]
            if given[1].number == 2.0:
                return self.emit("multiply", (base, base))
            return base if given[1].number == 1.0 else self.emit("sqrt", (base,))
        if arguments and op != "lookup" and all(o.op == "constant" for o in given):
            with np.errstate(all="ignore"):
                value = float(EVALUATE[op](*(np.float64(o.number) for o in given)))
            return self.emit("constant", (), value)
        operation = Operation(op, arguments, number)
        if operation not in self._known:
            self._known[operation] = len(self.operations)
            self.operations.append(operation)
        return self._known[operation]

    def write(self, expression: Node, element: str | None) -> int:
        """The line of an expression, for one element of the dimension it runs over (or None)."""
        lines: dict[tuple[int, str | None], int] = {}
        nodes = list(walk(expression))
        wanted = self._elements_wanted(expression, nodes, element)
        for node in nodes:
            for part in wanted[id(node)]:
                lines[id(node), part] = self._line(node, part, lines)
        return lines[id(expression), element if expression.over is not None else None]

    def _elements_wanted(
        self, expression: Node, nodes: list[Node], element: str | None
    ) -> dict[int, dict[str | None, None]]:
        """Which elements of each node are needed: one, or all of them below a sum."""
        wanted: dict[int, dict[str | None, None]] = {id(node): {} for node in nodes}
        wanted[id(expression)][element if expression.over is not None else None] = None
        for node in reversed(nodes):
            for argument in node.arguments:
                if argument.over is None:
                    wanted[id(argument)][None] = None
                elif node.op == "element":
                    wanted[id(argument)][node.name] = None
                elif node.op in REDUCTIONS:
                    wanted[id(argument)].update(dict.fromkeys(argument.over.elements))
                else:
                    wanted[id(argument)].update(wanted[id(node)])
        return wanted

    def _line(self, node: Node, element: str | None, lines: Mapping[tuple[int, str | None], int]) -> int:
        def at(argument: Node, part: str | None) -> int:
            return lines[id(argument), part if argument.over is not None else None]

        if node.op == "literal":
            return self.emit("constant", (), node.value)
        if node.op == "variable":
            return self._leaf(self, node.name, element)
        if node.op == "lookup":
            return self._lookup(self._table_number[node.name], at(node.arguments[0], element))
        if node.op == "element":
            return at(node.arguments[0], node.name)
        if node.op == "only":
            return at(node.arguments[0], None) if element == node.name else self.emit("constant")
        if node.op in REDUCTIONS:
            summed = node.arguments[-1]
            assert summed.over is not None
            parts = [at(summed, part) for part in summed.over.elements]
            whole = parts[0]
            for part in parts[1:]:
                whole = self.emit("add", (whole, part))
            if node.op == "total":
                return whole
            share = self.emit("safe_divide", (at(summed, element), whole))
            return self.emit("multiply", (at(node.arguments[0], None), share))
        return self.emit(node.op, tuple(at(argument, element) for argument in node.arguments))

    def _lookup(self, table: int, x: int) -> int:
        if self.operations[x].op == "constant":
            points = np.array(self._tables[table])
            return self.emit("constant", (), float(np.interp(self.operations[x].number, points[:, 0], points[:, 1])))
        return self.emit("lookup", (x,), table)


def levels(operations: tuple[Operation, ...], levers: str = "step") -> tuple[str, ...]:
    """When each line can be computed: "once" (constants), "time" (inputs), "run" (parameters), "step" (the rest).

    `levers` is "time" where all runs follow the same levers.
    """
    of_leaf = {"constant": "once", "time": "time", "series": "time", "parameter": "run", "opening": "run"}
    of_leaf["lever"] = levers
    found: list[str] = []
    for operation in operations:
        if operation.op in LEAVES:
            found.append(of_leaf.get(operation.op, "step"))
            continue
        below = {found[a] for a in operation.arguments} - {"once"}
        found.append("once" if not below else below.pop() if len(below) == 1 else "step")
    return tuple(found)
