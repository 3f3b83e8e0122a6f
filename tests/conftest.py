"""What every test may ask for."""

import pytest


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
