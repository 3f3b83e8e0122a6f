"""Priors: distributions of uncertain parameters."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True)
class Prior:
    """A distribution of an uncertain parameter, through a standard normal number z.

    lognormal: center is the median, spread the sd of the logarithm. normal: mean and sd. logitnormal: center
    is the median, spread the sd of the share itself near the center.
    """

    kind: Literal["lognormal", "normal", "logitnormal"]
    center: float
    spread: float

    def value(self, z: Any) -> Any:
        """The parameter's value(s) at the standard normal number(s) z (number or array)."""
        if self.kind == "normal":
            return self.center + self.spread * z
        if self.kind == "lognormal":
            return self.center * np.exp(self.spread * z)
        odds = self.center / (1 - self.center) * np.exp(self.spread / (self.center * (1 - self.center)) * z)
        return odds / (1 + odds)

    def z(self, value: float) -> float:
        """The standard normal number at which the parameter has this value (the inverse of `value`)."""
        if self.kind == "normal":
            return (value - self.center) / self.spread
        if self.kind == "lognormal":
            return math.log(value / self.center) / self.spread
        logit = math.log(value / (1 - value) * (1 - self.center) / self.center)
        return logit * self.center * (1 - self.center) / self.spread


def lognormal(median: float, log_sd: float) -> Prior:
    """Prior of a positive quantity: its logarithm is normal."""
    return Prior("lognormal", median, log_sd)


def normal(mean: float, sd: float) -> Prior:
    """Prior of a quantity that may have either sign."""
    return Prior("normal", mean, sd)


def logitnormal(median: float, sd: float) -> Prior:
    """Prior of a share between 0 and 1: its log odds are normal; `sd` is in units of the share."""
    return Prior("logitnormal", median, sd)
