"""`pujiang list`: what there is to choose from."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from pujiang.commands import say, table
from pujiang.configuration import options
from pujiang.configuration.folders import read_yaml
from pujiang.errors import InputError, nearest

Rows = list[Sequence[str]]


def main(arguments: argparse.Namespace) -> int:
    """Status 0. Without a word, everything but parameters and outcomes by name."""
    kinds: dict[str, tuple[Sequence[str], Callable[[], Rows]]] = {
        "scenarios": (("scenario", "title", "meaning"), lambda: _files("scenario", arguments.config_dir)),
        "shocks": (("shock", "title", "meaning"), lambda: _files("shock", arguments.config_dir)),
        "levers": (("lever", "unit", "default", "bounds", "meaning"), _levers),
        "parameters": (("parameter", "unit", "value", "bounds", "meaning"), _parameters),
        "outcomes": (("outcome", "unit", "meaning"), _outcomes),
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


def _files(group: str, config_dir: str | None) -> Rows:
    rows: Rows = []
    for name, path in options(group, config_dir).items():
        content = read_yaml(path).content
        rows.append((name, str(content.get("title", name)), " ".join(str(content.get("meaning", "")).split())))
    return rows


def _levers() -> Rows:
    from pujiang.experiment.model import load_model

    return [
        (
            name,
            lever.unit,
            "none" if lever.default is None else f"{lever.default:g}",
            _range(lever.bounds),
            lever.doc,
        )
        for name, lever in load_model().levers.items()
    ]


def _parameters() -> Rows:
    from pujiang.engine.system import parameter_default
    from pujiang.experiment.model import load_model

    model = load_model()
    rows: Rows = []
    for name in model.parameter_names:
        parameter = model.parameters[name.partition(".")[0]]
        value = f"{parameter_default(model, name):g}"
        rows.append((name, parameter.unit, value, _range(parameter.bounds), parameter.doc))
    return rows


def _outcomes() -> Rows:
    from pujiang.experiment.model import load_model

    model = load_model()
    return [(name, model.variables[name].unit, model.variables[name].doc) for name in model.outcomes]


def _runs(folder: Path) -> Rows:
    from pujiang.results.run_folder import PARTIAL, read_manifest, runs

    rows: Rows = []
    for path in reversed(runs(folder)):
        manifest = read_manifest(path)
        verdict = {"True": "passed", "False": "FAILED"}.get(str(manifest.get("certificate_passed")), "")
        titles = manifest.get("titles", {})
        listed = (f"{n}: {titles[n]}" if n in titles else n for n in manifest.get("scenarios", ()))
        names = ", ".join(listed) or str(manifest.get("kind", ""))
        if manifest.get("kind") == "sweep":
            names = f"sweep of {names}: {manifest['points']:,} points"
        rows.append((path.name, names, str(manifest.get("members", "")), verdict))
    left = sorted(path.name for path in folder.glob(f"*{PARTIAL}") if path.is_dir())
    return [*rows, *((name, "unfinished: still running, or interrupted", "", "") for name in left)]


def _range(bounds: tuple[float, float] | None) -> str:
    return "fixed" if bounds is None else f"{bounds[0]:g} to {bounds[1]:g}"
