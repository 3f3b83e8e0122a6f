"""Functions of whole arrays, from the trees of their elements: what one element of each is."""

from collections.abc import Callable, Sequence

from pujiang.engine.expression import Node, as_node, combine
from pujiang.exchange.functions import added, both, equal, joined, where

BEYOND = 2.0**1000
"""More than any number that is compared."""

LARGEST_MATRIX = 5
"""Rows of a matrix whose inverse is written out, by determinants: every row more is a longer tree by as many times."""

Row = Sequence[Node]
Chosen = Sequence[tuple[Node, Node]]
"""Of every element whether it is selected (by what is not 0), and what it is."""


def _sum(parts: Chosen) -> Node:
    return added([where(weight, x, 0) for weight, x in parts])


def _product(parts: Chosen) -> Node:
    return joined(lambda a, b: a * b, [where(weight, x, 1) for weight, x in parts])


def _least(parts: Chosen) -> Node:
    return joined(lambda a, b: combine("minimum", a, b), [where(weight, x, BEYOND) for weight, x in parts])


def _most(parts: Chosen) -> Node:
    return joined(lambda a, b: combine("maximum", a, b), [where(weight, x, -BEYOND) for weight, x in parts])


def _mean(parts: Chosen) -> Node:
    return combine("safe_divide", _sum(parts), added([where(weight, 1, 0) for weight, _ in parts]))


def _weighted(action: Callable[[Chosen], Node]) -> Callable[[Chosen], Node]:
    return lambda parts: action([(weight, weight * x) for weight, x in parts])


def _product_of_powers(parts: Chosen) -> Node:
    return _product([(weight, x**weight) for weight, x in parts])


ACTIONS: Sequence[Callable[[Chosen], Node]] = (
    *map(_weighted, (_sum, _product, _least, _most, _mean)),
    _product_of_powers,
    *(_sum, _product, _least, _most, _mean),
)
"""What VECTOR SELECT makes of the selected elements, by the number it gives it."""


def selected(parts: Chosen, otherwise: Node, action: Node) -> Node:
    """VECTOR SELECT: what an action makes of the selected elements; `otherwise` where none is."""
    if action.op == "literal":
        found = ACTIONS[int(action.value)](parts)
    else:
        found = ACTIONS[-1](parts)
        for number, made in enumerate(ACTIONS[:-1]):
            found = where(equal(action, number), made(parts), found)
    none = joined(both, [equal(weight, 0) for weight, _ in parts])
    return where(none, otherwise, found)


def inverse(matrix: Sequence[Row], row: int, column: int) -> Node:
    """One element of the inverse of a square matrix: a cofactor over the determinant."""
    cofactor = determinant(_without(matrix, column, row))
    return (cofactor if (row + column) % 2 == 0 else -cofactor) / determinant(matrix)


def determinant(matrix: Sequence[Row]) -> Node:
    """By the elements of the first row."""
    if not matrix:
        return as_node(1)
    signed = [x if j % 2 == 0 else -x for j, x in enumerate(matrix[0])]
    return added([x * determinant(_without(matrix, 0, j)) for j, x in enumerate(signed)])


def _without(matrix: Sequence[Row], row: int, column: int) -> list[Row]:
    return [[x for j, x in enumerate(r) if j != column] for i, r in enumerate(matrix) if i != row]


def allocated(requests: Row, priorities: Row, width: Node, supply: Node, place: int) -> Node:
    """ALLOCATE BY PRIORITY: what one of those who ask gets of a supply.

    A level sinks over the priorities: who stands above it gets a part of the request that grows with the distance,
    all of it from a width on. The level is where the parts add up to the supply. What is given is a line between the
    levels at which someone begins or ends to get more, so the level lies on the line between two of them.
    """

    def given(level: Node, to: int) -> Node:
        part = combine("minimum", combine("maximum", (priorities[to] - level) / width, 0), 1)
        return requests[to] * part

    levels = [end for top in priorities for end in (top, top - width)]
    totals = [added([given(level, i) for i in range(len(requests))]) for level in levels]
    # The highest level that gives out as much as there is, and the lowest that does not.
    enough = [where(combine("less_equal", supply, t), level, -BEYOND) for level, t in zip(levels, totals, strict=True)]
    scarce = [where(combine("less_equal", supply, t), BEYOND, level) for level, t in zip(levels, totals, strict=True)]
    low = joined(lambda a, b: combine("maximum", a, b), enough)
    high = joined(lambda a, b: combine("minimum", a, b), scarce)
    at_low, at_high = given(low, place), given(high, place)
    total_low, total_high = (added([given(level, i) for i in range(len(requests))]) for level in (low, high))
    between = at_high + (at_low - at_high) * combine("safe_divide", supply - total_high, total_low - total_high)
    return where(combine("less", supply, added(list(requests))), between, requests[place])


def ranks(x: Row) -> list[Node]:
    """How many elements stand before each, from the smallest; of equal ones, the first in the array is first."""
    return [
        added(
            [as_node(0)]
            + [where(combine("less_equal" if i < j else "less", x[i], x[j]), 1, 0) for i in range(len(x)) if i != j]
        )
        for j in range(len(x))
    ]


def ranks_from_the_largest(x: Row) -> list[Node]:
    """The same from the other end."""
    return [len(x) - 1 - place for place in ranks(x)]


def in_order(places: Row, place: int) -> Node:
    """VECTOR SORT ORDER: the number, from 0, of the element whose place this is."""
    return added([where(equal(at, place), number, 0) for number, at in enumerate(places)])


def at_place(x: Row, place: Node) -> Node:
    """VECTOR REORDER: the element of a number, from 0."""
    return added([where(equal(place, number), value, 0) for number, value in enumerate(x)])
