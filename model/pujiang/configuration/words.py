"""What the user writes: `key=value` words in hydra's override grammar, to values by dotted key.

`a=1,2` and `a=range(0,1,0.1)` are several values, `a=interval(0,1)` all between two. The end of a range is left
out, as in hydra and Python, whatever the rounding of its step: range(0,0.6,0.2) is 0, 0.2 and 0.4.
"""

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pujiang.configuration.folders import Folders, group_files
from pujiang.configuration.keys import GROUPS, PATHS, TOP, flat
from pujiang.errors import LONGEST_MEANT, InputError
from pujiang.values import readable, shown

MOST_VALUES = 100_000
LONGEST_WORD = 50_000
DEEPEST_WORD = 30
"""Characters of a word, and brackets within each other: more is no setting, and would keep the parser busy."""


@dataclass(frozen=True)
class Several:
    """Several values of one key."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Between:
    """All values of one key from `low` to `high`."""

    low: float
    high: float


def parse(words: Iterable[str], folders: Folders = ()) -> dict[str, Any]:
    """The changes of a run; only `scenario` may have several values. `folders`: whose scenarios a hint may name.

    Raises:
        InputError: a word that is not key=value, or that adds, deletes or sweeps.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, value = read_word(word, folders)
        if isinstance(value, Several) and key == "scenario":
            value = list(map(str, value.values))
        if isinstance(value, Several | Between):
            raise InputError(f"{key}: found several values, a run takes one; for all of them: pujiang sweep '{word}'")
        twice = next((known for known in flat({key: value}) if known in found), None)
        if twice is not None:
            raise InputError(f"{twice}: set twice; {_once(twice)}")
        found |= flat({key: value})
    return found


def read_word(word: str, folders: Folders = ()) -> tuple[str, Any]:
    """The key of a word and its value: one, `Several`, or all `Between` two. Names of files are not read as values.

    Raises:
        InputError: a word that is not key=value, or that adds or deletes.
    """
    readable(word, "argument")
    if len(word) > LONGEST_WORD:
        raise InputError(
            f"{shown(word)}: found {len(word):,} characters, allowed: up to {LONGEST_WORD:,}; many values go into a "
            "file of points, design=csv"
        )
    if _depth(word) > DEEPEST_WORD:
        raise InputError(f"{shown(word)}: found more than {DEEPEST_WORD} brackets within each other")
    if "=" not in word and not word.startswith("~"):
        raise InputError(f"{shown(word)}: not of the form key=value{_meant(word, folders)}")
    key, _, written = word.lstrip("+").partition("=")
    if key in GROUPS:
        return key, _named(written, group_files(key, folders))
    if "${" in written:
        raise InputError(f"{key}: found an interpolation, which only files may have; write the value itself")
    if key in PATHS:
        quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "'\""
        return key, written[1:-1] if quoted else written
    if _PLAIN_WORD.fullmatch(word) is not None:
        return key, _plain_value(written)
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, QuotedString, RangeSweep
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{shown(word)}: cannot be read ({reason}); write key=value, in quotes") from error
    key = override.key_or_group
    if override.is_delete() or override.package is not None:
        raise InputError(f"{shown(word)}: keys are set, never deleted or moved; write {key}=value")
    value = override.value()
    if isinstance(value, IntervalSweep):
        return key, Between(float(value.start or 0), float(value.end or 0))
    if isinstance(value, RangeSweep):
        return key, Several(_range_values(key, *(float(x or 0) for x in (value.start, value.stop, value.step))))
    if isinstance(value, ChoiceSweep) and not value.shuffle:
        return key, Several(tuple(x.text if isinstance(x, QuotedString) else x for x in value.list))
    if override.is_sweep_override():
        raise InputError(f"{key}: found {shown(written)}, allowed: a,b,c, range() or interval()")
    return key, value


_PLAIN_WORD = re.compile(
    r"[a-z_]\w*(\.[a-z_]\w*)*=(-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,17})?|true|false|(?!(null|true|false|nan|inf)$)[a-z_]\w*)",
    re.ASCII,
)
"""A number, a truth value or a name, written as anyone writes it: to import hydra's parser takes longer than a run."""


def _plain_value(written: str) -> Any:
    if written in ("true", "false"):
        return written == "true"
    if written[0] in "-0123456789":
        return float(written) if "." in written else int(written)
    return written


def _named(written: str, known: Collection[str]) -> Any:
    """The name of a file, or `Several`, as they stand: a name may hold any character, one with a comma in quotes.

    What is the name of a file as a whole is that file; else commas part names.
    """
    if written in known:
        return written
    if written == "null":
        return None
    inner = written[1:-1] if written[:1] == "[" and written[-1:] == "]" else written
    names = tuple("".join(found) for found in _NAME.findall(f"{inner},"))
    return names[0] if len(names) == 1 else Several(names)


_NAME = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^,]*?))\s*,""")
"""A name, in quotes or not, and the comma after it."""


def _depth(word: str) -> int:
    """How many brackets are open at once, quoted ones among them."""
    depth = deepest = 0
    for mark in re.findall(r"[][(){}]", word):
        depth += 1 if mark in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _range_values(key: str, start: float, stop: float, step: float) -> tuple[float, ...]:
    told = f"range({start:g},{stop:g},{step:g})"
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise InputError(f"{key}: found {told}, needs finite numbers and a step")
    steps = (stop - start) / step
    if steps > MOST_VALUES:
        raise InputError(f"{key}: found {told}, allowed: up to {MOST_VALUES:,} values")
    count = math.ceil(steps - 1e-9 * max(1, abs(steps)))
    if count < 1:
        raise InputError(f"{key}: {told} holds no value")
    # Rounded to what was meant: 3 * 0.05 is 0.15000000000000002.
    return tuple(float(f"{start + i * step:.12g}") for i in range(count))


def _once(key: str) -> str:
    return f"write {key}=a,b" if key == "scenario" else "give it once"


def _meant(word: str, folders: Folders) -> str:
    """A hint for a word without "=": a key, or a shipped scenario or shock that was named bare."""
    choices = {name: f"{group}={name}" for group in reversed(GROUPS) for name in group_files(group, folders)}
    match = get_close_matches(word, [*TOP, *choices], n=1, cutoff=0.5) if len(word) <= LONGEST_MEANT else ()
    return f"; did you mean '{choices.get(match[0], match[0])}'?" if match else ""
