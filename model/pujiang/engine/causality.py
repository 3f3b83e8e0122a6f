"""Declared loops found again in the equations, with the sign of every link in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from pujiang.declare import Loop
from pujiang.engine.batch import Floats
from pujiang.engine.system import System, parameter_default
from pujiang.primitives import safe_divide

PERTURBATION = 0.01
"""How far a cause is moved to see the sign of its effect."""

MomentValues = Mapping[str, Floats]
"""Value of every variable, input and parameter at one moment: a number, or one per element."""


@dataclass(frozen=True)
class Link:
    """A step of a loop: `effect` rises (+1), falls (-1) or does not answer (0) when `cause` rises."""

    cause: str
    effect: str
    sign: int


@dataclass(frozen=True)
class Traced:
    """A declared loop as found in the equations: its links, and whether their signs make its polarity."""

    name: str
    loop: Loop
    links: tuple[Link, ...]

    @property
    def polarity(self) -> str:
        """ "reinforcing", "balancing", or "open" where some link does not answer."""
        product = int(np.prod([link.sign for link in self.links]))
        return {1: "reinforcing", -1: "balancing", 0: "open"}[product]

    @property
    def as_declared(self) -> bool:
        """Whether the polarity found is the one declared."""
        return self.polarity == self.loop.polarity


def trace_loop(system: System, name: str, loop: Loop, values: MomentValues) -> Traced:
    """Find a declared loop in the equations and the sign of its links at one moment."""
    pairs = system.loop_links[name]
    return Traced(name, loop, tuple(Link(c, e, link_sign(system, c, e, values)) for c, e in pairs))


def link_sign(system: System, cause: str, effect: str, values: MomentValues) -> int:
    """The sign of the answer of `effect` to a rise of `cause` by one per cent, all else equal.

    Functions that remember answer as they do once the rise has lasted: smooths, delays and sums with it, a trend
    with the growth it was. A flow moves the stocks at its ends. With elements that answer differently the sign is
    that of their sum.
    """
    ends = system.flow_ends.get(cause)
    if system.variables[effect].kind == "stock":
        assert ends is not None
        return (ends.into == effect) - (ends.out_of == effect)
    moved = values[cause] + PERTURBATION * np.where(values[cause] == 0, 1.0, np.abs(values[cause]))
    change = float(np.sum(_answer(system, effect, values, {**values, cause: moved})))
    return 0 if not np.isfinite(change) or change == 0 else (1 if change > 0 else -1)


def _answer(system: System, name: str, before: MomentValues, after: MomentValues) -> Floats:
    """Change of a variable, by its equation called with numbers, from one set of causes to another."""
    equation = system.variables[name].declaration.equation
    causes = equation.__code__.co_varnames[: equation.__code__.co_argcount]
    levels: list[Any] = []

    def trend_before(x: Any, time_constant: Any, initial: Any = 0) -> Any:
        levels.append(x)
        return initial

    def trend_after(x: Any, time_constant: Any, initial: Any = 0) -> Any:
        level = levels.pop(0)
        return initial + safe_divide(x - level, time_constant * level)

    def value(values: MomentValues, trend: Any) -> Floats:
        lasting = {"trend": trend, "fixed_delay": lambda x, *_: x, "accumulate": lambda x: x}
        called = FunctionType(equation.__code__, {**equation.__globals__, **lasting})
        given = {cause: system.tables.get(cause, values.get(cause)) for cause in causes}
        return np.asarray(called(**given), dtype=float)

    with np.errstate(all="ignore"):
        rest = value(before, trend_before)
        return value(after, trend_after) - rest


def values_at(
    system: System, variables: MomentValues, parameters: Mapping[str, float], inputs: Mapping[str, float]
) -> dict[str, Floats]:
    """Everything an equation may name, at one moment.

    Args:
        variables: value of every variable, an array over elements where it runs over a dimension.
        parameters: value of every parameter by scalar name.
        inputs: value of every series, lever, and companion, and `time`.
    """
    found = {name: np.asarray(value, dtype=float) for name, value in (*variables.items(), *inputs.items())}
    for name, parameter in system.parameters.items():
        numbers = [parameters.get(s, parameter_default(system, s)) for s in system.scalar_names(name)]
        found[name] = np.array(numbers) if parameter.over is not None else np.asarray(numbers[0], dtype=float)
    return found | {name: np.asarray(constant.value) for name, constant in system.constants.items()}
