"""What every test may ask for."""

import os
from collections.abc import Mapping

import pytest
from hypothesis import settings

from pujiang.api.model import Model
from pujiang.engine.profiles import Profile
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import series_profiles

# Processes that tests start read what was compiled before them: to compile the package takes a second each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# The same cases every time, however long a busy machine takes over them.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-baselines",
        action="store_true",
        help="write the frozen trajectories anew instead of comparing with them",
    )


@pytest.fixture
def refresh_baselines(request: pytest.FixtureRequest) -> bool:
    """Whether this run writes the frozen trajectories instead of comparing with them."""
    return bool(request.config.getoption("--refresh-baselines"))


@pytest.fixture(scope="session")
def model() -> Model:
    """The project as shipped."""
    return Model()


@pytest.fixture(scope="session")
def system(model: Model) -> System:
    """The model as shipped."""
    return model.system


@pytest.fixture(scope="session")
def evidence(model: Model) -> Evidence:
    """The evidence as shipped."""
    return model.evidence()


@pytest.fixture(scope="session")
def series(evidence: Evidence) -> Mapping[str, Profile]:
    """The shipped input series as paths."""
    return series_profiles(evidence)


@pytest.fixture(scope="session")
def fit(model: Model) -> Fit:
    """The shipped fit."""
    return model.fit()
