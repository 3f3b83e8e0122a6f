"""What a user asks of a sweep: from `key=values` words, or mappings, to a `Request`.

The words `prior` and `bounds` in the place of a value mean all a parameter's prior, or all within the bounds,
allows. `parameters=prior` varies every uncertain parameter, `levers=bounds` every lever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pujiang.configuration.folders import Folders
from pujiang.configuration.keys import GROUPS, LEVER, SWEEP, flat
from pujiang.configuration.words import Between, Several, read_word
from pujiang.errors import InputError, nearest
from pujiang.values import text

NUMBERS = ("number", "date")


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes:
        settings: single values by dotted key, as for a run.
        choices: what varies by name (scenario, shock, a lever's shape).
        axes: what varies by number: a tuple of values, `Between` two, "prior" or "bounds".
        own: settings of the sweep itself, by key of SWEEP.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axes: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


def parse_sweep(words: Iterable[str], folders: Folders = ()) -> Request:
    """Read words in hydra's grammar. `folders`: whose scenarios and shocks they may name.

    Raises:
        InputError: a word that cannot be read, or that sweeps what cannot be swept.
    """
    request = Request()
    for word in words:
        more = _of_word(word, folders)
        twice = _keys(request) & _keys(more)
        if twice:
            raise InputError(f"{min(twice)}: set twice; give all its values at once")
        request = _joined(request, more)
    return request


def _keys(found: Request) -> set[str]:
    return {*found.settings, *found.choices, *found.axes, *found.own}


def request(axes: Mapping[str, Any], changes: Mapping[str, Any], own: Mapping[str, Any]) -> Request:
    """What Python callers ask for: axes as words ("range(0,1,0.1)", "prior") or as lists of numbers."""
    made = Request(own=flat(own))
    for key, value in flat(axes).items():
        if isinstance(value, str):
            made = _joined(made, _of_word(f"{key}={value}"))
            continue
        values = np.asarray(value).tolist() if not isinstance(value, list | tuple) else list(value)
        made = _joined(made, _of_values(key, values if isinstance(values, list) else [values]))
    return _joined(made, Request(flat(changes)))


def _joined(a: Request, b: Request) -> Request:
    pairs = ((getattr(a, name), getattr(b, name)) for name in ("settings", "choices", "axes", "own"))
    return Request(*({**first, **second} for first, second in pairs))


def _of_word(word: str, folders: Folders = ()) -> Request:
    key, value = read_word(word, folders)
    if isinstance(value, Several):
        return _of_values(key, value.values)
    if isinstance(value, Between) or (
        value in ("prior", "bounds") and key.partition(".")[0] in ("levers", "parameters")
    ):
        if isinstance(value, Between):
            check_sweepable(key)
        return Request(axes={key: value})
    found = flat({key: value})
    return Request(own=found) if next(iter(found), "") in SWEEP else Request(found)


def _of_values(key: str, values: Iterable[Any]) -> Request:
    if key in GROUPS or _kind(key) == "word":
        return Request(choices={key: tuple(text(value, key) for value in values)})
    check_sweepable(key)
    given = tuple(values)
    if not given:
        raise InputError(f"{key}: no value is given")
    return Request(axes={key: given})


def _kind(key: str) -> str:
    """What the values of a lever's or parameter's key are; empty of other keys."""
    head, _, rest = key.partition(".")
    if head not in ("levers", "parameters") or not rest:
        return ""
    part = rest.partition(".")[2]
    return LEVER[part].kind if head == "levers" and part in LEVER else "number"


def check_sweepable(key: str) -> None:
    """An InputError unless a sweep can vary `key` by number."""
    if _kind(key) not in NUMBERS:
        raise InputError(
            f"{key}: cannot be swept; allowed: scenario, shock, a lever's target, from, start, end or shape, "
            f"and parameters{nearest(key, ('scenario', 'shock', 'levers', 'parameters'))}"
        )
