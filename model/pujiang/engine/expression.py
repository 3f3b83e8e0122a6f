"""The expression tree of an equation, and how it is got: by calling the equation once with symbols."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pujiang.declare import Dimension
from pujiang.errors import nearest
from pujiang.operations import OPERATIONS, REDUCTIONS, SELECTIONS


class TraceError(ValueError):
    """An equation cannot be read: the message says what in it is not allowed."""


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A node of an expression tree.

    `op` is "literal" (with `value`), "variable" (with `name`), "lookup" (a table read: `name`, one argument)
    or one of OPERATIONS; a selection has the `name` of its element. `over` is the dimension the value runs over,
    or None.
    """

    op: str
    arguments: tuple["Node", ...] = ()
    name: str = ""
    value: float = 0.0
    over: Dimension | None = None

    def __add__(self, other: Any) -> "Node":
        return combine("add", self, other)

    def __radd__(self, other: Any) -> "Node":
        return combine("add", other, self)

    def __sub__(self, other: Any) -> "Node":
        return combine("subtract", self, other)

    def __rsub__(self, other: Any) -> "Node":
        return combine("subtract", other, self)

    def __mul__(self, other: Any) -> "Node":
        return combine("multiply", self, other)

    def __rmul__(self, other: Any) -> "Node":
        return combine("multiply", other, self)

    def __truediv__(self, other: Any) -> "Node":
        return combine("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Node":
        return combine("divide", other, self)

    def __pow__(self, other: Any) -> "Node":
        return combine("power", self, other)

    def __rpow__(self, other: Any) -> "Node":
        return combine("power", other, self)

    def __neg__(self) -> "Node":
        return combine("negative", self)

    def __lt__(self, other: Any) -> "Node":
        return combine("less", self, other)

    def __le__(self, other: Any) -> "Node":
        return combine("less_equal", self, other)

    def __gt__(self, other: Any) -> "Node":
        return combine("less", other, self)

    def __ge__(self, other: Any) -> "Node":
        return combine("less_equal", other, self)

    def __bool__(self) -> bool:
        raise TraceError("a condition decides what is computed; use where(condition, a, b)")

    def __primitive__(self, name: str, arguments: tuple[Any, ...]) -> "Node":
        try:
            inspect.signature(OPERATIONS[name].function).bind(*arguments)
        except TypeError as error:
            raise TraceError(f"{name}(): {error}") from None
        if name in REDUCTIONS:
            return _reduce(name, arguments)
        if name in SELECTIONS:
            return _select(name, *arguments)
        return combine(name, *(a for a in arguments if a is not None))


@dataclass(frozen=True, eq=False, slots=True)
class TableSymbol:
    """A table among the arguments of an equation: calling it makes a lookup."""

    name: str

    def __call__(self, x: Any) -> Node:
        x = as_node(x)
        return Node("lookup", (x,), name=self.name, over=x.over)


def as_node(value: Any) -> Node:
    """A symbol as it is, a number as a literal."""
    if isinstance(value, Node):
        return value
    if isinstance(value, int | float):
        return Node("literal", value=float(value))
    raise TraceError(f"{value!r} is not a quantity")


def combine(op: str, *arguments: Any) -> Node:
    """An operation on symbols and numbers; the result runs over the dimension any of them runs over."""
    nodes = tuple(as_node(a) for a in arguments)
    over: Dimension | None = None
    for node in nodes:
        if node.over is not None and over is not None and node.over is not over:
            raise TraceError(f"mixes the dimensions {over.name} and {node.over.name}")
        over = over or node.over
    return Node(op, nodes, over=over)


def _reduce(name: str, arguments: tuple[Any, ...]) -> Node:
    dimension = arguments[-1]
    if not isinstance(dimension, Dimension):
        raise TraceError(f"{name}: its last argument is a dimension")
    if name == "total":
        node = as_node(arguments[0])
        if node.over is not dimension:
            raise TraceError(f"total: the quantity does not run over {dimension.name}")
        return Node("total", (node,), over=None)
    scalar, weights = as_node(arguments[0]), as_node(arguments[1])
    if scalar.over is not None or weights.over is not dimension:
        raise TraceError(f"spread: needs a scalar and weights over {dimension.name}")
    return Node("spread", (scalar, weights), over=dimension)


def _select(name: str, x: Any, dimension: Any, element: Any) -> Node:
    if not isinstance(dimension, Dimension):
        raise TraceError(f"{name}: names a dimension and one of its elements")
    if element not in dimension.elements:
        hint = nearest(str(element), dimension.elements)
        raise TraceError(f"{name}: {dimension.name} has no element '{element}'{hint}")
    node = as_node(x)
    if node.over is not (dimension if name == "element" else None):
        wanted = f"a quantity over {dimension.name}" if name == "element" else "a scalar"
        raise TraceError(f"{name}: needs {wanted}")
    return Node(name, (node,), name=element, over=None if name == "element" else dimension)


def trace(equation: Callable[..., Any], causes: Mapping[str, Node | TableSymbol]) -> Node:
    """The expression tree of an equation.

    Raises:
        TraceError: if the equation does something no expression can hold.
    """
    try:
        result = as_node(equation(**causes))
    except TypeError as error:
        raise TraceError(f"cannot be read as an expression: {error}") from error
    return result


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree once, arguments before what uses them."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, done = stack.pop()
        if done:
            yield current
        elif id(current) not in seen:
            seen.add(id(current))
            stack.append((current, True))
            stack.extend((argument, False) for argument in reversed(current.arguments))


def variables(node: Node) -> tuple[str, ...]:
    """Names of the variables in a tree, in order of first appearance."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if n.op == "variable"))
