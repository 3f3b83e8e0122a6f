"""Is the exported file whole, can a sector stand alone, and does what is read back run the same?"""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.agreement import read_back
from pujiang.api.model import Model
from pujiang.engine.simulate import engine_named
from pujiang.errors import InputError
from pujiang.exchange.case import Case, courses
from pujiang.exchange.read import read
from pujiang.exchange.svg import Box, name_box
from pujiang.exchange.xmile import NAMESPACE, xmile
from tests.exchange import schema

MakeCase = Callable[..., Case]
SPACE = {"x": NAMESPACE}


@pytest.mark.parametrize("arrays", [False, True])
def test_the_file_keeps_the_rules_of_the_format(case: MakeCase, arrays: bool) -> None:
    """What the specification requires of order, names and references, of variables and of the diagram."""
    root = ElementTree.fromstring(xmile(case(), "whole", arrays=arrays).text.encode())
    assert list(schema.faults(root)) == []
    assert [child.tag.partition("}")[2] for child in root if "dim" not in child.tag] == ["header", "sim_specs", "model"]
    header = root.find("x:header", SPACE)
    assert header is not None
    assert {"vendor", "product"} <= {child.tag.partition("}")[2] for child in header}
    assert [root.findtext(f"x:sim_specs/x:{tag}", "", SPACE) for tag in ("start", "stop", "dt")] == [
        "2015",
        "2031",
        "0.25",
    ]
    variables = root.find("x:model/x:variables", SPACE)
    assert variables is not None
    names = [variable.attrib["name"] for variable in variables]
    assert len({name.lower() for name in names}) == len(names)
    kinds = {v.attrib["name"]: v.tag.partition("}")[2] for v in variables}
    ends = [
        e.text for stock in variables for e in (*stock.findall("x:inflow", SPACE), *stock.findall("x:outflow", SPACE))
    ]
    assert {kinds[str(end)] for end in ends} == {"flow"}
    assert {name for name, kind in kinds.items() if kind == "flow"} == set(ends)
    for variable in variables:
        equations = variable.findall(".//x:eqn", SPACE)
        assert equations, variable.attrib["name"]
        assert bool(variable.findall("x:element", SPACE)) == (len(equations) > 1)
        for points in variable.findall("x:gf", SPACE):
            xs = [float(x) for x in points.findtext("x:xpts", "", SPACE).split(",")]
            assert xs == sorted(set(xs))
            assert len(points.findtext("x:ypts", "", SPACE).split(",")) == len(xs)
    view = root.find("x:model/x:views/x:view", SPACE)
    assert view is not None
    drawn = [shape.attrib["name"] for shape in view if shape.tag.partition("}")[2] in {"stock", "flow", "aux"}]
    assert sorted(drawn) == sorted(names)
    copies = {alias.attrib["uid"]: alias.findtext("x:of", "", SPACE) for alias in view.findall("x:alias", SPACE)}
    assert set(copies.values()) <= set(names)
    for arrow in view.findall("x:connector", SPACE):
        copy = arrow.find("x:from/x:alias", SPACE)
        assert (arrow.findtext("x:from", "", SPACE) if copy is None else copies[copy.attrib["uid"]]) in kinds
        assert arrow.findtext("x:to", "", SPACE) in kinds


def test_what_schema_or_text_do_not_allow_is_seen(case: MakeCase) -> None:
    root = ElementTree.fromstring(xmile(case(), "one", sector="startups").text.encode())
    for shape in root.findall("x:model/x:views/x:view/x:stock", SPACE)[:1]:
        shape.set("uid", "1")
    for stock in root.findall("x:model/x:variables/x:stock", SPACE)[:1]:
        ElementTree.SubElement(stock, f"{{{NAMESPACE}}}eqn").text = "1"
    assert sorted(schema.faults(root)) == [
        "xmile/model/variables/stock: holds 2 eqn",
        "xmile/model/views/view/stock: no such attribute: uid",
    ]


