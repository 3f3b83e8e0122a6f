"""An expression written out: as Python, which reads back as the same expression, or as mathematics in plain text."""

from typing import Literal

from pujiang.engine.expression import Node
from pujiang.operations import OPERATIONS

Style = Literal["python", "mathematics"]


LEGEND = (
    "`ratio(a, b)` is a / b, and 0 where b is 0",
    "`smooth_min(a, b; k)` lies below the smaller of a and b, the closer the larger k",
    "`clip(x, a, b)` is x held between a and b",
    "`Σ industry (x)` is the sum of x over the elements of a dimension",
    "`x[ai]` is the value of one element; `(x if ai else 0)` is x for that element and 0 for the others",
    "`spread(x, w)` divides x over the elements of a dimension in proportion to w",
    "`smooth(x, T)` follows x with the time constant T; `delay1` and `delay3` are material delays of first and "
    "third order; `trend(x, T)` is the smoothed growth rate of x; `fixed_delay(x, T, y)` is x exactly T ago, and y "
    "until then; `accumulate(x)` is the integral of x since the start",
    "`name_set` is 1 while a scenario sets the lever `name`, which has no default, else 0",
)
"""What a reader must be told of the mathematics."""


def readable(node: Node) -> str:
    """The expression as the equation in Python that it came from."""
    return _written(node, "python")


def mathematics(node: Node) -> str:
    """The expression as a person would write it down: the one form in which all documentation shows it."""
    return _written(node, "mathematics")


def _written(node: Node, style: Style, outer: int = 0) -> str:
    """An expression; `outer` is how strongly what stands around it binds."""
    if node.op == "literal":
        text = repr(node.value).removesuffix(".0")
        return f"({text})" if node.value < 0 and outer else text
    if node.op == "variable":
        return node.name
    if node.op == "lookup":
        return f"{node.name}({_written(node.arguments[0], style)})"
    meaning = OPERATIONS[node.op]
    pattern = (meaning.mathematics if style == "mathematics" else "") or meaning.python or node.op
    if not meaning.binds:
        parts = [_written(part, style) for part in node.arguments]
        if "{" not in pattern:
            return f"{pattern}({', '.join(parts)})"
        over = node.over or node.arguments[-1].over
        return pattern.format(*parts, over=over and over.name, name=node.name)
    sides = {"either": {"left", "right"} if style == "mathematics" else {"left"}}
    free = sides.get(meaning.associates, {meaning.associates})
    strengths = (meaning.binds + (side not in free) for side in ("left", "right"))
    text = pattern.format(*(_written(p, style, s) for p, s in zip(node.arguments, strengths, strict=False)))
    return f"({text})" if meaning.binds < outer else text
