"""Are the figures made whatever the run, with what they must show, and without labels over one another?"""

import subprocess
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy.stats import wasserstein_distance

import pujiang
from pujiang.presentation import presentation_of
from pujiang.results.figures import style, write_figures
from pujiang.results.figures.fit import central_residuals
from pujiang.results.figures.panels import panels_of, small_multiples
from pujiang.results.figures.plot import Plot, limits_around
from pujiang.results.figures.style import PALETTE, apart, colours
from pujiang.results.figures.tick_labels import Labels
from pujiang.results.figures.ticks import few, number_ticks, plain_number, plain_ticks
from pujiang.results.figures.uncertainty import shares
from pujiang.results.words import words_in

PRESENTATION = pujiang.load_model().presentation
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("scenarios", "draws"), [(1, 20), (6, 20), (2, 0), (12, 1)])
def test_every_run_gets_its_figures(scenarios: int, draws: int, synthetic: ModuleType, tmp_path: Path) -> None:
    names = (*synthetic.SCENARIOS, *(f"scenario_{i}" for i in range(6)))[:scenarios]
    annual = synthetic.make_tree(names, draws)["annual"].to_dataset()
    files = write_figures(annual, tmp_path, synthetic.make_observations())
    wanted = ["outcomes", "industry_output", *(["differences"] if scenarios > 1 else []), "fit"]
    assert [file.stem for file in files] == wanted
    for file in files:
        root = ElementTree.parse(file).getroot()
        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root.find(f"{SVG}desc").text  # type: ignore[union-attr]
        assert root.get("role") == "img"


def multiples(annual: xr.Dataset, name: str, points: Any = (), language: str = "en") -> Any:
    """The figure of one outcome, and its note."""
    say = words_in(language, PRESENTATION)
    lines = colours([str(scenario) for scenario in annual["scenario"].values])
    return small_multiples(panels_of(annual, name, say), points, lines, say, columns=1)


def words_of(figure: Figure) -> list[str]:
    """What is written in a figure, the labels of its ticks included."""
    words = []
    for artist in figure.artists:
        if isinstance(artist, Text):
            words.append(artist.get_text())
        elif isinstance(artist, Labels):
            words += [text for _, text in artist.labels]
    return words


@pytest.mark.parametrize(("role", "drawn"), [("check", False), ("fit", True), ("weak", True)])
def test_a_check_on_another_basis_does_not_flatten_a_panel(role: str, drawn: bool, synthetic: ModuleType) -> None:
    points = [
        synthetic.observation("venture_investment", 2019, 70.0, 0.2, "log"),
        synthetic.observation("venture_investment", 2021, 480.3, 0.3, "log", role=role),
    ]
    figure, note = multiples(synthetic.make_tree()["annual"].to_dataset(), "venture_investment", points)
    assert ("400" in words_of(figure)) is drawn
    assert note.endswith("\nNot shown, on another basis far above: Venture investment (2021: 480.3).") is not drawn


def test_goals_are_labelled_as_the_plan_puts_them(synthetic: ModuleType) -> None:
    figure, _ = multiples(synthetic.make_tree()["annual"].to_dataset(), "basic_research_share")
    assert "goal 2030: about 15 %" in words_of(figure)


def test_money_is_in_the_unit_of_chinese_officials(synthetic: ModuleType) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()
    english, _ = multiples(annual, "gdp")
    figure, _ = multiples(annual, "gdp", language="zh")
    assert "地区生产总值，亿元" in words_of(figure)
    assert "4,000" in words_of(english)
    assert "40,000" in words_of(figure)


