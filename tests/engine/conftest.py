"""Running a small system on the reference engine and looking at every variable at every step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from pujiang.declare import unit
from pujiang.engine import reference
from pujiang.engine.batch import Batch, Floats, Grid, Record, Recorded, batch_of
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import every_lever, parameter_array, series_on_grid
from pujiang.engine.system import System, build
from pujiang.errors import ModelError

UNITS = (
    unit("billion_yuan", "Billion yuan."),
    unit("firm", "Firm."),
    unit("person", "Person."),
)

START = 2015.0


def batch(
    system: System,
    grid: Grid,
    parameters: Mapping[str, Any],
    levers: Sequence[Mapping[str, Profile]],
    series: Mapping[str, Profile],
) -> Batch:
    """A batch of every member under every set of lever paths."""
    members = max([np.size(v) for v in parameters.values()], default=1)
    values = parameter_array(system, parameters, members)
    paths = [every_lever(system, given, grid.dt) for given in levers]
    shape = np.repeat(np.arange(len(levers)), members)
    inputs = series_on_grid(system, series, grid.dt)
    return batch_of(system.program, grid, np.tile(values, len(levers)), inputs, paths, shape)


def run(
    system: System,
    *,
    years: float = 3.0,
    dt: float = 1 / 16,
    method: str = "rk4",
    start: float = START,
    parameters: Mapping[str, Any] | None = None,
    levers: Mapping[str, Profile] | None = None,
    series: Mapping[str, Profile] | None = None,
) -> dict[str, Floats]:
    """Every variable (step + 1, run) by scalar name, what each flow moved under `<name>:moved`, and `time`."""
    grid = Grid(start, round(years / dt), dt)
    names = [s for name in system.variables for s in system.scalar_names(name)]
    flows = [s for name in system.flow_ends for s in system.scalar_names(name)]
    lines = system.program.lines
    record = Record(tuple(lines[n] for n in names), tuple(lines[n] for n in flows), 1)
    packed = batch(system, grid, parameters or {}, [levers or {}], series or {})
    recorded: Recorded = reference.run(system.program, grid, packed, record, method)
    out = {name: recorded.snapshots[:, i] for i, name in enumerate(names)}
    out.update({f"{name}:moved": recorded.integrals[:, i] for i, name in enumerate(flows)})
    return {**out, "time": grid.times}


def faults(*sectors: Any) -> list[str]:
    """The faults of a model that must not build."""
    with pytest.raises(ModelError) as caught:
        build(sectors, UNITS)
    return str(caught.value).splitlines()


@pytest.fixture
def course() -> Callable[..., dict[str, Floats]]:
    """`run`: a system's variables step by step."""
    return run


@pytest.fixture
def faults_of() -> Callable[..., list[str]]:
    """`faults`: what `build` lists."""
    return faults
