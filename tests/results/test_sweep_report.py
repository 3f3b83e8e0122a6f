"""Does the report of a sweep answer its question first, say what moves the outcomes, and hold no raw name?"""

import re
from html import unescape
from pathlib import Path

import pytest

from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.results import run_folder

QUESTION = "What does the listing window bring high-tech firms?"


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A window of three widths with two settings of mergers, with a few members."""
    folder = tmp_path_factory.mktemp("swept")
    words = ["levers.exit_window=0,0.5,1", "levers.merger_support=1,1.5", "ensemble=4", f"output.folder={folder}"]
    assert main(["sweep", "scenario=baseline", *words, "output.figures=false"]) == 0
    return run_folder.latest(folder)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))).split())


def test_the_question_is_answered_in_the_first_paragraph(model: Model, sweep: Path) -> None:
    page = model.report(sweep, question=QUESTION)
    first = text_of(re.search(r'<p class="answer">(.*?)</p>', page, re.DOTALL).group(1))
    assert first.startswith("High-tech firms in 2030: from ")
    assert "over 6 points" in first
    assert "the listing window from 0 to 1 (+" in first
    assert "Odds of the goals: R&D at least 5 % of GDP (2030)" in first
    assert page.index(QUESTION) < page.index("In short") < page.index("What moves the outcomes")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_has_a_raw_name_or_is_said_not_to_be_computed(model: Model, sweep: Path, language: str) -> None:
    text = text_of(model.report(sweep, language=language))
    said, _, _ = text.partition("Made by" if language == "en" else "命令")  # the record quotes the command
    assert "not computed" not in said
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", said)
    if language == "zh":
        assert not re.findall(r"[A-Za-z]{4,}", said.replace("STAR", ""))
