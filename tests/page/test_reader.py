"""What a reader of the page can do: move levers, compare, take results out and bring a scenario in."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.experiment.scenario import setting_as_mapping
from pujiang.results.levels import error_of, levels
from pujiang.results.summary import QUANTILES, draws, goal_shares, scalar_outcomes

from .conftest import MEMBERS

Opened = Callable[..., Any]

MIXED = (
    "levers.exit_window.target=0.2&levers.exit_window.start=2027.25"
    "&levers.rent_relief.target=0.3&levers.rent_relief.start=2026&levers.rent_relief.end=2028.5"
    "&levers.rent_relief.shape=pulse"
    "&levers.research_intensity_target.from=0.0455&levers.research_intensity_target.target=0.05"
    "&levers.research_intensity_target.start=2026&levers.research_intensity_target.end=2031"
    "&levers.research_intensity_target.shape=ramp"
    "&levers.market_valuation.path=2026:0.7;2028:0.8;2030:1.2"
)
"""A case with a lever of every shape, one of them without a default."""


def downloaded(page: Any, name: str) -> Path:
    """The file that a button of the page saves, pressed by key: where a page still moves, a pointer may miss."""
    settle(page)
    with page.expect_download() as found:
        page.get_by_role("button", name=name, exact=True).press("Enter")
    return Path(found.value.path())


def table(page: Any) -> dict[tuple[str, str, str, int], Mapping[str, str]]:
    """The rows of the page's table by outcome, element, scenario and year."""
    text = downloaded(page, "Table (CSV)").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {(row["outcome"], row["element"], row["scenario"], int(row["year"])): row for row in rows}


def settle(page: Any) -> None:
    """Wait until all members have arrived."""
    page.wait_for_timeout(250)
    page.locator("#progress-bar").wait_for(state="hidden")


