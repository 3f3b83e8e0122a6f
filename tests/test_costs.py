"""Does what will take long, or much room, say so before it starts, or is refused?"""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import pujiang
from pujiang.api import costs
from pujiang.api.sweeps import plan_of_words
from pujiang.cli import main
from pujiang.commands import sweep as command

LIBRARY = Path(__file__).parent / "library"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUJIANG_PROJECT", str(LIBRARY))
    return tmp_path


class BegunError(Exception):
    """The sweep would have begun."""


@pytest.fixture
def never_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(*given: object, **named: object) -> None:
        raise BegunError

    monkeypatch.setattr(command, "sweep_to_folder", begin)
    monkeypatch.setenv("PUJIANG_TRACEBACK", "1")


TEN_MILLION = ("sweep", "design=lhs", "design.size=10000000", "parameters.wear_rate=prior")


@pytest.mark.usefixtures("never_begins")
@pytest.mark.parametrize("free", [10**9, 10**14])
def test_does_a_sweep_of_ten_million_points_need_room(home, free, capsys, monkeypatch) -> None:
    monkeypatch.setattr(costs.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    if free > 10**12:
        with pytest.raises(BegunError):
            main([*TEN_MILLION])
    else:
        assert main([*TEN_MILLION]) == 2
        told = capsys.readouterr().err
        assert "GB before compression, and 'runs' has 1.0 GB free" in told
        assert "--yes" in told
        with pytest.raises(BegunError):
            main([*TEN_MILLION, "--yes"])
    captured = capsys.readouterr()
    assert "10,000,000 points" in captured.out
    assert "GB before compression" in captured.err
    assert "It will take about" in captured.err
    assert not list(home.iterdir())


def test_is_the_time_of_more_points_told_in_proportion(home) -> None:
    model = pujiang.Model(LIBRARY)
    made = plan_of_words(model, ["design=lhs", "design.size=2000", "parameters=prior"])
    assert 0 < costs.seconds_of(model, made, 100) < costs.seconds_of(model, made, 100_000_000)


def test_is_a_time_told_as_people_say_it() -> None:
    told = {0.1: "about 1 s", 90: "about 90 s", 400: "about 7 min", 10_000: "about 3 h", 10**6: "about 12 days"}
    assert {seconds: costs.in_words(seconds) for seconds in told} == told


def test_is_a_study_of_billions_refused_at_once(home, capsys) -> None:
    start = time.process_time()
    assert main(["sensitivity", "sobol.inputs=4000000000"]) == 2
    assert capsys.readouterr().err == "pujiang: sensitivity: sobol.inputs: found 4000000000, allowed from 1 to 10000\n"
    assert time.process_time() - start < 10


def test_does_a_study_say_how_many_runs_it_takes(home, capsys) -> None:
    assert main(["sensitivity", "methods=[tornado,morris]", "morris.size=2", "output.figures=false"]) == 0
    assert capsys.readouterr().out.startswith("tornado: ")
