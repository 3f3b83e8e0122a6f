"""Are the figures made whatever the run, with what they must show, and without labels over one another?"""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pujiang.results import chinese
from pujiang.results.figures import write_figures
from pujiang.results.figures.fit import residuals
from pujiang.results.figures.panels import Panel, small_multiples
from pujiang.results.figures.style import PALETTE, apart, colours
from pujiang.results.outcomes import shown_as

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("scenarios", "draws"), [(1, 20), (6, 20), (2, 0), (12, 1)])
def test_every_run_gets_its_figures(scenarios: int, draws: int, synthetic: ModuleType, tmp_path: Path) -> None:
    names = (*synthetic.SCENARIOS, *(f"scenario_{i}" for i in range(6)))[:scenarios]
    annual = synthetic.make_tree(names, draws)["annual"].to_dataset()
    files = write_figures(annual, tmp_path, synthetic.make_observations())
    wanted = ["outcomes", "industries", *(["differences"] if scenarios > 1 else []), "fit"]
    assert [file.stem for file in files] == wanted
    for file in files:
        root = ElementTree.parse(file).getroot()
        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root.find(f"{SVG}desc").text  # type: ignore[union-attr]
        assert root.get("role") == "img"


@pytest.mark.parametrize(("role", "drawn"), [("check", False), ("fit", True), ("weak", True)])
def test_a_check_on_another_basis_does_not_flatten_a_panel(role: str, drawn: bool, synthetic: ModuleType) -> None:
    values = synthetic.make_tree()["annual"]["venture_investment"]
    outcome = shown_as("venture_investment")
    points = [
        synthetic.Point("venture_investment", 2019, 70.0, 0.2, "log"),
        synthetic.Point("venture_investment", 2021, 480.3, 0.3, "log", role=role),
    ]
    panel = Panel("venture_investment", outcome.label, outcome, values)
    figure = small_multiples([panel], points, title="", columns=1, failed=False)
    assert bool(figure.axes[0].get_ylim()[1] > 400) is drawn
    told = "Not shown, on another basis far above: Venture investment (2021: 480.3)."
    assert (told in figure.texts[1].get_text()) is not drawn
    assert chinese.text(told) != told


def test_the_lines_of_a_note_stay_lines_in_chinese() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    note = figure.text(0, 0, "Dotted line: end of data.\nNot shown, on another basis far above: GDP (2021: 1).")
    label = figure.text(0, 0, "Deep basic\nresearch")
    chinese.translate(figure, "DejaVu Sans")
    assert note.get_text() == "点线：数据截止。\n未显示（口径不同，数值远高）：地区生产总值（2021: 1）。"
    assert label.get_text() == "深耕基础研究"


def test_goals_are_labelled_as_the_plan_puts_them(synthetic: ModuleType) -> None:
    outcome = shown_as("basic_research_share")
    panel = Panel("basic_research_share", "", outcome, synthetic.make_tree()["annual"]["basic_research_share"])
    figure = small_multiples([panel], [], title="", columns=1, failed=False)
    assert "goal 2030: about 15 %" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("font", [True, False])
