"""Expressions in the words of XMILE."""

from collections.abc import Callable, Mapping

from pujiang.declare import Dimension
from pujiang.engine.expression import Node

Name = Callable[[str, str | None], str]
"""How a quantity (name, element) is called; the element is None where it runs over nothing."""

_INFIX: Mapping[str, tuple[str, int]] = {
    "less": ("<", 1),
    "less_equal": ("<=", 1),
    "add": ("+", 2),
    "subtract": ("-", 2),
    "multiply": ("*", 3),
    "divide": ("/", 3),
    "power": ("^", 5),
}
_CALLED = {
    "exp": "EXP",
    "log": "LN",
    "sqrt": "SQRT",
    "floor": "INT",
    "sin": "SIN",
    "cos": "COS",
    "arctan": "ARCTAN",
    "minimum": "MIN",
    "maximum": "MAX",
    "fixed_delay": "DELAY",
}
_CONDITION, _ATOM = 1, 9


def equation(node: Node, element: str | None, name: Name) -> str:
    """The text of an expression, for one element of the dimension it runs over.

    A sum over a dimension is written out in the order of its elements. Brackets stand wherever tools could
    differ in what binds closer.
    """
    text, binds = _written(node, element, name)
    return f"IF {text} THEN 1 ELSE 0" if binds == _CONDITION else text


def number(value: float) -> str:
    """A number to the last bit."""
    return repr(float(value)).removesuffix(".0")


def _written(node: Node, element: str | None, name: Name) -> tuple[str, int]:
    """The text of an expression and how closely its last operation binds."""
    of = element if node.over is not None else None
    if node.op == "literal":
        return (number(node.value), _ATOM) if node.value >= 0 else (f"({number(node.value)})", _ATOM)
    if node.op == "variable":
        return name(node.name, of), _ATOM
    if node.op == "opening":
        return f"INIT({name(node.name, of)})", _ATOM
    if node.op in _INFIX:
        symbol, binds = _INFIX[node.op]
        left, right = (_operand(a, element, name, binds + i) for i, a in enumerate(node.arguments))
        if node.op == "power":
            left = _operand(node.arguments[0], element, name, _ATOM)
        return f"{left} {symbol} {right}", binds
    if node.op == "where":
        test, *cases = node.arguments
        condition, binds = _written(test, element, name)
        holds = condition if binds == _CONDITION else f"({condition}) <> 0"
        yes, no = (_operand(case, element, name, 0) for case in cases)
        return f"(IF {holds} THEN {yes} ELSE {no})", _ATOM
    if node.op in {"total", "spread"}:
        return _over_elements(node, element, name)
    if node.op == "element":
        return _written(node.arguments[0], node.name, name)
    if node.op == "only":
        return _written(node.arguments[0], None, name) if element == node.name else ("0", _ATOM)
    parts = [_operand(a, element, name, 0) for a in node.arguments]
    if node.op == "negative":
        return f"(-{_operand(node.arguments[0], element, name, 4)})", _ATOM
    if node.op == "safe_divide":
        top, bottom = (_operand(a, element, name, _ATOM) for a in node.arguments)
        return f"(IF {bottom} = 0 THEN 0 ELSE {top} / {bottom})", _ATOM
    return f"{_CALLED[node.op]}({', '.join(parts)})", _ATOM


def _operand(node: Node, element: str | None, name: Name, binds: int) -> str:
    text, own = _written(node, element, name)
    if own == _CONDITION:
        return f"(IF {text} THEN 1 ELSE 0)"
    return text if own >= binds else f"({text})"


def _over_elements(node: Node, element: str | None, name: Name) -> tuple[str, int]:
    summed = node.arguments[-1]
    dimension = summed.over
    assert isinstance(dimension, Dimension)
    whole = " + ".join(_operand(summed, part, name, 3) for part in dimension.elements)
    if node.op == "total":
        return whole, 2
    scalar, share = (_operand(a, element, name, _ATOM) for a in node.arguments)
    return f"(IF {whole} = 0 THEN 0 ELSE {scalar} * ({share} / ({whole})))", _ATOM
