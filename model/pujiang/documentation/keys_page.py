"""Every key of the configuration with type, default and bounds, from the dataclasses and the declarations.

Bounds are those the checks themselves name when they refuse a value, so that page and check cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import yaml

from pujiang.configuration import options, sections
from pujiang.configuration.folders import Folders
from pujiang.configuration.overrides import KEYS, LEVER_KEYS
from pujiang.configuration.settings import LATEST_DATE
from pujiang.configuration.sweep_plan import MOST_POINTS, PRECISIONS
from pujiang.configuration.sweep_words import OWN_KEYS
from pujiang.documentation.markdown import NOTE, code, declared, paragraph, span, table
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.designs import Design
from pujiang.experiment.levers import LEVERS_ACT_FROM, LeverSetting
from pujiang.experiment.scenario import RunConfig

COLUMNS = ("key", "type", "default", "allowed", "meaning")
_TYPES = {int: "whole number", float: "number", str: "text", bool: "true or false"}
_FIELDS = {"from": "origin"}
"""Keys of a lever that are called otherwise in the dataclass, `from` being a word of Python's own."""


@dataclass(frozen=True)
class Key:
    """One key: its type, default and what is allowed, in words."""

    name: str
    type: str
    default: str
    allowed: str


def keys(system: System, config_dir: Folders) -> tuple[Key, ...]:
    """Every key of a run and of a sweep; levers and parameters once for all."""
    return (*_groups(config_dir), *_lever_keys(), *_parameter_keys(system), *_run_keys(), *_sweep_keys())


def meanings() -> dict[str, str]:
    """What each key means, from keys.yaml."""
    text = Path(__file__).with_name("keys.yaml").read_text(encoding="utf-8")
    return {str(key): " ".join(str(meaning).split()) for key, meaning in yaml.safe_load(text).items()}


def _groups(config_dir: Folders) -> list[Key]:
    known = {group: list(options(group, config_dir)) for group in ("scenario", "shock")}
    kinds = {"scenario": ("name or names", "baseline"), "shock": ("name", "none")}
    return [Key(group, *kinds[group], code(known[group])) for group in known]


def _lever_keys() -> list[Key]:
    hints = get_type_hints(LeverSetting)
    defaults = {field.name: field.default for field in fields(LeverSetting)}
    dates = f"{LEVERS_ACT_FROM:g} to {LATEST_DATE:g}, on the grid of steps"
    allowed = {"start": dates, "end": f"{dates}, after start", "path": "times that increase; values within the bounds"}
    found = [Key("levers.<name>", "number", "", "the lever's bounds, below")]
    for key in LEVER_KEYS:
        name = _FIELDS.get(key, key)
        words = _words(get_args(_without_none(hints[name])))
        found.append(
            Key(
                f"levers.<name>.{key}",
                "list of {time, value}" if key == "path" else _type(_without_none(hints[name])),
                _shown(defaults[name]),
                allowed.get(key, words or "the lever's bounds, below"),
            )
        )
    return found


def _parameter_keys(system: System) -> list[Key]:
    found = [Key("parameters.<name>", "number", "from the fit", "the parameter's bounds, below")]
    if any(parameter.over is not None for parameter in system.parameters.values()):
        found.append(Key("parameters.<name>.<element>", "number", "from the fit", "the parameter's bounds, below"))
    return found


def _run_keys() -> list[Key]:
    config = RunConfig()
    hints = get_type_hints(RunConfig)
    found = []
    for head, parts in KEYS.items():
        if not parts:
            found.append(_key(head, hints[head], getattr(config, head)))
        if head == "ensemble":
            found.append(Key(head, "whole number", str(config.ensemble.size), _allowed(f"{head}.size", "?")))
        inner = get_type_hints(hints[head]) if parts else {}
        found += [_key(f"{head}.{part}", inner[part], getattr(getattr(config, head), part)) for part in parts]
    return found


def _key(name: str, hint: Any, default: Any) -> Key:
    wrong = -1.0 if hint is float else "?"
    return Key(name, _type(hint), _shown(default), _words(get_args(hint)) or _allowed(name, wrong))


