"""Is the generated documentation complete, true to the model, and as committed?"""

import math
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pujiang import primitives
from pujiang.api.model import Model
from pujiang.cli import main
from pujiang.configuration.keys import RUN, SWEEP, option_of
from pujiang.declare import assumed, auxiliary, flow, lever, reported, stock, unit
from pujiang.documentation.description import held_against
from pujiang.documentation.entries import entries, inputs, loop_members
from pujiang.documentation.files import write
from pujiang.documentation.html_page import html_page
from pujiang.documentation.keys_page import keys, keys_page
from pujiang.documentation.levers_page import levers_page, percent, words
from pujiang.documentation.markdown import number_cell, table
from pujiang.documentation.parameters_page import parameters_page, rows
from pujiang.engine.expression import Node
from pujiang.engine.notation import mathematics
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.evidence import Evidence
from pujiang.experiment.fit import Fit, declared
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.responses import Change, Setting, chosen_settings, responses
from pujiang.experiment.scenario import Scenario
from pujiang.shanghai.calendar import CALENDAR

UNITS = (
    unit("firm", "Firm."),
    unit("person", "Person."),
)

FOLDER = Path(__file__).parents[1] / "docs"
PAGES = (
    "model.md",
    "parameters.md",
    "configuration.md",
    "levers.md",
    "loops.md",
    "influence.md",
    "fit.md",
    "identifiability.md",
    "hindcast.md",
    "diagrams.md",
)


# --- the committed pages -----------------------------------------------------------------------------------


FOLDERS = Model().folders()


@pytest.fixture(scope="module")
def generated() -> Mapping[str, str]:
    """Every page as the present model gives it."""
    return Model().pages()


def test_all_pages_are_generated(generated: Mapping[str, str]) -> None:
    assert tuple(name for name in generated if name.endswith(".md")) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_what_the_model_gives(name: str, generated: Mapping[str, str]) -> None:
    path = FOLDER / name
    assert path.is_file(), f"docs/{name} is missing: make docs"
    found, wanted = path.read_text(encoding="utf-8").splitlines(), generated[name].splitlines()
    first = next((i for i, pair in enumerate(zip(found, wanted, strict=False)) if pair[0] != pair[1]), None)
    assert found == wanted, (
        f"docs/{name} is stale, first at line {(first or min(len(found), len(wanted))) + 1}: make docs"
    )


def test_the_committed_diagrams_are_those_of_the_model(generated: Mapping[str, str]) -> None:
    pictures = {name: text for name, text in generated.items() if name.endswith(".svg")}
    there = {f"diagrams/{path.name}": path.read_text(encoding="utf-8") for path in (FOLDER / "diagrams").iterdir()}
    assert there.keys() == pictures.keys()
    assert [name for name, text in there.items() if text != pictures[name]] == [], "make docs"


# --- equations -----------------------------------------------------------------------------------------------


def read_back(text: str, space: Mapping[str, Any], size: int = 1) -> Any:
    """The value of an equation in the notation of the documentation; `size`: of the dimension it runs over."""
    python = text.replace("·", "*").replace("^", "**").replace("≤", "<=").replace(";", ",").replace("√", "sqrt")
    python = re.sub(r"Σ \w+ \(", "sum_of(", python)
    names = {
        "ratio": primitives.safe_divide,
        "smooth_min": primitives.smooth_minimum,
        "min": np.minimum,
        "max": np.maximum,
        "ln": np.log,
        "sum_of": lambda x: np.sum(x, axis=-1),
        "spread": lambda x, weights: primitives.spread(x, weights, None),
        **{name: getattr(primitives, name) for name in ("exp", "sqrt", "clip", "smooth", "delay1", "delay3", "trend")},
        **{name: getattr(primitives, name) for name in ("fixed_delay", "accumulate")},
    }
    names["only"] = lambda x, element: np.where(np.arange(size) == element, x, 0.0)
    return eval(python, {"__builtins__": {}}, {**names, **space})


