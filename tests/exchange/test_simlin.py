"""Does pysimlin find the same numbers in the exported model, every variable at every step?"""

from pathlib import Path

import pytest

from benchmarks.agreement import case, largest_difference, simlin
from pujiang.api.model import Model
from pujiang.engine.simulate import engine_named
from pujiang.exchange.case import courses
from pujiang.exchange.xmile import xmile

SCENARIOS = sorted(Model().options("scenario"))
AGREES = 1e-9


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_simlin_finds_the_same_by_runge_kutta(model: Model, scenario: str, tmp_path: Path) -> None:
    difference, where = simlin(case(model, scenario, "rk4"), tmp_path)
    assert difference < AGREES, where


@pytest.mark.parametrize("scenario", ["baseline", "new_core"])
def test_simlin_finds_the_same_by_euler_in_arrays(model: Model, scenario: str, tmp_path: Path) -> None:
    difference, where = simlin(case(model, scenario), tmp_path, arrays=True)
    assert difference < AGREES, where


def test_a_difference_is_seen(model: Model) -> None:
    """One scenario is not taken for another."""
    ours, other = case(model, "new_core"), case(model)
    names = xmile(ours, "ours").names
    kinds = {name: variable.kind for name, variable in other.system.variables.items()}
    theirs = {
        names(*_split(scalar)): values
        for scalar, values in courses(other, engine_named("auto")).items()
        if kinds[_split(scalar)[0]] != "initial"
    }
    difference, where = largest_difference(ours, names, theirs)
    assert difference > 1e-3
    assert where


def _split(scalar: str) -> tuple[str, str | None]:
    name, _, element = scalar.partition(".")
    return name, element or None
