"""`pujiang list`: what there is to choose from."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from pujiang.commands import answers_of, say, table
from pujiang.configuration.folders import group_files, read_yaml, search_path
from pujiang.errors import InputError, nearest

Rows = Sequence[Sequence[str]]


def main(arguments: argparse.Namespace) -> int:
    """Status 0. Without a word, everything but parameters and outcomes by name."""
    told = cache(lambda: answers_of(arguments))

    def files(group: str) -> Mapping[str, Path]:
        return group_files(group, search_path(arguments.config_dir, Path(told().configs)))

    kinds: dict[str, tuple[Sequence[str], Callable[[], Rows]]] = {
        "scenarios": (("scenario", "title", "meaning"), lambda: _files(files("scenario"))),
        "shocks": (("shock", "title", "meaning"), lambda: _files(files("shock"))),
        "levers": (("lever", "unit", "default", "bounds", "meaning"), lambda: told().levers),
        "parameters": (("parameter", "unit", "value", "bounds", "meaning"), lambda: told().parameters),
        "outcomes": (("outcome", "unit", "meaning"), lambda: told().outcomes),
        "runs": (("run", "scenarios", "members", "certificate"), lambda: _runs(Path(arguments.folder))),
    }
    for word in arguments.words:
        if word not in kinds:
            raise InputError(f"list: found '{word}', allowed: {', '.join(kinds)}{nearest(word, kinds)}")
    for word in arguments.words:
        columns, rows = kinds[word]
        table(columns, rows())
    if not arguments.words:
        names = {
            "scenarios": list(files("scenario")),
            "shocks": list(files("shock")),
            "levers": [row[0] for row in told().levers],
            "runs": [row[0] for row in _runs(Path(arguments.folder))],
        }
        for kind, found in names.items():
            say(f"{kind}: {', '.join(found) or 'none'}")
        say("pujiang list scenarios|shocks|levers|parameters|outcomes|runs says more.")
    return 0


def _files(files: Mapping[str, Path]) -> Rows:
    rows: list[Sequence[str]] = []
    for name, path in files.items():
        content = read_yaml(path).content
        rows.append((name, str(content.get("title", name)), " ".join(str(content.get("meaning", "")).split())))
    return rows


def _runs(folder: Path) -> Rows:
    from pujiang.results.finding import PARTIAL, runs
    from pujiang.results.record import manifest_in

    rows: list[Sequence[str]] = []
    for path in reversed(runs(folder)):
        try:
            manifest = manifest_in(path)
        except InputError as error:
            rows.append((path.name, f"damaged: {error}", "", ""))
            continue
        verdict = {"True": "passed", "False": "FAILED"}.get(str(manifest.get("certificate_passed")), "")
        titles = manifest.get("titles", {})
        listed = (f"{n}: {titles[n]}" if n in titles else n for n in manifest.get("scenarios", ()))
        names = ", ".join(listed) or str(manifest.get("kind", ""))
        if manifest.get("kind") == "sweep":
            names = f"sweep of {names}: {manifest.get('points', 0):,} points"
        rows.append((path.name, names, str(manifest.get("members", "")), verdict))
    left = sorted(path.name for path in folder.glob(f"*{PARTIAL}") if path.is_dir())
    return [*rows, *((name, "unfinished: still running, or interrupted", "", "") for name in left)]
