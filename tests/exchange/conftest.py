"""The shipped model under a scenario, as what is exported of it."""

from collections.abc import Callable, Mapping

import pytest

from pujiang.api.model import Model
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation
from pujiang.exchange.case import Case, case_of
from pujiang.experiment.fit import Fit

MakeCase = Callable[..., Case]


@pytest.fixture(scope="session")
def case(model: Model, series: Mapping[str, Profile], fit: Fit) -> MakeCase:
    """The case of a scenario by name, with a coarse step: both sides of a comparison take the same."""

    def make(scenario: str = "baseline", method: str = "euler", dt: float = 0.25, last_year: int = 2030) -> Case:
        simulation = Simulation(2015, last_year, dt, method, dt)  # type: ignore[arg-type]
        return case_of(model.system, model.configure(scenario).scenarios[-1], series, fit, simulation)

    return make
