"""Sensitivity of the model: one-at-a-time, Morris and Sobol' designs over the inputs of a sweep, as tables.

Tables have a row for each outcome, element, year and input; `kind` tells levers (policy can set them) from
parameters (nobody knows them exactly). Years are those in which levers act.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError
from pujiang.experiment.axes import DATES, Axis, ends
from pujiang.experiment.designs import Design, Floats, morris
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.not_finite import on_finite
from pujiang.experiment.sensitivity import Morris, Sobol, morris_effects, sobol_indices
from pujiang.experiment.sweep import Case, Plan, blocks, chunk_shape
from pujiang.experiment.sweep_runs import LEVER_FIELDS, Runner

if TYPE_CHECKING:
    import pandas as pd

STUDIES = ("tornado", "morris", "sobol")
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Outputs:
    """Outcomes in years: names (outcome, element, year), and values (output, point).

    Of points at which an output is not finite: their inputs (input, point), and how many outputs are not.
    """

    names: tuple[tuple[str, str, int], ...]
    values: Floats
    bad_points: Floats
    bad_counts: NDArray[np.int64]


Tell = Callable[[str, Sequence[Axis], Outputs, NDArray[np.bool_]], None]
"""Called with the groups (output, group) at which outputs are not finite, and what a group is called."""


def alone(run: Runner, axes: Sequence[Axis], design: Design, table: Floats | None = None) -> Runner:
    """A runner over some of the axes, with the central member; the other inputs stay as in the reference."""
    plan = run.plan
    levers = {axis.input for axis in axes if axis.kind == "lever"}
    cases = tuple(
        Case(case.scenario, {name: _setting(plan, case, name, axes) for name in case.levers if name in levers})
        for case in plan.cases
    )
    reference = replace(plan.reference, ensemble=replace(plan.reference.ensemble, size=0))
    part = replace(plan, axes=tuple(axes), design=design, table=table, cases=cases, reference=reference)
    return replace(run, plan=part, parameters=run.parameters[:, :1])


def _setting(plan: Plan, case: Case, lever: str, axes: Sequence[Axis]) -> LeverSetting:
    """The setting of a lever of which some parts may no longer vary: those stay as in the reference, or, where
    that does not set the lever, in the middle of their axis."""
    held = plan.reference.scenarios[case.scenario].levers.get(lever)
    fixed: dict[str, Any] = {}
    for axis in plan.axes:
        if axis.kind == "lever" and axis.input == lever and axis not in axes:
            field = LEVER_FIELDS[axis.part]
            given = None if held is None else getattr(held, field)
            low, high = ends(axis.spread)
            middle = getattr(case.levers[lever], field) if axis.part in DATES else (low + high) / 2
            fixed[field] = middle if given is None else given
    return replace(case.levers[lever], **fixed)


def outputs(run: Runner) -> Outputs:
    """Run all points of a runner's plan (of one case); the outcomes from the first year levers act.

    Raises:
        InputError: if there are more than fit into memory.
    """
    plan, years = run.plan, run.simulation.years
    kept = years >= run.system.calendar.policy_from
    scalars = [scalar for name in plan.outcomes for scalar in run.system.scalar_names(name)]
    names = tuple(
        (scalar.partition(".")[0], scalar.partition(".")[2], int(year)) for scalar in scalars for year in years[kept]
    )
    if len(names) * plan.points * 8 > MOST_BYTES:
        raise InputError(
            f"sensitivity: {plan.points:,} runs of {len(names)} numbers are too much for memory; choose a smaller "
            "size, or fewer outcomes (output.outcomes)"
        )
    values = np.empty((len(names), plan.points))
    every = list(blocks(plan, chunk_shape(list(plan.sizes.values()), 1)))
    run.progress(0, len(every))
    for done, (block, results) in enumerate(run.simulate(run, every), 1):
        parts = [results.outcomes[scalar][0, :, 0, kept] for scalar in scalars]  # (year, point)
        values[:, block[0]] = np.concatenate(parts)
        run.progress(done, len(every))
    bad_points, bad_counts = [np.empty((len(plan.axes), 0))], [np.empty(0, dtype=np.int64)]
    for block in every:  # in their order, in whatever they came
        counts = (~np.isfinite(values[:, block[0]])).sum(axis=0)
        if counts.any():
            bad_points.append(run.find(block)[:, counts > 0])
            bad_counts.append(counts[counts > 0])
    return Outputs(names, values, np.concatenate(bad_points, axis=1), np.concatenate(bad_counts))


def tornado(run: Runner) -> "pd.DataFrame":
    """Each input at its two ends, all others as in the reference: `base`, `at_low`, `at_high`."""
    import pandas as pd

    plan = run.plan
    center = outputs(alone(run, (), Design("csv"), np.empty((0, 1))))
    found: list[tuple[Axis, Floats, Floats]] = []
    for axes, table in _one_at_a_time(run):
        at_ends = outputs(alone(run, axes, Design("csv"), table))
        for i, axis in enumerate(axes):
            found.append((axis, table[i, 2 * i : 2 * i + 2], at_ends.values[:, 2 * i : 2 * i + 2]))
    order = {axis.key: i for i, axis in enumerate(plan.axes)}
    found.sort(key=lambda entry: order[entry[0].key])
    parts = [
        pd.DataFrame(
            {
                **_names(center, axis),
                "low_value": values[0],
                "high_value": values[1],
                "base": center.values[:, 0],
                "at_low": pair[:, 0],
                "at_high": pair[:, 1],
            }
        )
        for axis, values, pair in found
    ]
    return pd.concat(parts, ignore_index=True)


def _one_at_a_time(run: Runner) -> Iterator[tuple[tuple[Axis, ...], Floats]]:
    """Axes to be run together, and points with each of them at its two ends in turn.

    Parameters go together, the others at the central member's value; each part of a lever goes alone, since
    a lever that is not set has no value that stands for it.
    """
    plan = run.plan
    parameters = tuple(axis for axis in plan.axes if axis.kind == "parameter")
    if parameters:
        rows = [run.system.parameter_names.index(axis.input) for axis in parameters]
        fixed = plan.reference.scenarios[plan.cases[0].scenario].parameters
        center = np.array(
            [fixed.get(axis.input, run.parameters[row, 0]) for axis, row in zip(parameters, rows, strict=True)]
        )
        table = np.repeat(center[:, None], 2 * len(parameters), axis=1)
        for i, axis in enumerate(parameters):
            table[i, 2 * i : 2 * i + 2] = ends(axis.spread)
        yield parameters, table
    for axis in plan.axes:
        if axis.kind == "lever":
            yield (axis,), np.array([ends(axis.spread)])


def screen(run: Runner, size: int, seed: int, tell: Tell) -> "pd.DataFrame":
    """Morris screening over all axes: `mu`, `mu_star`, `sigma` and the interval of `mu_star`."""
    axes = run.plan.axes
    found = outputs(alone(run, axes, Design("morris", size, seed)))
    return morris_table(axes, found, morris_of(axes, found, morris(len(axes), size, seed), tell))


def decompose(run: Runner, axes: Sequence[Axis], size: int, seed: int, tell: Tell) -> "pd.DataFrame":
    """Sobol' indices over some axes: `first`, `total`, each with the ends of its 95 % interval."""
    found = outputs(alone(run, axes, Design("saltelli", size, seed)))
    return sobol_table(axes, found, sobol_of(axes, found, seed, tell))


