"""Macros: every call of one becomes quantities of its own, and the name of the one that is its value."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any

from pujiang.exchange.names import identifier


class MacroError(ValueError):
    """A macro has a form that is not read; the message names it."""


def without_macros(elements: list[Any], macros: list[Any]) -> list[Any]:
    """The elements of a section of PySD's abstract model, with those that calls of macros stand for.

    Raises:
        MacroError: if a macro gives several values, calls itself, or is called with too many or too few.
    """
    known = {identifier(macro.name): macro for macro in macros}
    if not known:
        return elements
    made: list[Any] = []
    numbers = count(1)

    def called(ast: Any, subscripts: Any, within: tuple[str, ...] = ()) -> Any:
        """An expression without calls of macros, in an equation over some subscripts, of one of some macros."""
        found = _rebuilt(ast, lambda part: called(part, subscripts, within))
        name = identifier(found.function.reference) if type(found).__name__ == "CallStructure" else ""
        if name not in known:
            return found
        macro = known[name]
        if name in within:
            raise MacroError(f"the macro {macro.name}, which calls itself by way of others, is not read")
        if macro.returns:
            raise MacroError(f"the macro {macro.name}, which gives several values, is not read")
        if len(macro.params) != len(found.arguments):
            raise MacroError(f"the macro {macro.name} takes {len(macro.params)} arguments, and is given more or fewer")
        call = f"{name} {next(numbers)}"
        given = dict(zip(map(identifier, macro.params), found.arguments, strict=True))
        own = {identifier(element.name): f"{call} {element.name}" for element in macro.elements}
        for element in macro.elements:
            components = [
                replace(c, subscripts=subscripts, ast=called(_named(c.ast, own, given), subscripts, (*within, name)))
                for c in element.components
            ]
            made.append(replace(element, name=own[identifier(element.name)], components=components))
        return replace(found.function, reference=own[name], subscripts=None)

    rest = [
        replace(element, components=[replace(c, ast=called(c.ast, c.subscripts)) for c in element.components])
        for element in elements
    ]
    return [*rest, *made]


def _named(ast: Any, own: Mapping[str, str], given: Mapping[str, Any]) -> Any:
    """An expression of a macro, its parameters as what is given, its own quantities by the names of this call."""
    if type(ast).__name__ == "ReferenceStructure":
        name = identifier(ast.reference)
        return given[name] if name in given else replace(ast, reference=own.get(name, ast.reference))
    return _rebuilt(ast, lambda part: _named(part, own, given))


def _rebuilt(ast: Any, change: Any) -> Any:
    """The same structure with every part changed."""
    if isinstance(ast, list | tuple):
        return type(ast)(change(part) for part in ast)
    if not is_dataclass(ast) or isinstance(ast, type):
        return ast
    return replace(ast, **{part.name: change(getattr(ast, part.name)) for part in fields(ast) if part.init})
