"""What a file of XMILE must hold before it is read: whatever its reader would pass over or trip over, by line."""

import re
from collections.abc import Iterator
from pathlib import Path

from pujiang.errors import InputError, nearest
from pujiang.exchange.names import identifier
from pujiang.exchange.xml_tree import Element, XmlError, xml_tree

PASSED_OVER = frozenset("conveyor queue oven leak overflow init_eqn module macro sample import".split())
"""Elements that change numbers and that the reader does not see."""

METHODS = ("euler", "rk4")
CONTROLS = ("time_step", "dt", "initial_time", "final_time", "saveper")


def checked(path: Path, text: bytes) -> tuple[bytes, Element]:
    """The text of a file that keeps the rules, quantities left open closed, and its tree.

    Raises:
        InputError: one line: file, line, and what is wrong.
    """
    try:
        root = xml_tree(text)
    except XmlError as error:
        text = _closed(text)
        try:
            root = xml_tree(text)
        except XmlError:
            raise InputError(f"{path}:{error.line}: {error}") from None
    for element, wrong in _faults(root):
        raise InputError(f"{path}:{element.line}: {wrong}")
    return text, root


def _closed(text: bytes) -> bytes:
    """A text in which every stock, flow and auxiliary ends where the next begins: they never hold each other."""
    parts, last, left_open = [], 0, b""
    for tag in re.finditer(rb"<(/?)(stock|flow|aux)\b[^<>]*?(/?)>", text):
        closing, name, empty = tag.groups()
        if not closing and left_open:
            parts += [text[last : tag.start()], b"</" + left_open + b">"]
            last = tag.start()
        left_open = b"" if closing or empty else name
    return b"".join([*parts, text[last:]])


def method(root: Element) -> str:
    """By which method a file asks to be run."""
    return next(specs.attributes.get("method", "Euler") for specs in root.all("sim_specs")).strip().lower()


def dimensions(root: Element) -> dict[str, list[str]]:
    """The dimensions every quantity runs over, by its name."""
    return {
        identifier(variable.attributes["name"]): [
            dim.attributes.get("name", "") for group in variable.all("dimensions") for dim in group.all("dim")
        ]
        for model in root.all("model")
        for group in model.all("variables")
        for variable in group.children
        if variable.attributes.get("name")
    }


def _faults(root: Element) -> Iterator[tuple[Element, str]]:
    if root.tag != "xmile":
        yield root, f"found <{root.tag}>; allowed: <xmile>"
    groups = [group for model in root.all("model") for group in model.all("variables")]
    for element in (*root.children, *(e for top in (*groups, *root.all("data")) for e in top.walk())):
        if element.tag in PASSED_OVER:  # elsewhere they say how such things are drawn
            yield element, f"<{element.tag}> is not read"
    specs = root.first("sim_specs")
    if specs is None:
        yield root, "there is no <sim_specs>, which says from when to when a run goes"
        return
    for tag in ("start", "stop", "dt"):
        if not (found := specs.first(tag)) or not found.text.strip():
            yield specs, f"there is no <{tag}> in <sim_specs>"
    if method(root) not in METHODS:
        yield specs, f"sim_specs: the method is '{specs.attributes['method']}'; allowed: Euler, RK4"
    dimensions = {identifier(d.attributes.get("name", "")) for group in root.all("dimensions") for d in group.children}
    for one in [d for group in root.all("dimensions") for d in group.children]:
        if not one.children and not one.attributes.get("size", "").isdigit():
            yield one, f"the dimension '{one.attributes.get('name', '')}' has no elements"
    seen: dict[str, Element] = {}
    for model in root.all("model"):
        for group in model.all("variables"):
            for variable in group.children:
                if variable.tag in {"stock", "flow", "aux", "gf"}:
                    yield from ((variable, f"{wrong}") for wrong in _of_variable(variable, dimensions, seen))


def _of_variable(variable: Element, dimensions: set[str], seen: dict[str, Element]) -> Iterator[str]:
    name = variable.attributes.get("name", "").strip()
    if not name:
        yield f"a <{variable.tag}> without a name is not read"
    if (known := seen.setdefault(identifier(name), variable)) is not variable:
        yield f"{name}: is defined a second time, first in line {known.line}"
    for one in [d for group in variable.all("dimensions") for d in group.all("dim")]:
        asked = identifier(one.attributes.get("name", ""))
        if asked not in dimensions:
            yield f"{name}: there is no dimension '{one.attributes.get('name', '')}'{nearest(asked, dimensions)}"
    if variable.first("element") and any(e.first("gf") for e in variable.all("element")):
        yield f"{name}: a graphical function of one element of an array is not read"
    if variable.tag != "gf" and not variable.all("element") and identifier(name) not in CONTROLS:
        equation = variable.first("eqn")
        if equation is None or not re.sub(r"\{[^{}]*\}", "", equation.text).strip():
            yield f"{name}: has no equation"
        elif equation.text.strip().strip("?") == "":
            yield f"{name}: its equation is '{equation.text.strip()}': the tool that wrote the file lost it"
    for graph in [variable, *variable.children]:
        if graph.tag == "gf":
            yield from (f"{name}: {wrong}" for wrong in _of_graph(graph))


def _of_graph(graph: Element) -> Iterator[str]:
    written = {tag: graph.first(tag) for tag in ("xpts", "ypts")}
    points = {}
    for tag, found in written.items():
        if found is not None:
            separator = found.attributes.get("sep", ",")
            parts = [part for part in found.text.strip().strip(separator).split(separator) if part.strip()]
            bad = [part.strip() for part in parts if not _number(part)]
            if bad:
                yield f"<{tag}> of its graphical function: '{bad[0]}' is no number"
            points[tag] = parts
    if not points.get("ypts"):
        yield "its graphical function has no <ypts>"
    elif "xpts" in points and len(points["xpts"]) != len(points["ypts"]):
        yield f"its graphical function has {len(points['xpts'])} x for {len(points['ypts'])} y"


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
