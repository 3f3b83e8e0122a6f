"""Where things stand in a diagram of stocks and flows: a frame a sector, stocks in rows along their flows, and below
them, row by row, what moves them: everything stands under what it moves, as near as the names leave room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from statistics import fmean

from pujiang.exchange.quantities import Quantity

Point = tuple[float, float]

ROW, GAP, WIDEST = 70.0, 24.0, 1150.0
"""Pixels between rows and between names, and how wide a row may grow before it is parted into several."""

MARGIN, TOP, FRAMES_ACROSS = 40.0, 80.0, 4
LETTER, STOCK = 5.9, (90.0, 34.0)
CLOUD = 60.0
"""How far from its valve a flow without a stock at one end begins or stops."""


@dataclass
class Frame:
    """A sector's part of the diagram: its place, what stands in it, and copies of causes that stand elsewhere."""

    name: str
    at: Point = (0.0, 0.0)
    size: Point = (0.0, 0.0)
    places: dict[str, Point] = field(default_factory=dict)
    copies: dict[str, Point] = field(default_factory=dict)


def name_width(name: str) -> float:
    """How wide a name is written."""
    return LETTER * len(name) + 8


def stock_width(name: str) -> float:
    """How wide the box of a stock is."""
    return max(STOCK[0], name_width(name) + 8)


def frames(quantities: Iterable[Quantity]) -> list[Frame]:
    """A frame for every sector, side by side in rows, in the order of the model."""
    by_sector: dict[str, list[Quantity]] = {}
    for quantity in quantities:
        by_sector.setdefault(quantity.sector, []).append(quantity)
    made = [_frame(sector, members) for sector, members in by_sector.items()]
    top = MARGIN
    for start in range(0, len(made), FRAMES_ACROSS):
        row = made[start : start + FRAMES_ACROSS]
        left = MARGIN
        for frame in row:
            _move(frame, left, top)
            frame.at = (left, top)
            left += frame.size[0] + MARGIN
        top += max(frame.size[1] for frame in row) + MARGIN
    return made


def _move(frame: Frame, right: float, down: float) -> None:
    for places in (frame.places, frame.copies):
        places.update({name: (x + right, y + down) for name, (x, y) in places.items()})


def _frame(sector: str, members: list[Quantity]) -> Frame:
    frame = Frame(sector)
    own = {q.name: q for q in members}
    bottom = _place_stocks(frame, own)
    effects: dict[str, list[str]] = {}
    for quantity in members:
        for cause in quantity.causes:
            effects.setdefault(cause, []).append(quantity.name)
    rest = [name for name in (*own, *effects) if name not in frame.places]
    rows: dict[int, list[str]] = {}
    for name, depth in _depths(list(dict.fromkeys(rest)), own, effects).items():
        rows.setdefault(depth, []).append(name)
    for depth in sorted(rows):
        bottom = _place_row(frame, rows[depth], own, effects, bottom)
    widths = {n: stock_width(n) if n in own and own[n].kind == "stock" else name_width(n) for n in _all(frame)}
    clouds = [x + side * CLOUD for n, (x, _) in frame.places.items() if own[n].kind == "flow" for side in (-1, 1)]
    edges = [x + side * widths[n] / 2 for n, (x, _) in _all(frame).items() for side in (-1, 1)] + clouds
    _move(frame, MARGIN / 2 - min(edges), 0)
    title = 8.5 * len(sector)
    frame.size = (max(max(edges) - min(edges), title) + MARGIN, bottom - ROW + MARGIN)
    return frame


def _all(frame: Frame) -> dict[str, Point]:
    return {**frame.places, **frame.copies}


def _depths(rest: list[str], own: Mapping[str, Quantity], effects: Mapping[str, list[str]]) -> dict[str, int]:
    """How many rows below the stocks each of the rest stands: an equation below all that reads it in the sector,
    what has no causes here right below the first."""
    depths: dict[str, int] = {}
    computed = [name for name in rest if name in own and own[name].causes]
    among = set(computed)
    waiting = list(computed)
    while waiting:
        # What is read by nothing that still waits; in a circle, which only stocks that are not drawn make, the first.
        ready = [n for n in waiting if not any(e in among and e not in depths for e in effects.get(n, ()))]
        for name in ready or waiting[:1]:
            depths[name] = 1 + max((depths.get(e, 0) for e in effects.get(name, ())), default=0)
        waiting = [name for name in waiting if name not in depths]
    for name in rest:
        if name not in depths:
            depths[name] = 1 + min((depths.get(e, 0) for e in effects.get(name, ())), default=0)
    return {name: depths[name] for name in rest}


