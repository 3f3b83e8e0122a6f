"""Does a user's folder replace what it holds and nothing else, and does the hash tell?"""

import dataclasses
import shutil
from pathlib import Path

import pytest

from pujiang.evidence import Evidence
from pujiang.evidence import load as load_over
from pujiang.evidence.pack import FILES
from pujiang.shanghai import PROJECT

SHIPPED = PROJECT.data
assert SHIPPED is not None

PRESSURE = """\
series,time,value,unit,interpolation,status,sources,note
restriction_pressure,2015.0,0,1,step,assumed,,none
"""


def load(folder: Path | str = SHIPPED) -> Evidence:
    """A folder laid over the shipped pack."""
    return load_over(folder, SHIPPED)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED, folder)
    return folder


def test_does_a_file_replace_the_shipped_one_and_leave_the_others(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(PRESSURE, encoding="utf-8")
    mine, shipped = load(tmp_path), load()
    assert list(mine.inputs) == ["restriction_pressure"]
    assert mine.observations == shipped.observations
    assert [name for name, path in mine.files.items() if path.parent == tmp_path] == ["inputs.csv"]
    assert mine.sha256 != shipped.sha256


def test_may_the_folder_be_named_by_text(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(PRESSURE, encoding="utf-8")
    assert load(str(tmp_path)) == load(tmp_path)


def test_may_a_user_cite_a_source_of_their_own(copy: Path) -> None:
    with (copy / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("mine,My table,Me,2024,statistics,high,\n")
    text = (copy / "observations.csv").read_text(encoding="utf-8").replace(",P009,", ",mine,")
    (copy / "observations.csv").write_text(text, encoding="utf-8")
    (cites,) = (o for o in load(copy).observations if o.sources == ("mine",))
    assert cites.series == "rd_expenditure"


def test_is_the_hash_the_same_elsewhere(copy: Path) -> None:
    assert load(copy).sha256 == load().sha256


def test_is_the_hash_blind_to_line_endings(copy: Path) -> None:
    path = copy / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(copy).sha256 == load().sha256
    assert load(copy).observations == load().observations


@pytest.mark.parametrize("name", FILES)
def test_does_the_hash_change_with_any_file(copy: Path, name: str) -> None:
    before = load(copy).sha256
    text = (copy / name).read_text(encoding="utf-8")
    (copy / name).write_text(text + "\n", encoding="utf-8")
    assert load(copy).sha256 != before


def test_is_an_observation_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load().observations[0].value = 1.0  # type: ignore[misc]
