"""Do a calibration and a hindcast find on other processes what they find here, to the byte?"""

import re
from pathlib import Path

import pytest

from pujiang.cli import main
from pujiang.results import run_folder, unfinished_hindcast

from .test_cluster import own_scheduler
from .test_resumed import command, same_but_for_the_occasion

HINDCAST = ["hindcast", "--cutoff", "2019", "2021"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("words", [["calibrate"], HINDCAST], ids=["calibrate", "hindcast"])
def test_has_it_the_same_bytes_on_two_workers(tmp_path: Path, words: list[str]) -> None:
    assert command(*words) == 0
    assert command(*words, "cluster=local", "cluster.workers=2") == 0
    same_but_for_the_occasion(*run_folder.runs(tmp_path / "runs"))


def test_is_a_hindcast_whose_scheduler_is_lost_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = unfinished_hindcast.FolderStore.keep
    with own_scheduler(tmp_path) as (file, scheduler):

        def keep_and_kill(*given: object) -> None:
            keep(*given)  # type: ignore[arg-type]
            scheduler.kill()

        with monkeypatch.context() as patch:
            patch.setattr(unfinished_hindcast.FolderStore, "keep", keep_and_kill)
            assert command(*HINDCAST, f"cluster={file}") == 2
    told = capsys.readouterr().err.splitlines()[-1]
    found = re.search(r"the scheduler is lost; to go on: pujiang hindcast --resume (\S+)", told)
    assert found, told
    assert command("hindcast", "--resume", found[1]) == 0  # without a cluster
    assert command(*HINDCAST) == 0
    same_but_for_the_occasion(*run_folder.runs(tmp_path / "runs"))


@pytest.mark.parametrize("name", ["calibrate", "hindcast"])
def test_is_a_cluster_that_cannot_be_had_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "cluster=nowhere"]) == 2
    err = capsys.readouterr().err
    assert err == (
        "pujiang: cluster: found 'nowhere', allowed: local, the address of a scheduler (tcp://HOST:8786), or its file\n"
    )
    assert not Path("runs").exists()