def test_figures_are_in_chinese_where_a_font_has_it(
    font: bool, synthetic: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp"]]
    translated: list[object] = []
    monkeypatch.setattr(chinese, "find_font", lambda: "A font" if font else None)
    monkeypatch.setattr(chinese, "translate", lambda figure, name: translated.append(name))
    if font:
        write_figures(annual, tmp_path / "zh", language="zh")
    else:
        with pytest.warns(UserWarning, match="no Chinese font") as told:
            write_figures(annual, tmp_path / "zh", language="zh")
        assert len(told) == 1
    write_figures(annual, tmp_path / "en")
    assert translated == (["A font"] * 2 if font else [])


def test_without_observations_there_is_no_fit_figure(synthetic: ModuleType, tmp_path: Path) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp", "industry_output"]]
    assert [file.stem for file in write_figures(annual, tmp_path)] == [
        "outcomes",
        "industries",
        "differences",
    ]


@pytest.mark.parametrize("where", [{"member": 3}, {"scenario": "fifteenth_plan"}, {"year": 2030}, {}])
def test_values_that_are_not_finite_do_not_stop_the_figures(
    where: dict[str, object], synthetic: ModuleType, tmp_path: Path
) -> None:
    names = ["gdp", "research_intensity", "venture_investment", "industry_output"]
    annual = synthetic.make_tree()["annual"].to_dataset()[names].copy(deep=True)
    for name, bad in zip(names, (np.nan, np.inf, -np.inf, np.nan), strict=True):
        annual[name].loc[where] = bad
    assert len(write_figures(annual, tmp_path, synthetic.make_observations(), failed=True)) in (3, 4)


def test_outcomes_all_zero_do_not_stop_the_figures(synthetic: ModuleType, tmp_path: Path) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp", "star_listings", "industry_output"]] * 0.0
    assert len(write_figures(annual, tmp_path)) == 3


def test_an_outcome_without_a_label_does_not_stop_the_figures(synthetic: ModuleType, tmp_path: Path) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp", "industry_output"]]
    assert len(write_figures(annual.rename(gdp="green_gdp"), tmp_path)) == 1


def test_the_description_says_the_levels(synthetic: ModuleType, tmp_path: Path) -> None:
    names = ["gdp", "research_intensity", "three_industries_output"]
    annual = synthetic.make_tree()["annual"].to_dataset()[names]
    root = ElementTree.parse(write_figures(annual, tmp_path)[0]).getroot()
    text = root.findtext(f"{SVG}desc") or ""
    assert "R&D intensity (% of GDP) in 2030: Baseline " in text
    assert text.count("Fifteenth plan") == 2  # the industries have a figure of their own


def test_residuals_are_in_standard_deviations_of_the_observation(synthetic: ModuleType) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()
    point = synthetic.Point
    model = float(annual["gdp"].sel(scenario="baseline", member=0, year=2020))
    share = float(annual["research_intensity"].sel(scenario="baseline", member=0, year=2020))
    points = [
        point("gdp", 2020, model * np.exp(0.1), 0.05, "log"),
        point("research_intensity", 2020, share - 0.003, 0.001, "abs", "normal"),
        point("gdp", 2021, 1.0, 0.05, "log", "floor"),  # met
        point("gdp", 2022, 1.0, 0.05, "log", role="input"),  # drives the model
        point("gdp", 1999, 1.0, 0.05, "log"),
        point("unknown", 2020, 1.0, 0.05, "log"),
    ]
    found = residuals(annual, points)
    assert [entry[0] for entry in found] == points[:2]
    assert np.allclose([entry[1] for entry in found], [2.0, -3.0])


def test_a_scenario_keeps_its_colour(synthetic: ModuleType) -> None:
    alone = colours(["baseline", "exit_drought"])
    together = colours(synthetic.SCENARIOS)
    assert alone["exit_drought"] == together["exit_drought"]
    assert len(set(together.values())) == 6


def test_many_scenarios_are_told_apart_by_colour_and_dash() -> None:
    names = ["baseline", *(f"scenario_{i}" for i in range(2 * len(PALETTE)))]
    styles = colours(names)
    assert len({str(style) for style in styles.values()}) == len(names)


@given(st.lists(st.floats(-5, 15), min_size=1, max_size=12), st.floats(0.01, 3.0))
def test_labels_keep_apart_within_the_panel(positions: list[float], gap: float) -> None:
    placed = apart(positions, gap, 0.0, 10.0)
    assert all(-1e-9 <= place <= 10 + 1e-9 for place in placed)
    wanted = min(gap, 10.0 / max(len(positions) - 1, 1))
    assert all(step >= wanted - 1e-9 for step in np.diff(sorted(placed)))
    order = np.argsort(positions, kind="stable")
    assert (np.diff(np.array(placed)[order]) > 0).all()


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert apart([1.0, 5.0, 9.0], 1.0, 0.0, 10.0) == [1.0, 5.0, 9.0]
