"""What a scenario or a shock is, told from its file alone: no model is needed for it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pujiang.configuration.folders import Folders, group_files, in_view, read_yaml
from pujiang.errors import InputError, nearest


def in_files(name: str, folders: Folders, others: Sequence[str]) -> str:
    """What a scenario or shock sets, and why.

    Args:
        others: what else has a name that can be described, for a slip of one.

    Raises:
        InputError: if no file has this name.
    """
    files = {group: group_files(group, folders) for group in ("scenario", "shock")}
    for group, known in files.items():
        if name in known:
            return _scenario(group, name, known[name])
    every = [*others, *files["scenario"], *files["shock"]]
    raise InputError(f"'{name}': nothing in the model has this name{nearest(name, every)}")


def _scenario(group: str, name: str, path: Path) -> str:
    content = read_yaml(path).content
    sources = content.get("sources") or {}
    facts = []
    for lever, setting in (content.get("levers") or {}).items():
        what = ", ".join(f"{k} {v}" for k, v in setting.items()) if isinstance(setting, Mapping) else setting
        facts.append(f"{lever}: {what}" + (f" ({' '.join(str(sources[lever]).split())})" if lever in sources else ""))
    facts = [*(facts or ["sets no lever"]), f"file: {in_view(path)}"]
    doc = f"{content.get('title', name)}. {' '.join(str(content.get('meaning', '')).split())}"
    return entry(name, group, doc.strip(), facts)


def entry(name: str, kind: str, doc: str, facts: Iterable[str]) -> str:
    """What is said of a name: kind and meaning, and facts, a line each."""
    return "\n".join([f"## {name}", f"*{kind}*", "", " ".join(doc.split()), "", *(f"- {fact}" for fact in facts)])
