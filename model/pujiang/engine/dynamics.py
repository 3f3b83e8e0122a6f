"""Functions that remember rewritten as hidden stocks, composed ones as what they are composed of: what is left of an
expression looks only at the present, and is made of what a program computes.

Semantics are the field's. A material delay of order n holds what has entered and not yet left in n stages,
each draining at n / lag; it starts as if its inflow had grown at a steady rate for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from pujiang.declare import Dimension
from pujiang.engine.expression import Node, TraceError, combine, walk
from pujiang.operations import COMPOSED, DYNAMIC, OPERATIONS


@dataclass(frozen=True)
class HiddenStock:
    """A stock that a dynamic function keeps; named `<variable>.<function>[_<stage>]`."""

    name: str
    over: Dimension | None
    rate: Node
    initial: Node


@dataclass(frozen=True)
class DelayLine:
    """What a fixed delay remembers: its input over the last `lag` years; `before` until it has run that long."""

    name: str
    over: Dimension | None
    input: Node
    lag: float
    before: Node


Constants = Callable[[Node], float | None]
"""Reads the number of a literal or structural constant; None for anything that can vary."""


@dataclass(frozen=True)
class Expanded:
    """An expression without dynamic and composed functions, and what the dynamic ones became."""

    expression: Node
    stocks: tuple[HiddenStock, ...]
    lines: tuple[DelayLine, ...]


def expand(variable: str, expression: Node, constant_of: Constants) -> Expanded:
    """Rewrite every dynamic and composed function in the equation of `variable`.

    Raises:
        TraceError: if a fixed delay's lag is not a structural constant.
    """
    present: dict[int, Node] = {}
    stocks: list[HiddenStock] = []
    lines: list[DelayLine] = []
    used: dict[str, int] = {}
    for node in walk(expression):
        arguments = tuple(present[id(a)] for a in node.arguments)
        if node.op in COMPOSED:
            present[id(node)] = OPERATIONS[node.op].plain(*arguments)
            continue
        if node.op not in DYNAMIC:
            present[id(node)] = Node(node.op, arguments, node.name, node.value, node.over)
            continue
        used[node.op] = used.get(node.op, 0) + 1
        name = f"{variable}.{node.op}" + (f"{used[node.op]}" if used[node.op] > 1 else "")
        if node.op == "fixed_delay":
            lag = constant_of(arguments[1])
            if lag is None or lag <= 0:
                raise TraceError("the lag of fixed_delay is a structural constant above 0: declare constant(...)")
            lines.append(DelayLine(name, node.over, arguments[0], lag, arguments[2]))
            present[id(node)] = Node("variable", name=name, over=node.over)
        else:
            present[id(node)], hidden = REWRITE[node.op](name, node.over, arguments)
            stocks.extend(hidden)
    return Expanded(present[id(expression)], tuple(stocks), tuple(lines))


Rewritten = tuple[Node, list[HiddenStock]]
_ZERO = Node("literal", value=0.0)


def _smooth(name: str, over: Dimension | None, arguments: tuple[Node, ...]) -> Rewritten:
    x, time_constant = arguments[:2]
    level = Node("variable", name=name, over=over)
    start = arguments[2] if len(arguments) > 2 else x
    return level, [HiddenStock(name, over, (x - level) / time_constant, start)]


def _delay(order: int, name: str, over: Dimension | None, arguments: tuple[Node, ...]) -> Rewritten:
    x, lag = arguments[:2]
    growth = arguments[2] if len(arguments) > 2 else _ZERO
    stage_time = lag / Node("literal", value=float(order)) if order > 1 else lag
    inflow, opening = x, x
    stocks = []
    for stage in range(1, order + 1):
        level = Node("variable", name=f"{name}_{stage}", over=over)
        outflow = level / stage_time
        opening = opening / (1 + growth * stage_time)
        stocks.append(HiddenStock(level.name, over, inflow - outflow, opening * stage_time))
        inflow = outflow
    return inflow, stocks


def _trend(name: str, over: Dimension | None, arguments: tuple[Node, ...]) -> Rewritten:
    x, time_constant = arguments[:2]
    start = arguments[2] if len(arguments) > 2 else _ZERO
    level = Node("variable", name=name, over=over)
    growth = combine("safe_divide", x - level, time_constant * level)
    return growth, [HiddenStock(name, over, (x - level) / time_constant, x / (1 + start * time_constant))]


def _accumulate(name: str, over: Dimension | None, arguments: tuple[Node, ...]) -> Rewritten:
    level = Node("variable", name=name, over=over)
    return level, [HiddenStock(name, over, arguments[0], _ZERO)]


REWRITE: Mapping[str, Callable[[str, Dimension | None, tuple[Node, ...]], Rewritten]] = {
    "smooth": _smooth,
    "delay1": partial(_delay, 1),
    "delay3": partial(_delay, 3),
    "trend": _trend,
    "accumulate": _accumulate,
}
"""What each function that remembers becomes; fixed_delay, a buffer of its past, is no stock."""
