"""The shipped model under a scenario, as what is exported of it."""

from collections.abc import Callable, Mapping

import pytest

from pujiang.api import configure
from pujiang.engine.paths import Path
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System
from pujiang.exchange.case import Case, case_of
from pujiang.experiment.fit import Fit

MakeCase = Callable[..., Case]


@pytest.fixture(scope="session")
def case(system: System, series: Mapping[str, Path], fit: Fit) -> MakeCase:
    """The case of a scenario by name, with a coarse step: both sides of a comparison take the same."""

    def make(scenario: str = "baseline", method: str = "euler", dt: float = 0.25, last_year: int = 2030) -> Case:
        simulation = Simulation(2015, last_year, dt, method, dt)  # type: ignore[arg-type]
        return case_of(system, configure(scenario, system=system).scenarios[-1], series, fit, simulation)

    return make
