"""Does the engine of the page give what the reference engine gives: all outcomes, scenarios and members?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pujiang.results.page
from pujiang.api.model import Model
from pujiang.engine import reference
from pujiang.engine.annual import simulate_annual
from pujiang.engine.browser import lines, outcomes_written
from pujiang.engine.simulate import pack
from pujiang.experiment.run import inputs_of
from pujiang.operations import EVALUATE

from .conftest import MEMBERS

SCRIPTS = Path(pujiang.results.page.__file__).parent / "script"

EVERY_RUN = """
() => {
  %s
  const data = JSON.parse(document.getElementById("content").textContent);
  const ensemble = { defaults: unpacked(data.defaults), varying: data.varying, values: unpacked(data.members.values) };
  return data.scenarios.map((scenario) => {
    const inputs = caseInputs(program, data.grid, data.levers, data.series, scenario.settings);
    const timed = timedValues(program, data.grid, inputs);
    const members = [...Array(data.members.count).keys()];
    return members.map((member) => {
      const parameters = memberParameters(ensemble, member, scenario.parameters);
      return Array.from(simulate(program, data.grid, parameters, inputs, timed));
    });
  });
}
"""


def test_is_there_a_pattern_for_every_operation() -> None:
    assert set(lines.PATTERNS) == set(EVALUATE)


@pytest.mark.parametrize("x", [-1.0, 0.0, 0.25, 1.0, 1.7, 2.0, 5.0])
def test_is_a_table_read_as_numpy_reads_it(x: float) -> None:
    points = ((0.0, 2.0), (1.0, 4.0), (2.0, -1.0))
    text = lines.lookup(points, "x").replace("!==", "!=")
    while " ? " in text:  # JavaScript's choice as Python's, the innermost first
        head, _, tail = text.rpartition(" ? ")
        condition = head.rpartition("(")[2].rpartition(" : ")[2]
        value, _, other = tail.partition(" : ")
        text = f"{head.removesuffix(condition)}{value} if {condition} else {other}"
    assert eval(text, {"x": x, "NaN": np.nan}) == np.interp(x, *zip(*points, strict=True))


def test_the_engine_of_the_page_agrees_with_the_reference(opened: Callable[..., Any], model: Model) -> None:
    page = opened()
    found = np.array(page.evaluate(EVERY_RUN % (SCRIPTS / "members.js").read_text(encoding="utf-8")))
    system = model.system
    config = model.configure(list(model.options("scenario")), ensemble=MEMBERS)
    given = inputs_of(config, system, model.evidence(), model.fit())
    grid = config.simulation.grid()
    batch = pack(system, given["parameters"], given["scenarios"], given["scenario_parameters"], given["series"], grid)
    outcomes, _ = simulate_annual(system, grid, batch, config.simulation.method, reference.run)
    expected = np.stack([outcomes[name] for name in outcomes_written(system)])  # outcome, year, run
    found = found.reshape(batch.runs, *expected.shape[:2]).transpose(1, 2, 0)
    largest = np.abs(expected).max(axis=1, keepdims=True)
    assert np.isfinite(found).all()
    assert (np.abs(found - expected) / np.where(largest == 0, 1, largest)).max() < 1e-9
