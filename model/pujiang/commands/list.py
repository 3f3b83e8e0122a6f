"""`pujiang list`: what there is to choose from."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.commands import model_of, say, table
from pujiang.configuration.folders import read_yaml
from pujiang.errors import InputError, nearest

if TYPE_CHECKING:
    from pujiang.engine.system import System

Rows = list[Sequence[str]]


def main(arguments: argparse.Namespace) -> int:
    """Status 0. Without a word, everything but parameters and outcomes by name."""
    model = model_of(arguments)
    kinds: dict[str, tuple[Sequence[str], Callable[[], Rows]]] = {
        "scenarios": (
            ("scenario", "title", "meaning"),
            lambda: _files(model.options("scenario", arguments.config_dir)),
        ),
        "shocks": (("shock", "title", "meaning"), lambda: _files(model.options("shock", arguments.config_dir))),
        "levers": (("lever", "unit", "default", "bounds", "meaning"), lambda: _levers(model.system)),
        "parameters": (("parameter", "unit", "value", "bounds", "meaning"), lambda: _parameters(model.system)),
        "outcomes": (("outcome", "unit", "meaning"), lambda: _outcomes(model.system)),
        "runs": (("run", "scenarios", "members", "certificate"), lambda: _runs(Path(arguments.folder))),
    }
    for word in arguments.words:
        if word not in kinds:
            raise InputError(f"list: found '{word}', allowed: {', '.join(kinds)}{nearest(word, kinds)}")
    for word in arguments.words:
        columns, rows = kinds[word]
        table(columns, rows())
    if not arguments.words:
        for kind in ("scenarios", "shocks", "levers", "runs"):
            names = [row[0] for row in kinds[kind][1]()]
            say(f"{kind}: {', '.join(names) or 'none'}")
        say("pujiang list scenarios|shocks|levers|parameters|outcomes|runs says more.")
    return 0


def _files(files: Mapping[str, Path]) -> Rows:
    rows: Rows = []
    for name, path in files.items():
        content = read_yaml(path).content
        rows.append((name, str(content.get("title", name)), " ".join(str(content.get("meaning", "")).split())))
    return rows


def _levers(model: "System") -> Rows:
    return [
        (
            name,
            lever.unit,
            "none" if lever.default is None else f"{lever.default:g}",
            _range(lever.bounds),
            lever.doc,
        )
        for name, lever in model.levers.items()
    ]


def _parameters(model: "System") -> Rows:
    from pujiang.engine.system import parameter_default

    rows: Rows = []
    for name in model.parameter_names:
        parameter = model.parameters[name.partition(".")[0]]
        value = f"{parameter_default(model, name):g}"
        rows.append((name, parameter.unit, value, _range(parameter.bounds), parameter.doc))
    return rows


def _outcomes(model: "System") -> Rows:
    return [(name, model.variables[name].unit, model.variables[name].doc) for name in model.outcomes]


def _runs(folder: Path) -> Rows:
    from pujiang.results.run_folder import PARTIAL, read_manifest, runs

    rows: Rows = []
    for path in reversed(runs(folder)):
        try:
            manifest = read_manifest(path)
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


def _range(bounds: tuple[float, float] | None) -> str:
    return "fixed" if bounds is None else f"{bounds[0]:g} to {bounds[1]:g}"
