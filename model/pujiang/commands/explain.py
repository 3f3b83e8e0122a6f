"""`pujiang explain`: why two trajectories differ, by lever and by pathway."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.api.explanations import explanation
from pujiang.commands import model_of, say, working
from pujiang.errors import InputError
from pujiang.experiment.explanation.asked import Asked
from pujiang.values import whole

MOST_MEMBERS = 100_000

if TYPE_CHECKING:
    from pujiang.api.loaded import Loaded


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        from pujiang.results.compare.files import check_free

        check_free(out)
    if arguments.variable and out is None:
        raise InputError("--variable: draws a picture; name a folder for it: --out FOLDER")
    model, other = _models(arguments)
    if arguments.variable and other is not None:
        raise InputError("--variable: draws what makes a variable differ, which is not followed from model to model")
    cases = _cases((model, other or model), arguments.words, arguments.config_dir)
    members = None if arguments.ensemble is None else whole(arguments.ensemble, "--ensemble", 0, MOST_MEMBERS)
    asked = Asked(
        outcomes=None if arguments.outcome is None else tuple(arguments.outcome),
        year=arguments.year,
        group=_groups(arguments.group),
        pairs=arguments.orders,
        hold=tuple(arguments.hold or ()),
    )
    with working("Explaining"):
        tree = explanation(model, cases, asked, ensemble=members, other=other, folder=arguments.folder)
    from pujiang.results.explanation.text import explanation_text
    from pujiang.results.text_tables import terminal_width

    named = None if arguments.outcome is None else [str(name) for name in tree.attrs["outcomes"]]
    if out is not None:
        from pujiang.results.explanation.files import write_explanation

        write_explanation(tree, out, named, tuple(arguments.variable or ()), arguments.lang)
    sys.stdout.write(
        explanation_text(tree, named, language=arguments.lang, width=terminal_width(), terminal=sys.stdout.isatty())
    )
    if out is not None:
        say(f"Files: {out}")
    return 0


def _models(arguments: argparse.Namespace) -> "tuple[Loaded, Loaded | None]":
    """The model, and that of B where two are named."""
    from pujiang.api.loaded import Loaded

    if len(arguments.models) < 2:
        return model_of(arguments), None
    if len(arguments.models) > 2:
        raise InputError(f"model: found {len(arguments.models)}, takes two: of A and of B")
    first, second = map(Loaded, arguments.models)
    return first, second


def _cases(models: "tuple[Loaded, Loaded]", words: Sequence[str], config_dir: str | None) -> list[Any]:
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
    if models[0] is not models[1] and len(blocks) < 2:
        blocks = (blocks or [[]]) * 2
    each = models if len(blocks) == 2 else models[:1] * max(len(blocks), 1)
    configs = [
        model.compose(model.words([*shared, *block], config_dir), config_dir)
        for model, block in zip(each, blocks or [[]], strict=True)
    ]
    if len(configs) == 1 and len(configs[0].scenarios) == 3:  # scenario=a,b
        from dataclasses import replace

        whole_config = configs[0]
        return [replace(whole_config, scenarios=(whole_config.scenarios[0], own)) for own in whole_config.scenarios[1:]]
    return list(configs)


def _is_setting(word: str) -> bool:
    head, equals, _ = word.partition("=")
    return bool(equals) and ":" not in head


def _groups(words: Sequence[str] | None) -> dict[str, list[str]] | str | None:
    """One word, as `sector`; or NAME=LEVER,LEVER."""
    if not words:
        return None
    if len(words) == 1 and "=" not in words[0]:
        return words[0]
    out = {}
    for word in words:
        name, equals, levers = word.partition("=")
        if not equals or not name or not levers:
            raise InputError(f"--group: found '{word}', needs sector or theme alone, or NAME=LEVER,LEVER")
        out[name] = [lever.strip() for lever in levers.split(",")]
    return out
