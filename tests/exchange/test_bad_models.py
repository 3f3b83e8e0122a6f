"""Is what is wrong in a file of another tool said in one line, by line and name, and never passed over?"""

from pathlib import Path

import pytest

from pujiang.errors import InputError
from pujiang.exchange import abstract
from pujiang.exchange.read import read
from tests.exchange.running import MakeModel, run, vensim_text

HEAD = """<?xml version="1.0"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><vendor>v</vendor><product version="1">p</product></header>
<sim_specs method="Euler"><start>0</start><stop>10</stop><dt>1</dt></sim_specs>
<dimensions><dim name="place" size="2"/></dimensions>
<model><variables>
<stock name="s"><eqn>1</eqn><inflow>f</inflow></stock>
<flow name="f"><eqn>0</eqn></flow>
"""
TAIL = "\n</variables></model></xmile>\n"
BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<xmile'
MACROS = "".join(
    f":MACRO: {one}(x)\n{one} = {other}(x) + 1\n\t~\t\n\t~\t\t|\n:END OF MACRO:\n" for one, other in ("FG", "GF")
)


def xmile(folder: Path, body: str = "", **changes: str) -> Path:
    """A file of XMILE with some more quantities, and parts of it changed."""
    text = HEAD + body + TAIL
    for old, new in changes.items():
        text = text.replace(f"<{old}", new)
    path = folder / "small.xmile"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('<aux name="x"><eqn>FROB(3)</eqn></aux>', "9: x: the function FROB is not read"),
        ('<aux name="x"><eqn>nothing + 1</eqn></aux>', "9: x: 'nothing', which nothing here is called, is not read"),
        ('<aux name="x"><eqn>3 +* 4</eqn></aux>', r"9: x: '\+\* 4' is not read"),
        ('<aux name="x"/>', "9: x: has no equation"),
        ('<aux name="x"><eqn> {later} </eqn></aux>', "9: x: has no equation"),
        ('<aux name="x"><eqn>???</eqn></aux>', r"9: x: its equation is '\?\?\?': the tool that wrote the file lost it"),
        ("<aux><eqn>1</eqn></aux>", "9: a <aux> without a name is not read"),
        ('<aux name="S"><eqn>1</eqn></aux>', "9: S: is defined a second time, first in line 7"),
        (
            '<aux name="x"><dimensions><dim name="plaice"/></dimensions><eqn>1</eqn></aux>',
            "9: x: there is no dimension 'plaice'; did you mean 'place'",
        ),
        (
            '<aux name="x"><eqn>s</eqn><gf><xpts>0,1,2</xpts><ypts>0,1</ypts></gf></aux>',
            "9: x: its graphical function has 3 x for 2 y",
        ),
        (
            '<aux name="x"><eqn>s</eqn><gf><xpts>0,a</xpts><ypts>0,1</ypts></gf></aux>',
            "9: x: <xpts> of its graphical function: 'a' is no number",
        ),
        ('<module name="x"/>', "9: <module> is not read"),
        (f'<aux name="x"><eqn>{"(" * 2000}1{")" * 2000}</eqn></aux>', " an equation nests too deep to be read"),
        (f'<aux name="x"><eqn>{"+".join(["s"] * 1000)}</eqn></aux>', "9: x: nests more than 300 operations deep"),
    ],
)
def test_a_wrong_quantity_is_named_with_its_line(tmp_path: Path, body: str, named: str) -> None:
    with pytest.raises(InputError, match=f"small.xmile:{named}") as caught:
        read(xmile(tmp_path, body))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("/xmile>", "", "11: broken XML: no element found"),
        ("xmile", "<html", "10: broken XML: mismatched tag"),
        ("xmile", BOMB, "2: a document type"),
        ("sim_specs", "<run", "4: broken XML"),
        ("dt>", "<DT>", "4: broken XML"),
        ("dt>1</dt>", "", r"4: there is no <dt> in <sim_specs>"),
        ("dt>1", "<dt>0", " its run goes from 0 to 10 in steps of 0; allowed: 1 to 1,000,000 steps"),
        ("dt>1", "<dt>1e-9", " its run goes from 0 to 10 in steps of 1e-09; allowed: 1 to 1,000,000 steps"),
        ("stop>10", "<stop>-10", " its run goes from 0 to -10 in steps of 1"),
        ("stop>10", "<stop>late", " final time: 'late', which nothing here is called, is not read"),
        ('sim_specs method="Euler"', '<sim_specs method="Gear"', "4: sim_specs: the method is 'Gear'; allowed: Euler"),
    ],
)
def test_a_wrong_file_is_refused_with_the_line(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(InputError, match=f"small.xmile:{named}"):
        read(xmile(tmp_path, **{old: new}))


def test_what_is_no_model_at_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.xmile"
    for text, named in {"": "1: broken XML", "hello": "1: broken XML", "<html/>": "1: found <html>"}.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=f"page.xmile:{named}"):
            read(path)
    monkeypatch.setattr(abstract, "LARGEST_FILE", 1_000_000)
    path.write_bytes(b" " * 2_000_000)
    with pytest.raises(InputError, match=r"page.xmile: has 2 MB; allowed: up to 1 MB"):
        read(path)


