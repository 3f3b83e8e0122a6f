"""The files of the configuration: where they are, what they hold, and on which line."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from pujiang.errors import InputError, nearest
from pujiang.values import shown

_ALONE = Lock()
"""hydra has one state for all threads: they compose one after the other."""


def shipped_folder() -> Path:
    """The shipped configuration: inside an installed package, at the root of a source checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent.parent / "configs"


def search_path(config_dir: str | os.PathLike[str] | None) -> list[Path]:
    """The folders searched, in order: the user's, then the shipped one."""
    if config_dir is None:
        return [shipped_folder()]
    folder = Path(config_dir)
    if not folder.is_dir():
        raise InputError(f"--config-dir: found '{config_dir}', which is not a folder")
    return [folder.resolve(), shipped_folder()]


def group_files(group: str, config_dir: str | os.PathLike[str] | None = None) -> dict[str, Path]:
    """The files of a group ("scenario", "shock") by name; the user's hide the shipped ones."""
    found: dict[str, Path] = {}
    for folder in search_path(config_dir):
        for file in sorted((folder / group).glob("*.yaml")):
            found.setdefault(file.stem, file)
    return {"baseline": found.pop("baseline"), **found} if "baseline" in found else found


def read_group_file(group: str, name: Any, config_dir: str | os.PathLike[str] | None) -> "YamlFile":
    """Read the file of a group by its name, and for their faults those it builds on.

    Raises:
        InputError: for an unknown name, with all names; for a fault of a file.
    """
    known = group_files(group, config_dir)
    if not isinstance(name, str) or name not in known:
        raise InputError(f"{group}: found {shown(name)}, allowed: {', '.join(known)}{nearest(str(name), known)}")
    file = read_yaml(known[name])
    beneath = [entry for entry in file.content.get("defaults") or () if entry in known and entry != name]
    for entry in beneath:
        read_yaml(known[entry])
    return file


def main_file(config_dir: str | os.PathLike[str] | None) -> Path:
    """The main configuration file: the user's, else the shipped one."""
    files = [folder / "config.yaml" for folder in search_path(config_dir)]
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
    import yaml

    with reworded(path):
        written = path.read_text(encoding="utf-8")
        root = yaml.compose(written, Loader=yaml.SafeLoader)
        content = yaml.safe_load(written)
    if not isinstance(content, dict):
        raise InputError(f"{in_view(path)}: found {shown(content)}, needs a mapping of keys to values")
    file = YamlFile(path, content, root)
    _refuse_other_bases(file, root, ())
    return file


def _refuse_other_bases(file: YamlFile, node: Any, keys: tuple[str | int, ...]) -> None:
    """Refuse numbers that YAML reads in another base: 010 is 8 to it, and 1:30 is 90."""
    if node.id == "scalar":
        if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"[-+]?0[0-7_]+|.*:.*", node.value):
            raise InputError(f"{file.where(*keys)}: found {node.value}, which YAML reads in another base than ten")
        return
    parts = enumerate(node.value) if node.id == "sequence" else ((key.value, value) for key, value in node.value)
    for key, part in parts:
        _refuse_other_bases(file, part, (*keys, key))


def composed(choices: Sequence[dict[str, str]], config_dir: str | os.PathLike[str] | None) -> list[dict[str, Any]]:
    """Compose the configuration once for every choice of scenario and shock; plain mappings.

    A group's file lies under the group's name: {"scenario": {"title": …}, "shock": {…}, "simulation": {…}}.
    """
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.initialize import get_gh_backup, restore_gh_from_backup
    from omegaconf import OmegaConf

    folders = search_path(config_dir)
    further = ",".join("'file://{}'".format(str(f).replace("'", r"\'")) for f in folders[1:])
    # hydra looks for the primary file in the first folder alone; as an entry of the list it is searched for.
    ConfigStore.instance().store("pujiang", {"defaults": ["config", "_self_"]})
    results: list[dict[str, Any]] = []
    with reworded(None), _ALONE:
        before = get_gh_backup()  # the caller may itself run under hydra
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(str(folders[0]), version_base=None):
                for choice in choices:
                    words = [f"{group}={name}" for group, name in choice.items()]
                    config = compose("pujiang", overrides=[*words, f"hydra.searchpath=[{further}]"])
                    plain = OmegaConf.to_container(config, resolve=True)
                    assert isinstance(plain, dict)
                    results.append({str(key): value for key, value in plain.items()})
        finally:
            restore_gh_from_backup(before)
    return results


@contextmanager
def reworded(path: Path | None) -> Iterator[None]:
    """Say in one line, with file and line, what a library says in many."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import MarkedYAMLError, YAMLError

    place = "configuration" if path is None else in_view(path)
    try:
        yield
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        file = path or (Path(mark.name) if mark is not None else Path())
        line = "" if mark is None else f":{mark.line + 1}"
        raise InputError(f"{in_view(file)}{line}: not YAML: {error.problem or error.context}") from error
    except (HydraException, OmegaConfBaseException) as error:
        reason = next(line for line in f"{error}\nit cannot be composed".splitlines() if line.strip())
        raise InputError(f"{place}: {reason.strip()}") from error
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(f"{place}: cannot be read: {reason}") from error


def in_view(path: Path) -> str:
    """A path as a user would write it: relative where it lies below the working folder.

    Elsewhere a shipped file is named from the folder "configs" on, wherever that is installed.
    """
    shipped = shipped_folder()
    try:
        whole, here = path.resolve(), Path.cwd()
    except OSError:
        return str(path)
    for folder, start in ((here, here), (shipped, shipped.parent)):
        if whole.is_relative_to(folder):
            return str(whole.relative_to(start))
    return str(path)
