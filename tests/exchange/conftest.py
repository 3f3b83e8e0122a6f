"""The shipped model under a scenario, as what is exported of it."""

from collections.abc import Callable

import pytest

from benchmarks import agreement
from pujiang.api.model import Model
from pujiang.exchange.case import Case

MakeCase = Callable[..., Case]


@pytest.fixture(scope="session")
def case(model: Model) -> MakeCase:
    """The case of a scenario by name, with a coarse step."""
    return lambda *asked, **how: agreement.case(model, *asked, **how)
