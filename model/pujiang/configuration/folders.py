"""The files of the configuration: where they are, what they hold, and on which line."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pujiang.configuration.values import shown
from pujiang.errors import InputError, nearest

Folders = Sequence[Path]
"""The folders searched for a file, in order: the user's, where there is one, then the project's."""


def search_path(config_dir: str | os.PathLike[str] | None, configs: Path) -> tuple[Path, ...]:
    """The user's folder, where there is one, then the project's.

    Raises:
        InputError: if the user's is no folder.
    """
    if config_dir is None:
        return (configs,)
    folder = Path(config_dir)
    if not folder.is_dir():
        raise InputError(f"--config-dir: found '{config_dir}', which is not a folder")
    return (folder.resolve(), configs)


def options(group: str, folders: Folders) -> dict[str, Path]:
    """The files of a group ("scenario", "shock") by name; those of a folder hide those of the next."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted((folder / group).glob("*.yaml")):
            found.setdefault(file.stem, file)
    return {"baseline": found.pop("baseline"), **found} if "baseline" in found else found


def option(group: str, name: Any, folders: Folders) -> Path:
    """The file of one option; an unknown name is refused with all names."""
    known = options(group, folders)
    if not isinstance(name, str) or name not in known:
        hint = nearest(str(name), known)
        raise InputError(f"{group}: found {shown(name)}, allowed: {', '.join(known)}{hint}")
    return known[name]


def main_file(folders: Folders) -> Path:
    """The main configuration file: the user's, else the project's."""
    files = [folder / "config.yaml" for folder in folders]
    return next((file for file in files if file.is_file()), files[-1])


def default_choices(file: "YamlFile") -> dict[str, Any]:
    """Which scenario and shock the defaults list of the main file names.

    Raises:
        InputError: if it leaves one of them out.
    """
    entries = file.content.get("defaults") or ()
    named = {str(group): name for entry in entries if isinstance(entry, dict) for group, name in entry.items()}
    for group in ("scenario", "shock"):
        if group not in named:
            raise InputError(f"{file.where('defaults')}: needs '- {group}: NAME', so that {group}=NAME can be chosen")
    return named


@dataclass(frozen=True)
class YamlFile:
    """A YAML file that knows its lines: its content as values, and the tree of nodes they were made of."""

    path: Path
    content: Mapping[str, Any]
    root: Any

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


def read_yaml(path: Path) -> YamlFile:
    """Read a file for its lines; it must hold a mapping.

    Raises:
        InputError: naming the file and the line of a fault.
    """
    with reworded(path):
        return _parsed(path, path.read_bytes().decode("utf-8"))


@lru_cache(maxsize=64)
def _parsed(path: Path, text: str) -> YamlFile:
    import yaml

    def parsed(kind: Any) -> tuple[Any, Any]:
        loader = kind(text)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)

    try:
        root, content = parsed(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        root, content = parsed(yaml.SafeLoader)  # slower, and says more of what is wrong
    if not isinstance(content, dict):
        raise InputError(f"{in_view(path)}: found {shown(content)}, needs a mapping of keys to values")
    return YamlFile(path, content, root)


def composed(choices: Sequence[dict[str, str]], folders: Folders) -> list[Mapping[str, Any]]:
    """Compose the configuration once for every choice of scenario and shock; plain mappings, not to be changed.

    A group's file lies under the group's name: {"scenario": {"title": …}, "shock": {…}, "simulation": {…}}.
    What was composed before is not composed again, until a file changes.
    """
    results = []
    for choice in choices:
        paths = [main_file(folders), *(option(group, name, folders) for group, name in choice.items())]
        with reworded(None):
            contents = tuple(path.read_bytes() for path in paths)
        once = _composed if all(map(_stands_alone, paths, contents)) else _composed.__wrapped__
        results.append(once(tuple(choice.items()), tuple(folders), contents))
    return results


def _stands_alone(path: Path, content: bytes) -> bool:
    """Whether a file names no other file, no place of its own and nothing of the environment."""
    entries = read_yaml(path).content.get("defaults") or ()
    own = all(
        entry == "_self_" or (isinstance(entry, dict) and set(entry) <= {"scenario", "shock"}) for entry in entries
    )
    return own and b"${" not in content and b"@" not in content


_COMPOSING = Lock()
"""hydra keeps what it is at in global variables: one thread at a time."""


@lru_cache(maxsize=256)
def _composed(
    choice: tuple[tuple[str, str], ...], folders: tuple[Path, ...], contents: tuple[bytes, ...]
) -> Mapping[str, Any]:
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from hydra.initialize import get_gh_backup, restore_gh_from_backup
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    further = ",".join("'file://{}'".format(str(f).replace("'", r"\'")) for f in folders[1:])
    words = [*(f"{group}={name}" for group, name in choice), f"hydra.searchpath=[{further}]"]
    with _COMPOSING, reworded(None):
        # hydra looks for the primary file in the first folder alone; as an entry of the list it is searched for.
        ConfigStore.instance().store("pujiang", {"defaults": ["config", "_self_"]})
        before = get_gh_backup()  # the caller may itself run under hydra
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(str(folders[0]), version_base=None):
                plain = OmegaConf.to_container(compose("pujiang", overrides=words), resolve=True)
        except (HydraException, OmegaConfBaseException) as error:
            reason = next(line for line in f"{error}\nit cannot be composed".splitlines() if line.strip())
            raise InputError(f"configuration: {reason.strip()}") from error
        finally:
            restore_gh_from_backup(before)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


@contextmanager
def reworded(path: Path | None) -> Iterator[None]:
    """Say in one line, with file and line, what a library says in many."""
    from yaml import MarkedYAMLError, YAMLError

    place = "configuration" if path is None else in_view(path)
    try:
        yield
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        file = path or (Path(mark.name) if mark is not None else Path())
        line = "" if mark is None else f":{mark.line + 1}"
        raise InputError(f"{in_view(file)}{line}: not YAML: {error.problem or error.context}") from error
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(f"{place}: cannot be read: {reason}") from error


def in_view(path: Path) -> str:
    """A path as a user would write it: relative where it lies below the working folder.

    Elsewhere a file of a project is named from the folder "configs" on, wherever that is installed.
    """
    try:
        return _in_view(path, Path.cwd())
    except OSError:
        return str(path)


@lru_cache(maxsize=256)
def _in_view(path: Path, here: Path) -> str:
    whole = path.resolve()
    configs = next((folder for folder in whole.parents if folder.name == "configs"), None)
    start = here if whole.is_relative_to(here) or configs is None else configs.parent
    return str(whole.relative_to(start)) if whole.is_relative_to(start) else str(path)