@pytest.mark.parametrize("font", ["DejaVu Sans", None])
def test_figures_are_in_chinese_where_a_font_has_it(
    font: str | None, synthetic: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp"]]
    monkeypatch.setattr(style, "chinese_font", lambda: font)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        files = write_figures(annual, tmp_path, language="zh")
    title = ElementTree.parse(files[0]).getroot().findtext(f"{SVG}title")
    assert title == ("至2030年主要结果" if font else "Main outcomes to 2030")
    assert sum("no Chinese font" in str(warning.message) for warning in caught) == (font is None)


def test_an_installed_font_is_found_as_fontconfig_lists_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Serif")
    listed = subprocess.CompletedProcess([], 0, stdout=f"/missing/readme.txt:\n{path}: \n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: listed)
    monkeypatch.setattr(style, "FONTS", ())
    style.chinese_font.cache_clear()
    try:
        assert style.chinese_font() == "DejaVu Serif"
    finally:
        style.chinese_font.cache_clear()


def test_without_observations_there_is_no_fit_figure(synthetic: ModuleType, tmp_path: Path) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()[["gdp", "industry_output"]]
    assert [file.stem for file in write_figures(annual, tmp_path)] == [
        "outcomes",
        "industry_output",
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
    assert len(write_figures(annual.rename(gdp="green_gdp"), tmp_path)) == 2


def test_the_description_says_the_levels(synthetic: ModuleType, tmp_path: Path) -> None:
    names = ["gdp", "research_intensity", "three_industries_output", "industry_output"]
    annual = synthetic.make_tree()["annual"].to_dataset()[names]
    root = ElementTree.parse(write_figures(annual, tmp_path)[0]).getroot()
    text = root.findtext(f"{SVG}desc") or ""
    assert "R&D intensity (% of GDP) in 2030: Baseline " in text
    assert text.count("Fifteenth plan") == 2  # the industries have a figure of their own


def test_residuals_are_in_standard_deviations_of_reading_and_model(synthetic: ModuleType) -> None:
    annual = synthetic.make_tree()["annual"].to_dataset()
    point = synthetic.observation
    model = float(annual["gdp"].sel(scenario="baseline", member=0, year=2020))
    share = float(annual["research_intensity"].sel(scenario="baseline", member=0, year=2020))
    points = [
        point("gdp", 2020, model * np.exp(0.1), 0.05, "log"),
        point("research_intensity", 2020, share - 0.003, 0.001, "abs", "normal"),
        point("gdp", 2022, 1.0, 0.05, "log", role="input"),  # drives the model
        point("gdp", 1999, 1.0, 0.05, "log"),
        point("unknown", 2020, 1.0, 0.05, "log"),
    ]
    shown = presentation_of(annual.attrs)
    annual.attrs |= replace(shown, errors={}).attributes()
    found = central_residuals(annual, points)
    assert [entry.observation for entry in found] == points[:2]
    assert np.allclose([entry.error for entry in found], [-2.0, 3.0])  # modelled less observed
    annual.attrs |= replace(shown, errors={"gdp": 0.05}).attributes()
    both = central_residuals(annual, points)
    assert np.allclose([entry.error for entry in both], [-2.0 / np.sqrt(2), 3.0])  # both errors are of one size


def test_a_scenario_keeps_its_colour(synthetic: ModuleType) -> None:
    kept = PRESENTATION.scenarios
    alone = colours(["baseline", "exit_drought"], kept)
    together = colours(synthetic.SCENARIOS, kept)
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


@pytest.mark.parametrize("limits", [(0.0, 1.0), (-3.0, 12_345.6), (2014.4, 2030.0)])
def test_a_plot_looks_like_matplotlibs_axes(limits: tuple[float, float]) -> None:
    x, box = (2014.4, 2030.0), (0.8, 0.42, 2.3, 1.75)
    years, heights = np.linspace(*x, 5), np.linspace(*limits, 5)[[2, 0, 4, 3, 1]]
    low, high = limits[0] + 0.8 * (heights - limits[0]), np.full(5, 1.2 * limits[1])  # beyond the upper edge

    def ours(figure: Figure) -> None:
        plot = Plot(figure, box, x, limits)
        plot.areas(years, [(low, high)], [("#0072B2", 0.3)])
        plot.line(years, heights, color="#D55E00")
        plot.lines((years, low), (years, heights), colors="black", linewidths=0.7)
        plot.title("Panel")
        plot.text(2020.0, heights[2], "beside", right=4, va="center")
        plot.frame("left", "bottom")
        number_ticks(plot, "y", few(*limits))
        number_ticks(plot, "x", few(*x, most=4, steps=None))

    def theirs(figure: Figure) -> None:
        axes = figure.add_axes(tuple(np.array(box) / np.tile(figure.get_size_inches(), 2)))
        axes.fill_between(years, low, high, color="#0072B2", alpha=0.3, linewidth=0)
        axes.plot(years, heights, color="#D55E00")
        axes.vlines(years, low, heights, colors="black", linewidths=0.7)
        axes.set_title("Panel")
        axes.annotate("beside", (2020.0, heights[2]), xytext=(4, 0), textcoords="offset points", va="center")
        axes.set_xlim(*x)
        axes.set_ylim(*limits)
        plain_ticks(axes)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter(FuncFormatter(plain_number))

    def ink(draw: Callable[[Figure], None]) -> np.ndarray:
        with style.styled("en"), rc_context({"text.hinting": "none"}):  # as in SVG files
            figure = Figure(figsize=(3.4, 2.6), dpi=200)
            draw(figure)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            return 255.0 - np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=2)

    a, b = ink(ours), ink(theirs)
    for axis in (0, 1):  # how far ink would have to move to make the one into the other, in pixels of 1/200 inch
        at = np.arange(a.shape[1 - axis])
        assert wasserstein_distance(at, at, a.sum(axis=axis), b.sum(axis=axis)) < 0.4
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.95


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0.0, 10.0], (-0.5, 10.5)),
        ([np.nan, 4.0, np.inf, 2.0], (1.9, 4.1)),
        ([], (0.0, 1.0)),
        ([np.nan], (0.0, 1.0)),
    ],
)
def test_limits_leave_a_twentieth_on_either_side(values: list[float], limits: tuple[float, float]) -> None:
    assert np.allclose(limits_around(values), limits)


@pytest.mark.parametrize("value", [0.0, 5.0, -1e-300, 1e300])
def test_limits_round_one_value_are_apart(value: float) -> None:
    low, high = limits_around(value)
    assert low < value < high


@pytest.mark.parametrize("since", [2029, 2030])
def test_what_makes_levels_uncertain_can_be_shown_of_one_year(since: int) -> None:
    labels = {"source": ["parameters", "inputs", "model"], "outcome": ["gdp"], "year": [2029, 2030]}
    variance = xr.Dataset({"variance": (tuple(labels), np.ones((3, 1, 2)))}, labels)
    figure, _ = shares(variance, ["gdp"], since, words_in("en", PRESENTATION))
    FigureCanvasAgg(figure).draw()
    assert "2030" in words_of(figure)
