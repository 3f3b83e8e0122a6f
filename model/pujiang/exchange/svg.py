"""Diagrams as SVG, placed as in the views of an XMILE file; one loop alone is a circle."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from pujiang.exchange.diagrams import Diagram, Link
from pujiang.exchange.layout import CLOUD, STOCK, TOP, Frame, Point, frames, name_width, stock_width
from pujiang.exchange.quantities import Quantity

VALVE, NAME, ABOVE = (9.0, 8.0), 9.0, 17.0
"""Half the size of a valve, half the height of a name, and how far above its valve the name of a flow stands."""

PER_NAME, LEAST_RADIUS, LEFT, LEGEND = 16.0, 110.0, 40.0, 16.0
WHERE = (0.7, 0.55, 0.8, 0.45, 0.62, 0.35, 0.88, 0.25)
"""Along an arrow, where its sign may stand: the first place that is free is taken."""

STYLE = (
    "text{font:11px Helvetica,Arial,sans-serif;text-anchor:middle}"
    ".frame,.under{fill:#fdfdfd}.frame{stroke:#ccc}.stock{fill:#fff;stroke:#222}.flow{fill:#fff;stroke:#222}"
    ".pipe{fill:none;stroke:#222;stroke-width:4}.link{fill:none;stroke:#5b87b5}.tip{fill:#5b87b5}.copy{fill:#888;font-style:italic}"
    ".title{font-size:14px;font-weight:bold}.sign{fill:#b0413e;font-weight:bold}.under{fill-opacity:.85}.legend{text-anchor:start;fill:#555}"
)


@dataclass(frozen=True)
class Box:
    """A rectangle that holds a name or a shape: its middle, and half its size."""

    middle: Point
    half: Point

    def overlaps(self, other: "Box") -> bool:
        """Whether two have a point in common."""
        (x, y), (w, h), (u, v), (p, q) = self.middle, self.half, other.middle, other.half
        return abs(x - u) < w + p and abs(y - v) < h + q

    def edge(self, towards: Point, clear: float = 3.0) -> Point:
        """Where a line from the middle leaves the rectangle, and a little beyond."""
        dx, dy = towards[0] - self.middle[0], towards[1] - self.middle[1]
        length = math.hypot(dx, dy) or 1.0
        out = min(h / abs(d) if d else math.inf for h, d in zip(self.half, (dx, dy), strict=True))
        part = min(out + clear / length, 0.5)
        return self.middle[0] + dx * part, self.middle[1] + dy * part


@dataclass(frozen=True)
class Sign:
    """What is written at an arrow, and where."""

    words: str
    box: Box


Curve = tuple[Point, Point, Point]
"""Where a bent line begins, what it is drawn towards, and where it ends."""


def svg(diagram: Diagram, style: str = STYLE) -> str:
    """The text of a file; without a style where what it is put into has one."""
    drawn = placed(diagram)
    width, height = (max(f.at[i] + f.size[i] for f in drawn) + 20 for i in (0, 1))
    below = 0 if diagram.circle else LEGEND * len(diagram.names)
    top = TOP if diagram.around else 0.0  # where no frame has a title
    at = {name: place for frame in drawn for name, place in frame.places.items()}
    box = f"0 {top:g} {width:g} {height + below - top:g}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-size="11">',
        *([f"<style>{style}</style>"] if style else []),
    ]
    for frame in drawn:
        if frame.name:
            (x, y), (w, h) = frame.at, frame.size
            lines.append(f'<rect class="frame" x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="8"/>')
            lines.append(_text(frame.name, (x + w / 2, y + 20), "title"))
    lines += [line for flow in diagram.pipes if flow in at for line in _pipe(diagram, flow, at)]
    for frame in drawn:
        curves = _arrows(diagram, frame)
        lines += [line for curve in curves.values() for line in _arrow(*curve)]
        lines += [
            line
            for sign in _signs(diagram, frame, curves)
            for line in (_under(sign.box), _text(sign.words, sign.box.middle, "sign"))
        ]
    under = not diagram.circle  # where no arrow runs below a name
    lines += [line for name, place in at.items() for line in _shape(diagram.kinds[name], name, place, under=under)]
    for frame in drawn:
        for name, place in frame.copies.items():
            lines += [_under(name_box("copy", name, place)), _text(name, place, "copy")]
    if diagram.circle:
        ((code, words),) = diagram.names.items()
        x, y = drawn[0].size[0] / 2, drawn[0].size[1] / 2
        lines += [_text(code, (x, y - 10), "title"), _text(words, (x, y + 10))]
    else:
        told = [f"{code}  {words}" for code, words in diagram.names.items()]
        lines += [_text(line, (LEFT, height + LEGEND * i), "legend") for i, line in enumerate(told)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def placed(diagram: Diagram) -> list[Frame]:
    """Where what a diagram shows stands: a frame a sector, one around a variable, or the one circle of a loop."""
    return [_circle(diagram)] if diagram.circle else frames(_quantities(diagram))


def name_box(kind: str, name: str, at: Point) -> Box:
    """Where the name of a quantity at a place is written."""
    if kind == "stock":
        return Box(at, (stock_width(name) / 2, STOCK[1] / 2))
    return Box((at[0], at[1] - ABOVE) if kind == "flow" else at, (name_width(name) / 2, NAME))


def _circle(diagram: Diagram) -> Frame:
    """The names of a loop around what it is called: as names lie, each a row below the one before, then above it."""
    count, ((_, words),) = len(diagram.circle), diagram.names.items()
    side = max(map(name_width, diagram.circle))
    high = max(LEAST_RADIUS, PER_NAME * count)
    wide = max(1.1 * high, (side + name_width(words)) / 2 + 10)
    down = [4 * min(i, count - i) / count - 1 for i in range(count)]
    frame = Frame("", (0, 0), (2 * wide + side + 20, high * (1 + max(down)) + 80))
    for i, name in enumerate(diagram.circle):
        across = math.copysign(math.sqrt(1 - down[i] ** 2), count - 2 * i)
        frame.places[name] = (frame.size[0] / 2 + wide * across, high * (1 + down[i]) + 40)
    return frame


def _quantities(diagram: Diagram) -> Iterable[Quantity]:
    """What is shown, as what a layout places."""
    for name in (name for name in diagram.kinds if name in diagram.shown):
        yield Quantity(
            name,
            diagram.kinds[name],
            {},
            sector="" if diagram.around else diagram.sectors[name],  # what stands around a variable is one thing
            causes=tuple(cause for cause, effect in diagram.signs if effect == name),
            inflows=tuple(flow for flow, (_, sink) in diagram.pipes.items() if sink == name),
            outflows=tuple(flow for flow, (source, _) in diagram.pipes.items() if source == name),
        )


def _text(words: str, at: Point, kind: str = "") -> str:
    return f'<text class="{kind}" x="{at[0]:g}" y="{at[1] + 4:g}">{escape(words.replace("_", " "), quote=False)}</text>'


def _under(box: Box) -> str:
    """What lets a name be read where an arrow runs below it."""
    (x, y), (w, h) = box.middle, box.half
    return f'<rect class="under" x="{x - w:g}" y="{y - h:g}" width="{2 * w:g}" height="{2 * h:g}"/>'


def _shape(kind: str, name: str, at: Point, *, under: bool) -> list[str]:
    (x, y), box = at, name_box(kind, name, at)
    if kind == "stock":
        (w, h) = box.half
        place = f'x="{x - w:g}" y="{y - h:g}" width="{2 * w:g}" height="{2 * h:g}"'
        return [f'<rect class="stock" {place}/>', _text(name, at)]
    named = [*([_under(box)] if under else []), _text(name, box.middle)]
    if kind == "flow":
        valve = f"M{x - 8:g} {y - 7:g} {x + 8:g} {y + 7:g}V{y - 7:g}L{x - 8:g} {y + 7:g}z"
        return [*named, f'<path class="flow" d="{valve}"/>']
    return named


def _pipe(diagram: Diagram, flow: str, at: dict[str, Point]) -> list[str]:
    """The pipe of a flow, level at its valve, with corners to stocks of other rows; a ring where it begins outside."""
    x, y = at[flow]
    source, sink = (at.get(end or "") for end in diagram.pipes[flow])
    start, stop = source or (x - CLOUD, y), sink or (x + CLOUD, y)
    points = [start, (start[0], y), (x, y), (stop[0], y), stop]
    clouds = [end for end, known in ((start, source), (stop, sink)) if known is None]
    drawn = " ".join(f"{a:g},{b:g}" for a, b in points)
    return [
        f'<polyline class="pipe" points="{drawn}"/>',
        *(f'<circle class="flow" cx="{a:g}" cy="{b:g}" r="7"/>' for a, b in clouds),
    ]


def _kinds(diagram: Diagram, frame: Frame) -> dict[str, tuple[str, Point]]:
    """What kind of thing stands where in a frame, by name."""
    copies = {name: ("copy", place) for name, place in frame.copies.items()}
    return {**copies, **{name: (diagram.kinds[name], place) for name, place in frame.places.items()}}


def _arrows(diagram: Diagram, frame: Frame) -> dict[Link, Curve]:
    """The arrows of a frame, a little bent, from edge to edge."""
    things = _kinds(diagram, frame).items()
    ends = {n: _end(kind, n, p, whole=bool(diagram.circle)) for n, (kind, p) in things}
    bend = 0.1 if not diagram.circle else -0.12 if len(diagram.circle) > 2 else -1.0  # around what a loop is called
    return {
        (cause, effect): _curve(ends[cause], ends[effect], bend)
        for cause, effect in diagram.signs
        if effect in frame.places
    }


def _end(kind: str, name: str, at: Point, *, whole: bool) -> Box:
    """Where arrows end: at the valve of a flow, or at the whole of it, its name included."""
    if kind != "flow":
        return name_box(kind, name, at)
    if not whole:
        return Box(at, VALVE)
    top, bottom = ABOVE + NAME, VALVE[1]
    return Box((at[0], at[1] + (bottom - top) / 2), (name_width(name) / 2, (top + bottom) / 2))


def signs_of(diagram: Diagram, frame: Frame) -> list[Sign]:
    """What stands at the arrows of a frame: signs and loops, each where its arrow is clear of names and other signs."""
    return _signs(diagram, frame, _arrows(diagram, frame))


def _signs(diagram: Diagram, frame: Frame, curves: dict[Link, Curve]) -> list[Sign]:
    taken = [name_box(kind, name, place) for name, (kind, place) in _kinds(diagram, frame).items()]
    found = []
    for link, curve in curves.items():
        if label := diagram.label(link):
            half = (3.5 * len(label) + 3, 7.0)
            free = (b for t in WHERE if not any(map((b := Box(_along(curve, t), half)).overlaps, taken)))
            box = next(free, None) or Box(_along(curve, WHERE[0]), half)
            taken.append(box)
            found.append(Sign(label, box))
    return found


def _arrow(a: Point, c: Point, b: Point) -> list[str]:
    """A bent line and its tip, which is drawn, not a marker: not every tool turns those."""
    length = math.hypot(b[0] - c[0], b[1] - c[1]) or 1.0
    ux, uy = (b[0] - c[0]) / length, (b[1] - c[1]) / length
    back, side = (b[0] - 8 * ux, b[1] - 8 * uy), (-3.2 * uy, 3.2 * ux)
    corners = [b, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    tip = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return [
        f'<path class="link" d="M{a[0]:.1f} {a[1]:.1f}Q{c[0]:.1f} {c[1]:.1f} {back[0]:.1f} {back[1]:.1f}"/>',
        f'<polygon class="tip" points="{tip}"/>',
    ]


def _curve(start: Box, end: Box, bend: float) -> Curve:
    """A bent line from the edge of one to that of another: its ends and, between them, what it is drawn towards."""
    (x0, y0), (x1, y1) = start.middle, end.middle
    length = math.hypot(x1 - x0, y1 - y0)
    out = bend * length + (math.copysign(18.0, bend) if abs(y1 - y0) < 1 else 0.0)  # clear of a pipe on the way
    across = (-(y1 - y0) / (length or 1.0), (x1 - x0) / (length or 1.0))
    if abs(y1 - y0) < 1:
        across = (0.0, abs(across[1]))
    towards = ((x0 + x1) / 2 + across[0] * out, (y0 + y1) / 2 + across[1] * out)
    return start.edge(towards), towards, end.edge(towards)


def _along(curve: Curve, t: float) -> Point:
    (ax, ay), (cx, cy), (bx, by) = curve
    a, c, b = (1 - t) ** 2, 2 * t * (1 - t), t**2
    return a * ax + c * cx + b * bx, a * ay + c * cy + b * by
