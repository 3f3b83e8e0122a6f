"""Is an explanation told in sentences and pictures as its numbers say, in both languages?"""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from pujiang.api.explanations import explanation
from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.experiment.explanation.asked import Asked
from pujiang.labelled import Tree, in_xarray
from pujiang.presentation import presentation_of
from pujiang.results.explanation.files import outcome_pictures, write_explanation
from pujiang.results.explanation.flow_picture import LEAST, picture_of
from pujiang.results.explanation.names import called, fraction, place_called, within
from pujiang.results.explanation.paragraph import paragraph
from pujiang.results.explanation.story import rows, story_of, told_outcomes
from pujiang.results.explanation.strips import causes_of
from pujiang.results.figures import style
from pujiang.results.outcomes import unit_in_words
from pujiang.results.words import ENGLISH, Words, words_in


@pytest.fixture(scope="module")
def tree(model: Model) -> Tree:
    """Closed loop of finance beside the baseline, with thirty members."""
    return explanation(model, ["closed_loop_finance"], Asked(("high_tech_firms", "gdp")), ensemble=30)


@pytest.fixture(scope="module")
def say(tree: Tree) -> Words:
    return words_in("en", presentation_of(tree["annual"].attrs))


def test_parts_of_a_story_add_up_to_its_whole(tree: Tree) -> None:
    for name in ("high_tech_firms", "gdp", "venture_investment", "star_listings"):
        story = story_of(tree, name)
        assert sum(part.value for part in story.parts) == pytest.approx(story.whole, rel=1e-9)
        assert story.low < story.whole < story.high
        assert story.members == story.divided_over == 30


def test_the_paragraph_says_what_differs_by_how_much_and_whence(tree: Tree, say: Words) -> None:
    story = story_of(tree, "high_tech_firms")
    text = paragraph(story, say)
    assert text.startswith("High-tech firms in 2030: ")
    assert f"{story.level_b:,.0f} firms in Closed loop finance" in text
    assert f"{100 * story.whole:+.1f} %" in text
    assert "from the listing window" in text
    assert "STAR listings, exits, venture funds" in text
    assert "_" not in text  # no raw names
    assert re.search(r"it begins to tell in 20\d\d\.$", text)


def test_the_chinese_paragraph_has_no_english_words(tree: Tree) -> None:
    chinese = words_in("zh", presentation_of(tree["annual"].attrs))
    for name in told_outcomes(tree):
        text = paragraph(story_of(tree, name), chinese)
        assert re.findall(r"[A-Za-z]{3,}", text) == []
        assert "上市窗口" in text


def test_everything_a_picture_can_name_has_a_chinese_name(model: Model) -> None:
    system = model.system
    chinese = words_in("zh", system.presentation)
    variables = [name for name, variable in system.variables.items() if variable.kind != "initial"]
    named = {name: called(name, chinese) for name in (*variables, *system.levers, *system.series)}
    named |= {sector: place_called(sector, chinese) for sector in set(system.sector_of.values())}
    named |= {v.unit: chinese.label(unit_in_words(v.unit)) for v in system.variables.values() if len(v.unit) < 25}
    assert {name: words for name, words in named.items() if re.search("[A-Za-z]{4,}", words)} == {}


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (2 / 3, "two thirds"),
        (0.68, "two thirds"),
        (0.5, "about half"),
        (0.29, "29 %"),
        (0.2, "a fifth"),
        (1.0, "all of it"),
    ],
)
def test_shares_have_names_where_they_are_near(share: float, said: str) -> None:
    assert fraction(share, ENGLISH) == said


def test_names_in_a_sentence_keep_their_capitals_where_they_are_names() -> None:
    assert [within(name) for name in ("Venture funds", "R&D funding", "STAR listings")] == [
        "venture funds", "R&D funding", "STAR listings",
    ]  # fmt: skip


def test_the_picture_has_the_levers_above_and_the_outcome_at_the_foot(tree: Tree, say: Words) -> None:
    picture = picture_of(tree, story_of(tree, "high_tech_firms"), say)
    assert picture is not None
    boxes = {box.name: box for box in picture.boxes}
    outcome = next(box for box in picture.boxes if box.kind == "outcome")
    assert outcome.words == "High-tech firms"
    assert all(box.at[1] >= outcome.at[1] for box in picture.boxes)
    assert boxes["exit_window"].kind == "input"
    assert 4 < len([box for box in picture.boxes if box.kind != "stop"]) <= 18
    assert picture.size[0] <= 9.2
    assert min(link.width for link in picture.links) >= 2.1 * LEAST - 1e-9
    sides = [(box.at[1], box.at[0], box.at[0] + box.size[0]) for box in picture.boxes]
    for y, left, right in sides:  # none stands on another
        others = [s for s in sides if s[0] == y and s != (y, left, right)]
        assert all(right <= other[1] + 1e-9 or left >= other[2] - 1e-9 for other in others)


