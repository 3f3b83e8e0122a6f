"""Arrays of other tools: ranges of elements, and which element a subscript of an equation means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from pujiang.exchange.names import identifier
from pujiang.exchange.outside import range_from_file

Elements = tuple[str, ...]
Meaning = Mapping[str, str]
"""Which element each range stands for where an equation is read."""


class SubscriptError(ValueError):
    """A subscript cannot be resolved; the message says which."""


@dataclass(frozen=True)
class Ranges:
    """The ranges of a model by name, and which others each maps to, element by element."""

    elements: Mapping[str, Elements]
    mapped: Mapping[str, Elements]

    def expand(self, subscript: str) -> Elements:
        """The elements of a range, or the element itself."""
        name = identifier(subscript)
        return self.elements.get(name, (name,))

    def cells(self, subscripts: Sequence[str], excepted: Iterable[Sequence[str]]) -> Iterator[tuple[Elements, Meaning]]:
        """Every element an equation over these subscripts stands for, and what its ranges mean there."""
        left_out = {cell for group in excepted for cell in product(*(self.expand(s) for s in group))}
        names = [identifier(s) for s in subscripts]
        for cell in product(*(self.expand(s) for s in subscripts)):
            if cell not in left_out:
                yield cell, {n: element for n, element in zip(names, cell, strict=True) if n in self.elements}

    def resolve(self, subscript: str, meaning: Meaning) -> str:
        """The element a subscript of a reference means.

        Raises:
            SubscriptError: if it is a range that stands for no element here.
        """
        name = identifier(subscript)
        if name not in self.elements:
            return name
        if name in meaning:
            return meaning[name]
        for other, element in meaning.items():
            if other not in self.elements:
                continue
            maps = name in self.mapped.get(other, ()) or other in self.mapped.get(name, ())
            if maps and len(self.elements[name]) == len(self.elements[other]):
                return self.elements[name][self.elements[other].index(element)]
        for other, element in meaning.items():  # a range under another name, or one that contains it
            if set(self.elements[other]) <= set(self.elements[name]):
                return element
        raise SubscriptError(f"the subscript '{subscript}' stands for no element here")

    def place(self, name: str, meaning: Meaning) -> int | None:
        """The number of an element, where one is read as a number; None for any other name.

        It is its place, from 1, in the largest range that has it, of several the first.
        """
        element = self.resolve(name, meaning) if name in self.elements else name
        holding = [elements for elements in self.elements.values() if element in elements]
        return max(holding, key=len).index(element) + 1 if holding else None


def ranges(section: Any, folder: Path) -> Ranges:
    """The ranges of a section of PySD's abstract model, of a file in a folder.

    Raises:
        NotReadError: if a range stands in another file that cannot be read.
        SubscriptError: if a range is made of itself.
    """
    given: dict[str, Any] = {identifier(r.name): r.subscripts for r in section.subscripts}
    given |= {name: range_from_file(what, folder) for name, what in given.items() if isinstance(what, dict)}

    def elements(name: str, within: Elements = ()) -> Elements:
        if name in within:
            raise SubscriptError(f"the range '{name}' is made of itself")
        what, around = given[name], (*within, name)
        if isinstance(what, str):
            return elements(identifier(what), around)
        parts = (elements(identifier(s), around) if identifier(s) in given else (identifier(s),) for s in what)
        return tuple(dict.fromkeys(e for part in parts for e in part))

    mapped = {identifier(r.name): tuple(identifier(m) for m in r.mapping) for r in section.subscripts}
    return Ranges({name: elements(name) for name in given}, mapped)
