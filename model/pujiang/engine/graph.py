"""The causal graph: who enters whose equation, and the chains between them."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise

Graph = Mapping[str, set[str]]


def effects_of(causes: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The variables that each variable enters directly, from the causes of each."""
    graph: dict[str, set[str]] = {name: set() for name in causes}
    for effect, entering in causes.items():
        for cause in entering:
            graph.setdefault(cause, set()).add(effect)
    return graph


def shortest_chain(effects: Graph, start: str, goal: str) -> tuple[str, ...]:
    """The shortest causal chain from one variable to another, both included; empty where there is none."""
    before: dict[str, str] = {}
    todo = deque([start])
    while todo:
        name = todo.popleft()
        for effect in sorted(effects.get(name, ())):
            if effect not in before:
                before[effect] = name
                todo.append(effect)
        if goal in before:
            chain = [goal]
            while len(chain) == 1 or chain[-1] != start:
                chain.append(before[chain[-1]])
            return tuple(reversed(chain))
    return ()


def chain_through(effects: Graph, through: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every (cause, effect) of a loop through some variables, the chains between them filled in.

    Raises:
        ValueError: naming two of them that no chain joins.
    """
    pairs: list[tuple[str, str]] = []
    for cause, effect in zip(through, (*through[1:], through[0]), strict=True):
        chain = shortest_chain(effects, cause, effect)
        if not chain:
            raise ValueError(f"nothing leads from {cause} to {effect}")
        pairs.extend(pairwise(chain))
    return tuple(pairs)


def strongly_connected(graph: Graph) -> list[set[str]]:
    """Sets of variables that all cause each other, directly or not (a variable alone is a set of one)."""
    reach = {name: _reachable(graph, name) for name in graph}
    parts: list[set[str]] = []
    placed: set[str] = set()
    for name in graph:
        if name not in placed:
            part = {other for other in reach[name] if name in reach[other]} | {name}
            parts.append(part)
            placed |= part
    return parts


def _reachable(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(graph[name])
    return found
