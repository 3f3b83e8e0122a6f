"""Functions of XMILE and Vensim in our operations: what each means, from the trees of its arguments."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pujiang.engine.expression import Node, as_node, combine

SMALL = 1e-6
"""What Vensim takes for zero in a denominator, and for the width of an instant."""

TIME = Node("variable", name="time")


class NotReadError(ValueError):
    """Something in an equation is not read; the message names it."""


@dataclass(frozen=True)
class Run:
    """What functions of time must know of the run: its step, and which tool's zero divides."""

    dt: float
    xmile: bool


def where(condition: Any, yes: Any, no: Any) -> Node:
    """`yes` where the condition is not 0."""
    return combine("where", condition, yes, no)


def both(a: Any, b: Any) -> Node:
    """1 where both are not 0."""
    return where(a, where(b, 1, 0), 0)


def either(a: Any, b: Any) -> Node:
    """1 where one or both are not 0."""
    return where(a, 1, where(b, 1, 0))


def equal(a: Any, b: Any) -> Node:
    """1 where the two are equal."""
    return both(combine("less_equal", a, b), combine("less_equal", b, a))


def absolute(x: Any) -> Node:
    """The distance from 0."""
    return combine("maximum", x, -as_node(x))


def joined(join: Callable[[Node, Node], Node], parts: Sequence[Node]) -> Node:
    """All parts by an operation of two, as halves of halves: a tree that is as low as may be."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(joined(join, parts[:middle]), joined(join, parts[middle:]))


def added(terms: Sequence[Node]) -> Node:
    """The sum of trees."""
    return joined(lambda a, b: a + b, terms)


def stairs(x: Node, ends: Sequence[float], values: Sequence[Any], op: str) -> Node:
    """The first of the values, one more than ends, whose end x is below (op less) or not above (less_equal)."""
    if not ends:
        return as_node(values[0])
    middle = len(ends) // 2
    before = stairs(x, ends[:middle], values[: middle + 1], op)
    return where(combine(op, x, ends[middle]), before, stairs(x, ends[middle + 1 :], values[middle + 1 :], op))


def divided(a: Any, b: Any, otherwise: Any, run: Run) -> Node:
    """`a / b`, and `otherwise` where b is 0: exactly in XMILE, nearly in Vensim."""
    if run.xmile:
        return where(equal(b, 0), otherwise, combine("safe_divide", a, b))
    return where(combine("less", absolute(b), SMALL), otherwise, combine("safe_divide", a, b))


def _ramp(run: Run, slope: Any, start: Any, end: Any = None) -> Node:
    until = TIME if end is None else combine("minimum", end, TIME)
    return where(combine("less", start, TIME + SMALL), slope * (until - start), 0)


def _step(run: Run, height: Any, start: Any) -> Node:
    return where(combine("less", start, TIME + run.dt / 2), height, 0)


def _pulse(run: Run, start: Any, width: Any) -> Node:
    """Vensim's: 1 from the start for a width, and for one step at least."""
    width = combine("maximum", width, run.dt)
    return both(start - run.dt / 4 <= TIME, combine("less", TIME, start + width - run.dt / 4))


def _single_pulse(run: Run, start: Any, volume: Any) -> Node:
    """XMILE's: a volume that enters in one step."""
    return where(_pulse(run, start, 0), volume / as_node(run.dt), 0)


def _integer(run: Run, x: Any) -> Node:
    return where(combine("less", x, 0), -combine("floor", -as_node(x)), combine("floor", x))


def _modulo(run: Run, a: Any, b: Any) -> Node:
    return as_node(a - b * _integer(run, a / as_node(b)))


def _phase(start: Any, interval: Any) -> Node:
    """The time since the last of what repeats from a start."""
    since = TIME - start + SMALL
    return as_node(since - interval * combine("floor", since / as_node(interval)))


def _pulse_train(run: Run, start: Any, interval: Any, width: Any, end: Any) -> Node:
    on = combine("less", _phase(start, interval), combine("maximum", width, run.dt))
    return both(both(start - SMALL <= TIME, combine("less", TIME, end + SMALL)), on)  # at the end itself too


def _repeated_pulse(run: Run, start: Any, interval: Any, volume: Any) -> Node:
    on = both(start - SMALL <= TIME, combine("less", _phase(start, interval), run.dt * 0.75))
    once = _single_pulse(run, start, volume)
    return where(combine("less_equal", interval, 0), once, where(on, volume / as_node(run.dt), 0))


def _quantum(run: Run, a: Any, b: Any) -> Node:
    return where(combine("less_equal", b, 0), a, b * _integer(run, combine("safe_divide", a, b)))


def _time_value(run: Run, relative: Any, offset: Any, measure: Any) -> Node:
    """The time now and an offset; dates, of which a run knows nothing, are not read."""
    if (relative.op, relative.value, measure.op, measure.value) != ("literal", 0, "literal", 0):
        raise NotReadError("GET TIME VALUE of more than the time now, in units of time, is not read")
    return as_node(TIME + offset)


def _log(run: Run, x: Any, base: Any = None) -> Node:
    return combine("log", x) / (combine("log", base if base is not None else 10.0))


def _arcsine(run: Run, x: Any) -> Node:
    """By its tangent, which at 1 has no end."""
    return combine("arctan", x / combine("sqrt", (1 - as_node(x)) * (1 + as_node(x))))


def _plain(op: str) -> Callable[..., Node]:
    return lambda run, *arguments: combine(op, *arguments)


FUNCTIONS: Mapping[str, Callable[..., Node]] = {
    "abs": lambda run, x: absolute(x),
    "min": _plain("minimum"),
    "max": _plain("maximum"),
    "exp": _plain("exp"),
    "ln": _plain("log"),
    "log": _log,
    "log10": _log,
    "sqrt": _plain("sqrt"),
    "power": _plain("power"),
    "sin": _plain("sin"),
    "cos": _plain("cos"),
    "tan": lambda run, x: combine("sin", x) / combine("cos", x),
    "arctan": _plain("arctan"),
    "arcsin": _arcsine,
    "arccos": lambda run, x: math.pi / 2 - _arcsine(run, x),
    "sinh": lambda run, x: (combine("exp", x) - combine("exp", -as_node(x))) / as_node(2),
    "cosh": lambda run, x: (combine("exp", x) + combine("exp", -as_node(x))) / as_node(2),
    "tanh": lambda run, x: 1 - 2 / (combine("exp", 2 * as_node(x)) + 1),
    "pi": lambda run: as_node(math.pi),
    "integer": _integer,
    "modulo": _modulo,
    "quantum": _quantum,
    "get_time_value": _time_value,
    "if_then_else": lambda run, condition, yes, no: where(condition, yes, no),
    "xidz": lambda run, a, b, otherwise: divided(a, b, otherwise, run),
    "zidz": lambda run, a, b: divided(a, b, 0, run),
    "step": _step,
    "ramp": _ramp,
    "xramp": _ramp,
    "pulse": _pulse,
    "xpulse": _single_pulse,
    "pulse_train": _pulse_train,
    "xpulse_train": _repeated_pulse,
}
"""By the name PySD's translators give them. What is not here is refused by name."""
