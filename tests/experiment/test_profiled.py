"""Is a profile the parabola where the posterior is normal, and cut short at bounds?"""

from pathlib import Path

import pandas as pd
import pytest

import pujiang
from pujiang.cli import main
from pujiang.declare import assumed, auxiliary, normal, parameter, reported
from pujiang.errors import InputError
from pujiang.experiment.calibrate import calibrate
from pujiang.experiment.profiled import REACH, STEPS, profile
from pujiang.results import run_folder
from pujiang.results.figures.calibration import write_profile_figure
from pujiang.results.predictive import write_profiles
from tests.experiment.test_calibrate import built, evidence, observed, straight, task

# ruff: noqa: N801, N805

LIBRARY = Path(__file__).parents[1] / "library"


def test_of_a_linear_model_the_profile_is_the_parabola_of_the_curvature(tmp_path: Path) -> None:
    rows = [observed("course", 2015 + k, v, 0.4, "normal") for k, v in enumerate([1.4, 1.9, 3.0, 3.1, 4.9, 5.5])]
    work = task(evidence(rows), built(straight))
    found = calibrate(work)
    told: list[tuple[int, int]] = []
    points = profile(work, found, "slope", lambda done, of: told.append((done, of)))
    assert [point.sd for point in points] == pytest.approx([REACH * k / STEPS for k in range(-STEPS, STEPS + 1)])
    for point in points:
        assert point.rise == pytest.approx(point.foreseen, abs=1e-4)
        assert point.data + point.prior == pytest.approx(2 * found.cost + point.rise, abs=1e-6)
    assert told[-1] == (2 * STEPS + 1, 2 * STEPS + 1)
    write_profiles(tmp_path, points)
    assert len(pd.read_csv(tmp_path / "profiles.csv")) == 2 * STEPS + 1
    assert "<desc>" in write_profile_figure(tmp_path, points).read_text(encoding="utf-8")


def test_is_a_profile_cut_short_at_a_bound() -> None:
    class bounded:
        height = parameter(normal(1, 1), "1", "Height.", bounds=(0, 1.5), basis=assumed("test"))

        @auxiliary("1", reported=reported("mean"))
        def course(height):
            """A level."""
            return height

    work = task(evidence([observed("course", 2015, 1.2, 0.5, "normal")]), built(bounded))
    points = profile(work, calibrate(work), "height")
    assert 1 < len(points) < 2 * STEPS + 1
    assert all(0 <= point.value <= 1.5 for point in points)


def test_is_a_held_parameter_where_it_is_held() -> None:
    rows = [observed("course", 2015 + k, v, 0.4, "normal") for k, v in enumerate([1.4, 1.9, 3.0])]
    work = task(evidence(rows), built(straight))
    free, held = calibrate(work), calibrate(work, held={"slope": 0.2})
    assert held.fit.values["slope"] == pytest.approx(0.2, abs=1e-12)
    assert held.fit.values["height"] != pytest.approx(free.fit.values["height"], abs=1e-3)
    assert held.cost > free.cost


def test_may_settings_follow_the_names(tmp_path: Path) -> None:
    words = ["--project", str(LIBRARY), "calibrate", "--profile", "wear_rate", f"output.folder={tmp_path}"]
    assert main(words) == 0
    path = run_folder.latest(tmp_path)
    assert set(pd.read_csv(path / "profiles.csv").parameter) == {"wear_rate"}
    assert {file.name for file in (path / "figures").iterdir()} >= {"predictive.svg", "profiles.svg"}


def test_is_an_unknown_parameter_refused_before_the_search() -> None:
    library = pujiang.Model(LIBRARY)
    with pytest.raises(InputError, match="did you mean 'wear_rate'"):
        library.calibrate(profiles=["wear_rat"])
