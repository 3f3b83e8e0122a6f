"""Options: what may be configured, each written once, as the field of the dataclass that holds it.

    size: int = option(200, low=0, high=100_000, doc="members beside the central one")

From the field come its key, default, type, bounds, the check of a value, and its line in the documentation.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from functools import cache
from math import inf
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pujiang.values import choice, date, flag, names, number, part_of_year, path, span, text, whole, word_or_folder

Owner = TypeVar("Owner")
Where = Callable[..., str]
"""Names a place, given the keys that lead there, for a message."""


@dataclass(frozen=True)
class Option:
    """What there is to say of one key.

    Attributes:
        field: the field of the dataclass that holds it.
        kind: what its values are: a key of CHECKS.
        default: its value where none is given.
        doc: what it means.
        low, high: its bounds; of a part of a year, of the whole number that divides the year.
        words: the words allowed, alone or beside names of folders.
        short: whether its section may be written in its place (`ensemble=200` for `ensemble.size=200`).
        allowed: what is allowed, in words, where neither bounds nor words say it.
    """

    field: str
    kind: str
    default: Any
    doc: str
    low: float = -inf
    high: float = inf
    words: tuple[str, ...] = ()
    short: bool = False
    allowed: str = ""

    def check(self, value: Any, where: str) -> Any:
        """The value as the program holds it; an InputError names `where`, what was found and what is allowed."""
        return CHECKS[self.kind](value, where, self)

    def within(self, bounds: tuple[float, float] | None, **changes: Any) -> "Option":
        """The same option with the bounds some declaration gives it."""
        low, high = bounds or (-inf, inf)
        return replace(self, low=low, high=high, **changes)


CHECKS: Mapping[str, Callable[[Any, str, Option], Any]] = {
    "true or false": lambda value, where, of: flag(value, where),
    "whole number": lambda value, where, of: whole(value, where, of.low, of.high),
    "number": lambda value, where, of: number(value, where, of.low, of.high),
    "date": lambda value, where, of: date(value, where, of.low, of.high),
    "part of a year": lambda value, where, of: part_of_year(value, where, int(of.low), int(of.high)),
    "word": lambda value, where, of: choice(value, where, of.words),
    "text": lambda value, where, of: text(value, where),
    "name of a file": lambda value, where, of: path(text(value, where), where),
    "word or folder": lambda value, where, of: word_or_folder(value, where, of.words),
    "list of names": lambda value, where, of: names(value, where),
    "list of {time, value}": lambda value, where, of: value,  # its points have bounds of a lever: checked with it
}
FILE_KINDS = ("name of a file", "word or folder")
_KINDS = {bool: "true or false", int: "whole number", float: "number", str: "text"}


def option(default: Any = MISSING, *, doc: str, key: str = "", kind: str = "", **facts: Any) -> Any:
    """A field that is an option.

    Args:
        default: its value where none is given; without one, the model gives it.
        doc: what it means.
        key: what it is called in files and words, where that is not the field's name.
        kind: what its values are, where the field's type does not say it.
        facts: low, high, words, short, allowed, as `Option` has them.
    """
    metadata = {"option": {"doc": doc, "key": key, "kind": kind, **facts}}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


@cache
def options_of(owner: type, prefix: str = "") -> Mapping[str, Option]:
    """The options of a dataclass, and of the dataclasses among its fields, by dotted key."""
    hints = get_type_hints(owner)
    found: dict[str, Option] = {}
    for part in fields(owner):
        hint: Any = hints[part.name]
        hint = get_args(hint)[0] if type(None) in get_args(hint) else hint
        if "option" in part.metadata:
            facts = dict(part.metadata["option"])
            key, kind = facts.pop("key") or part.name, facts.pop("kind")
            if get_origin(hint) is Literal:
                facts, kind = {"words": get_args(hint), **facts}, kind or "word"
            found[prefix + key] = Option(part.name, kind or _KINDS[hint], part.default, **facts)
        elif is_dataclass(hint) and isinstance(hint, type):
            found |= options_of(hint, f"{prefix}{part.name}.")
    return found


def made(
    owner: type[Owner], options: Mapping[str, Option], values: Mapping[str, Any], where: Where, **given: Any
) -> Owner:
    """An `owner` with the values given by dotted key, each checked; without one (or null) the default.

    Args:
        options: those of the owner, by dotted key.
        where: names the place of a key in a message.
        given: fields that are no options.

    Raises:
        InputError: one line on the first value that is not allowed.
    """
    for key, of in options.items():
        value = values.get(key)
        given[of.field] = of.default if value is None else of.check(value, where(*key.split(".")))
    return owner(**given)


def section(options: Mapping[str, Option], name: str) -> dict[str, Option]:
    """The options of one section; the empty name is what stands outside all of them."""
    return {key: of for key, of in options.items() if key.rpartition(".")[0] == name}


def shorts(options: Mapping[str, Option]) -> dict[str, str]:
    """The keys that may be written for another: {"ensemble": "ensemble.size"}."""
    return {key.rpartition(".")[0]: key for key, of in options.items() if of.short}


def allowed(of: Option) -> str:
    """What an option allows, in words."""
    words = ", ".join(of.words) + (", or a folder" if of.kind == "word or folder" else "")
    if of.kind == "part of a year":
        return f"a year divided by a whole number{span(of.low, of.high)}"
    bounds = span(of.low, of.high).removeprefix(" from ")
    return of.allowed or words or bounds or {"true or false": "true, false"}.get(of.kind, "")