def test_every_equation_as_written_gives_what_the_equation_gives(system: System) -> None:
    random = np.random.default_rng(1)
    over = {name: v.over for name, v in system.variables.items()}
    over |= {name: p.over for name, p in system.parameters.items()}
    for variable in system.variables.values():
        if variable.expression is None:
            continue
        code = variable.declaration.equation.__code__
        space: dict[str, Any] = {}
        for name in code.co_varnames[: code.co_argcount]:
            dimension = over.get(name)
            size = None if dimension is None else len(dimension.elements)
            space[name] = system.tables.get(name, random.uniform(0.1, 0.9, size))
            if name.endswith("_set"):
                space[name] = 1.0
        wanted = variable.declaration.equation(**space)
        places = {element: i for d in over.values() if d is not None for i, element in enumerate(d.elements)}
        size = 1 if variable.over is None else len(variable.over.elements)
        found = read_back(mathematics(variable.expression), {**places, **space}, size)
        np.testing.assert_allclose(found, wanted, rtol=1e-9, err_msg=mathematics(variable.expression))


def symbols(*names: str) -> list[Node]:
    """Symbols by name."""
    return [Node("variable", name=name) for name in names]


def test_brackets_stand_where_they_are_needed_and_nowhere_else() -> None:
    a, b, c = symbols("a", "b", "c")
    assert mathematics(a - (b - c)) == "a - (b - c)"
    assert mathematics(a + (b + c)) == "a + b + c"
    assert mathematics(a / (b * c)) == "a / (b · c)"
    assert mathematics((a + b) * c) == "(a + b) · c"
    assert mathematics((-a) ** b) == "(-a)^b"
    assert mathematics(a ** (b * c)) == "a^(b · c)"
    assert mathematics(primitives.where(a < b, a, b) * c) == "(a if a < b else b) · c"


def test_a_smooth_minimum_is_written_as_one() -> None:
    a, b, k = symbols("a", "b", "k")
    assert mathematics(primitives.smooth_minimum(a + b, b, k) / a) == "smooth_min(a + b, b; k) / a"
    assert "smooth_min" not in mathematics(primitives.minimum(a, b) * (1 + a**k) ** (-1 / k))


# --- the model page ------------------------------------------------------------------------------------------


def test_every_entry_says_what_the_model_says(system: System, evidence: Evidence) -> None:
    every = {entry.name: entry for entry in entries(system, held_against(evidence))}
    assert list(every) == list(system.variables)
    for name, entry in every.items():
        assert entry.doc, name
        assert (entry.annual != "") == (name in system.outcomes), name
        for effect in entry.effects:
            assert name in every[effect].causes
        if entry.kind == "stock":
            assert entry.start, name
            for flow_name, ends in system.flow_ends.items():
                if name in (ends.into, ends.out_of):
                    assert flow_name in entry.equation
    known = {found.name: found.basis for found in inputs(system)}
    for entry in every.values():
        numbers = {name for name in entry.causes if known.get(name)}
        assert numbers <= {name for name, _ in entry.rests_on}


def test_what_is_fitted_is_said_to_be_held_against_its_figures(evidence: Evidence) -> None:
    told = held_against(evidence)
    fitted = {o.outcome for o in evidence.observations if o.role in ("fit", "weak")}
    assert fitted <= told.keys()
    for outcome, text in told.items():
        count = sum(o.outcome == outcome and o.role in ("fit", "weak", "check") for o in evidence.observations)
        assert text.startswith(f"{count} figure")


def test_loops_run_through_what_is_declared(system: System) -> None:
    for name, through in loop_members(system).items():
        assert set(system.loops[name].through) <= set(through)
        for cause, effect in zip(through, (*through[1:], through[0]), strict=True):
            assert cause in system.variables[effect].causes


