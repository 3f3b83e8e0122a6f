"""Are data that a model makes foreseen by it, and others not?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pujiang
from pujiang.experiment.calibrate import Problem, problem
from pujiang.experiment.discrepancy import Discrepancy
from pujiang.experiment.fit import uncertain
from pujiang.experiment.likelihood import reading
from pujiang.experiment.predictive import QUANTILES, Foreseen, predictive
from pujiang.presentation import Presentation
from pujiang.results.figures.calibration import write_predictive_figure
from pujiang.results.predictive import write_predictive

LIBRARY = Path(__file__).parents[1] / "library"


@pytest.fixture(scope="module")
def task() -> Problem:
    library = pujiang.Model(LIBRARY)
    return problem(library.system, library.evidence(), discrepancy=Discrepancy({}, 0.02, 3.0), dt=1 / 4)


def made_by(task: Problem, z: np.ndarray, factor: float = 1.0) -> Problem:
    """The problem with data the model itself makes at z, wrong by a factor in the last year."""
    courses = task.outcomes(
        {name: prior.value(z[i : i + 1]) for i, (name, prior) in enumerate(uncertain(task.system).items())}
    )
    random = np.random.default_rng(1)
    last = max(o.year for o in task.observations)
    first = task.simulation.first_year
    data = tuple(
        replace(
            o,
            value=float(reading(o, courses[str(o.outcome)][o.year - first], random)[0])
            * (factor if o.year == last else 1.0),
        )
        for o in task.observations
    )
    return replace(task, observations=data)


def tails(task: Problem, z: np.ndarray) -> dict[str, float]:
    return {check.series: check.tail for check in predictive(task, z, 1)[1] if check.kind == "posterior"}


def test_are_data_of_the_model_likely_and_a_leap_is_not(task: Problem) -> None:
    z = np.zeros(len(uncertain(task.system)))
    draws = z[:, None] + 0.01 * np.random.default_rng(2).standard_normal((len(z), 200))
    assert min(tails(made_by(task, z), draws).values()) > 0.02
    assert min(tails(made_by(task, z, 2.0), draws).values()) < 1e-3


def test_do_bands_hold_what_they_say_of_data_of_the_priors(task: Problem) -> None:
    """Of data made anew from draws of the priors, 80 % lie in the 80 % band under the priors."""
    random = np.random.default_rng(3)
    held = []
    for _ in range(40):
        pretended = made_by(task, random.standard_normal(len(uncertain(task.system))))
        foreseen = predictive(pretended, np.zeros((len(uncertain(task.system)), 2)), 1)[0]
        held += [row.inside(0.8) for row in foreseen if row.kind == "prior"]
    assert 0.65 < np.mean(held) < 0.92


@pytest.mark.parametrize(("place", "bands"), [(0.5, (0.5, 0.8, 0.95)), (0.2, (0.8, 0.95)), (0.05, (0.95,)), (0.01, ())])
def test_does_a_band_hold_what_lies_between_its_ends(task: Problem, place: float, bands: tuple[float, ...]) -> None:
    """Quantiles of an even spread from 0 to 1, and a figure at a place of it."""
    row = Foreseen("prior", replace(task.observations[0], value=place), QUANTILES)
    assert tuple(band for band in (0.5, 0.8, 0.95) if row.inside(band)) == bands


def test_are_tables_and_figure_written(task: Problem, tmp_path: Path) -> None:
    foreseen, checks = predictive(task, np.zeros((len(uncertain(task.system)), 50)), 1)
    write_predictive(tmp_path, foreseen, checks)
    rows = pd.read_csv(tmp_path / "predictive.csv")
    assert len(rows) == 2 * len(task.observations)
    assert (rows["q2.5"] <= rows["q50"]).all()
    assert set(pd.read_csv(tmp_path / "predictive_series.csv").kind) == {"prior", "posterior"}
    assert "<desc>" in write_predictive_figure(tmp_path, foreseen, checks, Presentation()).read_text(encoding="utf-8")
