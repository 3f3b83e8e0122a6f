"""`pujiang explain`: why two trajectories differ, by lever and by pathway."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.explanations import explain
from pujiang.commands import model_of, say, working
from pujiang.errors import InputError
from pujiang.values import whole

MOST_MEMBERS = 100_000

if TYPE_CHECKING:
    from pujiang.api.loaded import Loaded


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    from pujiang.results.compare.files import check_free

    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        check_free(out)
    if arguments.variable and out is None:
        raise InputError("--variable: draws a picture; name a folder for it: --out FOLDER")
    model = model_of(arguments)
    cases = _cases(model, arguments.words, arguments.config_dir)
    groups = _groups(arguments.group)
    with working("Explaining"):
        tree = explain(
            model,
            *cases,
            ensemble=None if arguments.ensemble is None else whole(arguments.ensemble, "--ensemble", 0, MOST_MEMBERS),
            outcomes=arguments.outcome,
            year=arguments.year,
            group=groups,
            orders=arguments.orders,
            hold=arguments.hold or (),
            folder=arguments.folder,
        )
    from pujiang.results.explanation.files import write_explanation
    from pujiang.results.explanation.text import explanation_text
    from pujiang.results.text_tables import terminal_width

    named = (
        None if arguments.outcome is None else [str(name) for name in tree["pathways"].to_dataset()["outcome"].values]
    )
    sys.stdout.write(
        explanation_text(tree, named, language=arguments.lang, width=terminal_width(), terminal=sys.stdout.isatty())
    )
    if out is not None:
        write_explanation(tree, out, named, tuple(arguments.variable or ()), arguments.lang)
        say(f"Files: {out}")
    return 0


def _cases(model: "Loaded", words: Sequence[str], config_dir: str | None) -> list[Any]:
    """Runs as they stand; words of settings as configurations, a new one from each `scenario=` on."""
    runs = [word for word in words if not _is_setting(word)]
    settings = [word for word in words if _is_setting(word)]
    if runs and settings:
        raise InputError(f"explain: found runs ({runs[0]}) and settings ({settings[0]}); takes either")
    if runs or not settings:
        return list(runs)
    shared: list[str] = []
    blocks: list[list[str]] = []
    for word in settings:
        if word.startswith("scenario="):
            blocks.append([word])
        else:
            (blocks[-1] if blocks else shared).append(word)
    configs = [model.compose(model.words([*shared, *block], config_dir), config_dir) for block in (blocks or [[]])]
    if len(configs) == 1 and len(configs[0].scenarios) == 3:  # scenario=a,b
        from dataclasses import replace

        whole_config = configs[0]
        return [replace(whole_config, scenarios=(whole_config.scenarios[0], own)) for own in whole_config.scenarios[1:]]
    return list(configs)


def _is_setting(word: str) -> bool:
    head, equals, _ = word.partition("=")
    return bool(equals) and ":" not in head


def _groups(words: Sequence[str] | None) -> dict[str, list[str]] | str | None:
    """`sector`, or NAME=LEVER,LEVER."""
    if not words:
        return None
    if list(words) == ["sector"]:
        return "sector"
    out = {}
    for word in words:
        name, equals, levers = word.partition("=")
        if not equals or not name or not levers:
            raise InputError(f"--group: found '{word}', needs sector, or NAME=LEVER,LEVER")
        out[name] = [lever.strip() for lever in levers.split(",")]
    return out
