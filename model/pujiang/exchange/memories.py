"""Functions of other tools that remember, as the stocks they are there: start and rate of each, and what is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pujiang.engine.expression import Node, as_node, combine
from pujiang.exchange.formulas import Formulas
from pujiang.exchange.functions import SMALL, NotReadError, absolute, divided, where

Tree = Callable[[Any], Node]


class Constant(Protocol):
    """Reads the number that an expression has at the start, or `always`; None where it is none."""

    def __call__(self, part: Any, *, always: bool = False) -> float | None:
        """The number of an expression."""
        ...


@dataclass(frozen=True)
class Level:
    """A stock that a function keeps: where it starts, and what flows into it, net."""

    start: Node
    rate: Node


@dataclass(frozen=True)
class Memory:
    """What a function remembers, by the names its levels will have, and the tree that reads it."""

    levels: Mapping[str, Level]
    read: Node


Maker = Callable[[Any, Tree, Constant, Formulas, str, str], Memory]
"""From a structure: how to read its parts, the run, the method, and the name its levels go by."""


def memory(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    """The memory of a structure of PySD's.

    Raises:
        NotReadError: if it has a form that is not understood.
    """
    kind = type(ast).__name__.removesuffix("Structure")
    return _MAKERS[kind](ast, tree, constant, formulas, method, name)


def _chain(name: str, x: Node, times: Sequence[Node], start: Node, *, material: bool) -> Memory:
    """Levels in a row: of a delay each holds what is under way, of a smooth a value; each with a time of the whole."""
    levels, entering = {}, x
    for stage, time in enumerate(times, start=1):
        stage_time = time / as_node(float(len(times)))
        label = name if len(times) == 1 else f"{name}_{stage}"
        level = Node("variable", name=label)
        if material:
            leaving = level / stage_time
            levels[label] = Level(start * stage_time, entering - leaving)
        else:
            leaving = level
            levels[label] = Level(start, (entering - level) / stage_time)
        entering = leaving
    return Memory(levels, entering)


def _delay(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    x, time, start = tree(ast.input), tree(ast.delay_time), tree(ast.initial)
    return _chain(name, x, [time] * _order(ast.order, constant), start, material=True)


def _smooth(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    x, time, start = tree(ast.input), tree(ast.smooth_time), tree(ast.initial)
    return _chain(name, x, [time] * _order(ast.order, constant), start, material=False)


def _delay_of_order(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    """As in Vensim: of the order at the start, lower where a stage would be shorter than a step.

    Every stage takes the time that the one before it had a step ago: what is under way keeps its time.
    """
    held, opening = constant(ast.delay_time, always=True), constant(ast.delay_time)
    if opening is None:
        raise NotReadError("DELAY N whose time is no number at the start is not read")
    order, dt = _order(ast.order, constant), formulas.run.dt
    while order > 1 and order * dt > opening:
        order -= 1
    time = tree(ast.delay_time)
    later = [combine("fixed_delay", time, as_node(i * dt), as_node(opening)) for i in range(1, order)]
    times = [time] * order if held is not None else [time, *later]
    return _chain(name, tree(ast.input), times, tree(ast.initial), material=True)


def _order(given: Any, constant: Constant) -> int:
    order = constant(given)
    if order is None or order < 1 or order != round(order):
        raise NotReadError("an order that is no whole number of 1 or more, written or constant, is not read")
    return int(order)


def _fixed(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    """Its time is that at the start, as in the tools; and so is what it gives until then."""
    lag, before = constant(ast.delay_time), constant(ast.initial)
    if lag is None or before is None:
        raise NotReadError("a fixed delay whose time, or what it gives at first, is no number at the start is not read")
    steps = max(round(lag / formulas.run.dt + SMALL), 1)
    return Memory({}, combine("fixed_delay", tree(ast.input), as_node(steps * formulas.run.dt), as_node(before)))


def _trend(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    x, time, start = tree(ast.input), tree(ast.average_time), tree(ast.initial_trend)
    level = Node("variable", name=name)
    growth = divided(x - level, time * absolute(level), 0, formulas.run)
    return Memory({name: Level(x / (1 + start * time), (x - level) / time)}, growth)


def _forecast(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    x, time, start = tree(ast.input), tree(ast.average_time), tree(ast.initial_trend)
    level = Node("variable", name=name)
    growth = divided(x - level, time * level, 0, formulas.run)
    return Memory({name: Level(x / (1 + start * time), (x - level) / time)}, x * (1 + growth * tree(ast.horizon)))


def _sampled(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    if method != "euler":
        raise NotReadError("SAMPLE IF TRUE by another method than Euler's is not read")
    level = Node("variable", name=name)
    now = where(tree(ast.condition), tree(ast.input), level)
    return Memory({name: Level(tree(ast.initial), (now - level) / formulas.run.dt)}, now)


def _initial(ast: Any, tree: Tree, constant: Constant, formulas: Formulas, method: str, name: str) -> Memory:
    return Memory({name: Level(tree(ast.initial), as_node(0))}, Node("variable", name=name))


_MAKERS: Mapping[str, Maker] = {
    "Delay": _delay,
    "DelayN": _delay_of_order,
    "DelayFixed": _fixed,
    "Smooth": _smooth,
    "SmoothN": _smooth,
    "Trend": _trend,
    "Forecast": _forecast,
    "SampleIfTrue": _sampled,
    "Initial": _initial,
}
