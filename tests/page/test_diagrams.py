"""Does the page show the diagrams that `pujiang export` draws, in its language, to everybody, and on paper?"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.results.words import words_in

Opened = Callable[..., Any]

SHOWN = """() => [...document.querySelectorAll("#detail .diagram text")].map((text) => text.textContent)"""

TOO_WIDE = """() => {
  const all = (kind) => [...document.querySelectorAll(`#detail .diagram ${kind}`)];
  return all(".stock").map((box) => box.nextElementSibling)
    .filter((text) => text.getComputedTextLength() > text.previousElementSibling.width.baseVal.value)
    .map((text) => text.textContent);
}"""
"""Names of stocks that are wider than their boxes."""

PRINTED = """() => {
  const at = (part) => document.querySelector(part).getBoundingClientRect();
  const [sheet, drawing] = [at("#detail"), at("#detail .diagram")];
  return drawing.left >= sheet.left - 1 && drawing.right <= sheet.right + 1 && drawing.bottom <= sheet.bottom + 1;
}"""


def exported(model: Model, **asked: str) -> list[str]:
    """What is written in an exported diagram."""
    return [(text.text or "").replace("  ", " ") for text in texts(model, **asked)]


def texts(model: Model, **asked: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(model.export("svg", **asked)).iter("{http://www.w3.org/2000/svg}text"))


def named(model: Model, **asked: str) -> dict[str, None]:
    """The variables, levers and series of an exported diagram, in their order."""
    return dict.fromkeys(text.text or "" for text in texts(model, **asked) if text.get("class") in ("", "copy"))


def shown(page: Any) -> list[str]:
    """What is written in the diagram of the dialog."""
    page.locator("#detail .diagram").wait_for()
    found: list[str] = page.evaluate(SHOWN)
    return found


def open_outcome(page: Any, outcome: str) -> None:
    page.locator(f'.panel[data-outcome="{outcome}"] .title').press("Enter")


@pytest.mark.parametrize("outcome", ["star_listings", "gdp", "industry_output.ic"])
def test_behind_an_outcome_stands_the_exported_diagram_around_it(opened: Opened, model: Model, outcome: str) -> None:
    page = opened()
    open_outcome(page, outcome)
    name = outcome.partition(".")[0]
    assert shown(page) == exported(model, around=name)
    picture = page.locator("#detail .diagram")
    assert picture.get_attribute("role") == "img"
    told = picture.get_attribute("aria-label").partition(": ")[2].split(", ")
    assert told == list(named(model, around=name))
    assert set(page.locator("#detail .diagram .here").all_text_contents()) == {name.replace("_", " ")}


def test_every_sector_and_every_loop_can_be_seen(opened: Opened, model: Model) -> None:
    page = opened()
    assert page.locator(".diagram").count() == 0  # none before one is asked for
    sectors = dict.fromkeys(v.sector for v in model.system.variables.values() if v.kind != "initial")
    loops = [loop.code for loop in model.system.loops.values()]
    chips = page.locator("#diagrams .chip")
    assert chips.count() == len(sectors) + len(loops)
    for place, asked in enumerate([{"sector": name} for name in sectors] + [{"loop": code} for code in loops]):
        chips.nth(place).press("Enter")
        assert shown(page) == exported(model, **asked), asked
        ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        page.keyboard.press("Escape")


def test_in_chinese_its_names_are_chinese_and_fit_where_the_english_stand(opened: Opened, model: Model) -> None:
    page = opened()
    page.locator(".look button").press("Enter")
    open_outcome(page, "venture_investment")
    say = words_in("zh", model.system.presentation)
    english, chinese = exported(model, around="venture_investment"), shown(page)
    assert len(chinese) == len(english)
    called = {name.replace("_", " "): say.outcome(name).short for name in model.system.variables}
    for ours, theirs in zip(english, chinese, strict=True):
        if ours in called:
            assert theirs == called[ours]
    page.keyboard.press("Escape")
    chips = page.locator("#diagrams .chip")
    for place in range(chips.count()):
        chips.nth(place).press("Enter")
        assert [text for text in shown(page) if re.search(r"[A-Za-z]{4,}", text.replace("STAR", ""))] == []
        assert page.evaluate(TOO_WIDE) == []
        page.keyboard.press("Escape")


def test_a_name_leads_on_and_all_that_a_pointer_reaches_the_keyboard_reaches_too(opened: Opened, model: Model) -> None:
    page = opened()
    open_outcome(page, "star_listings")
    near = set(named(model, around="star_listings")) & set(named(model, sector="star_listing"))
    shown(page)
    links = page.locator("#detail .causes button").all_inner_texts()
    linked = {link.replace("_", " ") for link in links}
    assert {name.replace("_", " ") for name in model.system.causes["star_listings"]} <= linked
    assert {name.replace("_", " ") for name in model.system.effects("star_listings")} <= linked
    page.locator("#detail .diagram text", has_text="star places").click()
    assert page.locator("#detail-title").inner_text() == "star places"
    assert page.locator("#detail .diagram .here").text_content() == "star places"  # in the diagram of its sector
    page.keyboard.press("Tab")
    page.locator("#detail .names button").press("Enter")
    assert page.locator("#detail-title").inner_text() == "Star listing"
    assert near <= set(shown(page))
    frame = page.locator("#detail .drawing")
    frame.focus()
    assert page.evaluate("document.activeElement.className").startswith("scroll drawing")
    for _ in range(2):
        page.locator("#detail").get_by_role("button", name="Back").press("Enter")
    assert page.locator("#detail-title").inner_text() == "New STAR listings of Shanghai firms"


def test_on_a_small_screen_a_diagram_can_be_moved_about_in_and_seen_whole(opened: Opened) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    page.locator("#diagrams .chip", has_text="Exits").first.press("Enter")
    shown(page)
    width = "document.querySelector('#detail .drawing').{}"
    letters = page.evaluate("document.querySelector('#detail .diagram text.copy').getBoundingClientRect().height")
    assert letters > 8
    assert page.evaluate(width.format("scrollWidth")) > page.evaluate(width.format("clientWidth"))
    assert page.evaluate("document.querySelector('#detail').scrollWidth") <= 390
    whole = page.get_by_role("button", name="Whole diagram")
    whole.press("Enter")
    assert whole.get_attribute("aria-pressed") == "true"
    assert page.evaluate(width.format("scrollWidth")) == page.evaluate(width.format("clientWidth"))


def test_what_is_open_is_what_is_printed(opened: Opened) -> None:
    page = opened()
    page.locator("#diagrams .chip", has_text="Exits").first.press("Enter")
    shown(page)
    page.emulate_media(media="print")
    assert not page.locator("main").is_visible()
    assert page.evaluate(PRINTED)
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    assert page.locator("main").is_visible()


def test_a_browser_that_cannot_unpack_them_says_so(opened: Opened) -> None:
    page = opened()
    page.evaluate("delete window.DecompressionStream")
    open_outcome(page, "gdp")
    page.locator("#detail .drawing", has_text="This browser cannot unpack diagrams").wait_for()


@pytest.mark.parametrize("project", ["library", "exchange/models/epidemic.xmile"])
def test_models_without_loops_have_diagrams_too(opened: Opened, tmp_path: Path, project: str) -> None:
    path = Path(__file__).parents[1] / project
    model = pujiang.Model(path) if path.is_dir() else pujiang.read(path)
    file = tmp_path / "page.html"
    file.write_text(model.page(ensemble=3), encoding="utf-8")
    page = opened(file=file)
    outcome = json.loads(page.locator("#content").inner_text())["shown"][0]["outcomes"][0]
    open_outcome(page, outcome)
    assert shown(page) == exported(model, around=outcome.partition(".")[0])
    page.keyboard.press("Escape")
    sector = next(v.sector for v in model.system.variables.values() if v.kind != "initial")
    page.locator("#diagrams .chip").first.press("Enter")
    assert shown(page) == exported(model, sector=sector)
