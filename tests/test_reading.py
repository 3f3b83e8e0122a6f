"""Is whatever is wrong with a file, or an argument, one line that says so?"""

import os
from pathlib import Path
from typing import Any, Literal, TypedDict

import pytest

from pujiang import annotations, reading, values
from pujiang.errors import InputError

DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "expected a JSON object"),
        (DEEP.encode(), "not JSON"),
        (b'{"a": ' * 5000, "not JSON"),
        (b'{"a": 1', "not JSON"),
    ],
)
def test_is_damaged_json_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        reading.read_json(file)
    assert said in str(error.value)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_is_what_is_no_file_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for somebody to write
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "nothing", Path("a\0b"), Path("x" * 5000)):
        with pytest.raises(InputError):
            reading.read_bytes(path)
    (tmp_path / "large").write_bytes(b"x" * 100)
    with pytest.raises(InputError, match="found 100 bytes, allowed: up to 10"):
        reading.read_bytes(tmp_path / "large", most=10)


@pytest.mark.parametrize("content", ["a,b\n1\n", "", 'a\n"1', "a,b\n1,2,3\n"])
def test_is_a_table_of_unequal_lines_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(content)
    with pytest.raises(InputError, match=r"table\.csv' is damaged"):
        reading.read_rows(tmp_path / "table.csv")


def test_may_aliases_be_used_and_not_abused() -> None:
    root, content = reading.parse_yaml("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n", "file")
    assert content == {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": 2}}
    assert root.value[0][0].value == "a"
    with pytest.raises(InputError, match=r"^file:1: found '\*x' inside of what it stands for"):
        reading.parse_yaml("a: &x [1, *x]", "file")
    large = "a: [" + ", ".join(map(str, range(50_000))) + "]"
    assert len(reading.parse_yaml(large, "file")[1]["a"]) == 50_000


class Record(TypedDict, total=False):
    name: str
    count: int
    parts: list[dict[str, float]]


@pytest.mark.parametrize(
    ("value", "hint", "said"),
    [
        (5, str, "it: found 5, needs text"),
        (True, int, "it: found true, needs a whole number"),
        (None, int | None, ""),
        ("b", Literal["a", "c"], "it: found 'b', needs a, c"),
        ({"name": 5}, Record, "it: name: found 5, needs text"),
        ({"parts": [{"x": "y"}]}, Record, "it: parts[0]: x: found 'y', needs a number"),
        ({"other": object()}, Record, ""),
        ("text", list[str], "it: found 'text', needs a list of text"),
        ((1, "a"), tuple[int, str], ""),
        ((1,), tuple[int, str], "it: found 1 values, needs 2"),
        ("a\0b", str, "it: found 'a b', which holds a character that no file can hold"),
        ("\udc80", str | None, "it: found '\\udc80', which holds a character that no file can hold"),
        (Path("x"), str | os.PathLike[str], ""),
        (b"x", str | os.PathLike[str], "it: found bytes, needs text or a path"),
    ],
)
def test_is_a_value_what_its_annotation_says(value: Any, hint: Any, said: str) -> None:
    if not said:
        annotations.check(value, hint, "it")
        return
    with pytest.raises(InputError) as error:
        annotations.check(value, hint, "it")
    assert str(error.value) == said


def test_does_a_checked_function_stay_itself() -> None:
    @annotations.checked
    def double(number: int, *more: int, name: str = "x", **rest: float) -> int:
        """Twice."""
        return 2 * number

    assert double(2, 3, name="y", z=1.5) == 4
    assert double.__doc__ == "Twice."
    for given, named in (((), {}), (("x",), {}), ((1, "x"), {}), ((1,), {"name": 5}), ((1,), {"z": "x"})):
        with pytest.raises(InputError):
            double(*given, **named)


def test_is_a_message_one_line_whatever_is_in_it() -> None:
    error = InputError("a\nb\0c\u2028d\ud800" + "x" * 100_000 + "end")
    assert "\n" not in str(error)
    assert len(str(error)) < 5000
    assert str(error).endswith("end")
    str(error).encode()


def test_is_a_path_one_that_a_file_system_can_hold() -> None:
    assert values.path("runs/a", "it") == "runs/a"
    for name in ("x" * 300, "a/" * 3000, "a\0", "\udc80", Path("x" * 256)):
        with pytest.raises(InputError):
            values.path(name, "it")
        assert not values.is_folder(name)
