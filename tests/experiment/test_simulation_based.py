"""Do fits of simulated data find what made them, and does the check see it where they do not?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pujiang
from pujiang.api.checks import check_posterior
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.experiment import simulation_based as module
from pujiang.experiment.calibrate import Problem, problem
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.likelihood import reading
from pujiang.experiment.simulation_based import DRAWS, Rank, Replica, from_priors, replica, uniformity
from pujiang.results import run_folder

LIBRARY = Path(__file__).parents[1] / "library"
WATCHED = ("loans", "all_readers")
WORLDS = 24


@pytest.fixture(scope="module")
def task() -> Problem:
    """The library's, whose model errs by a tenth."""
    library = pujiang.Model(LIBRARY)
    return problem(library.system, library.evidence(), discrepancy=Discrepancy({}, 0.1, 3.0), dt=1 / 4)


def ranked(task: Problem, worlds: int = WORLDS) -> list[Replica]:
    return [replica(task, number, 7, WATCHED) for number in range(worlds)]


def by_group(replicas: Sequence[Replica]) -> dict[str, Any]:
    return {each.group: each for each in uniformity(replicas)}


def test_does_the_library_find_what_made_its_data(task: Problem) -> None:
    replicas = ranked(task)
    assert all(each.converged for each in replicas)
    groups = by_group(replicas)
    assert {"parameters the data touch", "levels of 2030", "errors of 2030"} <= set(groups)
    ranks = np.array([rank.rank for each in replicas for rank in each.ranks])
    assert 0.86 < np.mean((ranks >= 5) & (ranks <= 94)) < 0.94
    for group in groups.values():
        assert group.coverage > 0.8 - 2 * group.coverage_error, group
        assert abs(group.mean - 0.5) < 3.5 * group.mean_error, group


def test_does_the_check_see_data_that_err_more_than_is_said(task: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a figure errs fifteen times as far as the fit is told: its intervals must miss truths."""

    def worse(observation: Any, modelled: Any, random: np.random.Generator) -> Any:
        error = reading(observation, modelled, random) / modelled
        return modelled * error**15

    monkeypatch.setattr(module, "reading", worse)
    groups = by_group(ranked(task, 12))
    assert not groups["parameters the data touch"].passed


def test_is_a_world_the_same_whichever_came_before(task: Problem) -> None:
    alone = replica(task, 3, 7, WATCHED)
    assert [r.rank for r in alone.ranks] == [r.rank for r in ranked(task, 4)[3].ranks]
    assert [r.rank for r in alone.ranks] != [r.rank for r in replica(task, 4, 7, WATCHED).ranks]


def test_are_draws_of_the_priors_cut_off_at_bounds_and_not_heaped_there() -> None:
    random = np.random.default_rng(1)
    low, high = np.full(20_000, -0.5), np.full(20_000, np.inf)
    drawn = from_priors(low, high, random)
    assert drawn.min() > -0.5
    assert np.mean(drawn < -0.4) == pytest.approx(0.0361 / 0.6915, abs=0.01)


def test_are_even_ranks_even_and_heaped_ranks_told() -> None:
    even = [Replica(w, tuple(Rank(w, "level", "x", 2030, (7 * w + k) % 100) for k in range(0, 100, 5)), True, 1.0, 0)
            for w in range(20)]  # fmt: skip
    found = by_group(even)["levels of 2030"]
    assert found.coverage == pytest.approx(0.9, abs=0.01)
    assert found.passed
    ends = [Replica(w, (Rank(w, "level", "x", 2030, 0 if w % 2 else DRAWS),), True, 1.0, 0) for w in range(20)]
    assert by_group(ends)["levels of 2030"].coverage == 0
    assert not by_group(ends)["levels of 2030"].passed


def test_is_a_world_without_a_history_refused_in_a_line(task: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "reading", lambda observation, modelled, random: -modelled)
    with pytest.raises(InputError, match="no history that could have been reported"):
        replica(task, 0, 7, WATCHED)


def test_does_the_command_leave_ranks_and_a_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--project", str(LIBRARY), "check", "--posterior", "--worlds", "3", f"output.folder={tmp_path}"]
    assert main(words) in (0, 1)
    assert "parameters the data touch\t" in capsys.readouterr().out
    path = run_folder.latest(tmp_path)
    ranks = pd.read_csv(path / "ranks.csv")
    assert set(ranks.world) == {0, 1, 2}
    assert ranks["rank"].between(0, DRAWS).all()
    assert len(pd.read_csv(path / "worlds.csv")) == 3
    assert "<desc>" in (path / "figures" / "ranks.svg").read_text(encoding="utf-8")
    assert main([*words, "--worlds", "none"]) == 2


@pytest.mark.slow
def test_does_the_shipped_model_find_what_made_its_data(model: pujiang.Model) -> None:
    found = check_posterior(model, model.configure(fit="declared"), 12)
    assert not found.failures
    for group in found.groups:
        assert group.passed, group
