"""Does the compiled engine give what the reference gives on the model itself?"""

import numpy as np

from pujiang.engine import kernel, reference
from pujiang.engine.batch import Batch, Floats, Grid, Record
from pujiang.engine.simulate import pack
from pujiang.engine.system import System, parameter_default
from pujiang.evidence import Evidence
from pujiang.experiment.inputs import lever_profiles, series_profiles
from pujiang.experiment.levers import LeverSetting

GRID = Grid(2015.0, 128, 1 / 8)


def drawn(system: System, evidence: Evidence, members: int, wild: float | Floats) -> Batch:
    """Members with parameters between their bounds, `wild` of the way (of each member) from declared values, in two
    scenarios."""
    draws = np.random.default_rng(11)
    values: dict[str, Floats] = {}
    for name in system.parameter_names:
        declared = system.parameters[name.partition(".")[0]]
        middle = parameter_default(system, name)
        values[name] = np.full(members, middle)
        if declared.bounds is not None:
            values[name] += wild * (draws.uniform(*declared.bounds, members) - middle)
    series = series_profiles(evidence)
    settings = {"exit_window": LeverSetting(target=1.0), "basic_share_target": LeverSetting(target=0.15)}
    cases = {
        "baseline": lever_profiles(system, {}, series, GRID.dt),
        "other": lever_profiles(system, settings, series, GRID.dt),
    }
    return pack(system, values, cases, {}, series, GRID)


def test_every_variable_is_the_references(system: System, evidence: Evidence) -> None:
    lines = tuple(system.program.lines.values())
    names = tuple(system.program.lines)
    record = Record(lines, lines, 2)
    batch = drawn(system, evidence, 200, np.repeat([0.3, 1.0], 100))
    found = kernel.run(system.program, GRID, batch, record, "rk4")
    expected = reference.run(system.program, GRID, batch, record, "rk4")
    assert np.isfinite(expected.lowest).all()
    for a, b in ((found.snapshots, expected.snapshots), (found.integrals, expected.integrals)):
        size = np.abs(b).max(axis=(0, 2))
        error = np.abs(a - b).max(axis=(0, 2)) / np.where(size == 0, 1.0, size)
        assert {n: e for n, e in zip(names, error, strict=True) if not e < 1e-10} == {}


def test_member_is_the_single_run_to_the_last_bit(system: System, evidence: Evidence) -> None:
    lines = tuple(system.program.lines.values())
    record = Record(lines, lines, 8)
    batch = drawn(system, evidence, 11, 0.3)
    together = kernel.run(system.program, GRID, batch, record, "rk4")
    for k in (0, 7, 21):
        alone = kernel.run(system.program, GRID, batch.part(k, k + 1), record, "rk4")
        assert alone.snapshots[..., 0].tobytes() == np.ascontiguousarray(together.snapshots[..., k]).tobytes()
        assert alone.integrals[..., 0].tobytes() == np.ascontiguousarray(together.integrals[..., k]).tobytes()
