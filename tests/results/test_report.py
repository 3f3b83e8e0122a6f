"""Is a report one whole, honest, readable file: nothing fetched, nothing hidden, the same every time?"""

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml

from pujiang.cli import main
from pujiang.declare import assumed, lever
from pujiang.errors import InputError
from pujiang.presentation import presentation_of
from pujiang.results import run_folder
from pujiang.results.figures import style
from pujiang.results.figures.ranks import slopes, spread_ties
from pujiang.results.figures.style import colours
from pujiang.results.report import report, write_report
from pujiang.results.report.scenarios import unit_in_words
from pujiang.results.words import words_in

LEVERS = {"exit_window": lever("1", "How wide it stands open.", default=0.35, bounds=(0, 1), basis=assumed("test"))}
CONFIG = yaml.safe_dump(
    {
        "scenarios": [
            {"name": "baseline", "title": "Baseline", "meaning": "No new policy.", "levers": {}},
            {
                "name": "fifteenth_plan",
                "title": "Fifteenth five-year plan",
                "meaning": "As <announced> & more.",
                "levers": {"exit_window": {"target": 0.5, "start": 2026.0, "shape": "step"}},
                "parameters": {"royalty_share_elasticity": 0.5},
            },
        ],
        "ensemble": {"size": 20, "seed": 1, "kind": "laplace"},
        "evidence": "shipped",
        "output": {"figures": True, "lang": "en"},
    }
)
VOID = {"meta", "br", "hr", "img", "link", "input", "col", "wbr"}

Write = Callable[..., Path]


class Page(HTMLParser):
    """Tags as a browser meets them: (tag, attributes, the tags it lies in), and the text of each kind of tag.

    `unmarked`: the text in the language of the page, without code and what is marked as English.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: dict[str, list[str]] = {}
        self.unmarked = ""
        self._marked: list[bool] = []
        self._open: list[str] = []
        self.faults: list[str] = []
        self.feed(page)
        self.close()
        self.faults += [f"<{tag}> is left open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), tuple(self._open)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)
            self._marked.append(tag in ("code", "style") or ("lang", "en") in attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes another tag")
        self._marked.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data
        self.unmarked += "" if any(self._marked) else data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of a name."""
        return [attributes for found, attributes, _ in self.tags if found == tag]


def made(runs: Sequence[Path], packs: Sequence[Any] | None = None, **settings: Any) -> str:
    """The report on run folders."""
    trees = [run_folder.open(run) for run in runs]
    return report(trees, packs or [None] * len(runs), LEVERS, **settings)


@pytest.fixture
def run(write: Write) -> Path:
    """A run of two scenarios."""
    return write(config_yaml=CONFIG)


