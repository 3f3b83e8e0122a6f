"""Is a value what an annotation says? One check for arguments of the Python interface and for records of files.

    check(5, str, "title")                    InputError: title: found 5, needs text
    run = checked(run)                        its arguments are checked by its annotations before it is called

Known are plain types, unions, literals, mappings, sequences, tuples, callables, `TypedDict`, dataclasses whose
fields are options, and any other class by `isinstance`.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from functools import cache, update_wrapper
from importlib import import_module
from inspect import Parameter, Signature, signature
from numbers import Integral, Real
from types import MappingProxyType, NoneType, SimpleNamespace, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

from pujiang.errors import InputError, nearest
from pujiang.options import options_of
from pujiang.values import path, readable, shown

F = TypeVar("F", bound=Callable[..., Any])

HEAVY = {"xarray"}
"""Packages that are not imported to find out that a value is none of theirs."""
DEEPEST = 50
"""Levels of nested mappings and sequences looked into; deeper is refused."""


def check(value: Any, hint: Any, where: str) -> None:
    """Raise InputError where a value is not what an annotation says, naming the place, what was found and needed."""
    found = _fault(value, hint, where, 0)
    if found is not None:
        raise InputError(found)


def checked(function: F, later: Mapping[str, str] = MappingProxyType({})) -> F:
    """The function, with its arguments checked by its annotations at each call.

    Args:
        later: where the names are ("module:name") that its module imports for type checking alone.
    """
    name = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]
    own = signature(function)

    @cache
    def hints_of(loaded: frozenset[str]) -> dict[str, Any]:
        given = {key: part for key, part in function.__annotations__.items() if key in own.parameters}
        return _evaluated(given, function.__globals__, _Later(later))

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = own.bind(*args, **kwargs)
        except TypeError as error:
            raise InputError(f"{name}: {error}{_meant(kwargs, own)}") from None
        hints = hints_of(frozenset(HEAVY & sys.modules.keys()))
        for key, value in bound.arguments.items():
            if key not in hints:
                continue
            kind, needed = own.parameters[key].kind, hints[key]
            if kind is Parameter.VAR_KEYWORD:
                for word, part in value.items():
                    check(part, needed, word)
            elif kind is Parameter.VAR_POSITIONAL:
                for part in value:
                    check(part, needed, key)
            else:
                check(value, needed, key)
        return function(*args, **kwargs)

    return update_wrapper(called, function)  # type: ignore[return-value]


def _meant(given: Iterable[str], own: Signature) -> str:
    """The nearest argument there is to the first unknown one."""
    unknown = next((word for word in given if word not in own.parameters), None)
    return "" if unknown is None else nearest(unknown, own.parameters)


class _Later(dict[str, Any]):
    """Names of annotations, imported when they are looked up."""

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__()
        self.places = places

    def __missing__(self, name: str) -> Any:
        module, _, attribute = self.places[name].partition(":")  # a KeyError sends Python on to the module's own names
        if module in HEAVY and module not in sys.modules:
            return _NotLoaded()
        found = getattr(import_module(module), attribute) if attribute else import_module(module)
        return _evaluated({"it": found}, {}, self)["it"] if isinstance(found, str) else found


class _NotLoaded:
    """A module nobody has imported: nothing can be of a class of it."""

    def __getattr__(self, name: str) -> type:
        return type(name, (), {})


def _evaluated(given: dict[str, Any], known: dict[str, Any], later: _Later) -> dict[str, Any]:
    return get_type_hints(SimpleNamespace(__annotations__=given), known, later)


def _fault(value: Any, hint: Any, where: str, depth: int) -> str | None:
    """What is wrong with a value, or None."""
    if hint is str and isinstance(value, str):  # most of what is checked
        return _unreadable(value, hint, where)
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any or isinstance(hint, TypeVar):
        return None
    if depth > DEEPEST:
        return f"{where}: nested more than {DEEPEST} deep"
    if origin in (Union, UnionType):
        return _no_alternative(value, hint, parts, where, depth)
    if origin is Literal:
        return None if value in parts and isinstance(value, str) else _told(value, hint, where)
    outer = origin or hint
    if outer in _PLAIN or is_typeddict(outer):
        matches = _PLAIN.get(outer, _is_mapping)
    else:
        matches = lambda found: isinstance(found, outer)  # noqa: E731
    if not matches(value):
        return _told(value, hint, where)
    if isinstance(value, str | os.PathLike):
        return _unreadable(value, hint, where)
    return next((fault for fault in _inner(value, outer, parts, where, depth) if fault is not None), None)


def _inner(value: Any, outer: Any, parts: tuple[Any, ...], where: str, depth: int) -> Iterator[str | None]:
    """What is wrong with the parts of a value whose outermost type is right."""
    if is_typeddict(outer):
        yield from (f"{where}: '{key}' is missing" for key in sorted(outer.__required_keys__) if key not in value)
        for key, hint in get_type_hints(outer).items():
            if key in value:
                yield _fault(value[key], hint, f"{where}: {key}", depth + 1)
    elif isinstance(outer, type) and is_dataclass(outer):
        own = {part.name for part in fields(outer) if "option" in part.metadata}
        for key, of in options_of(outer).items():
            if of.field in own and getattr(value, of.field) is not of.default:
                yield _refused(of.check, getattr(value, of.field), f"{where}: {key}")
    elif isinstance(value, Mapping) and parts:
        for key, part in value.items():
            if _fault(key, parts[0], where, depth + 1) is not None:
                yield _fault(key, parts[0], f"{where}: the key {shown(key)}", depth + 1)
            yield _fault(part, parts[1], f"{where}: {key}", depth + 1)
    elif outer is tuple and parts and parts[-1] is not ...:
        if len(value) != len(parts):
            yield f"{where}: found {len(value)} values, needs {len(parts)}"
        for part, hint in zip(value, parts, strict=False):
            yield _fault(part, hint, where, depth + 1)
    elif parts and _is_sequence(value):
        for place, part in enumerate(value):
            yield _fault(part, parts[0], f"{where}[{place}]", depth + 1)


def _no_alternative(value: Any, hint: Any, parts: tuple[Any, ...], where: str, depth: int) -> str | None:
    """None where one alternative fits; else the fault deepest inside of one, or what all of them are."""
    faults = [_fault(value, part, where, depth) for part in parts]
    if None in faults:
        return None
    own = {_told(value, part, where) for part in parts}
    return next((fault for fault in faults if fault not in own), _told(value, hint, where))


def _unreadable(value: Any, hint: Any, where: str) -> str | None:
    check_of = path if isinstance(value, os.PathLike) else readable
    return _refused(check_of, value, where)


def _refused(check_of: Callable[[Any, str], Any], value: Any, where: str) -> str | None:
    try:
        check_of(value, where)
    except InputError as error:
        return str(error)
    return None


def _told(value: Any, hint: Any, where: str) -> str:
    return f"{where}: found {_shown(value)}, needs {words_of(hint)}"


def _shown(value: Any) -> str:
    if value is None or isinstance(value, (str, int, float, list, tuple, Mapping)):
        return shown(value)
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return f"{type(value).__name__}"


def words_of(hint: Any) -> str:
    """What an annotation allows, in words."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        listed = list(dict.fromkeys(words_of(part) for part in parts if part is not NoneType))
        return " or ".join([*listed, *(["nothing"] if NoneType in parts else [])])
    if origin is Literal:
        return ", ".join(map(str, parts))
    outer = origin or hint
    if outer is tuple:
        return "a pair" if len(parts) == 2 and parts[-1] is not ... else "a sequence"
    if is_typeddict(outer) or outer in (Mapping, dict):
        return "a mapping" + (f" of {words_of(parts[1])}" if parts and parts[1] is not Any else "")
    if outer in _WORDS:
        of_parts = parts and outer not in (os.PathLike, Callable) and parts[0] is not Any
        return _WORDS[outer] + (f" of {words_of(parts[0])}" if of_parts else "")
    return f"a {getattr(outer, '__name__', outer)}"


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_sequence(value: Any) -> bool:
    """Whether it is a row of values, in an order, that is no text: a list, a tuple, an array."""
    if isinstance(value, str | bytes | memoryview | Mapping) or not hasattr(value, "__getitem__"):
        return False
    try:
        return len(value) >= 0
    except TypeError:  # an array without dimensions, a class
        return False


_PLAIN: Mapping[Any, Callable[[Any], bool]] = {
    None: lambda value: value is None,
    NoneType: lambda value: value is None,
    bool: lambda value: isinstance(value, bool),
    int: lambda value: isinstance(value, Integral) and not isinstance(value, bool),
    float: lambda value: isinstance(value, Real) and not isinstance(value, bool),
    Mapping: _is_mapping,
    dict: _is_mapping,
    Sequence: _is_sequence,
    list: _is_sequence,
    tuple: _is_sequence,
    Iterable: lambda value: _is_sequence(value) or isinstance(value, Iterator | Set),
    Callable: callable,
}
"""Types whose values are told otherwise than by `isinstance`."""

_WORDS: Mapping[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    os.PathLike: "a path",
    Sequence: "a list",
    list: "a list",
    Iterable: "a list",
    Callable: "a function",
    NoneType: "nothing",
}
