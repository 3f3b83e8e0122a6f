"""Are bands divided among what carries them, over what is believed and not over priors one by one?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pujiang.cli import main
from pujiang.declare import assumed, auxiliary, constant, normal, parameter, reported
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.evidence import NO_EVIDENCE
from pujiang.experiment import beliefs as module
from pujiang.experiment.beliefs import beliefs
from pujiang.experiment.discrepancy import NONE, Discrepancy
from pujiang.experiment.fit import Fit
from pujiang.experiment.scenario import RunConfig, Scenario
from pujiang.results import run_folder
from pujiang.results.bands import CURVATURE, INPUTS, MODEL, bands_table, believed_table
from pujiang.shanghai.calendar import CALENDAR


class line:
    """An outcome linear in three parameters and one left to chance; another that bends."""

    first = parameter(normal(0, 1), "1", "Acts.", bounds=(-9, 9), basis=assumed("test"))
    second = parameter(
        normal(0, 1), "1", "Goes with the first, and does not act.", bounds=(-9, 9), basis=assumed("test")
    )
    third = parameter(normal(0, 1), "1", "Acts alone.", bounds=(-9, 9), basis=assumed("test"))
    dice = parameter(normal(0, 1), "1", "Chance.", bounds=(-9, 9), basis=assumed("test"), chance=True)
    base = constant(100.0, "1", "Where it stands.", basis=assumed("test"))

    @auxiliary("1", reported=reported("mean"))
    def level(base, first, third, dice):
        """A level."""
        return base + 2 * first + third + dice

    @auxiliary("1", reported=reported("mean"))
    def bend(base, first):
        """No line shows it."""
        return base + first**2

    @auxiliary("1", reported=reported("mean"))
    def fixed(base):
        """Nothing moves it."""
        return base


SYSTEM = build([line], (), calendar=CALENDAR)
RHO = 0.8
CONFIG = RunConfig(Simulation(2015, 2030, dt=1 / 8, save_every=0.25), engine="reference")


def posterior(count: int = 2000) -> Fit:
    """Draws in which the first goes with the second, and a curvature that says so."""
    covariance = np.array([[1, RHO, 0], [RHO, 1, 0], [0, 0, 0.25]])
    factor = np.linalg.cholesky(covariance)
    z = factor @ np.random.default_rng(1).standard_normal((3, count))
    names = ("first", "second", "third")
    return Fit(dict.fromkeys(names, 0.0), factor, {}, dict(zip(names, z, strict=True)))


def found(system: System = SYSTEM, discrepancy: Discrepancy = NONE, **changes: Any) -> Any:
    settings = {"seed": 1, "discrepancy": discrepancy, **changes}
    config = settings.pop("config", CONFIG)
    return beliefs(system, NO_EVIDENCE, posterior(), config, ["level", "bend", "fixed"], **settings)


def last(table: pd.DataFrame, outcome: str, index: str) -> Any:
    return table[(table.outcome == outcome) & (table.year == 2030)].set_index(index).share


def test_are_shares_of_a_line_those_of_theory() -> None:
    """Variances: 4 of the first (divided with the second as two that go together), .25 of the third, 1 of chance."""
    shares = last(believed_table(found(), SYSTEM), "level", "input")
    whole = 4 + 0.25 + 1
    wanted = {"first": 4 * (1 - RHO**2 / 2), "second": 4 * RHO**2 / 2, "third": 0.25, "dice": 1.0}
    for name, share in wanted.items():
        assert shares[name] == pytest.approx(share / whole, abs=0.04), name
    assert shares.sum() == pytest.approx(1, abs=0.01)


def test_does_the_curvature_stand_apart_and_do_parts_add_up() -> None:
    table = bands_table(found(), SYSTEM)
    assert last(table, "bend", "part")[CURVATURE] > 0.95
    assert last(table, "level", "part").get(CURVATURE, 0.0) < 0.01
    assert last(table, "level", "part")[INPUTS] == pytest.approx(1 / 5.25, abs=0.04)
    sums = table.groupby(["outcome", "year"]).share.sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert "fixed" not in set(table.outcome)


def test_have_errors_of_the_model_their_share() -> None:
    """Variances: 5.25 of the model's own, 100 squared times that of the error."""
    spread = 0.03
    table = bands_table(found(discrepancy=Discrepancy({}, spread, 3.0)), SYSTEM)
    of_model = (100 * spread) ** 2
    assert last(table, "level", "part")[MODEL] == pytest.approx(of_model / (of_model + 5.25), abs=0.08)
    assert last(table, "fixed", "part").to_dict() == pytest.approx({MODEL: 1.0})


def test_does_change_say_where_an_outcome_goes_as_the_input_goes_up_with_its_company() -> None:
    table = believed_table(found(), SYSTEM)
    rows = table[(table.outcome == "level") & (table.year == 2030)].set_index("input").change
    assert rows["second"] == pytest.approx(2 * RHO, abs=0.15)
    assert rows["third"] == pytest.approx(0.5, abs=0.1)


def test_carries_a_parameter_that_a_scenario_fixes_nothing() -> None:
    config = replace(CONFIG, scenarios=(*CONFIG.scenarios, Scenario("held", parameters={"first": 1.0})))
    table = believed_table(found(config=config, scenario=1), SYSTEM)
    assert "first" not in set(table.input)
    assert "first" in set(believed_table(found(config=config), SYSTEM).input)


def test_is_a_model_without_uncertainty_refused_in_a_line() -> None:
    class sure:
        base = constant(100.0, "1", "Where it stands.", basis=assumed("test"))

        @auxiliary("1", reported=reported("mean"))
        def level(base):
            """A level."""
            return base

    system = build([sure], (), calendar=CALENDAR)
    with pytest.raises(InputError, match="nothing is uncertain"):
        beliefs(system, NO_EVIDENCE, Fit({}, np.empty((0, 0)), {}), CONFIG, ["level"], discrepancy=NONE, seed=1)


def test_do_few_draws_show_no_company_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of hundreds of independent parameters hundreds of draws seem to go together; the curvature says they do not."""
    draws = np.random.default_rng(1).standard_normal((150, 300))
    raw = np.cov(draws)
    shrunk = module._covariance(draws, np.eye(150))
    off = ~np.eye(150, dtype=bool)
    assert np.abs(shrunk[off]).max() < 0.1 * np.abs(raw[off]).max()
    together = np.eye(150)
    together[0, 1] = together[1, 0] = 0.9
    kept = module._covariance(np.linalg.cholesky(together) @ draws, np.linalg.cholesky(together))
    assert kept[0, 1] == pytest.approx(0.9, abs=0.1)


def test_does_the_command_divide_bands_unless_axes_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["fit=declared", "simulation.last_year=2026", "outcomes=[gdp,high_tech_firms]", f"output.folder={tmp_path}"]
    assert main(["sensitivity", *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith("shapley: ")
    assert "what carries the band" in out
    path = run_folder.latest(tmp_path)
    shares = pd.read_csv(path / "shapley.csv")
    assert {"parameter", "chance"} == set(shares.kind)
    assert set(pd.read_csv(path / "tornado.csv").kind) == {"lever"}  # levers stand apart
    parts = pd.read_csv(path / "bands.csv").groupby(["outcome", "year"]).share.sum()
    assert parts.to_numpy() == pytest.approx(1, abs=1e-6)
    assert "<desc>" in (path / "figures" / "shapley.svg").read_text(encoding="utf-8")
