"""Is every file a user may write answered in one line, whatever it holds?"""

from pathlib import Path

import pytest
import yaml
from hypothesis import strategies as st

KIND = "yaml"

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)
MERGES = "x0: &x0 {a: 1}\n" + "".join(f"x{i}: &x{i} {{<<: [*x{i - 1}, *x{i - 1}]}}\n" for i in range(1, 60))
NASTY = {
    "empty": "",
    "nothing": "null",
    "a comment": "# nothing\n",
    "a list": "[1, 2]",
    "a word": "word",
    "an anchor that holds itself": "title: &a [*a]\n",
    "a mapping that holds itself": "levers: &a {purchases_a_year: *a}\n",
    "a merge of itself": "levers: &a\n  <<: *a\n",
    "a billion laughs": LAUGHS + "levers: *l\n",
    "a billion laughs by merging": MERGES,
    "lists without end": "title: " + "[" * 100_000,
    "mappings without end": "title: " + "{a: " * 5000 + "1" + "}" * 5000,
    "levels without end": "\n".join(" " * i + "a:" for i in range(2000)),
    "a set": "levers: !!set {a, b}\n",
    "an ordered map": "levers: !!omap [a: 1]\n",
    "pairs": "levers: !!pairs [a: 1]\n",
    "binary": "title: !!binary aGVsbG8=\n",
    "a Python object": "title: !!python/object/apply:os.getcwd []\n",
    "a local tag": "title: !mine x\n",
    "a moment": "title: 2026-01-01 10:00:00\nlevers: {purchases_a_year: 2026-02-01}\n",
    "a megabyte": "title: " + "x" * 1_000_000,
    "a long title": "title: " + "x" * 200_000,
    "a long key": "x" * 100_000 + ": 1\n",
    "a zero byte": "title: \"a\\0b\"\nlevers: {}\n",
    "half a character": "title: \"\\ud800\"\nlevers: {}\n",
    "a huge number": "levers: {purchases_a_year: 1" + "0" * 5000 + "}\n",
    "no number": "levers: {purchases_a_year: .nan}\n",
    "other bases": "levers: {purchases_a_year: 0o17}\n",
    "keys that are none": "? [a, b]\n: 1\n",
    "a number for a key": "levers: {5: 1, true: 2, null: 3}\n",
    "two documents": "title: a\n---\ntitle: b\n",
    "a directive": "%YAML 9.9\n---\ntitle: a\n",
    "an interpolation": "title: ${title}\nlevers: {purchases_a_year: ${oc.env:NOBODY}}\n",
    "a resolver": "title: ${nobody:1}\n",
    "defaults of its own": "defaults: [mine]\n",
    "defaults that are none": "defaults: 5\n",
    "defaults of another": "defaults: [baseline, more_books, nobody]\n",
    "a package": "# @package _global_\ntitle: a\n",
    "a path of many": "levers: {purchases_a_year: {path: [" + ", ".join(["{time: 2026, value: 1}"] * 500) + "]}}\n",
    "a path of nothing": "levers: {purchases_a_year: {path: []}}\n",
    "a path beside a target": "levers: {purchases_a_year: {path: [{time: 2026, value: 1}], target: 1}}\n",
}  # fmt: skip
VALID = """title: Mine
meaning: >
  More.
sources: {purchases_a_year: mine}
levers:
  purchases_a_year: {target: 500, start: 2027, end: 2029, shape: ramp}
"""

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=8),
    st.sampled_from([500, 2027, 2029.0, "ramp", "step", "2027-01", "purchases_a_year"]),
)  # fmt: skip
names = st.sampled_from(["title", "meaning", "sources", "levers", "parameters", "defaults", "purchases_a_year",
    "target",
                         "start", "end", "shape", "from", "path", "time", "value", "evidence", "_target_",
                         "x"])  # fmt: skip
trees = st.recursive(
    scalars, lambda part: st.lists(part, max_size=3) | st.dictionaries(names, part, max_size=4), max_leaves=12
)
contents = st.one_of(
    trees.map(lambda tree: yaml.safe_dump(tree, allow_unicode=True).encode(errors="replace")),
    st.dictionaries(names, trees, max_size=4).map(lambda tree: yaml.safe_dump(tree).encode()),
    st.builds(
        lambda at, cut, put: VALID.encode()[:at] + put + VALID.encode()[at + cut :],
        st.integers(0, len(VALID)),
        st.integers(0, 20),
        st.one_of(
            st.binary(max_size=4), st.sampled_from([b"*a", b"&a ", b"!!set ", b"[", b"{", b"\t", b"'", b"<<: ", b"${"])
        ),
    ),
    st.text(":-[]{}&*!|>'\"%@`#?, \nab1", max_size=60).map(str.encode),
    st.binary(max_size=40),
)
PLACES = ("scenario/mine.yaml", "shock/mine.yaml", "config.yaml")
WORDS = {
    "scenario/mine.yaml": ("run", "scenario=mine"),
    "shock/mine.yaml": ("run", "scenario=more_books", "shock=mine"),
    "config.yaml": ("run", "scenario=more_books"),
}


def asked(home: Path, command, place: str, content: bytes) -> str | None:  # type: ignore[no-untyped-def]
    file = home / "mine" / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    try:
        return command([*WORDS[place], "--config-dir", "mine", "--cfg", "job"])
    finally:
        file.unlink()


def test_is_every_file_answered(cases, ask, command, home) -> None:
    ask(st.tuples(st.sampled_from(PLACES), contents), cases, lambda case: asked(home, command, *case))


@pytest.mark.parametrize("place", [PLACES[0], *(pytest.param(place, marks=pytest.mark.slow) for place in PLACES[1:])])
@pytest.mark.parametrize("case", list(NASTY))
def test_is_what_is_known_to_be_nasty_answered_at_once(case: str, place: str, told, command, home, within) -> None:
    with within(10):
        assert asked(home, command, place, NASTY[case].encode()) is None


@pytest.mark.parametrize("case", ["a billion laughs", "a billion laughs by merging", "an anchor that holds itself",
    "lists without end",
                                  "a set", "an ordered map", "a megabyte", "a Python object"])  # fmt: skip
def test_is_what_cannot_be_meant_refused(case: str, told, home) -> None:
    (home / "mine" / "scenario").mkdir(parents=True)
    (home / "mine" / "scenario" / "mine.yaml").write_text(NASTY[case], encoding="utf-8")
    status, _, err = told("run", "scenario=mine", "--config-dir", "mine", "--cfg", "job")
    assert status == 2
    assert "mine/scenario/mine.yaml" in err


def test_does_a_folder_of_ten_thousand_files_answer(home, told, within) -> None:
    folder = home / "mine" / "scenario"
    folder.mkdir(parents=True)
    for number in range(10_000):
        (folder / f"s{number}.yaml").write_text("levers: {purchases_a_year: 500}\n")
    with within(20):
        assert told("run", "scenario=s77", "--config-dir", "mine", "--cfg", "job")[0] == 0
        status, _, err = told("run", "scenario=s7777x", "--config-dir", "mine", "--cfg", "job")
        assert (status, len(err) < 5000) == (2, True)
        assert told("list", "scenarios", "--config-dir", "mine")[0] == 0