def _place_row(
    frame: Frame, names: list[str], own: Mapping[str, Quantity], effects: Mapping[str, list[str]], top: float
) -> float:
    """Place names of one depth, each under the middle of what it moves or, if nothing here, of what moves it."""
    known = _all(frame)

    def wanted(name: str) -> float:
        causes = own[name].causes if name in own else ()
        near = [known[n][0] for n in effects.get(name, ()) if n in known] or [known[n][0] for n in causes if n in known]
        return fmean(near) if near else 0.0

    ordered = sorted(names, key=wanted)
    parts = int(-(-sum(name_width(n) + GAP for n in names) // WIDEST))
    for part in range(parts):
        row = ordered[part::parts]
        spaced = _apart([wanted(name) for name in row], [name_width(name) for name in row])
        for name, x in zip(row, spaced, strict=True):
            (frame.places if name in own else frame.copies)[name] = (x, top)
        top += ROW
    return top


def _apart(wanted: Sequence[float], widths: Sequence[float]) -> list[float]:
    """The middles of names in a row, in order and clear of each other, as near to the wanted ones as may be.

    Names that would overlap stand as one block, in the middle of where they would stand, and blocks join likewise.
    """
    blocks: list[tuple[float, list[int]]] = []
    offset = [fsum(widths[:i]) + widths[i] / 2 + GAP * i for i in range(len(widths))]
    free = [x - o for x, o in zip(wanted, offset, strict=True)]  # without regard to the width of what is left of it
    for i, x in enumerate(free):
        blocks.append((x, [i]))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (_, right), (_, left) = blocks.pop(), blocks.pop()
            joined = left + right
            blocks.append((fmean(free[k] for k in joined), joined))
    return [x + offset[i] for x, members in blocks for i in members]


def _place_stocks(frame: Frame, own: Mapping[str, Quantity]) -> float:
    """Place the chains of stocks, a row each, with their flows; the top of what comes below."""
    stocks = {name: q for name, q in own.items() if q.kind == "stock"}
    flows = {name for name, q in own.items() if q.kind == "flow"}
    bottom = TOP
    for chain in _chains(stocks):
        bottom = _place_chain(frame, chain, {name: stocks[name] for name in chain}, flows, bottom)
    return bottom


def _chains(stocks: Mapping[str, Quantity]) -> list[list[str]]:
    """Stocks that flows join, each list in the order things move."""
    into = {flow: name for name, stock in stocks.items() for flow in stock.inflows}
    out_of = {flow: name for name, stock in stocks.items() for flow in stock.outflows}
    following: dict[str, list[str]] = {name: [] for name in stocks}
    for flow, name in out_of.items():
        if flow in into:
            following[name].append(into[flow])
    fed = {after for afters in following.values() for after in afters}
    chains: list[list[str]] = []
    seen: set[str] = set()
    for start in [*(name for name in stocks if name not in fed), *stocks]:
        chain: list[str] = []
        here: str | None = start
        while here is not None and here not in seen:
            seen.add(here)
            chain.append(here)
            here = next((name for name in following[here] if name not in seen), None)
        if chain:
            chains.append(chain)
    return chains


def _place_chain(frame: Frame, chain: list[str], stocks: Mapping[str, Quantity], flows: set[str], top: float) -> float:
    """Place a row of stocks and, between and beside them, their flows; the top of what comes below."""
    touching = {flow for stock in stocks.values() for flow in (*stock.inflows, *stock.outflows) if flow in flows}
    beside = max([name_width(flow) / 2 for flow in touching] or [0.0])
    half = max(map(stock_width, chain)) / 2 + max(beside, CLOUD) + GAP / 2
    used: dict[int, int] = {}  # by the number of a gap between stocks
    for i, name in enumerate(chain):
        frame.places[name] = (half * (2 * i + 1), top)
    for i, name in enumerate(chain):
        for side, names in ((-1, stocks[name].inflows), (1, stocks[name].outflows)):
            for flow in names:
                if flow in flows and flow not in frame.places:
                    gap = 2 * i + 1 + side
                    frame.places[flow] = (half * gap, top + ROW * used.get(gap, 0))
                    used[gap] = used.get(gap, 0) + 1
    return top + ROW * max([1, *used.values()]) + ROW / 2
