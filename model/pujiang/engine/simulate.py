"""Simulation with labels: a system, its inputs by name, and the results as xarray.

Inside, runs are bare arrays; scenarios and members are one batch. A run has no state and leaves none.
"""

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pujiang.engine import certificate, dataset, reference
from pujiang.engine.annual import simulate_annual
from pujiang.engine.batch import METHODS, Batch, Engine, Floats, Grid, Method, batch_of, in_few_shapes
from pujiang.engine.central import central_trajectories
from pujiang.engine.profiles import Profile, constant
from pujiang.engine.system import System, parameter_default
from pujiang.errors import InputError, nearest
from pujiang.labelled import Tree, dataset_in_xarray, in_xarray
from pujiang.options import option

if TYPE_CHECKING:
    import xarray as xr

EngineName = Literal["auto", "kernel", "reference"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


MOST_YEARS = 10_000
COARSEST, FINEST = 8, 1024
"""Steps to the year of a configured run: coarser misses the breaks of the data, finer only costs."""


@dataclass(frozen=True)
class Simulation:
    """How to run: calendar years, step (a part of a year), method, and how often trajectories are saved."""

    first_year: int = option(doc="the year of the opening stocks")
    last_year: int = option(doc="the last calendar year")
    dt: float = option(1 / 16, kind="part of a year", low=COARSEST, high=FINEST, doc="the step, in years")
    method: Method = option("rk4", doc="how steps are taken")
    save_every: float = option(
        0.25, kind="part of a year", low=1, high=FINEST,
        doc="how often trajectories are saved, in years; a whole number of steps",
    )  # fmt: skip

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
        if self.last_year - self.first_year > MOST_YEARS:
            raise InputError(f"simulation.last_year is {self.last_year}; allowed: {MOST_YEARS:,} years at most")
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
    places = _places(system)
    out = np.repeat(_defaults(system)[:, None], runs, axis=1)
    for name, found in given.items():
        if name not in places:
            raise InputError(f"parameters: there is no '{name}'{nearest(name, places)}")
        value = np.asarray(found)
        if value.dtype.kind not in "biuf" or not np.isfinite(value).all():
            raise InputError(f"parameters.{name}: found a value that is not a finite number")
        if value.size not in (1, runs):
            raise InputError(f"parameters.{name}: found {value.size} values; allowed: 1, or {runs} as others have")
        out[places[name]] = value
    return out


@lru_cache(maxsize=8)
def _places(system: System) -> dict[str, int]:
    return {name: place for place, name in enumerate(system.parameter_names)}


@lru_cache(maxsize=8)
def _defaults(system: System) -> Floats:
    return np.array([parameter_default(system, name) for name in system.parameter_names])


def every_lever(system: System, given: Mapping[str, Profile], dt: float) -> dict[str, Profile]:
    """A profile for every lever: given ones, checked to lie on the step grid, and defaults for the rest.

    A lever without a default that is given counts as set throughout, unless `<name>_set` says otherwise.

    Raises:
        InputError: if there is no such lever or a knot lies off the grid.
    """
    profiles = {}
    for name, lever in system.levers.items():
        profiles[name] = constant(0.0 if lever.default is None else lever.default)
        if lever.default is None:
            profiles[f"{name}_set"] = constant(float(name in given))
    for name, profile in given.items():
        if name not in profiles:
            raise InputError(f"levers: there is no '{name}'{nearest(name, profiles)}")
        profiles[name] = profile.on_grid(f"levers.{name}", dt)
    return profiles


def series_on_grid(system: System, given: Mapping[str, Profile], dt: float) -> dict[str, Profile]:
    """The profile of every series of the system, its dates moved to the nearest point of the grid.

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
    levers: Mapping[str, Profile] | None = None,
    *,
    series: Mapping[str, Profile],
    scenarios: Mapping[str, Mapping[str, Profile]] | None = None,
    scenario_parameters: Mapping[str, Mapping[str, float]] | None = None,
    simulation: Simulation | None = None,
    engine: str = "auto",
) -> "xr.DataTree":
    """Run a system under scenarios and members in one batch.

    Args:
        parameters: number or array (member,) by scalar name; member 0 is the central one.
        levers: profiles of one scenario called "run"; or `scenarios`, profiles by scenario and lever.
        series: profiles of the data inputs by name.
        scenario_parameters: numbers that replace a parameter in one scenario, for all members.
        simulation: years, step, method; by default the years of the system's calendar.

    Returns:
        A tree with `/annual` (scenario, member, year[, element]): every reported outcome; and `/trajectories`
        (scenario, time[, element]): every variable of member 0 at the save interval, and the courses of levers and
        series; `/parameters` (parameter, member): the values each member ran with, but for `scenario_parameters`.
        Its attribute `certificate` is the run's numerical certificate (see `engine.certificate`), as JSON.

    Raises:
        InputError: for unknown names, dates off the grid and numbers that are none.
    """
    return in_xarray(
        simulated(
            system,
            parameters,
            levers,
            series=series,
            scenarios=scenarios,
            scenario_parameters=scenario_parameters,
            simulation=simulation,
            engine=engine,
        )
    )


def simulated(
    system: System,
    parameters: Mapping[str, Any] | None = None,
    levers: Mapping[str, Profile] | None = None,
    *,
    series: Mapping[str, Profile],
    scenarios: Mapping[str, Mapping[str, Profile]] | None = None,
    scenario_parameters: Mapping[str, Mapping[str, float]] | None = None,
    simulation: Simulation | None = None,
    engine: str = "auto",
) -> Tree:
    """What `simulate` gives, in our own arrays: without xarray, whose import takes longer than a simulation."""
    cases = scenarios if scenarios is not None else {"run": levers or {}}
    simulation = simulation or Simulation(*system.calendar.run)
    grid = simulation.grid()
    # Dates are moved to this grid once, so that a finer one, for the certificate, reads the same dates.
    dated = series_on_grid(system, series, grid.dt)
    driven = {name: every_lever(system, given, grid.dt) for name, given in cases.items()}
    values = run_parameters(system, parameters or {}, cases, scenario_parameters or {})
    members = values.shape[1] // len(cases)

    def packed(on: Grid) -> Batch:
        return _batch(system, values, list(driven.values()), dated, on)

    batch = packed(grid)
    run = engine_named(engine)
    outcomes, recorded = simulate_annual(system, grid, batch, simulation.method, run)
    central = central_trajectories(system, grid, batch, members, simulation.method, run)
    subject = certificate.Subject(grid, batch, members, simulation.method, recorded, outcomes, central)
    every = round(simulation.save_every / grid.dt)
    return dataset.tree(
        system,
        dataset.annual(system, outcomes, list(cases), members, simulation.years),
        dataset.trajectories(system, central, driven, dated, grid.times, every),
        dataset.parameters(system, batch.parameters[:, :members]),
        certificate.certify(system, subject, packed, run),
    )


def simulate_outcomes(
    system: System,
    parameters: Mapping[str, Any],
    scenarios: Mapping[str, Mapping[str, Profile]],
    *,
    series: Mapping[str, Profile],
    scenario_parameters: Mapping[str, Mapping[str, float]],
    simulation: Simulation,
    engine: str = "auto",
) -> "xr.Dataset":
    """`/annual` of `simulate`, to the bit, and nothing else: no trajectories, no certificate, a third of the time."""
    grid = simulation.grid()
    batch = pack(system, parameters, scenarios, scenario_parameters, series, grid)
    outcomes, _ = simulate_annual(system, grid, batch, simulation.method, engine_named(engine))
    return dataset_in_xarray(
        dataset.annual(system, outcomes, list(scenarios), batch.runs // len(scenarios), simulation.years)
    )


def pack(
    system: System,
    parameters: Mapping[str, Any],
    cases: Mapping[str, Mapping[str, Profile]],
    case_parameters: Mapping[str, Mapping[str, float]],
    series: Mapping[str, Profile],
    grid: Grid,
) -> Batch:
    """The batch of every member under every scenario: scenarios one after the other, members within each."""
    values = run_parameters(system, parameters, cases, case_parameters)
    driven = [every_lever(system, case, grid.dt) for case in cases.values()]
    return _batch(system, values, driven, series_on_grid(system, series, grid.dt), grid)


def run_parameters(
    system: System,
    parameters: Mapping[str, Any],
    cases: Collection[str],
    case_parameters: Mapping[str, Mapping[str, float]],
) -> Floats:
    """The parameters (parameter, run) of every member under every scenario."""
    members = max([np.size(value) for value in parameters.values()], default=1)
    for case in case_parameters:
        if case not in cases:
            raise InputError(f"scenario parameters: there is no scenario '{case}'{nearest(case, cases)}")
    every = parameter_array(system, parameters, members)
    blocks = []
    for case in cases:
        own = case_parameters.get(case)
        blocks.append(parameter_array(system, {**parameters, **own}, members) if own else every)
    return np.concatenate(blocks, axis=1)


def _batch(
    system: System,
    parameters: Floats,
    driven: Sequence[Mapping[str, Profile]],
    dated: Mapping[str, Profile],
    grid: Grid,
) -> Batch:
    """The batch of parameters (parameter, run) as `run_parameters` gives them, with every lever of each scenario."""
    shape = np.repeat(np.arange(len(driven)), parameters.shape[1] // len(driven))
    return in_few_shapes(batch_of(system.program, grid, parameters, dated, driven, shape))
