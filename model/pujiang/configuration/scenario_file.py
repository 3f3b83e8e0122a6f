"""What a scenario or shock file tells: title, meaning and levers, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pujiang.configuration import levers
from pujiang.configuration.folders import YamlFile
from pujiang.configuration.keys import known_keys
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.options import Where
from pujiang.values import mapping, text

FILE_KEYS = ("title", "meaning", "sources", "levers")
KEPT_OUT = ("parameters", "evidence", "fit")

Layer = Mapping[str, tuple[Mapping[str, Any], Where]]
"""Raw lever settings by name, each with what names its place in a message."""


@dataclass(frozen=True)
class Told:
    """What a file tells."""

    title: str
    meaning: str
    layer: Layer


def told(name: str, file: YamlFile, raw: Any, system: System) -> Told:
    """What a file tells, from its content as composed; an InputError names the file and line of a fault."""
    if raw is None:
        raise InputError(f"{file.where()}: not read as a group's file; remove its '# @package' line")
    content = mapping(raw, file.where())
    for key in KEPT_OUT:
        if key in content:
            raise InputError(
                f"{file.where(key)}: a scenario or shock file holds levers alone; allowed: {', '.join(FILE_KEYS)}"
            )
    known_keys(content, file.where, FILE_KEYS)
    words = {k: text(content[k], file.where(k)) for k in ("title", "meaning") if content.get(k) is not None}
    for lever, source in mapping(content.get("sources"), file.where("sources")).items():
        text(source, file.where("sources", lever))
    raw_levers = levers.from_file(content.get("levers"), file.where, system)
    layer = {lever: (setting, file.where) for lever, setting in raw_levers.items()}
    return Told(words.get("title", name), " ".join(words.get("meaning", "").split()), layer)