class Page(HTMLParser):
    """The tags of a page, its anchors and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.anchors: list[str] = []
        self.links: set[str] = set()
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)
        for key, value in attrs:
            if key == "id":
                self.anchors.append(str(value))
            elif key == "href":
                self.links.add(str(value))
            elif key in ("src", "srcset", "action", "style") or key.startswith("on"):
                self.others.append(f"{key}={value}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_page_is_whole_and_asks_for_nothing(system: System, evidence: Evidence) -> None:
    text = html_page(system, held_against(evidence))
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.others == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"@import|url\(|https?://", text.partition("</style>")[0])
    assert len(page.anchors) == len(set(page.anchors))
    assert {link.removeprefix("#") for link in page.links} <= set(page.anchors)
    assert all(link.startswith("#") for link in page.links)
    assert set(system.variables) | set(system.parameters) | set(system.levers) <= set(page.anchors)
    for variable in system.variables.values():
        assert {f"#{cause}" for cause in variable.causes if cause in page.anchors} <= page.links


# --- parameters ----------------------------------------------------------------------------------------------


def test_every_parameter_has_its_row_and_says_what_is_assumed(system: System, fit: Fit) -> None:
    found = rows(system, fit)
    assert [row.name for row in found] == list(system.parameter_names)
    page = parameters_page(system, fit)
    for row in found:
        parameter = system.parameters[row.name.partition(".")[0]]
        fitted = parameter.prior is not None and not parameter.chance
        assert (row.fitted != "") == fitted == (row.sd_left != "")
        assert (row.basis, row.reason) == (parameter.basis.kind, parameter.basis.reason), row.name
        assert re.search(rf"^\| `{re.escape(row.name)}` +\| {row.basis} ", page, re.MULTILINE)


def test_what_no_observation_touches_keeps_its_prior(system: System) -> None:
    assert {row.sd_left for row in rows(system, declared(system))} == {"", "1.00"}


# --- keys ----------------------------------------------------------------------------------------------------


def test_the_page_of_keys_names_every_lever_and_parameter(system: System) -> None:
    page = keys_page(system, FOLDERS)
    names = [f"levers.{name}" for name in system.levers] + [f"parameters.{name}" for name in system.parameter_names]
    for name in names:
        option_of(name, name, system)
        assert f"| `{name}` " in page


def test_every_option_stands_on_the_page_with_its_default_bounds_and_meaning(system: System) -> None:
    page = {line.split("`")[1]: line for line in keys_page(system, FOLDERS).splitlines() if line.startswith("| `")}
    run, sweep = keys(system, FOLDERS)
    assert {*RUN, *SWEEP, "scenario", "shock", "levers.<name>.end", "parameters.<name>"} <= page.keys()
    for key, option in {**run, **sweep}.items():
        assert page[key].endswith(f"| {option.doc} |"), key
        assert option.kind in page[key], key
        assert option.default is None or str(option.default).removesuffix(".0").lower() in page[key].lower(), key
        for bound in (option.low, option.high):
            assert math.isinf(bound) or f"{bound:.10g}" in page[key], key
        assert all(word in page[key] for word in option.words), key


# --- levers --------------------------------------------------------------------------------------------------


def test_every_lever_says_where_its_effect_comes_from(system: System) -> None:
    assert [name for name, declared in system.levers.items() if not declared.why.endswith(".")] == []


def tank(drained: float | None = None) -> System:
    """A tank filled by a tap: three litres a year where nothing is set, and one outcome that is 0 then."""
    tap = lever("firm/year", "The tap.", default=3.0, bounds=(0.0, 9.0), basis=assumed("made"))
    drain = lever("1", "Of nothing.", default=0.0, bounds=(0.0, 1.0), shown_at=drained, basis=assumed("made"))
    water = stock("firm", "Water.", initial=0, reported=reported("end"))

    @flow("firm/year", into=water, reported=reported("integral"))
    def inflow(tap):
        """What the tap gives."""
        return tap

    @auxiliary("firm/year", reported=reported("integral"))
    def spill(drain, tap):
        """What is let out."""
        return drain * tap

    names = {"tap": tap, "drain": drain, "water": water, "inflow": inflow, "spill": spill}
    return build([SimpleNamespace(**names, __name__="made")], UNITS, calendar=CALENDAR)


def test_a_response_is_the_difference_a_lever_makes() -> None:
    system = tank()
    settings = {"tap": Setting(LeverSetting(target=4.5, start=2028.0), "")}
    [found] = responses(system, declared(system), {}, settings, engine="reference")
    by_name = {change.outcome: change for change in found.changes}
    water = by_name["water"]
    assert water.first_year == 2028
    assert water.base == pytest.approx(3 * 16)
    assert water.change == pytest.approx(1.5 * 3)
    assert water.course[2027] == 0
    assert by_name["inflow"].relative == pytest.approx(0.5)
    assert by_name["spill"].first_year is None
    assert found.chain == ("tap", "inflow")


def test_a_lever_at_its_default_does_nothing_and_the_page_says_so() -> None:
    system = tank()
    found = responses(
        system, declared(system), {}, {"tap": Setting(LeverSetting(target=3.0, start=2026.0), "")}, "reference"
    )
    assert all(change.change == 0 and not change.moves for change in found[0].changes)
    assert "no outcome changes at all" in levers_page(system, found)


def test_an_answer_that_first_goes_the_other_way_is_told() -> None:
    course = {2026: -0.002, 2027: -0.01, 2028: 0.0, 2029: 0.01, 2030: 0.02}
    change = Change("x", "1", 1.0, 0.02, course, 2026)
    assert change.turned == (2027, -0.01)
    assert Change("x", "1", 1.0, 0.02, {2029: -0.0005, 2030: 0.02}, 2030).turned is None


def test_a_lever_no_scenario_moves_needs_a_setting() -> None:
    system = tank()
    rest = Scenario("mine", levers={"tap": LeverSetting(target=3.0)})
    moved = Scenario("other", levers={"tap": LeverSetting(target=5.0)})
    shown_at = {"drain": LeverSetting(target=0.5)}
    chosen = chosen_settings(system, (rest, moved), shown_at)
    assert chosen == {
        "tap": Setting(LeverSetting(target=5.0), "other"),
        "drain": Setting(LeverSetting(target=0.5), ""),
    }
    with pytest.raises(InputError, match="tap: no scenario moves this lever"):
        chosen_settings(system, (rest,), shown_at)


def test_settings_and_changes_are_told_in_words() -> None:
    assert words(LeverSetting(target=0.5, start=2026.0), "1") == "0.5 from 2026"
    assert words(LeverSetting(0.45, 2026.0, 2028.0, "ramp", 0.2), "1") == "from 0.2 to 0.45, evenly from 2026 to 2028"
    assert words(LeverSetting(300, 2026.0, 2029.0, "pulse"), "person") == "300 person from 2026 to 2029, then back"
    assert [percent(x) for x in (0.0123, -0.5, 1.5, 23.456)] == ["+1.2", "-50", "+150", "+2,300"]


# --- loops, tables, files, commands --------------------------------------------------------------------------


def test_numbers_have_three_digits() -> None:
    shown = [number_cell(x) for x in (0, 0.12345, 12345.6, -2.0, 170341.1, 5.237e-4, 5.237e-5, 1.234e8)]
    assert shown == ["0", "0.123", "12,300", "-2", "170,000", "0.000524", "5.24e-5", "1.23e8"]


def test_a_table_is_aligned_and_keeps_its_columns() -> None:
    text = table(("name", "n", "meaning"), [("a", "10", "x | y"), ("bb", "9", "z")], right=("n",))
    assert text.splitlines() == [
        "| name |  n | meaning |",
        "| ---- | -: | ------- |",
        "| a    | 10 | x \\| y  |",
        "| bb   |  9 | z       |",
    ]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.md"
    assert write(path, "text\n")
    assert not write(path, "text\n")
    assert [p.name for p in path.parent.iterdir()] == ["a.md"]
    with pytest.raises(InputError, match="cannot write"):
        write(path / "b.md", "text")
    assert path.read_text(encoding="utf-8") == "text\n"


def test_the_command_writes_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pujiang.commands.docs.pages", lambda _: {"a.md": "text\n"})
    assert main(["docs", "--out", str(tmp_path)]) == 0
    assert main(["docs", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a.md'}\n{tmp_path / 'a.md'} (unchanged)\n"
    assert main(["docs", "now"]) == 2


def test_describe_prints_each_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for option, heading in (("--all", "# The model"), ("--parameters", "# Parameters"), ("--keys", "# Configuration")):
        assert main(["describe", option]) == 0
        assert capsys.readouterr().out.startswith(heading)
    page = tmp_path / "model.html"
    assert main(["describe", "--all", "--html", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    capsys.readouterr()
    for words_ in ([], ["--all", "--keys"], ["gdp", "--all"], ["gdp", "--html", "x"], ["--keys", "--html", "x"]):
        assert main(["describe", *words_]) == 2
        assert capsys.readouterr().err.count("\n") == 1
