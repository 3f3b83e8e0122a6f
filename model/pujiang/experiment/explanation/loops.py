"""By loop: what comes back of a small push, in each case, over time; and which loop is the strongest when."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pujiang.engine.batch import Engine
from pujiang.engine.profiles import Profile
from pujiang.engine.system import System
from pujiang.experiment.gains import NOTHING, OVER, gain_courses, pushed_links
from pujiang.experiment.levers import LeverSetting
from pujiang.labelled import Array, Dataset

EVERY = 5
"""Years from one push to the next."""


def all_starts(system: System) -> list[int]:
    """Years from which loops are pushed to see their course: the first, every EVERY on, and when policy begins."""
    calendar = system.calendar
    return sorted({*range(calendar.first_year, calendar.last_year + 1, EVERY), calendar.policy_from})


def loops_part(
    system: System,
    parameters: Mapping[str, float],
    series: Mapping[str, Profile],
    cases: Mapping[str, Mapping[str, LeverSetting]],
    run: Engine,
    starts: Sequence[int],
) -> Dataset:
    """The gains of all loops, (loop, case, start), with what each is called and which is the strongest of its kind.

    `cases`: levers by scenario; `starts`: years from which loops are pushed.
    """
    found = gain_courses(system, parameters, series, cases, starts, run)
    links = pushed_links(system)
    declared = np.array([loop.polarity for loop in system.loops.values()], dtype=object)
    dims = ("loop", "case", "start")
    told = {"long_name": f"share of what is read that comes back within {OVER} years of a push"}
    return Dataset(
        {"gain": Array(dims, found, told), "strongest": Array(dims, _strongest(found, declared))},
        {
            "loop": _along("loop", list(system.loops)),
            "code": _along("loop", [loop.code for loop in system.loops.values()]),
            "polarity": Array(("loop",), declared),
            "cause": _along("loop", [cut.cause for cut in links.values()]),
            "effect": _along("loop", [str(cut.effect) for cut in links.values()]),
            "case": _along("case", list(cases)),
            "start": Array(("start",), np.array(starts)),
        },
    )


def contradicts(polarity: str, gain: float) -> bool:
    """Whether a measured gain is other than a loop is called: of the other sign, and more than rounding."""
    return not math.isnan(gain) and abs(gain) > NOTHING and (gain > 0) != (polarity == "reinforcing")


def _strongest(gains: np.ndarray, polarity: np.ndarray) -> np.ndarray:
    """Whether each loop is the one of its polarity whose gain is largest then."""
    out = np.zeros(gains.shape, dtype=bool)
    for kind, sign in (("reinforcing", 1.0), ("balancing", -1.0)):
        own = np.flatnonzero(polarity == kind)
        if len(own):
            signed = np.where(np.isnan(gains[own]), -np.inf, sign * gains[own])
            best = signed.argmax(axis=0)
            for place, loop in enumerate(own):
                out[loop] = (best == place) & (signed[place] > 0)
    return out


def _along(dim: str, words: Sequence[str]) -> Array:
    return Array((dim,), np.array(words, dtype=object))
