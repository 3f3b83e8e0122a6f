"""Axes: the inputs a sweep varies, over which values, and what they are called in its result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pujiang.engine.system import System
from pujiang.experiment.designs import Floats
from pujiang.experiment.fit import z_at
from pujiang.priors import Prior

DATES = ("start", "end")
AMOUNTS = ("", "target", "from")
"""Parts of a lever setting its path depends on linearly; the empty one is the lever itself, set by a number."""

FAR = 8.0
"""No prior is read further out than this many standard deviations."""

INNER = (0.05, 0.95)
"""The part of a prior a screening covers; its ends would be the bounds, however unlikely."""


@dataclass(frozen=True)
class ListedValues:
    """One number after the other; a sampled design draws them with equal chance."""

    values: tuple[float, ...]


@dataclass(frozen=True)
class Interval:
    """Any number from low to high with equal chance; where `step` is given (dates), multiples of it."""

    low: float
    high: float
    step: float | None = None


@dataclass(frozen=True)
class PriorWithin:
    """A parameter's prior, cut off at its bounds."""

    prior: Prior
    low: float
    high: float


Spread = ListedValues | Interval | PriorWithin


@dataclass(frozen=True)
class Axis:
    """An input that varies: its key in the configuration, its name in the result, and over what."""

    key: str
    name: str
    spread: Spread

    @property
    def kind(self) -> str:
        """lever (policy sets it) or parameter (nobody knows it exactly)."""
        return "lever" if self.key.startswith("levers.") else "parameter"

    @property
    def input(self) -> str:
        """The lever, or the scalar name of the parameter."""
        name = self.key.partition(".")[2]
        return name.partition(".")[0] if self.kind == "lever" else name

    @property
    def part(self) -> str:
        """Which part of a lever's setting: target, from, start, end, or the lever itself ("")."""
        return self.key.partition(".")[2].partition(".")[2] if self.kind == "lever" else ""

    @property
    def is_amount(self) -> bool:
        """Whether it is the height of a lever, as opposed to a date."""
        return self.kind == "lever" and self.part in AMOUNTS


def at(spread: Spread, share: Floats) -> Floats:
    """Values of an input at points of the unit interval, each share of it equally likely."""
    if isinstance(spread, ListedValues):
        place = np.minimum((share * len(spread.values)).astype(int), len(spread.values) - 1)
        drawn: Floats = np.asarray(spread.values)[place]
        return drawn
    if isinstance(spread, Interval):
        values = spread.low + (spread.high - spread.low) * share
        if spread.step is not None:
            values = np.round(values / spread.step) * spread.step
        inside: Floats = np.clip(values, spread.low, spread.high)
        return inside
    from scipy.special import ndtr, ndtri

    # The prior cut off at the bounds, as ensembles draw it: what lies beyond is not heaped on them.
    low, high = (ndtr(z_at(spread.prior, bound)) for bound in (spread.low, spread.high))
    values = np.asarray(spread.prior.value(np.clip(ndtri(low + (high - low) * share), -FAR, FAR)))
    found: Floats = np.clip(values, spread.low, spread.high)
    return found


def screened(spread: Spread, share: Floats) -> Floats:
    """As `at`, with a prior's outer parts left out: for designs that visit the ends of the unit interval."""
    if isinstance(spread, PriorWithin):
        low, high = INNER
        share = low + (high - low) * share
    return at(spread, share)


def ends(spread: Spread) -> tuple[float, float]:
    """The lowest and the highest value of an input; of a prior, its inner part."""
    if isinstance(spread, ListedValues):
        return min(spread.values), max(spread.values)
    low, high = screened(spread, np.array([0.0, 1.0]))
    return float(low), float(high)


def named(keys: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """A short name for every key: `exit_window` for levers.exit_window.target, `exit_window_start`.

    A name that is taken (by an outcome, or another axis) gives way to the whole key.
    """
    names: dict[str, str] = {}
    used = set(taken)
    for key in keys:
        short = key.partition(".")[2].removesuffix(".target").replace(".", "_")
        name = key.replace(".", "_") if short in used else short
        used.add(name)
        names[key] = name
    return names


def coordinate_facts(system: System, axis: Axis) -> dict[str, str]:
    """What the result says of an axis: its key, kind, unit and meaning."""
    if axis.kind == "parameter":
        declared: Any = system.parameters[axis.input.partition(".")[0]]
    else:
        declared = system.levers[axis.input]
    unit = "year" if axis.part in DATES else declared.unit
    return {"key": axis.key, "kind": axis.kind, "units": unit, "long_name": declared.doc}


def axis_as_mapping(axis: Axis) -> dict[str, Any]:
    """An axis as a file holds it. Prior and bounds are the model's and not repeated."""
    spread = axis.spread
    if isinstance(spread, ListedValues):
        over: Mapping[str, Any] = {"values": [float(value) for value in spread.values]}
    elif isinstance(spread, Interval):
        over = {"interval": [spread.low, spread.high]}
    else:
        over = {"prior": True}
    return {"key": axis.key, **over}
