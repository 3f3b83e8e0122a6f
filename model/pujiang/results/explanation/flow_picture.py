"""The main pathways of an outcome laid out: levers at the top, sectors in layers, the outcome at the foot."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from pujiang.labelled import Tree
from pujiang.results.explanation.names import called, place_called
from pujiang.results.explanation.story import Story, rows
from pujiang.results.figures.style import width_of
from pujiang.results.outcomes import signed
from pujiang.results.words import Words

LEAST = 0.05
"""Links below this share of the difference are left out."""
MOST_BOXES = 11
"""Sectors shown at most, those that most passes through."""
TALL, GAP = 0.42, 0.34
"""Inches from the top of a box to its foot, and from there to the next layer."""
SCALE = 2.1
"""Inches of the whole difference."""
BETWEEN = 0.22
LETTER = 0.078
EDGE = 0.12


@dataclass(frozen=True)
class Box:
    """A lever, sector or outcome: where it stands (lower left), how large, what it says, and what passes through it.

    Kind "stop" is a place a link runs through beside the boxes of a layer.
    """

    name: str
    kind: str
    at: tuple[float, float]
    size: tuple[float, float]
    words: str
    told: str


@dataclass(frozen=True)
class Link:
    """A band from the foot of one box to the top of another; whether it adds to the difference."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    adds: bool


