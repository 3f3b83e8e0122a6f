"""From files to one configuration: by hydra, where a file asks for what only hydra knows, else as they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pujiang.configuration.folders import Folders, YamlFile, group_files, in_view, main_file, read_yaml
from pujiang.errors import InputError


def composed(choices: Sequence[dict[str, str]], folders: Folders) -> list[Mapping[str, Any]]:
    """Compose the configuration once for every choice of scenario and shock; plain mappings, not to be changed.

    A group's file lies under the group's name: {"scenario": {"title": …}, "shock": {…}, "simulation": {…}}.
    """
    results: list[Mapping[str, Any]] = []
    for choice in choices:
        files = {group: read_yaml(group_files(group, folders)[name]) for group, name in choice.items()}
        main = read_yaml(main_file(folders))
        if all(map(_stands_alone, (main, *files.values()))):
            own = {key: value for key, value in main.content.items() if key != "defaults"}
            results.append({**own, **{group: file.content for group, file in files.items()}})
        else:
            results.append(_composed(choice, folders))
    return results


@lru_cache(maxsize=64)
def _stands_alone(file: YamlFile) -> bool:
    """Whether a file names no other file, place or variable, and every YAML reader takes it for the same.

    Such files need not be composed, which takes long.
    """
    named = {str(name) for entry in file.defaults for name in (entry if isinstance(entry, dict) else [entry])}
    return (
        named <= {"scenario", "shock", "_self_"} and "@" not in file.text and "$" not in file.text and _plain(file.root)
    )


_SAME = {"str", "int", "float", "bool", "null"}
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)


def _plain(node: Any) -> bool:
    """No key twice, no tag, and numbers that are written as anyone writes them."""
    if node.id == "scalar":
        kind = node.tag.rpartition(":")[2]
        number = kind in ("int", "float") or (
            kind == "str" and node.style is None and node.value[:1] in "+-.0123456789"
        )
        return kind in _SAME and (not number or _NUMBER.fullmatch(node.value) is not None)
    if node.id == "sequence":
        return all(map(_plain, node.value))
    keys = [key.value for key, _ in node.value]
    return len(set(keys)) == len(keys) and all(_plain(part) for pair in node.value for part in pair)


@contextmanager
def _reworded() -> Iterator[None]:
    """Say in one line, with file and line, what hydra's reader of YAML says in many."""
    from yaml import MarkedYAMLError, YAMLError

    try:
        yield
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = "configuration" if mark is None else f"{in_view(Path(mark.name))}:{mark.line + 1}"
        raise InputError(f"{place}: not YAML: {error.problem or error.context}") from error
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(f"configuration: cannot be read: {reason}") from error


_COMPOSING = Lock()
"""hydra keeps what it is at in global variables: one thread at a time."""


def _composed(choice: Mapping[str, str], folders: Folders) -> Mapping[str, Any]:
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from hydra.initialize import get_gh_backup, restore_gh_from_backup
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    further = ",".join("'file://{}'".format(str(f).replace("'", r"\'")) for f in folders[1:])
    # Choices stand in the list of defaults, where a name may hold what the grammar of words does not know.
    chosen = [{f"override /{group}": name} for group, name in choice.items()]
    with _COMPOSING, _reworded():
        # hydra looks for the primary file in the first folder alone; as an entry of the list it is searched for.
        ConfigStore.instance().store("pujiang", {"defaults": ["config", "_self_", *chosen]})
        before = get_gh_backup()  # the caller may itself run under hydra
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(str(folders[0]), version_base=None):
                plain = OmegaConf.to_container(
                    compose("pujiang", overrides=[f"hydra.searchpath=[{further}]"]), resolve=True
                )
        except RecursionError as error:
            raise InputError(f"configuration: {', '.join(choice.values())}: a file builds on itself") from error
        except (HydraException, OmegaConfBaseException, ValueError, TypeError, KeyError, AttributeError) as error:
            reason = next(line for line in f"{error}\nit cannot be composed".splitlines() if line.strip())
            raise InputError(f"configuration: {reason.strip()}") from error
        finally:
            restore_gh_from_backup(before)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}