@pytest.fixture(scope="module")
def reported(
    tree: xr.DataTree, synthetic: ModuleType, evidence: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A run of two scenarios and the report on it, with the shipped evidence; made once."""
    facts = {"model_hash": "m", "data_hash": "d", "fit": "shipped", "seed": 1, "argv": ["run"]}
    run = synthetic.write_run(
        tree,
        folder=tmp_path_factory.mktemp("runs"),
        config_yaml=CONFIG,
        certificate=synthetic.CERTIFICATE,
        facts=facts,
        figures=False,
    )
    return run, made([run], [evidence])


@pytest.fixture(scope="module")
def page(reported: tuple[Path, str]) -> str:
    """The report on a run of two scenarios."""
    return reported[1]


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Reports without figures, which take seconds to draw; what would have been drawn."""
    asked: list[Any] = []

    def nothing(shown: Any, *_: Any) -> list[Any]:
        asked.append(shown)
        return []

    monkeypatch.setattr("pujiang.results.report.inline.inline_figures", nothing)
    return asked


def test_a_report_asks_for_nothing_from_outside(page: str) -> None:
    parsed = Page(page)
    assert "http" not in page
    assert not parsed.named("script") + parsed.named("link") + parsed.named("img") + parsed.named("iframe")
    for _, attributes, _ in parsed.tags:
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert set(re.findall(r"url\((.)", page)) <= {"#"}
    assert "@import" not in page


def test_a_report_is_well_formed(page: str) -> None:
    parsed = Page(page)
    assert parsed.faults == []
    ids = [attributes["id"] for _, attributes, _ in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    pointed = {value[1:] for value in re.findall(r'href="(#[^"]+)"', page)} | set(re.findall(r"url\(#([^)]+)\)", page))
    assert pointed <= set(ids)


def test_a_report_can_be_read_without_seeing_it(page: str) -> None:
    parsed = Page(page)
    assert parsed.named("html")[0]["lang"] == "en"
    assert page.count("<table") == page.count("<caption") > 5
    assert all(attributes.get("scope") in ("col", "row") for attributes in parsed.named("th"))
    figures = [place for place, (tag, _, _) in enumerate(parsed.tags) if tag == "svg"]
    assert len(figures) == page.count("<figcaption") == 7
    for place in figures:
        assert [tag for tag, *_ in parsed.tags[place + 1 : place + 3]] == ["title", "desc"]
        assert parsed.tags[place][1]["role"] == "img"
    assert all(text.strip() for text in parsed.texts["title"] + parsed.texts["desc"] + parsed.texts["caption"])
    levels = [int(tag[1]) for tag, *_ in parsed.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_same_run_gives_the_same_bytes(reported: tuple[Path, str], evidence: Any, tmp_path: Path) -> None:
    run, page = reported
    moved = tmp_path / "elsewhere" / run.name
    shutil.copytree(run, moved)
    assert made([moved], [evidence]) == page
    assert str(run.parent) not in page


def test_a_report_says_what_was_run_and_how_sure_it_is(reported: tuple[Path, str]) -> None:
    run, page = reported
    text = " ".join(Page(page).texts["main"][0].split())
    for said in (
        "How would Shanghai differ in 2030 under Fifteenth plan, compared with Baseline?",
        "As <announced> & more.",
        "0.35 → 0.5 from 2026",
        "Royalty share elasticity = 0.5",
        "approximate posterior",
        "the baseline, a difference of",
        f"pujiang run --from runs/{run.name}",
        "Certificate",
        "growth_stage_share",
        "R&D at least 5 % of GDP",
    ):
        assert said in text
    for value in run_folder.read_manifest(run)["files"].values():
        assert value in text


def test_the_numbers_are_those_of_the_run(page: str, tree: xr.DataTree) -> None:
    gdp = tree["annual"].to_dataset()["gdp"].sel(year=2030, member=slice(1, None))
    level = float(gdp.sel(scenario="baseline").median())
    change = float((gdp.sel(scenario="fifteenth_plan") / gdp.sel(scenario="baseline") - 1).median())
    row = next(text for text in Page(page).texts["tr"] if text.strip().startswith("GDP"))
    assert f"{level:,.0f}" in row
    assert f"{100 * change:+.1f} %" in row


def test_the_sources_of_the_outcomes_are_named(page: str, evidence: Any) -> None:
    used = {cited for point in evidence.observations if point.outcome == "research_spending" for cited in point.sources}
    for source in {evidence.figures[cited].source for cited in used if cited in evidence.figures}:
        assert source in page
    assert any(cited in page for cited in used)
    assert "The evidence of this run is not at hand" in page  # the made-up run has another hash


def test_runs_of_the_same_draws_are_one_comparison(write: Write, synthetic: ModuleType, undrawn: list[Any]) -> None:
    trees = [synthetic.make_tree(("baseline", "fifteenth_plan"))]
    other = trees[0].copy(deep=True)
    for part in ("annual", "trajectories"):
        other[part] = xr.DataTree(other[part].to_dataset().assign_coords(scenario=["baseline", "exit_drought"]))
    found = made([write(tree=tree, config_yaml=CONFIG) for tree in (trees[0], other)])
    assert "NOT shared" not in found
    headings = Page(found).texts["th"]
    assert {"Baseline", "Fifteenth plan", "Exit drought"} <= set(headings)
    (together,) = undrawn
    assert together.annual["scenario"].values.tolist() == ["baseline", "fifteenth_plan", "exit_drought"]


def test_different_models_are_said_first(write: Write, undrawn: list[Any]) -> None:
    facts = {"model_hash": "m", "data_hash": "d", "fit": "shipped", "seed": 1, "argv": ["run"]}
    runs = [write(config_yaml=CONFIG), write(config_yaml=CONFIG, facts={**facts, "model_hash": "n"})]
    found = made(runs)
    first = Page(found).texts["main"][0].strip().splitlines()[0]
    assert "DIFFERENT MODEL" in first.upper()
    assert "band of it" not in found
    assert [shown.run for shown in undrawn] == [run.name for run in runs]  # each by itself


def test_a_failed_certificate_is_loud(write: Write, synthetic: ModuleType, undrawn: list[Any]) -> None:
    failed = {**synthetic.CERTIFICATE, "passed": False, "failures": ["gdp: step error 0.2 > 0.01"]}
    found = made([write(config_yaml=CONFIG, certificate=failed)])
    parsed = Page(found)
    assert parsed.texts["title"][0].startswith("FAILED ITS CERTIFICATE")
    start = " ".join(parsed.texts["main"][0].split())
    assert start.startswith("THIS REPORT RESTS ON A RUN THAT FAILED ITS CERTIFICATE: do not use its numbers.")
    assert "gdp: step error 0.2 > 0.01" in start[:300]
    assert undrawn[0].failed


def test_one_scenario_and_one_member_make_a_report(write: Write, synthetic: ModuleType) -> None:
    found = made([write(tree=synthetic.make_tree(("baseline",), draws=0), config_yaml="fit: shipped\n")])
    assert "One member, no ensemble." in found
    assert "nothing to hold it against" in found
    assert found.count("<svg") == 3


def test_a_damaged_run_is_refused_in_one_line(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / "summary.csv").write_text("touched", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(run), "--out", "x.html"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "summary.csv' is damaged" in error
    assert not (tmp_path / "x.html").exists()


@pytest.mark.usefixtures("undrawn")
def test_the_command_writes_once_and_replaces_only_if_told(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report"]) == 0
    path = tmp_path / "reports" / f"{run.name}.html"
    first = path.read_bytes()
    assert main(["report", str(run)]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert main(["report", str(run), "--question", "Why?"]) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_bytes() == first
    assert main(["report", str(run), "--question", "Why?", "--force"]) == 0
    assert path.read_bytes() != first
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert run_folder.damage(run) == []


def test_nothing_is_written_into_a_run(run: Path) -> None:
    with pytest.raises(InputError, match="run folder"):
        write_report("page", run / "figures" / "report.html")


def test_the_same_run_twice_is_refused(run: Path) -> None:
    with pytest.raises(InputError, match="twice"):
        made([run, run])


# --- Chinese ------------------------------------------------------------------------------------------------


@pytest.fixture
def chinese_page(run: Path, evidence: Any, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A Chinese report; the font is any one: what is tested is the words."""
    monkeypatch.setattr(style, "chinese_font", lambda: "DejaVu Sans")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # letters the font lacks
        return Page(made([run], [evidence], language="zh"))


def test_a_chinese_report_says_so_and_leaves_no_english_but_what_is_marked(chinese_page: Page) -> None:
    assert chinese_page.faults == []
    assert chinese_page.named("html")[0]["lang"] == "zh-Hans"
    assert "“十五五”规划" in chinese_page.texts["h1"][0]
    assert "No new policy." in chinese_page.texts["span"]  # what the model says of itself stays in its language
    left = re.findall(r"[A-Za-z][a-z]+(?: [a-z]+)+", chinese_page.unmarked)
    assert left == [], "English in a Chinese report"


def test_without_a_chinese_font_figures_stay_english_with_one_warning(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    with pytest.warns(UserWarning, match="no Chinese font") as caught:
        found = Page(made([run], language="zh"))
    assert len(caught) == 1
    assert found.texts["figcaption"][0].startswith("图 1. ")


# --- ranks --------------------------------------------------------------------------------------------------


def test_shared_ranks_are_drawn_between_the_ranks_they_fill() -> None:
    places, shared = spread_ties(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 2.0], [np.nan, 4.0]]))
    assert np.allclose(places[:, 0], [1, 2, 3, np.nan], equal_nan=True)
    assert np.isclose(places[1:3, 1].mean(), 2.5)
    assert places[1, 1] < places[2, 1]
    assert shared.tolist() == [[False, False], [False, True], [False, True], [False, False]]


def test_ranks_are_drawn_for_many_cases(synthetic: ModuleType) -> None:
    from pujiang.results.compare import compare

    found = compare(synthetic.make_tree(synthetic.SCENARIOS))
    names = ["gdp", "venture_investment"]
    say = words_in("en", presentation_of(found.annual.attrs))
    figure, _ = slopes(found.tables.ranks, found.cases, names, colours(found.cases), say, year=2030)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert {"GDP", "Venture investment"} <= set(texts)
    assert sum(text.replace("\n", " ") == "Exit drought" for text in texts) == 2


@pytest.mark.parametrize(
    ("unit", "words"),
    [("1", ""), ("billion_yuan/year", "billion yuan a year"), ("1/year", "share a year"), ("firm", "firm")],
)
def test_units_are_said_in_words(unit: str, words: str) -> None:
    assert unit_in_words(unit) == words


# --- a browser ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 800])
def test_nothing_is_wider_than_the_window_and_nothing_is_complained_of(width: int, page: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium to open the report in")
    probe = (
        "<script>document.body.dataset.wide = [...document.querySelectorAll('*')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline'"
        " && !e.closest('svg')).map(e => e.tagName + '.' + e.className).join()</script>"
    )
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", f"{probe}</body>"), encoding="utf-8")
    switches = (
        "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking "
        "disable-component-update disable-sync enable-logging=stderr dump-dom"
    )
    options = [f"--{switch}" for switch in switches.split()]
    options += [f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},2000"]
    done = subprocess.run([browser, *options, file.as_uri()], capture_output=True, text=True, check=True)
    assert 'data-wide=""' in done.stdout
    assert "CONSOLE" not in done.stderr
