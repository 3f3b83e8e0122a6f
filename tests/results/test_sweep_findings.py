"""Does a sweep say what it varied, what came of it, and where its outcomes are best?"""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pujiang
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.results import run_folder

QUICK = ["simulation.last_year=2027"]
GRID = ["levers.exit_window.target=0.2,0.5,0.9", "parameters.exit_window_realisation=0.6,0.8"]


def swept(folder: Path, *words: str) -> Path:
    """A small sweep through the command line."""
    assert main(["sweep", *QUICK, f"output.folder={folder}", *words]) == 0
    return run_folder.latest(folder)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of three by two."""
    return swept(tmp_path_factory.mktemp("runs"), *GRID)


def best_of(run: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (run / "best.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["outcome"], []).append(row)
    return found


def test_the_best_points_are_those_of_the_cube(grid: Path) -> None:
    annual = pujiang.open(grid)["annual"]
    rows = best_of(grid)["star_listings"]
    values = annual.star_listings.isel(scenario=0, member=0, year=-1)
    np.testing.assert_allclose([float(row["value"]) for row in rows], np.sort(values.values.ravel())[::-1], rtol=1e-9)
    for row in rows:
        there = values.sel(
            exit_window=float(row["exit_window"]), exit_window_realisation=float(row["exit_window_realisation"])
        )
        assert float(row["value"]) == pytest.approx(float(there), rel=1e-9)


def test_the_end_of_a_sweep_names_the_best_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept(tmp_path, *GRID, "output.figures=false")
    said = capsys.readouterr().out
    assert "Varied: levers.exit_window.target, parameters.exit_window_realisation" in said
    assert "exit_window 0.9, exit_window_realisation 0.8" in said
    assert not (run_folder.latest(tmp_path) / "figures").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (GRID, "Listing window"),
        (["levers.exit_window.target=0.2,0.5", "scenario=baseline,new_core"], "Listing window"),
        (["design=lhs", "design.size=16", "levers.exit_window.target=interval(0,1)"], "rank correlation"),
    ],
    ids=["heat map", "curves", "points"],
)
def test_there_is_a_figure_with_words_for_those_who_cannot_see_it(tmp_path: Path, words: list[str], part: str) -> None:
    text = (swept(tmp_path, *words) / "figures" / "response.svg").read_text(encoding="utf-8")
    assert part in text
    assert "New STAR listings" in text
    assert "<desc>" in text


def test_a_repetition_finds_the_same(grid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--from", str(grid)]) == 0
    assert "Identical to" in capsys.readouterr().out


def test_a_sweep_can_be_reported(grid: Path, tmp_path: Path) -> None:
    for language, words in (("en", "What was varied"), ("zh", "所变动的输入")):
        assert main(["report", str(grid), "--out", str(tmp_path / f"{language}.html"), "--lang", language]) == 0
        page = (tmp_path / f"{language}.html").read_text(encoding="utf-8")
        assert words in page
        assert "levers.exit_window.target" in page
        assert "<svg " in page


def test_every_lever_may_be_varied_in_one_word(system: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept(tmp_path, "levers=bounds", "design=lhs", "design.size=4", "output.outcomes=[gdp]", "output.figures=false")
    bounded = [name for name, lever in system.levers.items() if lever.bounds is not None]
    said = capsys.readouterr().out
    assert f"Varied: {len(bounded)} levers" in said
    annual = pujiang.open("latest", tmp_path)["annual"]
    assert set(bounded) <= set(map(str, annual.coords))
    with pytest.raises(InputError, match="allowed: bounds"):
        pujiang.sweep({"levers": "prior"}, design="lhs")
    given = pujiang.sweep(
        {"levers": "bounds", "levers.exit_window.target": [0.3, 0.4]}, design={"kind": "lhs", "size": 8},
        outcomes=["gdp"], fit="declared",
    )["annual"]  # fmt: skip
    assert set(given.exit_window.values.tolist()) == {0.3, 0.4}, "what is given by itself stays"


def test_a_design_without_axes_says_what_it_varies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept(tmp_path, "design=lhs", "design.size=4", "output.outcomes=[gdp]", "output.figures=false")
    assert "parameters (all in sweep.yaml)" in capsys.readouterr().out
