"""Calls of functions of whole arrays in equations of other tools: which elements they mean, and what they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pujiang.engine.expression import Node, combine
from pujiang.exchange import vectors
from pujiang.exchange.functions import NotReadError, where
from pujiang.exchange.names import identifier
from pujiang.exchange.subscripts import Meaning, Ranges


@dataclass(frozen=True)
class Arrays:
    """What is needed to read such a call.

    Attributes:
        meaning: which element each range means where the call stands.
        tree: an expression, for one meaning.
        summed: every meaning of the ranges that an expression marks with !.
    """

    ranges: Ranges
    meaning: Meaning
    tree: Callable[[Any, Meaning], Node]
    summed: Callable[[Any], Iterator[Meaning]]

    def here(self, ast: Any) -> Node:
        """An expression for the meaning of the call."""
        return self.tree(ast, self.meaning)

    def vector(self, ast: Any) -> tuple[list[Node], int]:
        """The elements of an array along its last range, and the place of the one that is meant."""
        (*_, last) = ("", *subscripts_in(ast))
        return [self.tree(ast, one) for one in self.along(last, self.meaning)], self.place(last)

    def along(self, subscript: str, meaning: Meaning) -> Iterator[Meaning]:
        """Every meaning of one range."""
        yield from ({**meaning, identifier(subscript): element} for element in self.ranges.expand(subscript))

    def place(self, subscript: str) -> int:
        """The place of the element that is meant in a range."""
        if identifier(subscript) not in self.ranges.elements:
            raise NotReadError("a function of whole arrays, of one that runs over no range, is not read")
        return self.ranges.expand(subscript).index(self.ranges.resolve(subscript, self.meaning))


def _selected(arrays: Arrays, selection: Any, values: Any, otherwise: Any, action: Any, fault: Any) -> Node:
    if fault != 0:
        raise NotReadError("VECTOR SELECT that stops a run by its last argument is not read")
    parts = [(arrays.tree(selection, at), arrays.tree(values, at)) for at in arrays.summed([selection, values])]
    what = arrays.here(action)
    if what.op == "literal" and what.value not in range(len(vectors.ACTIONS)):
        raise NotReadError(f"VECTOR SELECT by action {what.value:g} is not read")
    return vectors.selected(parts, arrays.here(otherwise), what)


def _inverse(arrays: Arrays, array: Any, size: Any) -> Node:
    (*_, row, column) = ("", "", *subscripts_in(array))
    sizes = len(arrays.ranges.expand(row)), len(arrays.ranges.expand(column))
    if sizes[0] != sizes[1] or sizes[0] > vectors.LARGEST_MATRIX:
        raise NotReadError(f"the inverse of a matrix of {sizes[0]} by {sizes[1]} is not read")
    rows = [arrays.along(column, one) for one in arrays.along(row, arrays.meaning)]
    matrix = [[arrays.tree(array, one) for one in inner] for inner in rows]
    return vectors.inverse(matrix, arrays.place(row), arrays.place(column))


def _allocated(arrays: Arrays, request: Any, priority: Any, width: Any, supply: Any) -> Node:
    requests, place = arrays.vector(request)
    priorities, _ = arrays.vector(priority)
    return vectors.allocated(requests, priorities, arrays.here(width), arrays.here(supply), place)


def _sort_order(arrays: Arrays, array: Any, direction: Any) -> Node:
    x, here = arrays.vector(array)
    return where(
        combine("less", 0, arrays.here(direction)),
        vectors.in_order(vectors.ranks(x), here),
        vectors.in_order(vectors.ranks_from_the_largest(x), here),
    )


def _rank(arrays: Arrays, array: Any, direction: Any) -> Node:
    x, here = arrays.vector(array)
    up, down = vectors.ranks(x)[here], vectors.ranks_from_the_largest(x)[here]
    return where(combine("less", 0, arrays.here(direction)), up, down) + 1


def _reordered(arrays: Arrays, array: Any, order: Any) -> Node:
    places, here = arrays.vector(order)
    return vectors.at_place(arrays.vector(array)[0], places[here])


OF_ARRAYS: Mapping[str, Callable[..., Node]] = {
    "allocate_by_priority": _allocated,
    "invert_matrix": _inverse,
    "vector_rank": _rank,
    "vector_reorder": _reordered,
    "vector_select": _selected,
    "vector_sort_order": _sort_order,
}
"""By the name PySD's translators give them."""


def subscripts_in(ast: Any) -> Iterator[str]:
    """Every subscript in an expression."""
    if type(ast).__name__ == "SubscriptsReferenceStructure":
        yield from ast.subscripts
    elif isinstance(ast, list | tuple):
        for part in ast:
            yield from subscripts_in(part)
    elif hasattr(ast, "__dict__"):
        for part in vars(ast).values():
            yield from subscripts_in(part)