def _allowed(key: str, wrong: object) -> str:
    """What the check of a key says it needs, when it is given a value it cannot take."""
    checks = (sections.simulation, sections.rest)
    for value in (wrong, ""):
        for check in checks:
            try:
                check({key: value}, lambda *keys: ".".join(map(str, keys)))
            except InputError as error:
                said = str(error).partition("needs ")[2] or str(error).partition("allowed: ")[2]
                return said.partition("; nearest")[0].removeprefix("a whole number from ").removeprefix("a year ")
    raise AssertionError(f"{key}: no value is refused")


def _sweep_keys() -> list[Key]:
    design = Design()
    kinds = get_args(get_type_hints(Design)["kind"])
    facts = {
        "design": ("word", design.kind, _words(kinds)),
        "design.size": ("whole number", f"{design.size}; saltelli 512, morris 20", f"1 to {MOST_POINTS:,}"),
        "design.seed": ("whole number", str(design.seed), f"0 to {2**32 - 1}"),
        "design.file": ("text", "", "a file; with design=csv only"),
        "output.outcomes": ("list of names", "all", "reported outcomes"),
        "output.precision": ("word", PRECISIONS[0], _words(PRECISIONS)),
    }
    return [Key(name, *facts[name]) for name in OWN_KEYS]


def _without_none(hint: Any) -> Any:
    options_ = [part for part in get_args(hint) if part is not type(None)]
    return options_[0] if type(None) in get_args(hint) else hint


def _type(hint: Any) -> str:
    return "word" if get_origin(hint) is Literal else _TYPES[hint]


def _words(arguments: Iterable[Any]) -> str:
    words = list(arguments)
    return code(words) if words and all(isinstance(word, str) for word in words) else ""


def _shown(default: Any) -> str:
    if default is None:
        return "none"
    return (
        str(default).lower()
        if isinstance(default, bool)
        else f"{default:g}"
        if isinstance(default, float)
        else str(default)
    )


def keys_page(system: System, config_dir: Folders) -> str:
    """The page: every key, then every lever and every parameter with its bounds."""
    meaning = meanings()
    every = keys(system, config_dir)
    sweep = set(OWN_KEYS)

    def rows(found: Iterable[Key]) -> list[tuple[str, ...]]:
        return [(f"`{k.name}`", k.type, k.default, k.allowed, meaning.get(k.name, "")) for k in found]

    return (
        "\n\n".join(
            [
                "# Configuration: every key",
                NOTE,
                paragraph(
                    "Set keys as words, `pujiang run scenario=fifteenth_plan levers.exit_window.target=1.0`, in "
                    'Python, `pujiang.run("fifteenth_plan", levers={"exit_window": 1.0})`, or in a file of your '
                    "own, with `--config-dir`. Whatever is not listed is refused, with the nearest key there is."
                ),
                "## Runs",
                table(COLUMNS, rows(k for k in every if k.name not in sweep)),
                "## Sweeps",
                paragraph(
                    "A sweep takes the keys of a run, several values for those that vary, and these. Levers and "
                    "parameters also take `a,b,c`, `range(low,high,step)`, `interval(low,high)`, `prior` and `bounds`."
                ),
                table(COLUMNS, rows(k for k in every if k.name in sweep)),
                "## Levers",
                table(("key", "unit", "default from 2026", "bounds", "before 2026", "meaning"), list(_levers(system))),
                "## Parameters",
                paragraph("What each means, its prior and its source: [parameters.md](parameters.md)."),
                table(("key", "unit", "bounds"), list(_parameters(system))),
            ]
        )
        + "\n"
    )


def _levers(system: System) -> Iterable[tuple[str, ...]]:
    for name, lever in system.levers.items():
        rest = "not set" if lever.default is None else declared(lever.default)
        history = f"series `{lever.history}`" if lever.history else "as the default"
        yield f"`levers.{name}`", lever.unit, rest, span(lever.bounds), history, lever.doc


def _parameters(system: System) -> Iterable[tuple[str, ...]]:
    for name in system.parameter_names:
        parameter = system.parameters[name.partition(".")[0]]
        yield f"`parameters.{name}`", parameter.unit, span(parameter.bounds) or "any number"