@pytest.mark.parametrize(
    ("equations", "named"),
    [
        (["x = 1", "x = 2"], r":2: x: is defined a second time"),
        (["a : b", "b : a", "x[a] = 1"], ": the range 'a' is made of itself"),
        (["a : (a1-a900)", "b : (b1-b900)", "x[a, b] = 1"], ":10: x: arrays of more than 50,000 elements together"),
        (["x = 3 $$ 4"], r":2: .*4. is not read"),
        ([MACROS + "z = F(3)"], ": the macro f, which calls itself by way of others, is not read"),
    ],
)
def test_a_wrong_vensim_model_is_refused(vensim: MakeModel, equations: list[str], named: str) -> None:
    with pytest.raises(InputError, match=f"small.mdl{named}") as caught:
        vensim(*equations)
    assert "\n" not in str(caught.value)


def test_names_that_begin_like_an_operator_are_names(tmp_path: Path) -> None:
    """The parser by itself takes `notable` for NOT and `able`."""
    body = '<aux name="notable"><eqn>3</eqn></aux><aux name="able"><eqn>0</eqn></aux>'
    body += '<aux name="x"><eqn>notable + 2 * (NOT able) {and so on}</eqn></aux>'
    assert run(read(xmile(tmp_path, body)))["x"][0] == 5


def test_a_scale_for_the_eye_does_not_move_the_points_of_a_graphical_function(tmp_path: Path) -> None:
    body = (
        '<aux name="x"><eqn>s * 2</eqn><gf><xscale min="0" max="100"/><xpts>0,1,4</xpts><ypts>0,10,40</ypts></gf></aux>'
    )
    assert run(read(xmile(tmp_path, body)))["x"][0] == 20


def test_a_dimension_may_be_given_by_its_size(tmp_path: Path) -> None:
    body = '<aux name="x"><dimensions><dim name="place"/></dimensions><eqn>s + 1</eqn></aux>'
    assert run(read(xmile(tmp_path, body + '<aux name="y"><eqn>x[1] + x[2]</eqn></aux>')))["y"][0] == 4


def test_a_star_is_every_element(tmp_path: Path) -> None:
    body = '<aux name="x"><dimensions><dim name="place"/></dimensions>'
    body += '<element subscript="1"><eqn>3</eqn></element><element subscript="2"><eqn>4</eqn></element></aux>'
    body += '<aux name="y"><eqn>SUM(x[*] * x[*]) + SUM(x[*])</eqn></aux>'
    assert run(read(xmile(tmp_path, body)))["y"][0] == 9 + 16 + 7


def test_elements_of_a_stock_may_start_apart(tmp_path: Path) -> None:
    body = '<stock name="x"><dimensions><dim name="place"/></dimensions><inflow>g</inflow>'
    body += '<element subscript="1"><eqn>3</eqn></element><element subscript="2"><eqn>s + 4</eqn></element></stock>'
    body += '<flow name="g"><dimensions><dim name="place"/></dimensions><eqn>x * 2</eqn></flow>'
    found = run(read(xmile(tmp_path, body)))
    assert found["x_1"][:2].tolist() == [3, 9]
    assert found["x_2"][:2].tolist() == [5, 15]


def test_an_array_by_its_name_alone_is_read_element_by_element(tmp_path: Path) -> None:
    """Also where every element has an equation of its own."""
    dims = '<dimensions><dim name="place"/></dimensions>'
    apart = '<element subscript="1"><eqn>3</eqn></element><element subscript="2"><eqn>4</eqn></element>'
    body = f'<aux name="x">{dims}{apart}</aux><aux name="y">{dims}<eqn>x * 10</eqn></aux>'
    found = run(read(xmile(tmp_path, body + '<aux name="z"><eqn>SUM(x) + MEAN(y) * SIZE(y[*])</eqn></aux>')))
    assert (found["y_1"][0], found["y_2"][0], found["z"][0]) == (30, 40, 77)


def test_a_lookup_may_be_called_by_name(tmp_path: Path) -> None:
    body = '<gf name="curve"><xpts>0,1,4</xpts><ypts>0,10,40</ypts></gf>'
    body += '<aux name="x"><eqn>2 * LOOKUP(curve, s)</eqn></aux>'
    assert run(read(xmile(tmp_path, body)))["x"][0] == 20


def test_what_says_how_modules_are_drawn_is_no_module(tmp_path: Path) -> None:
    view = '</variables><views><style><module color="blue"/></style></views></model>'
    assert run(read(xmile(tmp_path, "", **{"/variables></model>": view})))["s"][0] == 1


@pytest.mark.parametrize(("kind", "method"), [(0, "euler"), (1, "rk4"), (2, "euler"), (5, "rk4")])
def test_the_method_of_a_vensim_model_is_the_fourth_number(tmp_path: Path, kind: int, method: str) -> None:
    path = tmp_path / "small.mdl"
    text = vensim_text("x = 1")
    path.write_text(text.replace("15:0,0,0,0", f"15:0,0,0,{kind}"), encoding="utf-8")
    assert read(path).method == method
    path.write_text(text.replace("15:0,0,0,0", "15:0,0,0,3"), encoding="utf-8")
    with pytest.raises(InputError, match=r"small.mdl: the integration type is 3; allowed: 0 and 2 \(Euler\), 1 and 5"):
        read(path)


def test_a_quantity_left_open_ends_where_the_next_begins(tmp_path: Path) -> None:
    body = '<aux name="x"><eqn>s + 1</eqn><stock name="t"><eqn>x</eqn></stock>'
    assert run(read(xmile(tmp_path, body)))["t"][0] == 2
