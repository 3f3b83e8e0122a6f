"""Does another project go through every command, from the shell and from Python, without a word of the city's?"""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import pujiang
from pujiang import environment
from pujiang.api.descriptions import keys_page
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.presentation import Goal, Presentation
from pujiang.results import run_folder
from pujiang.shanghai import PROJECT

LIBRARY = Path(__file__).parent / "library"
SIZES = ("sobol.size=16", "morris.size=4")
CITY = re.compile(
    r"shanghai|billion_yuan|biomedicine|gdp|research_intensity|star_listings|fifteenth|\bR&D\b|exit_window",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def library() -> pujiang.Model:
    return pujiang.Model(LIBRARY)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with the library as the project at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(environment.PROJECT, str(LIBRARY))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints; it must end well."""
    assert main(list(words)) == 0, capsys.readouterr().err
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def files_in(folder: Path) -> dict[str, str]:
    """Every text a folder holds, by file; the record of the occasion names the machine and is left out."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix in {".csv", ".yaml", ".json", ".html", ".txt", ".svg"} and path.name != run_folder.MANIFEST:
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def test_every_command_works_and_none_names_the_city(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = [told(capsys, "run", "scenario=more_books", "shock=freeze")]
    first = run_folder.latest(home / "runs")
    out.append(told(capsys, "show", str(first)))
    out.append(told(capsys, "run", "--from", str(first)))
    assert "Identical to" in out[-1]
    out.append(told(capsys, "report", str(first)))
    out.append(told(capsys, "compare", str(first), "--outcome", "loans", "all_readers"))
    assert "Loans" in out[-1]
    out.append(told(capsys, "sweep", "levers.purchases_a_year=range(0,1000,250)", "parameters.wear_rate=0.05,0.1"))
    sweep = run_folder.latest(home / "runs")
    out.append(told(capsys, "show", str(sweep)))
    out.append(told(capsys, "sensitivity", str(first), "scenario=more_books", *SIZES))
    out.append(told(capsys, "calibrate"))
    fit = run_folder.latest(home / "runs")
    assert "register" in out[-1]
    # The fit is the newest; the newest that has scenarios, or is a run of them, is meant all the same.
    assert "sweep" not in told(capsys, "run", "--from", "latest", "--cfg", "job")
    picked = "latest:purchases_a_year=0,wear_rate=0.1"
    short = first.name.rpartition("-")[2]
    told(capsys, "compare", "--year", "2028", "--outcome", "loans", picked, f"{short}:more_books")
    out.append(told(capsys, "run", f"fit={fit}", "ensemble=4"))
    out.append(told(capsys, "check"))
    out.append(told(capsys, "describe", "loans", "readers", "wear_rate", "register", "more_books", "purchases_a_year"))
    out.append(told(capsys, "describe", "--all"))
    out.append(told(capsys, "list"))
    out.append(told(capsys, "list", "scenarios", "shocks", "levers", "parameters", "outcomes", "runs"))
    for text in out:
        assert not CITY.search(text), CITY.findall(text)


def test_no_file_names_the_city(library: pujiang.Model, tmp_path: Path) -> None:
    run = library.save(library.run("more_books", ensemble=3), tmp_path)
    (tmp_path / "report.html").write_text(library.report(run), encoding="utf-8")
    named = {name: CITY.findall(text) for name, text in files_in(tmp_path).items() if CITY.search(text)}
    assert not named, named


def test_no_page_names_the_city(library: pujiang.Model) -> None:
    assert not CITY.search(keys_page(library))


def test_it_may_be_named_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["--project", str(LIBRARY), "list"], ["list", f"--project={LIBRARY}"]):
        assert "scenarios: baseline, more_books" in told(capsys, *words)
    assert "exit_drought" in told(capsys, "list")


def test_a_model_is_loaded_once_and_gives_what_the_functions_give(library: pujiang.Model, home: Path) -> None:
    system = library.system
    tree = library.run("more_books", ensemble=3)
    assert library.system is system
    again = pujiang.run("more_books", ensemble=3)
    assert np.array_equal(tree["annual"].loans, again["annual"].loans)
    assert (tree["annual"].loans.sel(scenario="more_books", year=2030) > 15_000).all()
    path = library.save(tree, home / "runs", figures=False)
    assert np.array_equal(pujiang.open(path)["annual"].loans, tree["annual"].loans)
    swept = library.sweep({"levers.purchases_a_year.target": [0, 400, 800]})
    assert swept["annual"].loans.dims == ("scenario", "purchases_a_year", "member", "year")
    study = library.sensitivity(morris_size=4, sobol_size=16)
    assert (study.save(home / "runs") / "sobol.csv").is_file()
    assert library.compare(tree, outcomes=["loans"]).cases == ("baseline", "more_books")
    assert "More books" in library.report(path)
    assert all(finding.passed for finding in library.check())
    assert "*stock, paper*" in library.describe("books")
    simulated = library.simulate(levers={"purchases_a_year": 800})["annual"].to_dataset()
    assert float(simulated.purchases.sel(year=2030).squeeze()) == pytest.approx(800)


def test_a_calibration_is_saved_and_served(library: pujiang.Model, tmp_path: Path) -> None:
    found = library.calibrate()
    assert found.converged
    path = found.save(tmp_path)
    used = library.fit(str(path))
    assert used.values == pytest.approx(dict(found.fit.values), rel=1e-9)
    assert library.run(fit=str(path), ensemble=0).attrs["fit"] == f"posterior {used.hash}"


def test_fields_may_be_otherwise(library: pujiang.Model) -> None:
    only = pujiang.Model(LIBRARY, sectors=library.project.sectors[:1] + library.project.sectors[1:], data=None)
    assert only.evidence().observations == ()
    with pytest.raises(InputError, match=r"evidence: no input series|townspeople"):
        only.run(ensemble=0)
    with pytest.raises(InputError, match="nothing"):
        pujiang.Model(LIBRARY, nothing=1)


@pytest.mark.parametrize(
    ("files", "part"),
    [
        ({}, "has no __init__.py"),
        ({"__init__.py": "x = 1"}, "has no PROJECT"),
        ({"__init__.py": "import nothing_of_this_name"}, "cannot be imported: __init__.py:1: ModuleNotFoundError"),
        (
            {"__init__.py": "from . import firms", "firms.py": "from pujiang.declare import assumed\n\nassumed()"},
            "cannot be imported: firms.py:3: TypeError",
        ),
    ],
)
def test_what_is_no_project_is_refused_in_one_line(tmp_path: Path, files: dict[str, str], part: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=part):
        pujiang.Model(tmp_path)


def test_two_projects_do_not_meet(tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(LIBRARY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    other = pujiang.Model(copy)
    assert other.system is not pujiang.Model(LIBRARY).system
    assert other.system.hash == pujiang.Model(LIBRARY).system.hash != pujiang.load_model().hash
    assert "library" not in sys.modules
    assert pujiang.Model().project is PROJECT


def test_a_goal_of_an_unknown_outcome_is_found(library: pujiang.Model) -> None:
    def names(model: pujiang.Model) -> tuple[bool, str]:
        (found,) = (found for found in model.check() if found.name == "names")
        return found.passed, found.line

    assert names(library)[0]
    goal = Goal("lons", 2030, 1.0, "Many loans", "many", "a test")
    wrong = pujiang.Model(LIBRARY, presentation=Presentation(goals=(goal,)))
    assert names(wrong) == (False, "the goal 'Many loans' names 'lons'; did you mean 'loans'?")
