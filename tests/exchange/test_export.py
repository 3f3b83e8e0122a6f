"""Does the command write what other tools open, and say in one line what is wrong?"""

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pujiang.cli import main
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.exchange import gallery
from pujiang.exchange.diagrams import diagram
from pujiang.exchange.graph_languages import dot, mermaid
from pujiang.exchange.polarity import polarity
from pujiang.exchange.svg import name_box, placed, signs_of, svg

FAULTS = {
    "--format xmlie": "--format: found 'xmlie', allowed: xmile, mermaid, dot, svg, iamc; did you mean 'xmile'?",
    "scenario=new_core,exit_drought": "export: a file holds one scenario; name one",
    "--sector startup fit=declared": "sector: there is no 'startup'; did you mean 'startups'?",
    "--format mermaid --around gdq": "around: there is no variable 'gdq'; did you mean 'gdp'?",
    "--format mermaid scenario=new_core": "export: 'scenario=new_core' is one word too many for this format",
}


def test_a_file_of_a_sector(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "startups.xmile"
    words = ["export", "scenario=new_core", "fit=declared", "--sector", "startups", "--arrays", "--out", str(path)]
    assert main(words) == 0
    assert main(words) == 0
    assert capsys.readouterr().out == f"{path}\n{path} (unchanged)\n"
    assert ElementTree.parse(path).getroot().tag.endswith("xmile")


@pytest.mark.parametrize("words", FAULTS)
def test_what_is_wrong_is_said_in_one_line(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *words.split()]) == 2
    assert capsys.readouterr().err == f"pujiang: {FAULTS[words]}\n"


def test_a_diagram_of_a_sector_shows_its_stocks_flows_and_causes(system: System) -> None:
    lines = mermaid(diagram(system, sector="startups")).splitlines()
    assert lines[0] == "flowchart LR"
    assert "  startups ==> startup_failures ==> startup_failures_to((( )))" in lines
    assert '    certified_firms["certified firms"]:::outside' in lines
    assert any(line.startswith('  investor_appetite -->|"+') for line in lines)
    opened = [line for line in lines if line.startswith("  subgraph")]
    assert len(opened) == lines.count("  end")


def test_a_diagram_around_a_variable_shows_what_touches_it(system: System) -> None:
    text = mermaid(diagram(system, around="startups"))
    assert "startup_births ==> startups" in text
    assert "gdp" not in text


def test_a_loop_is_drawn_by_its_code_with_the_signs_that_make_it_so(system: System) -> None:
    told = 0
    for loop in system.loops.values():
        drawn = diagram(system, loop=loop.code)
        assert set(loop.through) <= set(drawn.circle)
        assert list(drawn.signs) == [*pairwise(drawn.circle), (drawn.circle[-1], drawn.circle[0])]
        assert loop.code in mermaid(drawn)
        signs = list(drawn.signs.values())
        if "" not in signs:
            told += 1
            assert (signs.count("-") % 2 == 0) == (loop.polarity == "reinforcing"), loop.code
    assert told
    with pytest.raises(InputError, match="loop: there is no 'X1'"):
        diagram(system, loop="X1")


@pytest.mark.parametrize("shown", [{"sector": "startups"}, {"around": "startups"}, {"loop": "R1"}])
def test_a_picture_holds_every_name_and_every_arrow(system: System, shown: dict[str, str]) -> None:
    drawn = diagram(system, **shown)
    root = ElementTree.fromstring(svg(drawn))
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {name.replace("_", " ") for name in drawn.shown} <= words
    arrows = [path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("class") == "link"]
    assert len(arrows) == len(drawn.signs)
    graph = dot(drawn)
    assert graph.count("{") == graph.count("}")
    assert all(f'"{cause}" -> "{effect}"' in graph for cause, effect in drawn.signs)


def test_no_name_stands_on_another(system: System) -> None:
    """In the diagram of every sector, of every loop, around every outcome, and of the whole."""
    sectors = {variable.sector for variable in system.variables.values()}
    shown = [{"sector": sector} for sector in sectors] + [{"loop": loop.code} for loop in system.loops.values()]
    shown += [{"around": outcome} for outcome in system.outcomes] + [{}]
    for asked in shown:
        drawn = diagram(system, **asked)
        for frame in placed(drawn):
            boxes = [name_box(drawn.kinds[name], name, at) for name, at in frame.places.items()]
            boxes += [name_box("copy", name, at) for name, at in frame.copies.items()]
            assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)], (asked, frame.name)
            low, high = frame.at, tuple(a + s for a, s in zip(frame.at, frame.size, strict=True))
            assert all(
                low[i] <= b.middle[i] - b.half[i] and b.middle[i] + b.half[i] <= high[i] for b in boxes for i in (0, 1)
            )


def test_signs_stand_clear_of_names_and_of_each_other(system: System) -> None:
    """But for the few that find no place on their arrow."""
    crowded = told = 0
    for sector in {variable.sector for variable in system.variables.values()}:
        drawn = diagram(system, sector=sector)
        (frame,) = placed(drawn)
        boxes = [name_box(drawn.kinds[name], name, at) for name, at in frame.places.items()]
        signs = [sign.box for sign in signs_of(drawn, frame)]
        told += len(signs)
        crowded += sum(any(box.overlaps(other) for other in [*boxes, *signs[:i]]) for i, box in enumerate(signs))
    assert told > 300
    assert crowded < told / 50


def test_a_diagram_names_the_loops_that_run_through_it(system: System) -> None:
    text = svg(diagram(system, sector="startups"))
    assert ">R15  venture money and research, reinforcing<" in text
    assert ">rents and firms, balancing<" in svg(diagram(system, loop="B8"))


def test_of_a_sector_that_nobody_could_read_there_is_no_picture(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST", 10)
    drawn = gallery.pictures(system, ["gdp", "gdp"])
    counts = Counter(variable.sector for variable in system.variables.values() if variable.kind != "initial")
    assert set(drawn["sector"]) == {sector for sector, count in counts.items() if count <= 10} != set(counts)
    assert list(drawn["around"]) == ["gdp"]
    assert set(drawn["loop"]) == {loop.code for loop in system.loops.values()}
    assert not [text for texts in drawn.values() for text in texts.values() if "<style>" in text]


def test_polarity_is_told_where_the_equation_tells_it(system: System) -> None:
    def way(cause: str, effect: str) -> int:
        tree = system.variables[effect].expression
        assert tree is not None
        return polarity(tree, cause, {name: table.points for name, table in system.tables.items()})

    assert way("startups", "startup_failures") == 1
    assert way("all_startups", "seed_funded_startups") == -1
    assert way("relative_rent", "technology_firm_births") == -1
