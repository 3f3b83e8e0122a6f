"""Does a calibration, or a hindcast, that was interrupted go on to what it would have come to?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pujiang.cli import main
from pujiang.experiment import hindcasts
from pujiang.experiment.transport import Transport
from pujiang.results import run_folder

LIBRARY = str(Path(__file__).parent / "library")


def command(*words: str) -> int:
    return main(["--project", LIBRARY, *words])


@contextmanager
def broken_off(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: int) -> Iterator[None]:
    """Within it, a function is broken off as by Ctrl-C, after so many calls."""
    whole, calls = getattr(owner, name), []

    def broken(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        if len(calls) > after:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, broken)
        yield


def same_but_for_the_occasion(one: Path, other: Path) -> None:
    names = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file() and p.name != "manifest.json")
    assert names == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file() and p.name != "manifest.json")
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.mark.parametrize(
    ("words", "owner", "name", "after"),
    [
        (["calibrate"], Transport, "draws", 60),
        (["hindcast", "--cutoff", "2019", "2021"], hindcasts, "refit", 2),
    ],
    ids=["calibrate", "hindcast"],
)
def test_what_was_interrupted_goes_on_to_the_same_bytes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    owner: Any,
    name: str,
    after: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(*words) == 0
    [whole] = run_folder.runs(tmp_path / "runs")
    with broken_off(monkeypatch, owner, name, after):
        assert command(*words) == 130
    [left] = (tmp_path / "runs").glob("*.partial")
    assert f"pujiang {words[0]} --resume {left.relative_to(tmp_path)}" in capsys.readouterr().err
    assert command(words[0], "--resume", str(left)) == 0
    resumed = left.with_suffix("")
    assert not left.exists()
    same_but_for_the_occasion(whole, resumed)


def test_a_resumed_hindcast_takes_no_other_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with broken_off(monkeypatch, hindcasts, "refit", 1):
        assert command("hindcast", "--cutoff", "2019", "2021") == 130
    [left] = (tmp_path / "runs").glob("*.partial")
    assert command("hindcast", "--resume", str(left), "--cutoff", "2020") == 2
    assert "--cutoff: found 2020" in capsys.readouterr().err
    assert left.is_dir()


@pytest.mark.parametrize(("name", "noun"), [("calibrate", "calibration"), ("hindcast", "hindcast")])
def test_what_is_no_unfinished_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, noun: str
) -> None:
    (tmp_path / "x.partial").mkdir()
    for path in (tmp_path / "x.partial", tmp_path / "nowhere.partial", tmp_path):
        assert command(name, "--resume", str(path)) == 2
        assert f"needs the folder of an interrupted {noun}" in capsys.readouterr().err
