"""What the user sets: `key=value` words or nested mappings, brought to one form: {"levers.x.target": 1}."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pujiang.configuration.folders import Folders, options
from pujiang.configuration.values import shown
from pujiang.errors import InputError, nearest

GROUPS = ("scenario", "shock")
KEYS: dict[str, tuple[str, ...]] = {
    "simulation": ("first_year", "last_year", "dt", "method", "save_every"),
    "ensemble": ("size", "seed", "kind"),
    "output": ("folder", "figures", "lang"),
    "fit": (),
    "evidence": (),
    "engine": (),
}
PATHS = ("output.folder", "evidence", "fit", "design.file")
"""Keys whose values are names of files: they are taken as they stand, for a name may hold any character."""

LEVER_KEYS = ("from", "target", "start", "end", "shape", "path")
TOP = (*GROUPS, "levers", "parameters", *KEYS)


def parse(words: Iterable[str], config_dir: Folders = ()) -> dict[str, Any]:
    """Read words in hydra's override grammar, but for PATHS; only `scenario` may have several values.

    Args:
        config_dir: the folders of files, whose names are hints for a word that is not understood.

    Raises:
        InputError: a word that is not key=value, or that adds, deletes or sweeps.
    """
    found: dict[str, Any] = {}
    for word in words:
        if "=" not in word and not word.startswith("~"):
            raise InputError(f"'{word}': not of the form key=value{_meant(word, config_dir)}")
        path = as_path(word)
        if path is not None:
            found |= path
            continue
        plain = _plain(word)
        found |= flat(_in_grammar(word) if plain is None else plain)
    return found


_PLAIN = re.compile(
    r"(?P<key>[a-z_][\w.]*)=(?:(?P<int>-?[1-9]\d*|0)|(?P<float>-?(?:[1-9]\d*|0)\.\d+)|(?P<flag>true|false)"
    r"|(?P<name>[a-z]\w*(?:,[a-z]\w*)*))",
    re.ASCII,
)
_RESERVED = {"null", "nan", "inf", "true", "false"}


def _plain(word: str) -> dict[str, Any] | None:
    """A word that sets a number, a flag or a name; None for what needs the grammar, which takes long to load."""
    match = _PLAIN.fullmatch(word)
    if match is None:
        return None
    key, kind = match["key"], str(match.lastgroup)
    if kind != "name":
        text = match[kind]
        return {key: text == "true" if kind == "flag" else int(text) if kind == "int" else float(text)}
    names = match["name"].split(",")
    if _RESERVED & set(names) or (len(names) > 1 and key != "scenario"):
        return None
    return {key: names[0] if len(names) == 1 else names}


def _in_grammar(word: str) -> dict[str, Any]:
    """A word read in hydra's grammar of overrides."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ChoiceSweep
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"'{word}': cannot be read ({reason}); write key=value, in quotes") from error
    key = override.key_or_group
    if override.is_delete() or override.package is not None:
        raise InputError(f"'{word}': keys are set, never deleted or moved; write {key}=value")
    value = override.value()
    if override.is_sweep_override():
        if key != "scenario" or not isinstance(value, ChoiceSweep) or value.shuffle:
            raise InputError(f"{key}: found several values, a run takes one")
        value = [str(name) for name in value.list]
    if "${" in word:
        raise InputError(f"{key}: found an interpolation, which only files may have; write the value itself")
    return {key: value}


def as_path(word: str) -> dict[str, str] | None:
    """The key and value of a word that sets a path, quotes around the value taken off; None for other words.

    Raises:
        InputError: for an interpolation.
    """
    key, _, value = word.lstrip("+").partition("=")
    if key not in PATHS:
        return None
    if "${" in value:
        raise InputError(f"{key}: found an interpolation, which only files may have; write the value itself")
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return {key: value[1:-1] if quoted else value}


def _meant(word: str, config_dir: Folders) -> str:
    """A hint for a word without "=": a key, or a scenario or shock that was named bare."""
    choices = {name: f"{group}={name}" for group in reversed(GROUPS) for name in options(group, config_dir)}
    match = get_close_matches(word, [*TOP, *choices], n=1, cutoff=0.5)
    return f"; did you mean '{choices.get(match[0], match[0])}'?" if match else ""


def flat(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted keys: {"levers": {"x": {"target": 1}}} is {"levers.x.target": 1}."""
    found: dict[str, Any] = {}
    for key, value in nested.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{dotted}.")
        else:
            found[dotted] = value
    return found


def check_key(key: str, where: str, levers: Iterable[str], parameters: Iterable[str]) -> None:
    """Refuse a key that nothing is called by.

    Raises:
        InputError: naming the nearest key there is.
    """
    head, _, rest = key.partition(".")
    if head == "levers":
        name, _, part = rest.partition(".")
        _known(name, where, "lever", levers)
        if part:
            _known(part, where, f"key of lever '{name}'", LEVER_KEYS, show=True)
    elif head == "parameters":
        names = list(parameters)
        elements = [name.partition(".")[2] for name in names if name.startswith(f"{rest}.")]
        if rest not in names and elements:
            raise InputError(f"{where}: needs an element; write {key}.{elements[0]}, of: {', '.join(elements)}")
        _known(rest, where, "parameter", names)
    elif head in KEYS:
        if rest:
            _known(rest, where, f"key of '{head}'", KEYS[head], show=True)
    elif rest or head not in GROUPS:
        names = [*TOP, *(f"levers.{name}" for name in levers), *(f"parameters.{name}" for name in parameters)]
        raise InputError(f"{where}: unknown key; allowed: {', '.join(TOP)}{nearest(key, names)}")


def _known(name: str, where: str, kind: str, names: Iterable[str], *, show: bool = False) -> None:
    names = list(names)
    if name not in names:
        allowed = f"; allowed: {', '.join(names) or 'none'}" if show else f" (see 'pujiang list {kind}s')"
        raise InputError(f"{where}: unknown {kind} {shown(name)}{allowed}{nearest(name, names)}")