def morris_of(axes: Sequence[Axis], found: Outputs, points: Floats, tell: Tell) -> Morris:
    """Effects from outputs at Morris points, of each output along the trajectories on which it is finite."""
    walks = found.values.reshape(len(found.values), -1, len(axes) + 1)
    places = points.reshape(len(axes), -1, len(axes) + 1)
    bad: NDArray[np.bool_] = np.any(~np.isfinite(walks), axis=2)
    tell("Morris: trajectories", axes, found, bad)

    def effects(rows: NDArray[np.intp], kept: NDArray[np.intp]) -> list[Floats]:
        values = walks[np.ix_(rows, kept)].reshape(len(rows), -1)
        part = morris_effects(places[:, kept].reshape(len(axes), -1), values)
        return [getattr(part, name) for name in _MORRIS]

    return Morris(*on_finite(bad, effects, len(axes), len(_MORRIS)))


def sobol_of(axes: Sequence[Axis], found: Outputs, seed: int, tell: Tell) -> Sobol:
    """Indices from outputs in the order of a saltelli design, of each output from the base points at which it and all
    their companions are finite; the inputs one after the other, to save memory."""
    pages = found.values.reshape(len(found.values), len(axes) + 2, -1)
    bad: NDArray[np.bool_] = np.any(~np.isfinite(pages), axis=1)
    tell("Sobol': base points", axes, found, bad)

    def indices(rows: NDArray[np.intp], kept: NDArray[np.intp]) -> list[Floats]:
        f_a, f_b, *f_ab = (pages[rows, page][:, kept] for page in range(len(axes) + 2))
        parts = [sobol_indices(f_a, f_b, page[None], seed=seed) for page in f_ab]
        return [np.concatenate([getattr(part, name) for part in parts], axis=1) for name in _SOBOL]

    return Sobol(*on_finite(bad, indices, len(axes), len(_SOBOL)))


