"""What is run: the model, and the small one, with parameters that differ by member."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks import small_model
from pujiang.api.model import Model
from pujiang.declare import unit
from pujiang.engine.annual import annual_record
from pujiang.engine.batch import Batch, Floats, Grid, Record, batch_of
from pujiang.engine.program import Program
from pujiang.engine.simulate import Simulation, pack
from pujiang.engine.system import System, build, parameter_default
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.levers import LeverSetting

UNITS = (
    unit("billion_yuan", "Billion yuan."),
    unit("firm", "Firm."),
    unit("million_m2", "Million m2."),
    unit("person", "Person."),
)


@dataclass(frozen=True)
class Subject:
    """A batch ready to run, and what to keep of it."""

    program: Program
    grid: Grid
    batch: Batch
    record: Record
    method: str


def model(members: int, dt: float = 1 / 16, seed: int = 0) -> Subject:
    """The model as shipped, 2015 to 2030, annual outcomes; uncertain parameters up to 10 % from declared values."""
    shipped = Model()
    system = shipped.system
    grid = Simulation(*system.calendar.run[:2], dt).grid()
    draws = np.random.default_rng(seed)
    values: dict[str, Floats] = {}
    for name in system.parameter_names:
        declared = system.parameters[name.partition(".")[0]]
        values[name] = np.full(members, parameter_default(system, name))
        if declared.prior is not None and declared.bounds is not None:
            values[name] = np.clip(values[name] * draws.uniform(0.9, 1.1, members), *declared.bounds)
    series = series_profiles(shipped.evidence())
    cases = {"baseline": lever_profiles(system, {}, series, dt)}
    return Subject(
        system.program, grid, pack(system, values, cases, {}, series, grid), annual_record(system, dt), "rk4"
    )


def scenarios(count: int, members: int) -> Subject:
    """The model under scenarios that differ in the height of one lever from the first year of policy on."""
    s, shipped = model(members), Model()
    system, series = shipped.system, series_profiles(shipped.evidence())
    name = next(name for name, lever in system.levers.items() if lever.default is not None)
    low, high = system.levers[name].bounds
    cases = {
        str(i): lever_profiles(system, {name: LeverSetting(target=float(x))}, series, s.grid.dt)
        for i, x in enumerate(np.linspace(low, high, count))
    }
    values = dict(zip(system.parameter_names, s.batch.parameters, strict=True))
    return replace(s, batch=pack(system, values, cases, {}, series, s.grid))


def everything(subject: Subject) -> Record:
    """A record of every variable, four times a year."""
    return Record(tuple(subject.program.lines.values()), (), round(0.25 / subject.grid.dt))


def small_system() -> System:
    """The small model."""
    return build([small_model.firms], UNITS)


def small_values(members: int, seed: int = 0) -> dict[str, Floats]:
    """Parameters of the small model that differ by member, by name (member,)."""
    system, draws = small_system(), np.random.default_rng(seed)
    return {n: parameter_default(system, n) * draws.uniform(0.9, 1.1, members) for n in small_model.VARIED}


def small(members: int, seed: int = 0) -> Subject:
    """The small model by Euler's method, its outcomes once a year."""
    system, values = small_system(), small_values(members, seed)
    parameters = np.array(
        [values.get(n, np.full(members, parameter_default(system, n))) for n in system.parameter_names]
    )
    per_year = small_model.STEPS_A_YEAR
    grid = Grid(2015.0, small_model.YEARS * per_year, 1 / per_year)
    batch = batch_of(system.program, grid, parameters, {}, [{}], np.zeros(members, dtype=np.int64))
    record = Record(tuple(system.program.lines[n] for n in small_model.OUTCOMES), (), per_year)
    return Subject(system.program, grid, batch, record, "euler")
