"""Does PySD find the same numbers in the exported model, by Euler's method, every variable at every step?"""

import pytest

from benchmarks.agreement import Translated, case, translated
from pujiang.api.model import Model

AGREES = 1e-9


def asked() -> list[object]:
    """Every shipped scenario; those beyond which no lever and no shape of a setting is new are left to the slow."""
    model = Model()
    found = {
        scenario.name: {*scenario.levers, *((s.path and "path") or s.shape for s in scenario.levers.values())}
        for scenario in model.configure(sorted(model.options("scenario"))).scenarios
    }
    chosen, left = ["baseline"], set().union(*found.values())
    while left:
        most = max(found, key=lambda name: len(found[name] & left))
        chosen.append(most)
        left -= found[most]
    return [name if name in chosen else pytest.param(name, marks=pytest.mark.slow) for name in found]


@pytest.fixture(scope="module")
def pysd_model(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Translated:
    return translated(case(model), tmp_path_factory.mktemp("pysd"))


@pytest.mark.parametrize("scenario", asked())
def test_pysd_finds_the_same(model: Model, pysd_model: Translated, scenario: str) -> None:
    difference, where = pysd_model.difference(case(model, scenario))
    assert difference < AGREES, where
    assert bool(pysd_model.given) == (scenario != "baseline")
