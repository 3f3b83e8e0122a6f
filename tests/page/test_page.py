"""Is the page one file that holds all it needs and lets nothing else in?"""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.errors import InputError
from pujiang.experiment.ensemble import members
from pujiang.results.page.assemble import HERE, PAGE, STYLE, WORKER, chinese
from pujiang.results.words import chinese as results_in_chinese

from .conftest import MEMBERS

SAID = re.compile(r"""\b(?:say|button|fact|languageOf)\(\s*"((?:[^"\\]|\\.)+)"|field\("\w+", "([^"]+)\"""")


def content_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def scripts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "script").glob("*.js")))


def test_its_policy_lets_in_what_it_holds_and_nothing_else(page_text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page_text)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    assert allowed.startswith("default-src 'none'; ")
    assert "unsafe" not in allowed
    assert "http" not in allowed
    run = re.findall(r"<(?:script(?: id=\"engine\")?|style)>(.*?)</(?:script|style)>", page_text, re.DOTALL)
    assert len(run) == 3
    for part in run:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed


def test_it_names_no_address_and_evaluates_nothing(page_text: str) -> None:
    addresses = set(re.findall(r"https?://[\w./-]+", page_text))
    assert {address for address in addresses if "www.w3.org" not in address} == set()
    for word in ("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "fetch("):
        assert word not in scripts()


def test_a_page_of_200_members_is_at_most_3_mb(model: Model) -> None:
    assert len(model.page().encode()) < 3_000_000


def test_it_is_the_same_text_every_time(model: Model, page_text: str) -> None:
    assert model.page(ensemble=MEMBERS) == page_text


def test_it_holds_the_members_to_the_last_bit(model: Model, page_text: str) -> None:
    content = content_of(page_text)
    drawn = members(model.system, model.fit(), MEMBERS, 2026, "posterior")
    names = model.system.parameter_names
    values = np.frombuffer(base64.b64decode(content["members"]["values"]), "<f8")
    values = values.reshape(content["members"]["count"], len(content["varying"]))
    assert {names[place] for place in content["varying"]} == set(drawn)
    for place, column in zip(content["varying"], values.T, strict=True):
        assert np.array_equal(column, drawn[names[place]])


def test_every_lever_has_a_slider_that_reaches_what_scenarios_set(model: Model, page_text: str) -> None:
    content = content_of(page_text)
    assert sorted(name for group in content["leverGroups"].values() for name in group) == sorted(model.system.levers)
    for case in (*content["scenarios"], *content["shocks"]):
        for name, setting in case["settings"].items():
            low, high = content["levers"][name]["slider"]
            values = [point["value"] for point in setting.get("path", [])] or [setting["target"]]
            assert all(low <= value <= high for value in values), name


def test_every_message_has_its_chinese_and_every_entry_a_message() -> None:
    text = scripts()
    said = {found for pair in SAID.findall(text) for found in pair if found}
    known = {*chinese(), *results_in_chinese(), "GDP"}
    assert said - known == set()
    assert {entry for entry in chinese() if f'"{entry}"' not in text and not _kind(entry)} == set()
    assert not {*chinese()} & {*results_in_chinese()}


def _kind(entry: str) -> bool:
    """Words that come with the content: kinds of variables, uses of data, facts."""
    kinds = "auxiliary check constant flow initial input lever parameter series stock table weak".split()
    return entry in {*kinds, "balancing", "reinforcing", "Version"}


@pytest.mark.parametrize("english", sorted(chinese()))
def test_both_languages_have_the_same_places(english: str) -> None:
    def places(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert places(chinese()[english]) == places(english)


def test_every_file_of_the_page_is_in_it() -> None:
    scripts_ = {path.stem for path in (HERE / "script").glob("*.js")}
    assert scripts_ == {*PAGE, *WORKER}
    assert {path.stem for path in (HERE / "style").glob("*.css")} == {*STYLE}


def test_a_page_of_runs_starts_from_their_scenarios(model: Model, tmp_path: Path) -> None:
    first = model.save(model.run("exit_drought", levers={"exit_window": 0.1}, ensemble=3), tmp_path, figures=False)
    content = content_of(model.page(first, folder=tmp_path))
    own = content["scenarios"][-1]
    assert own["name"] == f"exit_drought_{first.name[-4:]}"
    assert own["settings"]["exit_window"]["target"] == 0.1
    assert content["members"]["count"] == 4
    second = model.save(model.run("exit_drought", ensemble=2), tmp_path, figures=False)
    with pytest.raises(InputError, match=f"{second.name} has another ensemble than {first.name}"):
        model.page(first, second, folder=tmp_path)
    with pytest.raises(InputError, match="ensemble"):
        model.page(first, folder=tmp_path, ensemble=3)


def test_the_track_record_of_an_outcome_is_shown_where_there_is_one(model: Model) -> None:
    record = {"gdp": {"en": "Foretold within 2 %.", "zh": "误差在 2 % 以内。"}}
    content = content_of(model.page(ensemble=0, track_record=record))
    told = {outcome["scalar"]: outcome["record"] for outcome in content["outcomes"]}
    assert told["gdp"] == record["gdp"]
    assert told["research_spending"] is None


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    assert main(["page", "--members", "0", "--out", str(path), "--lang", "zh"]) == 0
    assert '<html lang="zh">' in path.read_text(encoding="utf-8")
    assert main(["page", "--out", str(tmp_path / "page.pdf")]) == 2
    assert "a page is HTML" in capsys.readouterr().err


def test_what_a_title_holds_is_text() -> None:
    text = pujiang.Model().page(ensemble=0, title="</script><b>A & B</b>")
    assert "<b>A" not in text
    assert content_of(text)["title"] == "</script><b>A & B</b>"
