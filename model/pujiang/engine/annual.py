"""From a program to annual outcomes: what a run must record for them, and how each is read from it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pujiang.engine.batch import Batch, Engine, Floats, Grid, Record, Recorded
from pujiang.engine.system import System
from pujiang.reported import Ratio

Place = tuple[str, str, int | tuple[int, int]]
"""An outcome's scalar name, "end" | "integral" | "mean" | "ratio", and its position(s) in the record."""


def simulate_annual(
    system: System, grid: Grid, batch: Batch, method: str, run: Engine
) -> tuple[dict[str, Floats], Recorded]:
    """Run a batch: annual values (year, run) of every scalar outcome, and what was recorded for them."""
    recorded = run(system.program, grid, batch, annual_record(system, grid.dt), method)
    return annual_outcomes(system, recorded), recorded


def annual_record(system: System, dt: float) -> Record:
    """What must be recorded for the annual outcomes."""
    snapshots, integrals, _ = _places(system)
    return Record(snapshots, integrals, round(1 / dt))


def annual_outcomes(system: System, recorded: Recorded) -> dict[str, Floats]:
    """Annual values (year, run) of every scalar outcome from what was recorded by `annual_record`."""
    out = {}
    for scalar, kind, place in _places(system)[2]:
        if isinstance(place, tuple):
            top, bottom = (recorded.integrals[:, i] for i in place)
            with np.errstate(invalid="ignore", divide="ignore"):
                out[scalar] = np.where(bottom == 0, 0.0, top / bottom)
        elif kind == "end":
            out[scalar] = recorded.snapshots[1:, place]
        else:  # a mean over one year is the integral divided by one year
            out[scalar] = recorded.integrals[:, place]
    return out


@lru_cache(maxsize=8)
def _places(system: System) -> tuple[tuple[int, ...], tuple[int, ...], list[Place]]:
    """Lines of which snapshots are kept, lines of which integrals are, and where each scalar outcome stands."""
    lines = system.program.lines
    snapshots: dict[int, int] = {}
    integrals: dict[int, int] = {}

    def integral(scalar: str) -> int:
        return integrals.setdefault(lines[scalar], len(integrals))

    places: list[Place] = []
    for name in system.outcomes:
        annual = system.variables[name].annual
        for scalar in system.scalar_names(name):
            if isinstance(annual, Ratio):
                places.append((scalar, "ratio", (integral(annual.numerator), integral(annual.denominator))))
            elif annual == "end":
                places.append((scalar, "end", snapshots.setdefault(lines[scalar], len(snapshots))))
            else:
                places.append((scalar, str(annual), integral(scalar)))
    return tuple(snapshots), tuple(integrals), places


def annual_places(system: System) -> Sequence[Place]:
    """Where each scalar outcome stands in what `annual_record` records."""
    return _places(system)[2]
