"""Is what runs have in common run once, to the same bits?"""

from collections.abc import Mapping

import numpy as np
import pytest

from pujiang.engine.batch import Batch, Grid, Record
from pujiang.engine.kernel import compiled, history
from pujiang.engine.kernel.history import alike, parting_step, run_together
from pujiang.engine.kernel.runs import run_compiled
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import pack
from pujiang.engine.system import System, parameter_default
from pujiang.experiment.inputs import lever_profiles

GRID = Grid(2015.0, 128, 1 / 8)


def batch_of(system: System, series: Mapping[str, Profile], since: list[float], members: int) -> Batch:
    """Members that differ in their parameters, in a baseline and in cases whose lever is set from a date on."""
    draws = np.random.default_rng(3)
    values = {
        name: parameter_default(system, name) * draws.uniform(0.97, 1.03, members) for name in system.parameter_names
    }
    base = lever_profiles(system, {}, series, GRID.dt)
    cases = {"baseline": base}
    name, rests = next((n, v.default) for n, v in system.levers.items() if v.default and v.history is None)
    for place, date in enumerate(since):
        cases[f"{place}"] = base | {name: Profile((date,), (rests,), (rests * (1.1 + 0.1 * place),))}
    return pack(system, values, cases, {}, series, GRID)


@pytest.mark.parametrize("method", ["rk4", "euler"])
@pytest.mark.parametrize(
    ("since", "every", "parting"),
    [
        ([2026.0, 2027.0], 8, 88),
        ([2020.5, 2026.0], 8, 40),  # in the middle of a year: what is kept of it is of one run
        ([2020.5, 2026.0], 3, 42),
        ([2030.875], 8, 120),
        ([2015.0], 8, 0),
        ([], 8, 129),
    ],
)
def test_runs_with_a_history_in_common_have_the_bits_of_runs_alone(
    system: System, series: Mapping[str, Profile], since: list[float], every: int, parting: int, method: str
) -> None:
    batch = batch_of(system, series, since, 9)
    assert parting_step(batch, every) == parting
    lines = tuple(system.program.lines.values())
    record = Record(lines[::3], lines[1::5], every)
    kernel = compiled(system.program, (*record.snapshots, *record.integrals))
    whole = run_compiled(kernel, GRID, batch, record, method, 1)
    for threads in (1, 3):
        found = run_together(kernel, GRID, batch, record, method, threads)
        assert found.snapshots.tobytes() == whole.snapshots.tobytes()
        assert found.integrals.tobytes() == whole.integrals.tobytes()
        assert found.lowest.tobytes() == whole.lowest.tobytes()


def test_a_history_is_run_once_for_each_set_of_parameters(
    system: System, series: Mapping[str, Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(system, series, [2026.0] * 5, 8)
    first, which = alike(batch)
    assert first.tolist() == list(range(8))
    assert which.tolist() == list(range(8)) * 6
    steps = []

    def told(*given: object, **named: object) -> object:
        part = given[6] if len(given) > 6 else None
        steps.append((given[2].runs, part and part.stop - part.start))
        return run_compiled(*given, **named)

    monkeypatch.setattr(history, "run_compiled", told)
    record = Record(tuple(system.program.lines.values())[:1], (), 8)
    kernel = compiled(system.program, record.snapshots)
    run_together(kernel, GRID, batch, record, "rk4", 1)
    assert steps == [(8, 88), (48, 40)]
