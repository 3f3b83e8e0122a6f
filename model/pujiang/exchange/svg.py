"""Diagrams as SVG, placed as in the views of an XMILE file; one loop alone is a circle."""

import math
from collections.abc import Iterable
from xml.sax.saxutils import escape

from pujiang.exchange.diagrams import Diagram
from pujiang.exchange.layout import STOCK_GAP, Frame, Point, frames
from pujiang.exchange.quantities import Quantity

BOX = (116.0, 34.0)
RADIUS, CLOUD = 230.0, STOCK_GAP / 3
STYLE = (
    "text{font:11px Helvetica,Arial,sans-serif;text-anchor:middle;dominant-baseline:middle}"
    ".frame{fill:#fafafa;stroke:#ccc}.stock{fill:#fff;stroke:#222}.flow{fill:#fff;stroke:#222}"
    ".pipe{fill:none;stroke:#222;stroke-width:4}.link{fill:none;stroke:#5b87b5}.copy{fill:#888;font-style:italic}"
    ".title{font-size:14px;font-weight:bold}.sign{fill:#b0413e;font-weight:bold}"
)


def svg(diagram: Diagram) -> str:
    """The text of a file."""
    if diagram.circle:
        count = len(diagram.circle)
        frame = Frame("", (0, 0), (2 * RADIUS + 260, 2 * RADIUS + 120))
        for i, name in enumerate(diagram.circle):
            turn = 2 * math.pi * i / count - math.pi / 2
            frame.places[name] = (
                frame.size[0] / 2 + RADIUS * math.cos(turn),
                frame.size[1] / 2 + RADIUS * math.sin(turn),
            )
        placed = [frame]
    else:
        placed = frames(_quantities(diagram))
    width, height = (max(f.at[i] + f.size[i] for f in placed) + 20 for i in (0, 1))
    at = {name: place for frame in placed for name, place in frame.places.items()}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-size="11">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b87b5"/></marker></defs>',
    ]
    for frame in placed:
        if frame.name:
            (x, y), (w, h) = frame.at, frame.size
            lines.append(f'<rect class="frame" x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="8"/>')
            lines.append(_text(frame.name, (x + w / 2, y + 18), "title"))
    lines += [line for flow in diagram.pipes if flow in at for line in _pipe(diagram, flow, at)]
    for frame in placed:
        for (cause, effect), _ in diagram.signs.items():
            if effect in frame.places:
                start = frame.places.get(cause) or frame.copies[cause]
                lines += _link(start, frame.places[effect], diagram.label((cause, effect)))
    for name, place in at.items():
        lines += _shape(diagram.kinds[name], name, place)
    lines += [_text(name, place, "copy") for frame in placed for name, place in frame.copies.items()]
    if diagram.circle:
        code = next(code for codes in diagram.loops.values() for code in codes)
        lines.append(_text(code, (placed[0].size[0] / 2, placed[0].size[1] / 2), "title"))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _quantities(diagram: Diagram) -> Iterable[Quantity]:
    """What is shown, as what a layout places."""
    for name in (name for name in diagram.kinds if name in diagram.shown):
        yield Quantity(
            name,
            diagram.kinds[name],
            {},
            sector=diagram.sectors[name],
            causes=tuple(cause for cause, effect in diagram.signs if effect == name),
            inflows=tuple(flow for flow, (_, sink) in diagram.pipes.items() if sink == name),
            outflows=tuple(flow for flow, (source, _) in diagram.pipes.items() if source == name),
        )


def _text(words: str, at: Point, kind: str = "") -> str:
    return f'<text class="{kind}" x="{at[0]:g}" y="{at[1]:g}">{escape(words.replace("_", " "))}</text>'


def _shape(kind: str, name: str, at: Point) -> list[str]:
    x, y = at
    if kind == "stock":
        w, h = max(BOX[0], 6.4 * len(name)), BOX[1]
        return [
            f'<rect class="stock" x="{x - w / 2:g}" y="{y - h / 2:g}" width="{w:g}" height="{h:g}"/>',
            _text(name, at),
        ]
    if kind == "flow":
        valve = f"M{x - 8:g} {y - 7:g} {x + 8:g} {y + 7:g}V{y - 7:g}L{x - 8:g} {y + 7:g}z"
        return [f'<path class="flow" d="{valve}"/>', _text(name, (x, y + 18))]
    return [_text(name, at)]


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


def _link(start: Point, end: Point, label: str) -> list[str]:
    """An arrow, a little bent, that keeps clear of both names; what it is called stands near its tip."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    gap = min(18.0, length / 4)
    ax, ay, bx, by = x0 + ux * gap, y0 + uy * gap, x1 - ux * gap, y1 - uy * gap
    cx, cy = (ax + bx) / 2 - uy * length / 10, (ay + by) / 2 + ux * length / 10
    arrow = f'<path class="link" marker-end="url(#tip)" d="M{ax:.1f} {ay:.1f}Q{cx:.1f} {cy:.1f} {bx:.1f} {by:.1f}"/>'
    return [arrow, _text(label, (bx - ux * 10 - uy * 9, by - uy * 10 + ux * 9), "sign")] if label else [arrow]
