"""What every test may ask for."""

from collections.abc import Mapping

import pytest

from pujiang.configuration import shipped_folder
from pujiang.engine.paths import Path
from pujiang.engine.system import System
from pujiang.evidence import Evidence
from pujiang.evidence import load as load_evidence
from pujiang.experiment.fit import Fit
from pujiang.experiment.fit import load as load_fit
from pujiang.experiment.inputs import series_paths
from pujiang.experiment.model import load_model


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
def system() -> System:
    """The model as shipped."""
    return load_model()


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """The evidence as shipped."""
    return load_evidence()


@pytest.fixture(scope="session")
def series(evidence: Evidence) -> Mapping[str, Path]:
    """The shipped input series as paths."""
    return series_paths(evidence)


@pytest.fixture(scope="session")
def fit(system: System) -> Fit:
    """The shipped fit."""
    return load_fit(shipped_folder() / "fit" / "shipped.yaml", system)
