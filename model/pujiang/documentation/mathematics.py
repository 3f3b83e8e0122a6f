"""An equation as mathematics in plain text: the one form in which all documentation shows it."""

import textwrap

from pujiang.engine.expression import Node

LEGEND = (
    "`ratio(a, b)` is a / b, and 0 where b is 0",
    "`smooth_min(a, b; k)` lies below the smaller of a and b, the closer the larger k",
    "`Σ industry (x)` is the sum of x over the elements of a dimension",
    "`spread(x, w)` divides x over the elements of a dimension in proportion to w",
    "`smooth(x, T)` follows x with the time constant T; `delay1` and `delay3` are material delays of first and "
    "third order; `trend(x, T)` is the smoothed growth rate of x; `fixed_delay(x, T, y)` is x exactly T ago, and y "
    "until then; `accumulate(x)` is the integral of x since the start",
    "`name_set` is 1 while a scenario sets the lever `name`, which has no default, else 0",
)
"""What a reader must be told of the notation."""

_SIGNS = {"add": "+", "subtract": "-", "multiply": "·", "divide": "/", "power": "^", "less": "<", "less_equal": "≤"}
_BINDS = {"less": 1, "less_equal": 1, "add": 2, "subtract": 2, "multiply": 3, "divide": 3, "negative": 4, "power": 5}
_NAMES = {"minimum": "min", "maximum": "max", "log": "ln", "sqrt": "√", "safe_divide": "ratio"}


def mathematics(node: Node, outer: int = 0) -> str:
    """The expression as a person would write it down; `outer` is how strongly what stands around it binds."""
    if node.op == "literal":
        text = repr(node.value).removesuffix(".0")
        return f"({text})" if node.value < 0 and outer else text
    if node.op == "variable":
        return node.name
    smooth = _smooth_minimum(node)
    if smooth is not None:
        a, b, sharpness = (mathematics(part) for part in smooth)
        return f"smooth_min({a}, {b}; {sharpness})"
    parts = node.arguments
    if node.op in _BINDS:
        return _operation(node, outer)
    if node.op == "where":
        condition, yes, no = (mathematics(part) for part in parts)
        return f"({yes} if {condition} else {no})"
    if node.op == "total":
        assert parts[0].over is not None
        return f"Σ {parts[0].over.name} ({mathematics(parts[0])})"
    return f"{node.name or _NAMES.get(node.op, node.op)}({', '.join(mathematics(part) for part in parts)})"


def _operation(node: Node, outer: int) -> str:
    strength = _BINDS[node.op]
    if node.op == "negative":
        text = f"-{mathematics(node.arguments[0], strength)}"
    else:
        # Sums and products are chained as written; what is subtracted or divided by keeps its brackets.
        left = strength + (node.op in {"power", "less", "less_equal"})
        right = strength + (node.op not in {"add", "multiply"})
        a, b = mathematics(node.arguments[0], left), mathematics(node.arguments[1], right)
        sign = _SIGNS[node.op]
        text = f"{a}{sign}{b}" if node.op == "power" else f"{a} {sign} {b}"
    return f"({text})" if strength < outer else text


def _smooth_minimum(node: Node) -> tuple[Node, Node, Node] | None:
    """The arguments of `primitives.smooth_minimum`, which an expression tree holds written out; else None."""
    if node.op != "multiply" or node.arguments[0].op != "minimum" or node.arguments[1].op != "power":
        return None
    smaller, (base, root) = node.arguments[0], node.arguments[1].arguments
    raised = base.arguments[1] if base.op == "add" else base
    if raised.op != "power" or root.op != "divide" or root.arguments[1] is not raised.arguments[1]:
        return None
    if raised.arguments[0].op != "maximum" or raised.arguments[0].arguments[0].op != "safe_divide":
        return None
    top, larger = raised.arguments[0].arguments[0].arguments
    if top is not smaller or larger.op != "maximum" or larger.arguments != smaller.arguments:
        return None
    return (*smaller.arguments, raised.arguments[1])  # type: ignore[return-value]


def wrapped(equation: str, width: int = 100) -> str:
    """An equation over several lines, none longer than `width` where it has a space to break at."""
    return "\n".join(textwrap.wrap(equation, width, subsequent_indent="    ", break_long_words=False))
