"""Has every message of figures and reports its Chinese, with the same places for what varies?"""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import pujiang
import pujiang.results
from pujiang.experiment.naive import NAIVE
from pujiang.results.compare.inputs import HASHES, RUN_SETTINGS
from pujiang.results.figures.uncertainty import COLOURS, SOURCES
from pujiang.results.words import Message, chinese, words_in

PRESENTATION = pujiang.load_model().presentation
RESULTS = Path(pujiang.results.__file__).parent
SAYING = ("say", "Message", "Note")
VARIABLE = {"high", "medium", "low", "Baseline", *(entry[1] for entry in (*RUN_SETTINGS, *HASHES))}
VARIABLE |= {*NAIVE, *SOURCES.values(), *COLOURS}
"""Messages that are chosen by a value: trust in a source, settings that differ, the one scenario all runs have, naive
forecasts, what makes levels uncertain and the colours of it."""


def messages() -> Iterator[str]:
    """Every message said in the code and in the template of the report."""
    for path in RESULTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if name in SAYING:
                    yield text
                case ast.Constant(value=str(text)) if text in chinese() and " " in text.strip():
                    yield text  # said elsewhere than where it is written
    template = (RESULTS / "report" / "page.html.j2").read_text(encoding="utf-8")
    for pair in re.findall(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')\s*[,)]""", template):
        yield from filter(None, pair)


def test_every_message_has_its_chinese_and_every_entry_a_message() -> None:
    found = {*messages(), *VARIABLE}
    assert len(found) > 150
    assert set(chinese()) == found


@pytest.mark.parametrize("english", sorted(chinese()))
def test_both_languages_have_the_same_places(english: str) -> None:
    def places(text: str) -> set[tuple[str | None, str | None]]:
        return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name}

    assert places(chinese()[english]) == places(english)


def test_values_are_put_in_after_translation() -> None:
    say = words_in("zh", PRESENTATION)
    reason = Message("the runs differ in {what}", {"what": [Message("model hash"), Message("data hash")]})
    assert say.message(reason) == "各次运行的模型校验码、数据校验码不同"
    assert str(reason) == "the runs differ in model hash, data hash"
    assert say.case("exit_drought (ab12)") == "退出枯竭 (ab12)"


def test_what_the_city_calls_its_own_comes_with_the_results() -> None:
    assert words_in("zh", PRESENTATION).outcome("gdp").label == "地区生产总值（现价）"
    assert words_in("zh", replace(PRESENTATION, translations={})).outcome("gdp").label == "GDP, current prices"
    english = words_in("en", PRESENTATION)
    assert english.element("industry", "other") == "Other industries"
    assert english.element("district", "other") == "Other districts"
