"""Which way a quantity moves an equation that reads it, as far as the equation alone tells."""

from collections.abc import Mapping

from pujiang.engine.expression import Node, walk

_SIGNS: Mapping[str, tuple[int, ...]] = {
    "add": (1, 1),
    "subtract": (1, -1),
    "multiply": (1, 1),
    "divide": (1, -1),
    "safe_divide": (1, -1),
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
    "spread": (1, 0),
    "smooth": (1, 0, 0),
    "delay1": (1, 0, 0),
    "delay3": (1, 0, 0),
    "trend": (0, 0, 0),
    "fixed_delay": (1, 0, 0),
    "accumulate": (1,),
}
"""What a rise of each argument does to the result: with it, against it, or not to be told; factors are positive."""


def polarity(tree: Node, cause: str, tables: Mapping[str, tuple[tuple[float, float], ...]]) -> int:
    """+1 where the equation rises with the cause, -1 where it falls, 0 where it does not tell."""
    found: dict[int, int | None] = {}
    for node in walk(tree):
        if node.op == "variable":
            found[id(node)] = 1 if node.name == cause else None
            continue
        signs = _slope(tables[node.name]) if node.op == "lookup" else _signs(node)
        ways = {
            sign * (found[id(a)] or 0)
            for sign, a in zip(signs, node.arguments, strict=False)
            if found[id(a)] is not None
        }
        found[id(node)] = None if not ways else ways.pop() if len(ways) == 1 else 0
    return found[id(tree)] or 0


def _signs(node: Node) -> tuple[int, ...]:
    if node.op == "power":
        exponent = node.arguments[1]
        falls = exponent.op == "negative" or (exponent.op == "literal" and exponent.value < 0)
        return (-1 if falls else 1, 0)
    return _SIGNS.get(node.op, (0,) * len(node.arguments))


def _slope(points: tuple[tuple[float, float], ...]) -> tuple[int]:
    values = [y for _, y in points]
    return (1 if values == sorted(values) else -1 if values == sorted(values, reverse=True) else 0,)
