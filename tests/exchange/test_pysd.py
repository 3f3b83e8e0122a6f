"""Does PySD find the same numbers in the exported model, by Euler's method, every variable at every step?"""

import pytest

from benchmarks.agreement import Translated, case, translated
from pujiang.api.model import Model

SCENARIOS = sorted(Model().options("scenario"))
AGREES = 1e-9


@pytest.fixture(scope="module")
def pysd_model(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Translated:
    return translated(case(model), tmp_path_factory.mktemp("pysd"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_pysd_finds_the_same(model: Model, pysd_model: Translated, scenario: str) -> None:
    difference, where = pysd_model.difference(case(model, scenario))
    assert difference < AGREES, where
    assert bool(pysd_model.given) == (scenario != "baseline")