@dataclass(frozen=True)
class Picture:
    """Boxes and links in inches."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    size: tuple[float, float]
    least: float


Shares = Mapping[tuple[str, str], float]
STOP = "|"


def picture_of(tree: Tree, story: Story, say: Words) -> Picture | None:
    """The picture of one outcome; None where no pathways were followed, or nothing is left of them."""
    whole = sum(float(row["amount"]) for row in rows(tree, "sources", story.scalar))
    if not whole:
        return None
    found = {
        (str(row["cause"]), str(row["effect"])): float(row["amount"]) / whole
        for row in rows(tree, "sectors", story.scalar)
    }
    annual = tree["annual"]
    goal = str(annual[story.scalar.partition(".")[0]].attrs.get("sector", ""))
    net: dict[str, float] = {}
    for (_, effect), share in found.items():
        net[effect] = net.get(effect, 0.0) + share
    shares = _pruned({link: share for link, share in found.items() if link[0] != goal}, goal)
    shares = _pruned(_without_cycles(shares), goal)
    if not shares:
        return None
    layers = _layers(shares, goal)
    inputs = {cause for cause, _ in shares} - {effect for _, effect in shares}
    known = {str(row["input"]) for row in rows(tree, "sources", story.scalar)}
    return _placed(shares, layers, goal, inputs & known, net, story, say)


def _pruned(found: Shares, goal: str) -> dict[tuple[str, str], float]:
    """The links that carry enough, between boxes that are not too many, and lie on a way from an input to the goal."""
    kept = {link: share for link, share in found.items() if abs(share) >= LEAST}
    through: dict[str, float] = {}
    for (_, effect), share in kept.items():
        through[effect] = through.get(effect, 0.0) + abs(share)
    largest = sorted(through, key=lambda name: -through[name])[:MOST_BOXES]
    causes = {cause for cause, _ in kept}
    inputs = {name for name in causes if name not in through}
    inside = {*largest, *inputs, goal}
    kept = {link: share for link, share in kept.items() if link[0] in inside and link[1] in inside}
    while True:  # boxes that lead nowhere, or come from nowhere
        causes, effects = {cause for cause, _ in kept}, {effect for _, effect in kept}
        left = {
            (cause, effect): share
            for (cause, effect), share in kept.items()
            if (effect in causes or effect == goal) and (cause in effects or cause in inputs)
        }
        if len(left) == len(kept):
            return left
        kept = left


def _without_cycles(shares: Shares) -> dict[tuple[str, str], float]:
    """The links without those that lead back: first those that take from the difference (what is spent is not there
    later), the weakest before others."""
    kept: dict[tuple[str, str], float] = {}
    for link, share in sorted(shares.items(), key=lambda pair: (pair[1] < 0, -abs(pair[1]))):
        if not _reaches(kept, link[1], link[0]):
            kept[link] = share
    return kept


def _reaches(links: Shares, start: str, goal: str) -> bool:
    todo, seen = [start], {start}
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        for cause, effect in links:
            if cause == name and effect not in seen:
                seen.add(effect)
                todo.append(effect)
    return False


def _layers(shares: Shares, goal: str) -> dict[str, int]:
    """The layer of each box: behind all its causes, just before what it enters; the goal last."""
    layers: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in layers:
            layers[name] = max((depth(cause) + 1 for cause, effect in shares if effect == name), default=0)
        return layers[name]

    for link in shares:
        depth(link[0])
        depth(link[1])
    layers[goal] = max(layers.values())
    for name in sorted(layers, key=lambda n: -layers[n]):  # as late as may be, so that links are short
        onward = [layers[effect] for cause, effect in shares if cause == name]
        if onward:
            layers[name] = min(onward) - 1
    return layers


def _with_stops(shares: Shares, layers: Mapping[str, int]) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
    """The same with a stop in every layer a link passes, so that it runs beside the boxes there and not behind them."""
    links, places = {}, dict(layers)
    for (cause, effect), share in shares.items():
        names = [cause]
        for layer in range(layers[cause] + 1, layers[effect]):
            names.append(f"{STOP}{cause}{STOP}{effect}{STOP}{layer}")
            places[names[-1]] = layer
        for link in pairwise([*names, effect]):
            links[link] = share
    return links, places


def _placed(
    shares: Shares,
    layers: Mapping[str, int],
    goal: str,
    inputs: set[str],
    net: Mapping[str, float],
    story: Story,
    say: Words,
) -> Picture:
    count = max(layers.values()) + 1
    given = shares
    shares, layers = _with_stops(shares, layers)
    into = {name: sum(abs(s) for (_, e), s in shares.items() if e == name) for name in layers}
    out = {name: sum(abs(s) for (c, _), s in shares.items() if c == name) for name in layers}
    words = {name: _words(name, goal, inputs, story, say) for name in layers}
    signed_out = {name: sum(s for (c, _), s in given.items() if c == name) for name in layers}
    told = {name: _told(name, goal, net.get(name, signed_out[name]), story, say) for name in layers}
    wide = {
        name: SCALE * out[name]
        if name.startswith(STOP)
        else max(SCALE * max(into[name], out[name]), 0.24 + LETTER * max(width_of(words[name]), width_of(told[name])))
        for name in layers
    }
    columns = [[name for name in layers if layers[name] == layer] for layer in range(count)]
    room = max(sum(wide[n] for n in column) + BETWEEN * (len(column) - 1) for column in columns)
    middle: dict[str, float] = {}
    for sweep in range(6):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = {name: _pull(name, shares, middle, room / 2) for name in column}
            column.sort(key=lambda name: wanted[name])
            middle |= _side_by_side(column, wide, wanted, room)
    height = count * TALL + (count - 1) * GAP + 2 * EDGE
    boxes = tuple(
        Box(
            name, _kind(name, goal, inputs),
            (EDGE + middle[name] - wide[name] / 2, height - EDGE - TALL - layers[name] * (TALL + GAP)),
            (wide[name], TALL), words[name], told[name],
        )
        for name in layers
    )  # fmt: skip
    return Picture(boxes, _links(shares, {box.name: box for box in boxes}), (room + 2 * EDGE, height), LEAST)


def _kind(name: str, goal: str, inputs: set[str]) -> str:
    if name.startswith(STOP):
        return "stop"
    return "outcome" if name == goal else "input" if name in inputs else "sector"


def _side_by_side(
    column: list[str], wide: Mapping[str, float], wanted: Mapping[str, float], room: float
) -> dict[str, float]:
    """The middles of boxes of one layer, in order: as near to where each is wanted as they can stand side by side."""
    left, lefts = 0.0, {}
    for name in column:
        left = max(left, wanted[name] - wide[name] / 2)
        lefts[name] = left
        left += wide[name] + BETWEEN
    right = room
    for name in reversed(column):
        lefts[name] = min(lefts[name], right - wide[name])
        right = lefts[name] - BETWEEN
    return {name: lefts[name] + wide[name] / 2 for name in column}


def _pull(name: str, shares: Shares, middle: Mapping[str, float], otherwise: float) -> float:
    """Where the neighbours of a box stand, those of wide links more than others."""
    beside = [(cause, abs(share)) for (cause, effect), share in shares.items() if effect == name]
    beside += [(effect, abs(share)) for (cause, effect), share in shares.items() if cause == name]
    near = [(middle[other], width) for other, width in beside if other in middle]
    weight = sum(w for _, w in near)
    return sum(y * w for y, w in near) / weight if weight else otherwise


def _links(shares: Shares, at: Mapping[str, Box]) -> tuple[Link, ...]:
    """Bands that leave and enter each box side by side, in the order of where they go."""
    middle = {name: box.at[0] + box.size[0] / 2 for name, box in at.items()}

    def ends(name: str, *, entering: bool) -> dict[tuple[str, str], float]:
        own = [link for link in shares if link[1 if entering else 0] == name]
        own.sort(key=lambda link: middle[link[0 if entering else 1]])
        x = middle[name] - SCALE * sum(abs(shares[link]) for link in own) / 2
        out = {}
        for link in own:
            width = SCALE * abs(shares[link])
            out[link] = x + width / 2
            x += width
        return out

    starts = {link: x for name in at for link, x in ends(name, entering=False).items()}
    stops = {link: x for name in at for link, x in ends(name, entering=True).items()}
    passing = [
        Link((middle[name], box.at[1] + TALL), (middle[name], box.at[1]), box.size[0], share > 0)
        for name, box in at.items()
        for (cause, _), share in shares.items()
        if cause == name and box.kind == "stop"
    ]
    return (*passing, *(
        Link(
            (starts[cause, effect], at[cause].at[1]), (stops[cause, effect], at[effect].at[1] + TALL),
            SCALE * abs(share), share > 0,
        )
        for (cause, effect), share in sorted(shares.items(), key=lambda pair: -abs(pair[1]))
    ))  # fmt: skip


def _words(name: str, goal: str, inputs: set[str], story: Story, say: Words) -> str:
    """What a box is called."""
    return (
        called(story.scalar, say) if name == goal else called(name, say) if name in inputs else place_called(name, say)
    )


def _told(name: str, goal: str, share: float, story: Story, say: Words) -> str:
    """What passes through a box, all in all; of the goal the difference itself."""
    if name == goal:
        return signed(story.whole, say.outcome(story.scalar.partition(".")[0]))
    return f"{100 * share:.0f} %".replace("-", "−")
