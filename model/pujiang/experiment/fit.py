"""A fit: the values a calibration found, and how uncertain they are."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.system import System, parameter_default
from pujiang.priors import Prior

Floats = NDArray[np.float64]

DECLARED = "declared values and priors, not fitted"


@dataclass(frozen=True)
class Fit:
    """Fitted values of the uncertain parameters and the curvature around them.

    Attributes:
        values: parameter value by scalar name.
        factor: lower triangular L, in the order of `values`, with covariance L L' in units of the priors' z.
        facts: what the fit rests on (model hash, data hash, date of nothing: only what repeats).
        draws: values (draw,) of the posterior by scalar name; empty where none were drawn.
        hash: tells it from other fits: of what its files hold; empty for one that is not written yet.
    """

    values: Mapping[str, float]
    factor: Floats
    facts: Mapping[str, Any]
    draws: Mapping[str, Floats] = field(default_factory=dict)
    hash: str = ""

    @property
    def fitted(self) -> bool:
        """Whether data had a say in it."""
        return self.facts.get("kind") != DECLARED


@lru_cache(maxsize=8)
def uncertain(system: System, *, chance: bool = False) -> Mapping[str, Prior]:
    """The prior of every uncertain parameter by scalar name, in the program's order.

    With `chance`, of those that are left to chance instead: they are drawn and never fitted.
    """
    priors = {}
    for scalar in system.parameter_names:
        prior = prior_of(system, scalar, chance=chance)
        if prior is not None:
            priors[scalar] = prior
    return priors


def prior_of(system: System, scalar: str, *, chance: bool = False) -> Prior | None:
    """The prior of one scalar parameter, as `uncertain` has it; None where it has none, or is no parameter."""
    name, _, element = scalar.partition(".")
    declared = system.parameters.get(name)
    if declared is None or declared.chance is not chance:
        return None
    prior = declared.prior
    return prior.get(element) if isinstance(prior, Mapping) else prior


def z_bounds(system: System, priors: Mapping[str, Prior]) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the parameters in units of their priors' standard normal z."""
    low, high = [], []
    for scalar, prior in priors.items():
        bounds = system.parameters[scalar.partition(".")[0]].bounds
        assert bounds is not None
        low.append(z_at(prior, bounds[0]))
        high.append(z_at(prior, bounds[1]))
    return np.array(low), np.array(high)


def z_at(prior: Prior, bound: float) -> float:
    """The standard normal number at which a prior reaches a bound; infinite where it cannot."""
    if prior.kind != "normal" and bound <= 0:
        return -math.inf
    if prior.kind == "logitnormal" and bound >= 1:
        return math.inf
    return prior.z(bound)


def declared(system: System) -> Fit:
    """No fit at all: declared values, uncertain as their priors are."""
    priors = uncertain(system)
    values = {scalar: parameter_default(system, scalar) for scalar in priors}
    known = hash_of(json.dumps(values, sort_keys=True), "")
    return Fit(values, np.eye(len(values)), {"kind": DECLARED}, hash=known)


def hash_of(values: str, factor: str, draws: bytes = b"") -> str:
    """A hash of a fit's values (as JSON), of the text of its factor, line endings aside, and of its draws."""
    text = f"{values}\n{factor}".replace("\r\n", "\n").encode()
    return hashlib.sha256(text + draws).hexdigest()[:16]