def test_links_shown_are_those_that_carry(tree: Tree) -> None:
    whole = sum(float(row["amount"]) for row in rows(tree, "sources", "high_tech_firms"))
    difference = float(np.diff(tree["annual"]["high_tech_firms"].sel(member=0, year=2030).values)[0])
    assert whole == pytest.approx(difference, rel=1e-9)
    through = {row["sector"]: row["amount"] / whole for row in rows(tree, "through", "high_tech_firms")}
    assert 0.5 < through["star_listing"] < 1.1
    assert through["exits"] > through["state_funds"] > 0


def test_strips_show_what_a_memory_remembers(tree: Tree, say: Words) -> None:
    courses, parts, times = causes_of(tree, "perceived_exit_yield", say)
    assert [name for name, *_ in courses] == ["Perceived exit yield", "Exit yield"]
    _, _, a, b = courses[0]
    assert np.abs(sum(parts.values()) - (b - a)).max() <= 1e-9 * np.abs(b).max()
    assert times[-1] == 2031.0
    with pytest.raises(InputError, match="did you mean 'venture_investment'"):
        causes_of(tree, "venture_investmnt", say)
    with pytest.raises(InputError, match=r"allowed: industry_output\.ic"):
        causes_of(tree, "industry_output", say)


def test_pictures_are_drawn_with_their_titles(tree: Tree, say: Words) -> None:
    with style.styled("en"):
        made = outcome_pictures(tree, story_of(tree, "high_tech_firms"), say)
    assert [key for key, *_ in made] == ["levers_high_tech_firms", "pathways_high_tech_firms"]
    assert all("Closed loop finance less Baseline." in note for *_, note in made)


def test_files_are_all_written_or_none(tree: Tree, tmp_path: Path) -> None:
    folder = write_explanation(tree, tmp_path / "why", ["high_tech_firms"], ("venture_investment",))
    assert {path.name for path in folder.iterdir()} == {
        "explanation.txt", "explanation.nc", "levers.csv", "pathways.csv", "levers_high_tech_firms.svg",
        "pathways_high_tech_firms.svg", "causes_venture_investment.svg",
    }  # fmt: skip
    with xr.open_datatree(folder / "explanation.nc") as read:
        xr.testing.assert_equal(read.load(), in_xarray(tree))
    with pytest.raises(InputError, match="exists already"):
        write_explanation(tree, folder)
    again = write_explanation(tree, tmp_path / "again", ["high_tech_firms"], ("venture_investment",))
    for path in folder.glob("*.[sct]*"):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_command_explains_and_refuses_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [
        "explain",
        "scenario=rent_relief,exit_drought",
        "ensemble=0",
        "--outcome",
        "gdp",
        "--hold",
        "institutional_quality",
    ]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert text.startswith("GDP in 2030: ")
    assert "in Exit drought" in text
    assert "in Rent relief" in text
    assert "Through sectors: " in text
    assert "of the difference is lost" in " ".join(text.split())
    for wrong, said in {
        ("explain", "scenario=exit_drought", "--variable", "gdp"): "name a folder for it",
        ("explain", "scenario=exit_drought", "--group", "x"): "group: found 'x', allowed: sector, theme",
        ("explain", "latest", "scenario=exit_drought"): "takes either",
        ("explain",): "needs two cases",
    }.items():
        assert main(list(wrong)) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1


def test_loops_are_printed_with_their_gains(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["loops", "scenario=exit_drought"]) == 0
    lines = capsys.readouterr().out.splitlines()
    row = next(line for line in lines if line.startswith("exits_and_capital\t")).split("\t")
    assert row[1] == "R2"
    assert all(cell.startswith("+") for cell in row[2:-1])
    assert lines.count("baseline") == lines.count("exit_drought") == 1


def test_nothing_is_written_into_a_run(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="lies in the run folder"):
        write_explanation(tree, tmp_path / "why")
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_an_explanation_on_the_terminal_waits_for_no_library_it_does_not_need() -> None:
    code = (
        "import sys; from pujiang.cli import main\n"
        "assert main(['explain', 'scenario=closed_loop_finance', 'ensemble=0']) == 0\n"
        "print('loaded:', [m for m in ('xarray', 'pandas', 'matplotlib', 'scipy', 'dask') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "loaded: []" in done.stdout
