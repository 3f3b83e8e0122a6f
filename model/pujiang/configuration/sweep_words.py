"""What a user asks of a sweep: from `key=values` words, or mappings, to a `Request`.

hydra reads the words (`a=1,2`, `a=range(0,1,0.1)`, `a=interval(0,1)`). The words `prior` and `bounds` in the
place of a value mean all a parameter's prior, or all within the bounds, allows. `parameters=prior` varies
every uncertain parameter.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pujiang.configuration.overrides import as_path, flat, parse
from pujiang.configuration.values import number, shown, text
from pujiang.errors import InputError, nearest

OWN_KEYS = ("design", "design.size", "design.seed", "design.file", "output.outcomes", "output.precision")
MOST_VALUES = 10_000_000


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes:
        settings: single values by dotted key, as for a run.
        choices: what varies by name (scenario, shock, a lever's shape).
        axes: what varies by number: a tuple of values, ("interval", low, high), "prior" or "bounds".
        own: settings of the sweep itself, by OWN_KEYS.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axes: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


def parse_sweep(words: Iterable[str]) -> Request:
    """Read words in hydra's grammar.

    Raises:
        InputError: a word that cannot be read, or that sweeps what cannot be swept.
    """
    request = Request({}, {}, {}, {})
    for word in words:
        request = _joined(request, _read_word(word))
    return request


def request(axes: Mapping[str, Any], changes: Mapping[str, Any], own: Mapping[str, Any]) -> Request:
    """What Python callers ask for: axes as words ("range(0,1,0.1)", "prior") or as lists of numbers."""
    made = Request({}, {}, {}, own)
    for key, value in flat(dict(axes)).items():
        if isinstance(value, str):
            made = _joined(made, _read_word(f"{key}={value}"))
            continue
        values = np.asarray(value).tolist() if not isinstance(value, list | tuple) else list(value)
        made = _joined(made, _of_values(key, values if isinstance(values, list) else [values]))
    return _joined(made, Request(changes))


def _joined(a: Request, b: Request) -> Request:
    pairs = ((getattr(a, name), getattr(b, name)) for name in ("settings", "choices", "axes", "own"))
    return Request(*({**dict(first), **dict(second)} for first, second in pairs))


def _read_word(word: str) -> Request:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, RangeSweep
    from hydra.errors import HydraException

    key = word.partition("=")[0]
    if "=" not in word or word.startswith(("~", "+")):
        return Request(parse([word]))  # says what is wrong with it
    path = as_path(word)
    if path is not None:
        return Request(own=path) if key in OWN_KEYS else Request(path)
    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"'{word}': cannot be read ({reason}); write key=value, in quotes") from error
    value = override.value()
    if isinstance(value, IntervalSweep):
        check_sweepable(key)
        return Request(axes={key: ("interval", value.start, value.end)})
    if isinstance(value, RangeSweep):
        return _of_values(key, _range_values(key, value))
    if isinstance(value, ChoiceSweep):
        if value.shuffle:
            raise InputError(f"{key}: found shuffle(), an axis has its values in order")
        return _of_values(key, list(override.sweep_iterator(transformer=lambda found: found)))
    if override.is_sweep_override():
        raise InputError(f"{key}: found {shown(word.partition('=')[2])}, allowed: a,b,c, range() or interval()")
    if value in ("prior", "bounds") and key.partition(".")[0] in ("levers", "parameters"):
        return Request(axes={key: value})
    found = parse([word])
    own = {key: value for key, value in found.items() if key in OWN_KEYS}
    return Request({key: value for key, value in found.items() if key not in own}, own=own)


def _range_values(key: str, found: Any) -> list[float]:
    start, stop, step = (float(getattr(found, name)) for name in ("start", "stop", "step"))
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise InputError(f"{key}: found range({start:g},{stop:g},{step:g}), needs finite numbers and a step")
    if (stop - start) / step > MOST_VALUES:
        raise InputError(f"{key}: found range({start:g},{stop:g},{step:g}), allowed: up to {MOST_VALUES:,} values")
    # Rounded to what was meant: 3 * 0.05 is 0.15000000000000002.
    values = [float(f"{value:.12g}") for value in found.range()]
    if not values:
        raise InputError(f"{key}: range({start:g},{stop:g},{step:g}) holds no value")
    return values


def _of_values(key: str, values: list[Any]) -> Request:
    by_name = key in ("scenario", "shock") or key.endswith(".shape")
    if by_name:
        return Request(choices={key: tuple(text(value, key) for value in values)})
    check_sweepable(key)
    if not values:
        raise InputError(f"{key}: no value is given")
    return Request(axes={key: tuple(number(value, key) for value in values)})


def check_sweepable(key: str) -> None:
    """An InputError unless a sweep can vary `key` by number."""
    head, _, rest = key.partition(".")
    if head not in ("levers", "parameters") or not rest or key.endswith(".shape") or key.endswith(".path"):
        raise InputError(
            f"{key}: cannot be swept; allowed: scenario, shock, a lever's target, from, start, end or shape, "
            f"and parameters{nearest(key, ('scenario', 'shock', 'levers', 'parameters'))}"
        )
