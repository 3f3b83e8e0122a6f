"""The shipped model under a scenario, as what is exported of it; and models of other tools, as tests write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import agreement
from pujiang.api.model import Model
from pujiang.exchange.case import Case
from pujiang.exchange.read import Read, read
from tests.exchange.running import MakeModel, vensim_text

MakeCase = Callable[..., Case]


@pytest.fixture(scope="session")
def case(model: Model) -> MakeCase:
    """The case of a scenario by name, with a coarse step."""
    return lambda *asked, **how: agreement.case(model, *asked, **how)


@pytest.fixture
def vensim(tmp_path: Path) -> MakeModel:
    """A Vensim model of some equations, as it is read."""

    def make(*equations: str, **run: str | float) -> Read:
        path = tmp_path / "small.mdl"
        path.write_text(vensim_text(*equations, **run), encoding="utf-8")
        return read(path)

    return make
