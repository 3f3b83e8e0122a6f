"""The numerical-integrity certificate of a run: what the arithmetic, as opposed to the model, may have got wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import Batch, Engine, Floats, Grid, Recorded, select
from pujiang.engine.central import Trajectories
from pujiang.engine.system import System

STEP_ERROR_ALLOWED = 0.005
"""Largest change of a reported outcome, relative to its largest value, when the step is halved."""

CONSERVATION_ERROR_ALLOWED = 1e-9
"""Largest amount of a conserved family that may be unaccounted for, relative to the family's content."""

NEGATIVE_ALLOWED = 1e-9
"""How far below zero a stock may round, relative to its largest value in a central run."""

OTHER_MEMBERS = 8
"""How many members beside the central one are run again at half the step."""


@dataclass(frozen=True)
class Subject:
    """The run to be certified: scenarios one after the other, `members` runs in each, the first the central."""

    grid: Grid
    batch: Batch
    members: int
    method: str
    recorded: Recorded
    outcomes: Mapping[str, Floats]
    central: Trajectories


def certify(system: System, subject: Subject, packed: Callable[[Grid], Batch], run: Engine) -> dict[str, Any]:
    """The certificate, as plain values.

    Args:
        packed: packs the same runs on another grid (for half the step).

    Returns:
        passed, failures (lines), step_halving (per outcome: central, worst), conservation (per family),
        non_finite (outcomes and stocks), negative_stocks, bounds_touched (parameter: share of members), tables_left.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # a number that is none is reported, not warned of
        halving = _step_halving(system, subject, packed, run)
        conservation = _conservation(system, subject.central)
    non_finite = [name for name, values in subject.outcomes.items() if not np.isfinite(values).all()]
    lowest = zip(system.program.states, subject.recorded.lowest, strict=True)
    non_finite += [name for name, low in lowest if name not in non_finite and not np.isfinite(low).all()]
    negative = _negative_stocks(system, subject)
    failures = [
        f"halving the step moves {name} by {errors['worst']:.2%}"
        for name, errors in halving.items()
        if not errors["worst"] <= STEP_ERROR_ALLOWED
    ]
    failures += [
        f"{family}: {residual:.1e} of the content is unaccounted for"
        for family, residual in conservation.items()
        if not residual <= CONSERVATION_ERROR_ALLOWED
    ]
    failures += [f"{name} is not a finite number in some member" for name in non_finite]
    failures += [f"the stock {name} falls to {value:.3g}" for name, value in negative.items()]
    return {
        "passed": not failures,
        "failures": failures,
        "step_halving": halving,
        "conservation": conservation,
        "non_finite": non_finite,
        "negative_stocks": negative,
        "bounds_touched": _bounds_touched(system, subject),
        "tables_left": _tables_left(system, subject.central),
    }


def _step_halving(
    system: System, subject: Subject, packed: Callable[[Grid], Batch], run: Engine
) -> dict[str, dict[str, float]]:
    """Change of each outcome at half the step, of the central member and of the worst of a spread of others."""
    if not subject.outcomes:
        return {}
    half = replace(subject.grid, steps=2 * subject.grid.steps, dt=subject.grid.dt / 2)
    others = np.unique(np.linspace(0, subject.members - 1, min(OTHER_MEMBERS + 1, subject.members)).astype(int))
    runs = np.arange(0, subject.batch.runs, subject.members)[:, None] + others
    fine, _ = simulate_annual(system, half, select(packed(half), runs.ravel()), subject.method, run)
    coarse, exact = (
        np.stack([values[:, columns] for values in of.values()])
        for of, columns in ((subject.outcomes, runs.ravel()), (fine, slice(None)))
    )
    largest = np.abs(exact).max(axis=1)
    error = np.abs(coarse - exact).max(axis=1) / np.where(largest == 0, 1.0, largest)
    by_member = error.reshape(-1, *runs.shape)
    central, worst = by_member[..., 0].max(axis=1).tolist(), by_member.max(axis=(1, 2)).tolist()
    return {name: {"central": c, "worst": w} for name, c, w in zip(fine, central, worst, strict=True)}


def _conservation(system: System, central: Trajectories) -> dict[str, float]:
    """Largest residual of each conserved family at any step, relative to its largest content."""
    families: dict[str, list[str]] = {}
    for name, variable in system.variables.items():
        family = variable.declaration.conserved if variable.kind == "stock" else None
        if family is not None:
            families.setdefault(family, []).append(name)
    found = {}
    for family, stocks in families.items():
        content = sum(central.values[s] for name in stocks for s in system.scalar_names(name))
        assert isinstance(content, np.ndarray)
        net = np.zeros_like(content[1:])
        for flow, ends in system.flow_ends.items():
            sign = (ends.into in stocks) - (ends.out_of in stocks)
            for scalar in system.scalar_names(flow) if sign else ():
                net += sign * central.moved[scalar]
        scale = np.abs(content).max(axis=0)
        residual = np.abs(content[1:] - content[0] - net.cumsum(axis=0)).max(axis=0)
        found[family] = float((residual / np.where(scale == 0, 1.0, scale)).max())
    return found


def _negative_stocks(system: System, subject: Subject) -> dict[str, float]:
    """Stocks that fall below zero though they are not declared signed, and how far."""
    unsigned = [
        scalar
        for name, variable in system.variables.items()
        if variable.kind == "stock" and not variable.declaration.signed
        for scalar in system.scalar_names(name)
    ]
    if not unsigned:
        return {}
    positions = {name: i for i, name in enumerate(system.program.states)}
    lowest = subject.recorded.lowest[[positions[scalar] for scalar in unsigned]]
    largest = np.abs(np.stack([subject.central.values[scalar] for scalar in unsigned])).max(axis=(1, 2))
    below = (lowest < -NEGATIVE_ALLOWED * np.where(largest > 0, largest, 1.0)[:, None]).any(axis=1)
    return {unsigned[row]: float(np.nanmin(lowest[row])) for row in np.flatnonzero(below)}


def _bounds_touched(system: System, subject: Subject) -> dict[str, float]:
    """Share of members in which an uncertain parameter lies at a bound."""
    values = subject.batch.parameters[:, : subject.members]
    low, high = _bounds(system)
    share = ((values <= low[:, None]) | (values >= high[:, None])).mean(axis=1)
    return {system.parameter_names[row]: float(share[row]) for row in np.flatnonzero(share)}


@lru_cache(maxsize=8)
def _bounds(system: System) -> tuple[Floats, Floats]:
    """The bounds of every parameter, infinite where it is not uncertain or has none."""
    parameters = [system.parameters[scalar.partition(".")[0]] for scalar in system.parameter_names]
    found = [(-np.inf, np.inf) if p.prior is None or p.bounds is None else p.bounds for p in parameters]
    low, high = np.array(found, dtype=float).reshape(-1, 2).T
    return low, high


def _tables_left(system: System, central: Trajectories) -> list[str]:
    """Tables read outside their range in a central run (they hold their end value there)."""
    lookups = [o for o in system.program.main if o.op == "lookup"]
    names = list(system.tables)
    left = set()
    for position, operation in enumerate(lookups):
        points = system.program.tables[int(operation.number)]
        read = central.table_reads[:, position]
        if (read < points[0][0]).any() or (read > points[-1][0]).any():
            left.add(names[int(operation.number)])
    return sorted(left)
