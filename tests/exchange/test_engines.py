"""Do engines nobody here wrote find the same numbers in the exported model, every variable at every step?

What an engine cannot do is worked around here by name, and listed in docs/exchange.md:
pysimlin takes DELAY for DELAY1 without a word: fixed delays are written as stocks (`exact_delays`).
PySD runs Euler whatever method is asked for, and rounds the points of graphical functions to eight digits.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pujiang.api.model import Model
from pujiang.engine.simulate import engine_named
from pujiang.exchange.case import Case, courses
from pujiang.exchange.quantities import Names, Quantity
from pujiang.exchange.xmile import File, xmile

MakeCase = Callable[..., Case]
Columns = Mapping[str, Any]

SCENARIOS = sorted(Model().options("scenario"))
AGREES = 1e-9


def largest_difference(case: Case, names: Names, theirs: Columns) -> tuple[float, str]:
    """The largest difference of any variable, relative to its largest value over the run, and whose it is."""
    found = (0.0, "")
    for scalar, values in courses(case, engine_named("auto")).items():
        name, _, element = scalar.partition(".")
        if case.system.variables[name].kind == "initial":
            continue  # an opening value is that of its stock at the first step
        column = theirs[names(name, element or None)]
        scale = np.abs(values).max() or 1.0
        assert np.isfinite(column).all(), scalar
        found = max(found, (float(np.abs(column - values).max() / scale), scalar))
    return found


def simlin_run(file: File, folder: Path) -> Columns:
    import simlin

    path = folder / "model.xmile"
    path.write_text(file.text, encoding="utf-8")
    results = simlin.load(path).run(analyze_loops=False).results
    return {name: results[name].to_numpy() for name in results.columns}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_simlin_finds_the_same_by_runge_kutta(case: MakeCase, scenario: str, tmp_path: Path) -> None:
    ours = case(scenario, "rk4")
    file = xmile(ours, scenario, exact_delays=True)
    difference, where = largest_difference(ours, file.names, simlin_run(file, tmp_path))
    assert difference < AGREES, where


@pytest.mark.parametrize("scenario", ["baseline", "new_core"])
def test_simlin_finds_the_same_by_euler_in_arrays(case: MakeCase, scenario: str, tmp_path: Path) -> None:
    ours = case(scenario, "euler")
    file = xmile(ours, scenario, exact_delays=True, arrays=True)
    difference, where = largest_difference(ours, file.names, simlin_run(file, tmp_path))
    assert difference < AGREES, where


@pytest.fixture(scope="module")
def pysd_model(case: MakeCase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[File, Any, dict[str, Any]]]:
    """The baseline translated by PySD, once; laying out its Python anew, half the time, is left out."""
    import pysd
    from pysd.builders.python import python_model_builder

    ours = case("baseline")
    file = xmile(ours, "baseline", exact_delays=True)
    path = tmp_path_factory.mktemp("pysd") / "model.xmile"
    path.write_text(file.text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched, np.printoptions(precision=17):
        patched.setattr(python_model_builder.black, "format_file_contents", lambda text, **_: text)
        yield file, pysd.read_xmile(str(path)), {}


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # of its use of pandas
@pytest.mark.filterwarnings("ignore:Replacing a constant value:UserWarning")  # what is meant here
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_pysd_finds_the_same(case: MakeCase, pysd_model: tuple[File, Any, dict[str, Any]], scenario: str) -> None:
    """A scenario's inputs are given to the translated baseline: translating takes longer than all runs."""
    file, model, undo = pysd_model
    ours = case(scenario)
    baseline = {q.name: q for q in file.quantities}
    changed = [q for q in xmile(ours, scenario, exact_delays=True).quantities if q.cells != baseline[q.name].cells]
    assert bool(changed) == (scenario != "baseline")
    inputs = {*ours.system.levers, *ours.system.parameters, *(f"{name}_set" for name in ours.system.levers)}
    assert {q.name for q in changed} <= inputs
    results = model.run(params={**undo, **{q.name: given(q) for q in changed}})
    undo.update({q.name: given(baseline[q.name]) for q in changed})
    theirs = {name.replace(" ", "_"): results[name].to_numpy() for name in results.columns}
    difference, where = largest_difference(ours, file.names, theirs)
    assert difference < AGREES, where


def given(quantity: Quantity) -> Any:
    """An input as PySD takes it: a number, or values over time."""
    import pandas as pd

    text, points = quantity.cells[None]
    return float(text) if points is None else pd.Series(*np.array(points).T[::-1])
