"""Does the exported model give the same numbers in engines that nobody here wrote, and read back in ours?

`make agreement` prints a table.

    python -m benchmarks.agreement [SCENARIO ...]

What an engine cannot do is worked around here by name, and listed in docs/exchange.md:
pysimlin takes DELAY for DELAY1 without a word: fixed delays are written as stocks (`exact_delays`).
PySD runs Euler whatever method is asked for, and rounds the points of graphical functions to eight digits.
"""

import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from pujiang.api.model import Model
from pujiang.engine.simulate import Simulation, engine_named
from pujiang.exchange.case import Case, case_of, courses
from pujiang.exchange.quantities import Names, Quantity
from pujiang.exchange.read import read
from pujiang.exchange.xmile import File, xmile
from pujiang.experiment.inputs import series_profiles

Columns = Mapping[str, Any]

STEP = 0.25
"""Years: both sides of a comparison take the same, so a coarse one shows as much."""


def case(model: Model, scenario: str = "baseline", method: str = "euler", last_year: int = 2030) -> Case:
    """The shipped model under a scenario."""
    first = model.system.calendar.first_year
    simulation = Simulation(first, last_year, STEP, method, STEP)  # type: ignore[arg-type]
    chosen = model.configure(scenario).scenarios[-1]
    return case_of(model.system, chosen, series_profiles(model.evidence()), model.fit(), simulation)


def largest_difference(case: Case, names: Names, theirs: Columns) -> tuple[float, str]:
    """The largest difference of any variable at any step, relative to its largest value over the run, and whose it is.

    Numbers of theirs that are none count as infinitely far.
    """
    found = (0.0, "")
    for scalar, values in courses(case, engine_named("auto")).items():
        name, _, element = scalar.partition(".")
        if case.system.variables[name].kind == "initial":
            continue  # an opening value is that of its stock at the first step
        scale = np.abs(values).max() or 1.0
        difference = float(np.abs(theirs[names(name, element or None)] - values).max() / scale)
        found = max(found, (difference if np.isfinite(difference) else np.inf, scalar))
    return found


def simlin(case: Case, folder: Path, *, arrays: bool = False) -> tuple[float, str]:
    """The largest difference from a run of the exported file in pysimlin."""
    import simlin

    file = xmile(case, "model", exact_delays=True, arrays=arrays)
    path = folder / "model.xmile"
    path.write_text(file.text, encoding="utf-8")
    results = simlin.load(path).run(analyze_loops=False).results
    return largest_difference(case, file.names, {name: results[name].to_numpy() for name in results.columns})


def read_back(case: Case, folder: Path, *, arrays: bool = False) -> tuple[float, str]:
    """The largest difference from a run of the exported file as we read it."""
    file = xmile(case, "model", exact_delays=True, arrays=arrays)
    path = folder / "back.xmile"
    path.write_text(file.text, encoding="utf-8")
    model = read(path)
    if (model.grid, model.method) != (case.grid, case.method):
        return np.inf, "the run"
    ran = courses(Case(model.system, {}, {}, model.grid, model.method), engine_named("auto"))
    theirs = {
        f"{name}[{','.join(elements)}]" if elements else name: ran[ours]
        for (name, elements), ours in model.names.items()
        if ours in ran
    }
    return largest_difference(case, file.names, theirs)


@dataclass
class Translated:
    """The baseline translated by PySD, once: translating takes longer than all runs. Inputs that a scenario changes
    are given to it, and taken back before the next."""

    file: File
    model: Any
    given: dict[str, Any] = field(default_factory=dict)

    def difference(self, case: Case) -> tuple[float, str]:
        """The largest difference of a scenario's run.

        Raises:
            ValueError: if a scenario differs from the baseline in more than inputs.
        """
        baseline = {q.name: q for q in self.file.quantities}
        changed = [q for q in xmile(case, "model", exact_delays=True).quantities if q.cells != baseline[q.name].cells]
        inputs = {*case.system.levers, *case.system.parameters, *(f"{name}_set" for name in case.system.levers)}
        if others := {q.name for q in changed} - inputs:
            raise ValueError(f"a scenario changes {sorted(others)}")
        undone = {name: _given(baseline[name]) for name in self.given}
        self.given = {q.name: _given(q) for q in changed}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = self.model.run(params={**undone, **self.given})
        theirs = {name.replace(" ", "_"): results[name].to_numpy() for name in results.columns}
        return largest_difference(case, self.file.names, theirs)


def translated(case: Case, folder: Path) -> Translated:
    """The exported file as PySD's model; laying out its Python anew, half the time, is left out."""
    import pysd
    from pysd.builders.python import python_model_builder

    file = xmile(case, "baseline", exact_delays=True)
    path = folder / "model.xmile"
    path.write_text(file.text, encoding="utf-8")
    untouched = patch.object(python_model_builder.black, "format_file_contents", lambda text, **_: text)
    with untouched, np.printoptions(precision=17), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Translated(file, pysd.read_xmile(str(path)))


def _given(quantity: Quantity) -> Any:
    """An input as PySD takes it: a number, or values over time."""
    import pandas as pd

    text, points = quantity.cells[None]
    return float(text) if points is None else pd.Series(*np.array(points).T[::-1])


def main(scenarios: Sequence[str]) -> None:
    """Print a table: a line a scenario, engine and method."""
    model = Model()
    print("| scenario | engine | method | largest relative difference | variable |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        pysd = translated(case(model), Path(folder))
        for scenario in scenarios or sorted(model.options("scenario")):
            rk4, euler = case(model, scenario, "rk4"), case(model, scenario)
            rows = [
                ("pysimlin", "Runge-Kutta", simlin(rk4, Path(folder))),
                ("pysimlin, arrays", "Euler", simlin(euler, Path(folder), arrays=True)),
                ("PySD", "Euler", pysd.difference(euler)),
                ("Pujiang, read back", "Runge-Kutta", read_back(rk4, Path(folder))),
            ]
            for engine, method, (difference, where) in rows:
                print(f"| {scenario} | {engine} | {method} | {difference:.1e} | {where} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