@pytest.mark.parametrize("sector", [None, "startups"])
def test_no_name_in_the_diagram_stands_on_another(case: MakeCase, sector: str | None) -> None:
    """And each in the frame of its sector, copies of what it reads of others beside it."""
    root = ElementTree.fromstring(xmile(case(), "whole", arrays=True, sector=sector).text.encode())
    shapes = root.findall("x:model/x:views/x:view/*", SPACE)
    tags = {id(shape): shape.tag.partition("}")[2] for shape in shapes}
    frames, boxes = [], []
    for shape in shapes:
        if "x" not in shape.attrib:
            continue
        at = float(shape.attrib["x"]), float(shape.attrib["y"])
        if tags[id(shape)] == "group":
            half = float(shape.attrib["width"]) / 2, float(shape.attrib["height"]) / 2
            frames.append(Box((at[0] + half[0], at[1] + half[1]), half))
        else:
            boxes.append(name_box(tags[id(shape)], shape.get("name") or shape.findtext("x:of", "", SPACE), at))
    assert not [(a, b) for a, b in combinations(frames, 2) if a.overlaps(b)]
    in_frames = [[box for box in boxes if frame.overlaps(Box(box.middle, (0, 0)))] for frame in frames]
    assert sum(map(len, in_frames)) == len(boxes)
    for inside in in_frames:
        assert not [(a, b) for a, b in combinations(inside, 2) if a.overlaps(b)]


def test_a_sector_alone_does_what_it_does_in_the_whole(case: MakeCase, tmp_path: Path) -> None:
    whole = case("full_ownership_reform", last_year=2028)
    file = xmile(whole, "alone", sector="startups", exact_delays=True)
    path = tmp_path / "startups.xmile"
    path.write_text(file.text, encoding="utf-8")
    model = read(path)
    alone = courses(Case(model.system, {}, {}, model.grid, model.method), engine_named("reference"))
    there = courses(whole, engine_named("auto"))
    for scalar in there:
        name, _, element = scalar.partition(".")
        variable = whole.system.variables[name]
        if variable.sector == "startups" and variable.kind != "initial":
            scale = np.abs(there[scalar]).max()
            assert np.abs(alone[file.names(name, element or None)] - there[scalar]).max() < 1e-12 * scale, scalar


def test_there_is_no_such_sector(case: MakeCase) -> None:
    with pytest.raises(InputError, match="sector: there is no 'startup'; did you mean 'startups'"):
        xmile(case(), "none", sector="startup")


AT_ONCE = [("new_core", "rk4")]
LATER = [("new_core", "euler"), *((name, "rk4") for name in sorted(Model().options("scenario")) if name != "new_core")]


@pytest.mark.parametrize(
    ("scenario", "method"), [*AT_ONCE, *(pytest.param(*one, marks=pytest.mark.slow) for one in LATER)]
)
def test_what_is_read_back_runs_the_same(case: MakeCase, tmp_path: Path, scenario: str, method: str) -> None:
    """Twenty seconds each: the one that jumps most always, the others with the slow tests and in make agreement."""
    difference, where = read_back(case(scenario, method), tmp_path)
    assert difference <= 1e-12, where


@pytest.mark.slow
def test_what_is_read_back_in_arrays_runs_the_same(case: MakeCase, tmp_path: Path) -> None:
    difference, where = read_back(case("new_core"), tmp_path, arrays=True)
    assert difference <= 1e-12, where


def test_words_no_file_may_hold_are_left_out_and_functions_keep_their_names(tmp_path: Path) -> None:
    """Names and documentation of a model of another tool, which may be what XMILE does not allow."""
    given, again = tmp_path / "odd.mdl", tmp_path / "odd.xmile"
    given.write_text(
        "{UTF-8}\nsize = INTEG(size * 0.1, 2)\n ~ m\n ~ a \x01 < b & c ]]> \n |\nINITIAL TIME = 0 ~ s ~ |\n"
        "FINAL TIME = 4 ~ s ~ |\nTIME STEP = 1 ~ s ~ |\nSAVEPER = 1 ~ s ~ |\n",
        encoding="utf-8",
    )
    model = Model(given)
    again.write_text(model.export("xmile"), encoding="utf-8")
    root = ElementTree.fromstring(again.read_bytes())
    (stock,) = root.findall("x:model/x:variables/x:stock", SPACE)
    assert stock.attrib["name"] == "size_2"
    assert stock.findtext("x:doc", "", SPACE).split() == ["a", "<", "b", "&", "c", "]]>"]
    first, second = (Model(path).run()["trajectories"].to_dataset() for path in (given, again))
    np.testing.assert_array_equal(first["size"], second["size_2"])
