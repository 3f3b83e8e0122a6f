"""The diagram of a file: sectors in frames, stocks with pipes, arrows of causes within a sector, copies of the rest."""

import math
from collections.abc import Iterable
from itertools import count
from xml.etree import ElementTree

from pujiang.exchange.layout import CLOUD, Frame, Point, frames
from pujiang.exchange.quantities import Quantity

_TAGS = {"auxiliary": "aux"}


def add_view(model: ElementTree.Element, quantities: Iterable[Quantity]) -> None:
    """Add the one view of the model to its element."""
    by_name = {q.name: q for q in quantities}
    placed = frames(by_name.values())
    size = [f"{max(f.at[i] + f.size[i] for f in placed) + 80:g}" for i in (0, 1)]
    views = ElementTree.SubElement(model, "views")
    view = ElementTree.SubElement(
        views, "view", {"type": "stock_flow", "background": "white", "page_width": size[0], "page_height": size[1]}
    )
    uids = count(1)
    at = {name: place for frame in placed for name, place in frame.places.items()}
    for frame in placed:
        _add_frame(view, frame)
    for name, place in at.items():
        shape = _add(view, _TAGS.get(by_name[name].kind, by_name[name].kind), place, name=name)
        if by_name[name].kind == "flow":
            pipe = ElementTree.SubElement(shape, "pts")
            for x, y in _pipe(name, at, by_name):
                ElementTree.SubElement(pipe, "pt", {"x": f"{x:g}", "y": f"{y:g}"})
    for frame in placed:
        copies = {name: next(uids) for name in frame.copies}
        for name, (x, y) in frame.copies.items():
            alias = ElementTree.SubElement(view, "alias", {"uid": str(copies[name]), "x": f"{x:g}", "y": f"{y:g}"})
            ElementTree.SubElement(alias, "of").text = name
        for name, place in frame.places.items():
            for cause in by_name[name].causes:
                _add_arrow(view, cause, name, frame.places.get(cause) or frame.copies[cause], place, copies, uids)


def _add(view: ElementTree.Element, tag: str, at: Point, name: str) -> ElementTree.Element:
    """A shape that goes by its name; numbers of their own have only arrows and copies."""
    return ElementTree.SubElement(view, tag, {"name": name, "x": f"{at[0]:g}", "y": f"{at[1]:g}"})


def _add_frame(view: ElementTree.Element, frame: Frame) -> None:
    group = _add(view, "group", frame.at, f"sector {frame.name}")
    group.set("width", f"{frame.size[0]:g}")
    group.set("height", f"{frame.size[1]:g}")


def _add_arrow(
    view: ElementTree.Element,
    cause: str,
    name: str,
    start: Point,
    end: Point,
    copies: dict[str, int],
    uids: "count[int]",
) -> None:
    # Angles of the format turn against the clock, from the right; y grows downwards.
    angle = math.degrees(math.atan2(start[1] - end[1], end[0] - start[0])) % 360
    arrow = ElementTree.SubElement(view, "connector", {"uid": str(next(uids)), "angle": f"{angle:.4g}"})
    origin = ElementTree.SubElement(arrow, "from")
    if cause in copies:
        ElementTree.SubElement(origin, "alias", {"uid": str(copies[cause])})
    else:
        origin.text = cause
    ElementTree.SubElement(arrow, "to").text = name


def _pipe(flow: str, at: dict[str, Point], by_name: dict[str, Quantity]) -> list[Point]:
    """The points of a flow's pipe, through its valve: level at the valve, with corners to stocks of other rows."""
    x, y = at[flow]
    source = next((at[q.name] for q in by_name.values() if flow in q.outflows), None)
    sink = next((at[q.name] for q in by_name.values() if flow in q.inflows), None)
    start = [(x - CLOUD, y)] if source is None else [source] if source[1] == y else [source, (source[0], y)]
    end = [(x + CLOUD, y)] if sink is None else [sink] if sink[1] == y else [(sink[0], y), sink]
    return [*start, *end]
