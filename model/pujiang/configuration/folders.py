"""The files of the configuration: where they are, what they hold, and on which line."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pujiang.errors import InputError, nearest
from pujiang.reading import LARGEST_BY_HAND, parse_yaml, read_text
from pujiang.values import is_folder, path, shown

PLAIN = Path(__file__).parent / "plain"
"""The configuration of a project that has none: no scenario but the baseline, and the numbers declared."""

Folders = Sequence[Path]
"""The folders searched for a file, in order: the user's, where there is one, then the project's."""


def search_path(config_dir: str | os.PathLike[str] | None, configs: Path) -> tuple[Path, ...]:
    """The user's folder, where there is one, then the project's.

    Raises:
        InputError: if the user's is no folder.
    """
    if config_dir is None:
        return (configs,)
    folder = Path(path(config_dir, "--config-dir"))
    if not is_folder(folder):
        raise InputError(f"--config-dir: found '{config_dir}', which is not a folder")
    return (folder.resolve(), configs)


def group_files(group: str, folders: Folders) -> dict[str, Path]:
    """The files of a group ("scenario", "shock") by name; those of a folder hide those of the next.

    Raises:
        InputError: for a file that would be passed over because its name ends otherwise.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted((folder / group).glob("[!.]*.[yY]*[mM][lL]")):
            if file.suffix == ".yaml":
                found.setdefault(file.stem, file)
            elif file.suffix.lower() in (".yml", ".yaml"):
                raise InputError(f"{in_view(file)}: the name of a {group} ends in .yaml; rename it {file.stem}.yaml")
    return {"baseline": found.pop("baseline"), **found} if "baseline" in found else found


def read_group_file(group: str, name: Any, folders: Folders) -> "YamlFile":
    """Read the file of a group by its name, and for their faults those it builds on.

    Raises:
        InputError: for an unknown name, with all names; for a fault of a file.
    """
    known = group_files(group, folders)
    if not isinstance(name, str) or name not in known:
        raise InputError(f"{group}: found {shown(name)}, allowed: {', '.join(known)}{nearest(str(name), known)}")
    file = read_yaml(known[name])
    beneath = [entry for entry in file.defaults if entry in known and entry != name]
    for entry in beneath:
        read_yaml(known[entry])
    return file


def main_file(folders: Folders) -> Path:
    """The main configuration file: the user's, else the project's."""
    files = [folder / "config.yaml" for folder in folders]
    return next((file for file in files if file.is_file()), files[-1])


def default_choices(file: "YamlFile") -> dict[str, str]:
    """Which scenario and shock the defaults list of the main file names.

    Raises:
        InputError: if it leaves one of them out.
    """
    lists = (value for key, value in file.root.value if key.value == "defaults" and value.id == "sequence")
    entries = [entry for listed in lists for entry in listed.value]
    # As they are written: 2030 and true are names of files here.
    named = {
        group.value: name.value
        for entry in entries
        if entry.id == "mapping"
        for group, name in entry.value
        if name.id == "scalar"
    }
    for group in ("scenario", "shock"):
        if group not in named:
            raise InputError(f"{file.where('defaults')}: needs '- {group}: NAME', so that {group}=NAME can be chosen")
    return named


@dataclass(frozen=True, eq=False)
class YamlFile:
    """A YAML file that knows its lines: its text, its content as values, and the tree of nodes they were made of."""

    path: Path
    text: str
    content: Mapping[str, Any]
    root: Any

    @property
    def defaults(self) -> list[Any]:
        """The files it builds on: names, and names by group."""
        found: list[Any] = self.content.get("defaults") or []
        return found

    def where(self, *keys: str | int) -> str:
        """ "<file>:<line>: <dotted key>", as near as the file has the key."""
        node, line = self.root, None
        for key in keys:
            if getattr(node, "id", "") == "sequence" and int(key) < len(node.value):
                node = node.value[int(key)]
                line = node.start_mark.line
                continue
            pairs = node.value if getattr(node, "id", "") == "mapping" else ()
            pair = next(((k, v) for k, v in pairs if k.value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        place = in_view(self.path) if line is None else f"{in_view(self.path)}:{line + 1}"
        return f"{place}: {'.'.join(map(str, keys))}" if keys else place


def read_yaml(path: Path, most: int = LARGEST_BY_HAND) -> YamlFile:
    """Read a file for its lines; it must hold a mapping, and no more than `most` bytes.

    Raises:
        InputError: naming the file and the line of a fault.
    """
    return parsed(path, read_text(path, most, in_view(path)))


@lru_cache(maxsize=64)
def parsed(path: Path, text: str) -> YamlFile:
    """A text as a file at `path` would hold it; faults as for `read_yaml`."""
    root, content = parse_yaml(text, in_view(path))
    if not isinstance(content, dict):
        raise InputError(f"{in_view(path)}: found {shown(content)}, needs a mapping of keys to values")
    file = YamlFile(path, text, content, root)
    _refuse_other_bases(file, root, ())
    listed = content.get("defaults")
    if listed is not None and not (isinstance(listed, list) and all(map(_is_default, listed))):
        raise InputError(
            f"{file.where('defaults')}: found {shown(listed)}, needs a list of names, or of {{group: name}}"
        )
    return file


def _is_default(entry: Any) -> bool:
    pairs = entry.items() if isinstance(entry, dict) else [(entry, None)]
    return all(isinstance(key, str) and (name is None or isinstance(name, str | int | float)) for key, name in pairs)


def _refuse_other_bases(file: YamlFile, node: Any, keys: tuple[str | int, ...]) -> None:
    """Refuse numbers that YAML reads in another base: 010 is 8 to it, and 1:30 is 90."""
    if node.id == "scalar":
        if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"[-+]?0[0-7_]+|.*:.*", node.value):
            raise InputError(f"{file.where(*keys)}: found {node.value}, which YAML reads in another base than ten")
        return
    parts = enumerate(node.value) if node.id == "sequence" else ((key.value, value) for key, value in node.value)
    for key, part in parts:
        _refuse_other_bases(file, part, (*keys, key))


def in_view(path: Path) -> str:
    """A path as a user would write it: relative where it lies below the working folder.

    Elsewhere a file of a project is named from the folder "configs" on, wherever that is installed.
    """
    try:
        return _in_view(path, os.getcwd())  # noqa: PTH109 - many times a run, and a Path takes ten times as long
    except OSError:
        return str(path)


@lru_cache(maxsize=256)
def _in_view(path: Path, folder: str) -> str:
    here, whole = Path(folder), path.resolve()
    configs = next((folder for folder in whole.parents if folder.name == "configs"), None)
    start = here if whole.is_relative_to(here) or configs is None else configs.parent
    return str(whole.relative_to(start)) if whole.is_relative_to(start) else str(path)