_MORRIS = tuple(field.name for field in fields(Morris))
_SOBOL = tuple(field.name for field in fields(Sobol))


def morris_table(axes: Sequence[Axis], found: Outputs, effects: Morris) -> "pd.DataFrame":
    """Effects as a table."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                **_names(found, axis),
                "mu": effects.mu[:, i],
                "mu_star": effects.mu_star[:, i],
                "mu_star_low": effects.mu_star[:, i] - effects.mu_star_half[:, i],
                "mu_star_high": effects.mu_star[:, i] + effects.mu_star_half[:, i],
                "sigma": effects.sigma[:, i],
            }
        )
        for i, axis in enumerate(axes)
    ]
    return pd.concat(parts, ignore_index=True)


def sobol_table(axes: Sequence[Axis], found: Outputs, indices: Sobol) -> "pd.DataFrame":
    """Indices as a table."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                **_names(found, axis),
                "first": indices.first[:, i],
                "first_low": indices.first[:, i] - indices.first_half[:, i],
                "first_high": indices.first[:, i] + indices.first_half[:, i],
                "total": indices.total[:, i],
                "total_low": indices.total[:, i] - indices.total_half[:, i],
                "total_high": indices.total[:, i] + indices.total_half[:, i],
            }
        )
        for i, axis in enumerate(axes)
    ]
    return pd.concat(parts, ignore_index=True)


def most_important(axes: Sequence[Axis], screened: "pd.DataFrame", count: int, outcomes: Sequence[str]) -> list[Axis]:
    """The axes with the largest Morris effect on any outcome in the last year, relative to its largest."""
    last = screened[(screened["year"] == screened["year"].max()) & screened["outcome"].isin(list(outcomes))]
    largest = last.groupby(["outcome", "element"])["mu_star"].transform("max")
    share = last["mu_star"] / largest.where(largest > 0, 1.0)
    ranked = share.groupby(last["key"]).max().sort_values(ascending=False, kind="stable")
    chosen = set(ranked.index[:count])
    return [axis for axis in axes if axis.key in chosen]


def _names(found: Outputs, axis: Axis) -> dict[str, object]:
    outcome, element, year = (list(part) for part in zip(*found.names, strict=True))
    return {
        "outcome": outcome,
        "element": element,
        "year": year,
        "input": axis.name,
        "kind": "date" if axis.part in DATES else axis.kind,
        "key": axis.key,
    }
