"""Where things stand in a diagram of stocks and flows: a frame a sector, stocks in rows along their flows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pujiang.exchange.quantities import Quantity

Point = tuple[float, float]

STOCK_GAP, ROW, COLUMN, COLUMNS = 300.0, 75.0, 170.0, 5
MARGIN, FRAMES_ACROSS = 80.0, 4


@dataclass
class Frame:
    """A sector's part of the diagram: its place, what stands in it, and copies of causes that stand elsewhere."""

    name: str
    at: Point = (0.0, 0.0)
    size: Point = (0.0, 0.0)
    places: dict[str, Point] = field(default_factory=dict)
    copies: dict[str, Point] = field(default_factory=dict)


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
            frame.at = (left, top)
            for places in (frame.places, frame.copies):
                places.update({name: (x + left, y + top) for name, (x, y) in places.items()})
            left += frame.size[0] + MARGIN
        top += max(frame.size[1] for frame in row) + MARGIN
    return made


def _frame(sector: str, members: list[Quantity]) -> Frame:
    frame = Frame(sector)
    stocks = {q.name: q for q in members if q.kind == "stock"}
    flows = [q.name for q in members if q.kind == "flow"]
    bottom = MARGIN
    for chain in _chains(stocks):
        bottom = _place_chain(frame, chain, {name: stocks[name] for name in chain}, set(flows), bottom)
    rest = [q.name for q in members if q.name not in frame.places]
    elsewhere = dict.fromkeys(cause for q in members for cause in q.causes if cause not in {m.name for m in members})
    for names, places in ((rest, frame.places), (list(elsewhere), frame.copies)):
        for i, name in enumerate(names):
            places[name] = (MARGIN + COLUMN * (i % COLUMNS), bottom + ROW * (i // COLUMNS))
        bottom += ROW * -(-len(names) // COLUMNS)
    points = [*frame.places.values(), *frame.copies.values()]
    frame.size = (max(x for x, _ in points) + MARGIN, bottom)
    return frame


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
    used: dict[float, int] = {}
    for i, name in enumerate(chain):
        frame.places[name] = (MARGIN + STOCK_GAP / 2 + STOCK_GAP * i, top)
    for name in chain:
        for side, names in ((-1, stocks[name].inflows), (1, stocks[name].outflows)):
            for flow in names:
                if flow in flows and flow not in frame.places:
                    x = frame.places[name][0] + side * STOCK_GAP / 2
                    frame.places[flow] = (x, top + ROW * used.get(x, 0))
                    used[x] = used.get(x, 0) + 1
    return top + ROW * max([1, *used.values()]) + ROW / 2
