"""Which quantities are flows: those that stocks gain and lose whole, each at one end or two."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pujiang.engine.expression import Node


@dataclass(frozen=True)
class Ends:
    """The stocks a flow joins."""

    out_of: str | None = None
    into: str | None = None


def ends_of_flows(changes: Mapping[str, Node], quantities: Collection[str]) -> dict[str, Ends]:
    """The ends of every quantity that is a flow, from the net flow of every stock.

    A stock whose net flow is more than a sum of quantities keeps it as one flow of its own.
    """
    gains: list[tuple[str, str, int]] = []
    for stock, change in changes.items():
        terms = signed_terms(change)
        if terms is not None and all(name in quantities for name, _ in terms):
            gains += [(name, stock, sign) for name, sign in terms]
    used = Counter((name, sign) for name, _, sign in gains)
    twice = {stock for name, stock, sign in gains if used[name, sign] > 1}
    found: dict[str, Ends] = {}
    for name, stock, sign in gains:
        if stock not in twice:
            ends = found.get(name, Ends())
            found[name] = Ends(ends.out_of, stock) if sign > 0 else Ends(stock, ends.into)
    return found


def net(stock: str, change: Node, ends: Mapping[str, Ends]) -> Node | None:
    """The net flow a stock keeps as its own; None where all of it is flows that end in it, or nothing at all."""
    if change.op == "literal" and change.value == 0:
        return None
    terms = signed_terms(change)
    if terms is not None and all(
        name in ends and (ends[name].into if sign > 0 else ends[name].out_of) == stock for name, sign in terms
    ):
        return None
    return change


def signed_terms(tree: Node) -> list[tuple[str, int]] | None:
    """The quantities a sum is made of, with their signs; None for any other tree."""
    if tree.op == "variable":
        return [(tree.name, 1)]
    if tree.op == "negative":
        inner = signed_terms(tree.arguments[0])
        return None if inner is None else [(name, -sign) for name, sign in inner]
    if tree.op in {"add", "subtract"}:
        left, right = (signed_terms(argument) for argument in tree.arguments)
        if left is None or right is None:
            return None
        return left + [(name, sign if tree.op == "add" else -sign) for name, sign in right]
    return None
