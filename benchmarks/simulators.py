"""Other simulators on the small model: both read the XMILE file and run one member at a time."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks import small_model
from pujiang.engine.batch import Floats

Runner = Callable[[Mapping[str, Floats]], Floats]
"""Outcomes (year, outcome, member) from parameters (member,) by name."""

_YEARS = slice(0, None, small_model.STEPS_A_YEAR)


def pysimlin() -> Runner:
    """pysimlin: compiled once, reset for every member (its fastest way)."""
    import simlin

    simulation = simlin.load(small_model.XMILE).simulate()

    def run(values: Mapping[str, Floats]) -> Floats:
        members = []
        for k in range(len(next(iter(values.values())))):
            simulation.reset()
            for name, value in values.items():
                simulation.set_value(name, float(value[k]))
            simulation.run_to_end()
            members.append([simulation.get_series(name)[_YEARS] for name in small_model.OUTCOMES])
        return np.array(members).transpose(2, 1, 0)

    return run


def pysd() -> Runner:
    """PySD: translated to Python once, run for every member."""
    import pysd as package

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(tempfile.mkdtemp())
        model = package.read_xmile(str(shutil.copy(small_model.XMILE, folder)))

    def run(values: Mapping[str, Floats]) -> Floats:
        members = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for k in range(len(next(iter(values.values())))):
                given = {name: float(value[k]) for name, value in values.items()}
                table = model.run(params=given, return_columns=list(small_model.OUTCOMES))
                members.append(table[list(small_model.OUTCOMES)].to_numpy()[_YEARS].T)
        return np.array(members).transpose(2, 1, 0)

    return run
