"""From the trees of PySD's abstract model to ours, one element of an array at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np

from pujiang.engine.expression import Node, as_node, combine
from pujiang.exchange.arrays import OF_ARRAYS, Arrays, subscripts_in
from pujiang.exchange.functions import (
    FUNCTIONS,
    SMALL,
    TIME,
    NotReadError,
    Run,
    both,
    either,
    equal,
    joined,
    stairs,
    where,
)
from pujiang.exchange.names import identifier
from pujiang.exchange.subscripts import Elements, Meaning, Ranges

REDUCED: Mapping[str, Callable[[Node, Node], Node]] = {
    "sum": lambda a, b: a + b,
    "prod": lambda a, b: a * b,
    "vmin": lambda a, b: combine("minimum", a, b),
    "vmax": lambda a, b: combine("maximum", a, b),
    "vmin_xmile": lambda a, b: combine("minimum", a, b),
    "vmax_xmile": lambda a, b: combine("maximum", a, b),
}
ARITHMETIC: Mapping[str, str] = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
COMPARED: Mapping[str, Callable[[Node, Node], Node]] = {
    "=": equal,
    "<>": lambda a, b: 1 - equal(a, b),
    "<": lambda a, b: combine("less", a, b),
    "<=": lambda a, b: combine("less_equal", a, b),
    ">": lambda a, b: combine("less", b, a),
    ">=": lambda a, b: combine("less_equal", b, a),
}


NOT_AVAILABLE = -(2.0**109)
"""The number that :NA: is in Vensim: one to compare with, not to compute with."""


@dataclass(frozen=True)
class Formulas:
    """What is needed to read the equations of a model.

    Attributes:
        ranges: its ranges.
        over: the subscripts each quantity runs over, by its name, one list for each way it is defined.
        scalars: our name of every element of every quantity.
        lookups: points and kind of every lookup, by name and element.
        numbers: what stands for a number in the run: its step, start and end.
        remember: makes a quantity of its own of what remembers the past; our name of it is the tree.
        tabulate: makes a table of points; the name of it.
    """

    ranges: Ranges
    over: Mapping[str, Sequence[str]]
    scalars: Mapping[tuple[str, Elements], str]
    lookups: Mapping[tuple[str, Elements], Any]
    numbers: Mapping[str, float]
    run: Run
    remember: Callable[[Any, Meaning, str], Node]
    tabulate: Callable[[Any, str], str]

    def tree(self, ast: Any, meaning: Meaning, of: str) -> Node:
        """The tree of an expression, for one meaning of its ranges, in the equation of a quantity.

        Raises:
            NotReadError: naming what is not understood.
            SubscriptError: naming the subscript that stands for nothing.
        """
        if isinstance(ast, int | float | np.integer | np.floating):
            return as_node(NOT_AVAILABLE if np.isnan(ast) else float(ast))
        kind = type(ast).__name__.removesuffix("Structure")
        reader = getattr(self, f"_{kind.lower()}", None)
        if reader is not None:
            found: Node = reader(ast, meaning, of)
            return found
        if kind in REMEMBERED:
            return self.remember(ast, meaning, of)
        raise NotReadError(f"{WORDS.get(kind, kind)} is not read")

    def _arithmetic(self, ast: Any, meaning: Meaning, of: str) -> Node:
        first, *rest = [self.tree(argument, meaning, of) for argument in ast.arguments]
        if list(ast.operators) == ["negative"]:
            return -first
        if "^" in ast.operators:
            return self._power(ast, [first, *rest])
        for operator, right in zip(ast.operators, rest, strict=True):
            first = combine(ARITHMETIC[operator], first, right)
        return first

    def _power(self, ast: Any, factors: list[Node]) -> Node:
        """A power, or powers of powers: the last two go first; -2 ^ 2 is -4 (in brackets it comes as 0 - 2)."""
        *bases, found = factors
        for base, written in reversed(list(zip(bases, ast.arguments, strict=False))):
            negative = isinstance(written, int | float) and written < 0
            found = -combine("power", -written, found) if negative else combine("power", base, found)
        return found

    def _logic(self, ast: Any, meaning: Meaning, of: str) -> Node:
        arguments = [self.tree(argument, meaning, of) for argument in ast.arguments]
        operators = [operator.strip(":").lower() for operator in ast.operators]
        if operators == ["not"]:
            return where(arguments[0], 0, 1)
        found = arguments[0]
        for operator, right in zip(operators, arguments[1:], strict=True):
            join = {"and": both, "or": either}.get(operator) or COMPARED[operator]
            found = join(found, right)
        return found

    def _game(self, ast: Any, meaning: Meaning, of: str) -> Node:
        return self.tree(ast.expression, meaning, of)

    def _inlinelookups(self, ast: Any, meaning: Meaning, of: str) -> Node:
        return self.looked_up(ast.lookups, self.tree(ast.argument, meaning, of), of)

    def _reference(self, ast: Any, meaning: Meaning, of: str) -> Node:
        name = identifier(ast.reference)
        if name == "time":
            return TIME
        if name in self.numbers and name not in self.over:
            return as_node(self.numbers[name])
        if name not in self.over:
            if (place := self.ranges.place(name, meaning)) is not None:
                return as_node(float(place))
            if name == "pi":
                return as_node(float(np.pi))
            raise NotReadError(f"'{ast.reference}', which nothing here is called, is not read")
        cell = self._cell(ast, meaning)
        if (name, cell) in self.lookups:
            raise NotReadError(f"the lookup '{ast.reference}' without an argument is not read")
        if (name, cell) not in self.scalars:
            raise NotReadError(f"'{ast.reference}[{', '.join(cell)}]', which is defined nowhere, is not read")
        return Node("variable", name=self.scalars[name, cell])

    def _cell(self, ast: Any, meaning: Meaning) -> Elements:
        """The element a reference means; without subscripts, the one its ranges mean here."""
        name = identifier(ast.reference)
        subscripts = self.over[name] if ast.subscripts is None else ast.subscripts.subscripts
        return tuple(
            self.ranges.resolve(s.replace("!", ""), {**meaning, **self.summing_of(s, meaning)}) for s in subscripts
        )

    def summing_of(self, subscript: str, meaning: Meaning) -> Meaning:
        """What a range that is summed over means now."""
        key = f"{identifier(subscript.replace('!', ''))}!"
        return {key.removesuffix("!"): meaning[key]} if subscript.strip().endswith("!") and key in meaning else {}

    def _call(self, ast: Any, meaning: Meaning, of: str) -> Node:
        name = identifier(ast.function.reference)
        if name in self.over:
            cell = self._cell(ast.function, meaning)
            if (name, cell) not in self.lookups:
                raise NotReadError(f"'{ast.function.reference}(...)', which is no lookup, is not read")
            (argument,) = ast.arguments
            return self.looked_up(self.lookups[name, cell], self.tree(argument, meaning, of), self.scalars[name, cell])
        if name in REDUCED:
            parts = [self.tree(ast.arguments[0], inner, of) for inner in self._summed(ast.arguments[0], meaning)]
            return joined(REDUCED[name], parts)
        if name in {"mean", "size"}:
            parts = [self.tree(ast.arguments[0], inner, of) for inner in self._summed(ast.arguments[0], meaning)]
            size = as_node(float(len(parts)))
            return size if name == "size" else joined(REDUCED["sum"], parts) / size
        if name == "elmcount":
            return as_node(len(self.ranges.expand(ast.arguments[0].reference)))
        if name not in FUNCTIONS and name not in OF_ARRAYS:
            raise NotReadError(f"the function {name.replace('_', ' ').upper()} is not read")
        try:
            if name in OF_ARRAYS:
                return self._of_array(name, ast.arguments, meaning, of)
            return FUNCTIONS[name](self.run, *(self.tree(argument, meaning, of) for argument in ast.arguments))
        except TypeError:
            count = len(ast.arguments)
            raise NotReadError(f"{name.replace('_', ' ').upper()} of {count} arguments is not read") from None

    def _allocatebypriority(self, ast: Any, meaning: Meaning, of: str) -> Node:
        return self._of_array("allocate_by_priority", (ast.request, ast.priority, ast.width, ast.supply), meaning, of)

    def _of_array(self, name: str, arguments: Any, meaning: Meaning, of: str) -> Node:
        arrays = Arrays(
            self.ranges, meaning, lambda part, at: self.tree(part, at, of), lambda part: self._summed(part, meaning)
        )
        return OF_ARRAYS[name](arrays, *arguments)

    def _summed(self, ast: Any, meaning: Meaning) -> Iterator[Meaning]:
        """Every meaning of the ranges marked with ! in an expression."""
        marked = list(
            dict.fromkeys(identifier(s.replace("!", "")) for s in subscripts_in(ast) if s.strip().endswith("!"))
        )
        if not marked and self.run.xmile and type(ast).__name__ == "ReferenceStructure":
            # XMILE: an array by its name, or over all of what its subscripts name.
            given = (
                self.over.get(identifier(ast.reference), ()) if ast.subscripts is None else ast.subscripts.subscripts
            )
            marked = [s for s in map(identifier, given) if s in self.ranges.elements]
            for cell in product(*(self.ranges.expand(s) for s in marked)):
                yield {**meaning, **dict(zip(marked, cell, strict=True))}
            return
        if not marked:
            raise NotReadError("a sum over no marked range is not read")
        for cell in product(*(self.ranges.expand(s) for s in marked)):
            yield {**meaning, **{f"{s}!": element for s, element in zip(marked, cell, strict=True)}}

    def looked_up(self, lookup: Any, x: Node, name: str) -> Node:
        """A lookup read at x, in its own way of going on beyond its points and between them."""
        if type(lookup).__name__ != "LookupsStructure":
            raise NotReadError("a lookup from another file is not read")
        points = list(zip(map(float, lookup.x), map(float, lookup.y), strict=True))
        if any(b[0] <= a[0] for a, b in pairwise(points)):
            raise NotReadError("a lookup whose x do not increase is not read")
        at, values = [x for x, _ in points], [y for _, y in points]
        if lookup.type == "hold_backward":
            return stairs(x, at[1:], values, "less")
        if lookup.type == "look_forward":
            return stairs(x, at[:-1], values, "less_equal")
        if lookup.type == "raw":
            around = [edge for time in at for edge in (time - SMALL, time + SMALL)]
            apart = [v for value in values for v in (NOT_AVAILABLE, value)] + [NOT_AVAILABLE]
            return stairs(x, around, apart, "less")
        if len(points) < 2:
            return as_node(points[0][1])
        read = Node("lookup", (x,), name=self.tabulate(points, name))
        if lookup.type == "interpolate":
            return read
        if lookup.type != "extrapolate":
            raise NotReadError(f"a lookup of the kind '{lookup.type}' is not read")
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[0], points[1], points[-2], points[-1]
        below, above = y0 + (x - x0) * ((y1 - y0) / (x1 - x0)), y3 + (x - x3) * ((y3 - y2) / (x3 - x2))
        return where(combine("less", x, x0), below, where(combine("less", x3, x), above, read))


REMEMBERED = frozenset("Integ Delay DelayN DelayFixed Smooth SmoothN Trend Forecast SampleIfTrue Initial".split())
WORDS = {
    "AllocateAvailable": "ALLOCATE AVAILABLE",
    "GetData": "data from another file",
    "GetConstants": "a constant from another file",
    "GetLookups": "a lookup from another file",
}
