"""Which way a quantity moves an equation that reads it, as far as the equation alone tells."""

from collections.abc import Mapping

from pujiang.engine.expression import Node, walk

_SIGNS: Mapping[str, tuple[int, ...]] = {
    "add": (1, 1),
    "subtract": (1, -1),
    "negative": (-1,),
    "minimum": (1, 1),
    "maximum": (1, 1),
    "smooth_minimum": (1, 1, 0),
    "less": (-1, 1),
    "less_equal": (-1, 1),
    "where": (0, 1, 1),
    "exp": (1,),
    "log": (1,),
    "sqrt": (1,),
    "total": (1,),
    "smooth": (1, 0, 0),
    "delay1": (1, 0, 0),
    "delay3": (1, 0, 0),
    "trend": (0, 0, 0),
    "fixed_delay": (1, 0, 0),
    "accumulate": (1,),
}
"""What a rise of each argument does to the result: with it, against it, or not to be told."""


def polarity(tree: Node, cause: str, tables: Mapping[str, tuple[tuple[float, float], ...]]) -> int:
    """+1 where the equation rises with the cause, -1 where it falls, 0 where it does not tell.

    Whatever has a name counts as positive; a factor that may have either sign, such as a difference, tells nothing.
    """
    ways: dict[int, int | None] = {}  # None: the cause is not read
    above: dict[int, int] = {}  # the sign of a value, 0 where it is not known
    for node in walk(tree):
        signs = [above[id(a)] for a in node.arguments]
        above[id(node)] = _above_zero(node, signs)
        if node.op == "variable":
            ways[id(node)] = 1 if node.name == cause else None
            continue
        slopes = _slope(tables[node.name]) if node.op == "lookup" else _slopes(node, signs)
        found = {
            slope * (ways[id(a)] or 0)
            for slope, a in zip(slopes, node.arguments, strict=False)
            if ways[id(a)] is not None
        }
        ways[id(node)] = None if not found else found.pop() if len(found) == 1 else 0
    return ways[id(tree)] or 0


def _slopes(node: Node, signs: list[int]) -> tuple[int, ...]:
    """What a rise of each argument does to the result, given the signs of the arguments."""
    if node.op == "multiply":
        return signs[1], signs[0]
    if node.op in {"divide", "safe_divide"}:
        return signs[1], -signs[0]
    if node.op == "power":
        return signs[0] * signs[1], 0
    if node.op == "spread":
        return signs[1], 0
    return _SIGNS.get(node.op, (0,) * len(node.arguments))


def _above_zero(node: Node, signs: list[int]) -> int:
    """The sign of a value, from those of its arguments."""
    if node.op == "literal":
        return 1 if node.value > 0 else -1 if node.value < 0 else 0
    if node.op in {"variable", "lookup", "exp"}:
        return 1
    if node.op in {"multiply", "divide", "safe_divide"}:
        return signs[0] * signs[1]
    if node.op == "negative":
        return -signs[0]
    if node.op == "maximum":
        return 1 if 1 in signs else -1 if set(signs) == {-1} else 0
    if node.op in {"log", "trend", "subtract"}:
        return 1 if node.op == "subtract" and signs == [1, -1] else 0
    if node.op in {"add", "minimum", "where", "smooth_minimum"}:
        parts = {"where": signs[1:], "smooth_minimum": signs[:2]}.get(node.op, signs)
        return 1 if set(parts) == {1} else 0
    return signs[0] if signs else 0


def _slope(points: tuple[tuple[float, float], ...]) -> tuple[int]:
    values = [y for _, y in points]
    return (1 if values == sorted(values) else -1 if values == sorted(values, reverse=True) else 0,)
