"""Simulation with labels: a system, its inputs by name, and the results as xarray.

Inside, runs are bare arrays; scenarios and members are one batch. A run has no state and leaves none.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pujiang.engine import certificate, dataset, reference
from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import METHODS, Batch, Engine, Floats, Grid, Method, batch_of
from pujiang.engine.central import central_trajectories
from pujiang.engine.paths import Path, constant
from pujiang.engine.system import System, parameter_default
from pujiang.errors import InputError, nearest

if TYPE_CHECKING:
    import xarray as xr

EngineName = Literal["auto", "kernel", "reference"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


@dataclass(frozen=True)
class Simulation:
    """How to run: calendar years, step (a part of a year), method, and how often trajectories are saved."""

    first_year: int = 2015
    last_year: int = 2030
    dt: float = 1 / 16
    method: Method = "rk4"
    save_every: float = 0.25

    def grid(self) -> Grid:
        """The step grid, from the first day of the first year to the last day of the last.

        Raises:
            InputError: if the step does not divide a year, the save interval is no multiple of it that divides
                the run, the years are in the wrong order, or the method is unknown.
        """
        per_year = round(1 / self.dt) if self.dt > 0 else 0
        if abs(per_year * self.dt - 1) > 1e-12 or per_year < 1:
            raise InputError(f"simulation.dt is {self.dt:g}; allowed: a year divided by a whole number, such as 0.0625")
        if self.last_year < self.first_year:
            raise InputError(
                f"simulation.last_year is {self.last_year}; allowed: {self.first_year}, the first year, or later"
            )
        steps = (self.last_year - self.first_year + 1) * per_year
        saves = self.save_every / self.dt
        if not 1 <= saves <= steps or abs(saves - round(saves)) > 1e-9 or steps % round(saves):
            raise InputError(
                f"simulation.save_every is {self.save_every:g}; allowed: multiples of dt = {self.dt:g} "
                "that divide the run"
            )
        if self.method not in METHODS:
            raise InputError(
                f"simulation.method is '{self.method}'; allowed: {', '.join(METHODS)}{nearest(self.method, METHODS)}"
            )
        return Grid(float(self.first_year), steps, self.dt)

    @property
    def years(self) -> NDArray[np.int64]:
        """Calendar years of the run."""
        return np.arange(self.first_year, self.last_year + 1)


def engine_named(name: str) -> Engine:
    """The engine of that name; "auto" is the kernel, or the reference with a warning where none can be compiled.

    Raises:
        InputError: if there is no such engine.
    """
    if name not in ENGINES:
        raise InputError(f"engine is '{name}'; allowed: {', '.join(ENGINES)}{nearest(name, ENGINES)}")
    if name == "reference":
        return reference.run
    from pujiang.engine import kernel

    problem = kernel.unavailable()
    if problem is None:
        return kernel.run
    if name == "kernel":
        raise InputError(f"engine=kernel cannot be had here: {problem}; allowed: reference")
    warnings.warn(f"the compiled engine cannot be had here ({problem}); running the slower reference", stacklevel=2)
    return reference.run


def parameter_array(system: System, given: Mapping[str, Any], runs: int) -> Floats:
    """All parameters in the program's order: (parameter, run); `given` overrides declared values.

    Args:
        given: number or array (run,) by scalar name (`failure_rate`, `initial_output.ic`).

    Raises:
        InputError: if a name is unknown, a value is not a finite number, or there are more or fewer than runs.
    """
    names = system.parameter_names
    for name in given:
        if name not in names:
            raise InputError(f"parameters: there is no '{name}'{nearest(name, names)}")
    out = np.empty((len(names), runs))
    for row, name in zip(out, names, strict=True):
        value = np.asarray(given.get(name, parameter_default(system, name)))
        if value.dtype.kind not in "biuf" or not np.isfinite(value).all():
            raise InputError(f"parameters.{name}: found a value that is not a finite number")
        if value.size not in (1, runs):
            raise InputError(f"parameters.{name}: found {value.size} values; allowed: 1, or {runs} as others have")
        row[:] = value
    return out


def every_lever(system: System, given: Mapping[str, Path], dt: float) -> dict[str, Path]:
    """A path for every lever: given ones, checked to lie on the step grid, and defaults for the rest.

    A lever without a default that is given counts as set throughout, unless `<name>_set` says otherwise.

    Raises:
        InputError: if there is no such lever or a knot lies off the grid.
    """
    declared = {**system.levers, **system.switches}
    allowed = {*declared, *(f"{name}_set" for name, lever in declared.items() if lever.default is None)}
    paths = {}
    for name, lever in declared.items():
        paths[name] = constant(0.0 if lever.default is None else lever.default)
        if lever.default is None and name in given:
            paths[f"{name}_set"] = constant(1.0)
    for name, path in given.items():
        if name not in allowed:
            raise InputError(f"levers: there is no '{name}'{nearest(name, allowed)}")
        for time in path.off_grid(dt):
            low = np.floor(time / dt) * dt
            raise InputError(
                f"levers.{name}: the date {time:.10g} is not on the step grid; nearest: {low:.10g} and {low + dt:.10g}"
            )
        paths[name] = path
    return paths


def series_on_grid(system: System, given: Mapping[str, Path], dt: float) -> dict[str, Path]:
    """The path of every series of the system, its dates moved to the nearest point of the grid.

    Raises:
        InputError: if the evidence lacks a series.
    """
    missing = [name for name in system.series if name not in given]
    if missing:
        raise InputError(f"evidence: no input series '{missing[0]}'{nearest(missing[0], given)}")
    return {name: given[name].snapped(dt) for name in system.series}


def simulate(
    system: System,
    parameters: Mapping[str, Any] | None = None,
    levers: Mapping[str, Path] | None = None,
    *,
    series: Mapping[str, Path],
    scenarios: Mapping[str, Mapping[str, Path]] | None = None,
    scenario_parameters: Mapping[str, Mapping[str, float]] | None = None,
    simulation: Simulation = Simulation(),
    engine: str = "auto",
) -> "xr.DataTree":
    """Run a system under scenarios and members in one batch.

    Args:
        parameters: number or array (member,) by scalar name; member 0 is the central one.
        levers: paths of one scenario called "run"; or `scenarios`, paths by scenario and lever.
        series: paths of the data inputs by name.
        scenario_parameters: numbers that replace a parameter in one scenario, for all members.

    Returns:
        A tree with `/annual` (scenario, member, year[, element]): every reported outcome; and `/trajectories`
        (scenario, time[, element]): every variable of member 0 at the save interval; `/parameters`
        (parameter, member): the values each member ran with, but for `scenario_parameters`. Its attribute
        `certificate` is the run's numerical certificate (see `engine.certificate`), as JSON.

    Raises:
        InputError: for unknown names, dates off the grid and numbers that are none.
    """
    given = dict(parameters or {})
    cases = scenarios if scenarios is not None else {"run": levers or {}}
    members = max([np.size(value) for value in given.values()], default=1)
    grid = simulation.grid()
    # Dates of data are moved to this grid once, so that a finer one, for the certificate, reads the same dates.
    dated = series_on_grid(system, series, grid.dt)

    def packed(on: Grid) -> Batch:
        return pack(system, given, cases, scenario_parameters or {}, dated, on)

    batch = packed(grid)
    run = engine_named(engine)
    outcomes, recorded = simulate_annual(system, grid, batch, simulation.method, run)
    central = central_trajectories(system, grid, batch, members, simulation.method, run)
    subject = certificate.Subject(grid, batch, members, simulation.method, recorded, outcomes, central)
    every = round(simulation.save_every / grid.dt)
    return dataset.tree(
        system,
        dataset.annual(system, outcomes, list(cases), members, simulation.years),
        dataset.trajectories(system, central, list(cases), grid.times, every),
        dataset.parameters(system, batch.parameters[:, :members]),
        certificate.certify(system, subject, packed, run),
    )


def pack(
    system: System,
    parameters: Mapping[str, Any],
    cases: Mapping[str, Mapping[str, Path]],
    case_parameters: Mapping[str, Mapping[str, float]],
    series: Mapping[str, Path],
    grid: Grid,
) -> Batch:
    """The batch of every member under every scenario: scenarios one after the other, members within each."""
    members = max([np.size(value) for value in parameters.values()], default=1)
    for case in case_parameters:
        if case not in cases:
            raise InputError(f"scenario parameters: there is no scenario '{case}'{nearest(case, cases)}")
    blocks = [parameter_array(system, {**parameters, **case_parameters.get(case, {})}, members) for case in cases]
    paths = [every_lever(system, case, grid.dt) for case in cases.values()]
    shape = np.repeat(np.arange(len(cases)), members)
    inputs = series_on_grid(system, series, grid.dt)
    return batch_of(system.program, grid, np.concatenate(blocks, axis=1), inputs, paths, shape)