def set_slider(page: Any, lever: str, value: float) -> None:
    """Move a slider as a hand does, and let it go."""
    page.locator(f"#lever-{lever}").evaluate(
        """(slider, value) => {
          slider.value = value;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          slider.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        value,
    )
    settle(page)


def open_every_group(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details.levers').forEach((group) => (group.open = true))")


def _by_element(dataset: Any, name: str) -> Any:
    """(element, values by scenario, member and year) of an outcome."""
    return [(element, values) for found, element, values in scalar_outcomes(dataset[[name]]) if found == name]


def test_the_numbers_of_the_page_are_those_of_a_run_of_its_scenario_file(
    opened: Opened, model: Model, tmp_path: Path
) -> None:
    page = opened(MIXED)
    folder = tmp_path / "scenario"
    folder.mkdir()
    (folder / "mine.yaml").write_bytes(downloaded(page, "Scenario file (YAML)").read_bytes())
    rows = table(page)
    tree = model.run("mine", config_dir=tmp_path, ensemble=MEMBERS)
    annual = tree["annual"].to_dataset()
    reached = levels(annual, error_of(tree))
    shown = model.system.presentation
    carried = {*shown.outcomes, *(goal.outcome.partition(".")[0] for goal in shown.goals if goal.modelled)}
    checked = 0
    for name, element, plain in scalar_outcomes(annual):
        source = reached if name in carried else annual
        values = plain if source is annual else dict(_by_element(source, name))[element]
        for scenario, title in enumerate(("Baseline", "My case")):
            own = values.values[scenario]
            spread = np.quantile(draws(own, annual["member"].values, 0), QUANTILES, axis=0)
            for place, year in enumerate(annual["year"].values.tolist()):
                row = rows[name, element, title, year]
                found = [float(row[key]) for key in ("central", "q05", "q25", "median", "q75", "q95")]
                expected = [own[0, place], *spread[:, place]]
                np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)
                checked += 1
    assert checked == len(rows)


def test_the_probability_of_a_goal_is_that_of_a_run(opened: Opened, model: Model) -> None:
    page = opened("scenario=new_core")
    tree = model.run("new_core", ensemble=MEMBERS)
    annual = tree["annual"].to_dataset()
    goals = [goal for goal in model.system.presentation.goals if goal.modelled and goal.year >= 2026]
    shown = page.locator("#goals tbody tr").all()
    assert len(shown) == len(goals) > 3
    for row, goal in zip(shown, goals, strict=True):
        assert goal.text in row.locator("th").inner_text()
        widths = [bar.evaluate("bar => parseFloat(bar.style.inlineSize)") for bar in row.locator(".bar > span").all()]
        reached = levels(annual, error_of(tree))
        np.testing.assert_allclose(widths, 100 * goal_shares(reached, goal), atol=1e-3)


def test_a_slider_answers_at_once_and_comes_to_what_a_run_gives(opened: Opened, model: Model) -> None:
    page = opened()
    open_every_group(page)
    set_slider(page, "exit_window", 0.0)
    annual = model.outcomes("baseline", levers={"exit_window": 0.0})
    listings = annual["star_listings"].sel(member=0, year=2030).values
    told = f"{listings[0]:.1f} → {listings[1]:.1f}"
    page.locator('.panel[data-outcome="star_listings"] .reading', has_text=told).wait_for()
    assert "New STAR listings" in page.locator("#changes").inner_text()


def test_undo_redo_and_reset(opened: Opened) -> None:
    page = opened()
    open_every_group(page)
    number = page.locator("#lever-rent_relief-number")
    set_slider(page, "rent_relief", 0.2)
    set_slider(page, "rent_relief", 0.3)
    page.get_by_role("button", name="Undo").click()
    assert number.input_value() == "0.2"
    page.keyboard.press("Control+z")
    assert number.input_value() == "0"
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Redo").click()
    assert number.input_value() == "0.3"
    page.locator('.lever[data-lever="rent_relief"]').get_by_role("button", name="Reset").press("Enter")
    assert number.input_value() == "0"
    page.locator('[data-scenario="exit_drought"]').press("Enter")
    page.locator('[data-shock="us_restrictions"]').press("Enter")
    assert page.locator(".lever.set").count() == 3
    page.get_by_role("button", name="Reset all").press("Enter")
    assert page.locator(".lever.set").count() == 0


def test_a_slider_can_be_moved_from_the_keyboard(opened: Opened) -> None:
    page = opened()
    slider = page.locator("#lever-public_research_multiplier")
    slider.focus()
    before = float(slider.input_value())
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) > before
    page.keyboard.press("Home")
    assert float(slider.input_value()) == float(slider.get_attribute("min"))


@pytest.mark.parametrize("fragment", [MIXED, "scenario=new_core&against.scenario=exit_drought&year=2028"])
def test_a_link_opens_what_it_was_taken_from(opened: Opened, fragment: str) -> None:
    page = opened(fragment)
    page.get_by_role("button", name="Copy link").press("Enter")
    link, rows = page.evaluate("location.hash"), table(page)
    page.evaluate("location.hash = 'scenario=baseline'")
    settle(page)
    assert table(page) != rows
    page.evaluate("(link) => { location.hash = link; }", link)
    settle(page)
    assert table(page) == rows


IN_LINKS = {
    "levers.exit_window.target=7": "levers.exit_window.target: found 7; allowed: 0 … 1.5",
    "levers.exit_windov=1": "levers: found exit_windov",
    "levers.exit_window=1&levers.exit_window.start=2026.1": "multiples of 0.0625 year",
    "levers.exit_window=1&levers.exit_window.shape=ramp&levers.exit_window.end=2025": "exit_window.end",
    "levers.market_valuation.path=2026:1;2026:2": "market_valuation.path: found 2026",
    "levers.__proto__.target=1": "levers: found __proto__",
    "levers.exit_window.__proto__=1": "levers.exit_window: found __proto__",
    "scenario=nothing": "scenario: found nothing",
    "parameters.nothing=1": "parameters: found nothing",
}
"""What cannot be meant, and what is said of it."""


def test_a_link_that_cannot_be_meant_is_told_in_a_line(opened: Opened) -> None:
    page = opened(next(iter(IN_LINKS)))
    for fragment, told in IN_LINKS.items():
        page.evaluate("(link) => { location.hash = link; }", fragment)
        page.locator("#message", has_text=told).wait_for()
        assert "\n" not in page.locator("#message").inner_text()
        assert page.locator("#caption").inner_text() == "Baseline"


def test_every_shipped_scenario_file_is_read_as_pujiang_reads_it(opened: Opened, model: Model, tmp_path: Path) -> None:
    page = opened()
    chooser = page.locator('input[type="file"]')
    for name, path in model.options("scenario").items():
        chooser.set_input_files(path)
        page.locator("#meaning", has_text=model.configure(name).scenarios[-1].meaning[:40]).wait_for()
        written = downloaded(page, "Scenario file (YAML)").read_text(encoding="utf-8")
        (tmp_path / "scenario").mkdir(exist_ok=True)
        (tmp_path / "scenario" / f"{name}.yaml").write_text(written, encoding="utf-8")
        theirs = model.configure(name, config_dir=tmp_path).scenarios[-1]
        ours = model.configure(name).scenarios[-1]
        assert {k: setting_as_mapping(v) for k, v in theirs.levers.items()} == {
            k: setting_as_mapping(v) for k, v in ours.levers.items()
        }
        assert page.locator("#message").inner_text() == ""


IN_FILES = (
    "levers: {exit_window: {target: 9}}",
    "levers: {nothing: 1}",
    "levers: &a {exit_window: 1}",
    "levers: {exit_window: 1, exit_window: 2}",
    "levers: !!python/object:os.system {}",
    "levers: {__proto__: 1}",
    "title: [",
    "parameters: {}",
    "<script>alert(1)</script>",
    "",
    "a: " + 50 * "{a: ",
)


def test_a_scenario_file_that_cannot_be_meant_is_told_in_a_line(opened: Opened, tmp_path: Path) -> None:
    page = opened()
    for place, text in enumerate(IN_FILES):
        path = tmp_path / f"file_{place}.yaml"
        path.write_text(text, encoding="utf-8")
        page.evaluate("document.getElementById('message').className = ''")
        page.locator('input[type="file"]').set_input_files(path)
        page.locator("#message.fault").wait_for()
        assert "\n" not in page.locator("#message").inner_text()
        assert page.locator("#caption").inner_text() == "Baseline"


def test_a_scenario_file_can_be_dropped_and_its_title_is_text(opened: Opened) -> None:
    page = opened()
    content = 'title: "<b>=Mine</b>"\nlevers:\n  exit_window:\n    target: 0.1\n    start: 2026-07\n'
    page.evaluate(
        """(content) => {
          const given = new DataTransfer();
          given.items.add(new File([content], "mine.yaml"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: given }));
        }""",
        content,
    )
    settle(page)
    assert page.locator("#caption").inner_text() == "<b>=Mine</b>, against Baseline"
    assert page.locator('.lever[data-lever="exit_window"] .told').inner_text() == "0.1 from 2026.5"


def test_two_cases_can_be_held_against_each_other(opened: Opened) -> None:
    page = opened("scenario=new_core")
    open_every_group(page)
    set_slider(page, "rent_relief", 0.5)
    page.get_by_role("button", name="Keep this case").press("Enter")
    set_slider(page, "rent_relief", 0.1)
    page.locator("#against").select_option(label="Technology as the new core, changed 1")
    settle(page)
    assert "against Technology as the new core, changed 1" in page.locator("#caption").inner_text()
    page.locator("#year").select_option("2028")
    assert page.locator("#changes-title").inner_text() == "What changes in 2028"


def test_pictures_and_tables_come_out(opened: Opened) -> None:
    page = opened("scenario=exit_drought")
    picture = ElementTree.fromstring(downloaded(page, "Picture (SVG)").read_text(encoding="utf-8"))
    charts = [part for part in picture.iter() if part.get("class") == "chart"]
    assert len(charts) == page.locator(".panel").count()
    assert all(part.get("stroke") for part in picture.iter() if part.get("class", "").startswith("line"))
    assert downloaded(page, "Picture (PNG)").read_bytes().startswith(b"\x89PNG")
    details = page.locator('.panel[data-outcome="venture_investment"] details.table')
    details.locator("summary").press("Enter")
    details.locator("tbody tr").last.wait_for()
    assert details.locator("tbody tr").count() == 16


def test_behind_an_outcome_stand_equation_causes_data_and_sources(opened: Opened) -> None:
    page = opened()
    page.locator('.panel[data-outcome="high_tech_firms"] .title').press("Enter")
    dialog = page.locator("#detail")
    assert "high_tech_firms =" in dialog.inner_text()
    assert dialog.get_by_role("heading", name="Data and sources").count() == 1
    assert "the 80 % band held" in dialog.inner_text()
    cause = dialog.locator(".causes button").first
    name = cause.inner_text()
    cause.click()
    assert name in dialog.inner_text()
    dialog.get_by_role("button", name="Back").click()
    assert "high_tech_firms =" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_axe_finds_no_violation(opened: Opened) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened("scenario=exit_drought")
    open_every_group(page)
    page.locator(".lever button[aria-expanded]").first.press("Enter")
    page.locator(".choosing > summary").press("Enter")

    def violations() -> list[str]:
        found = axe.run(page).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    for scheme, width in (("light", 390), ("dark", 1280), ("light", 1280)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert violations() == []
    page.locator('.panel[data-outcome="venture_investment"] .title').press("Enter")
    page.locator(".diagram").wait_for()
    assert violations() == []
    page.keyboard.press("Escape")
    for words in ("Economy", "R2"):
        page.locator("#diagrams .chip", has_text=words).first.press("Enter")
        page.locator(".diagram").wait_for()
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            assert violations() == []
        page.keyboard.press("Escape")
    page.locator(".look button").press("Enter")
    settle(page)
    assert violations() == []


def test_nothing_is_wider_than_the_screen(opened: Opened) -> None:
    page = opened("scenario=new_core")
    for _ in ("en", "zh"):
        open_every_group(page)
        for width in (390, 820, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".look button").press("Enter")


def test_in_chinese_no_message_is_english(opened: Opened) -> None:
    page = opened("scenario=exit_drought")
    page.locator(".look button").press("Enter")
    settle(page)
    open_every_group(page)
    assert page.evaluate("document.documentElement.lang") == "zh"
    text = "".join(page.locator(part).inner_text() for part in ("header", ".presets", "aside", "main"))
    assert set(re.findall(r"[A-Za-z]{3,}", text)) <= set("English CNS YAML CSV SVG PNG".split())


def test_another_project_has_a_page_too(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "library.html"
    library = pujiang.Model(Path(__file__).parents[1] / "library")
    path.write_text(library.page(ensemble=5), encoding="utf-8")
    page = opened(file=path)
    lever = next(iter(library.system.levers))
    bounds = json.loads(page.locator("#content").inner_text())["levers"][lever]["slider"]
    set_slider(page, lever, bounds[1])
    assert page.locator(".panel").count() > 0
    assert page.locator("#caption").inner_text() == "My case, against Baseline"
