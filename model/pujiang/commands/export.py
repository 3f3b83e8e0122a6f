"""`pujiang export`: the model, or one sector of it, in a format that other tools open."""

import argparse
import sys
from pathlib import Path

from pujiang.api.exports import FORMATS, export
from pujiang.commands import model_of, say
from pujiang.documentation.files import write
from pujiang.errors import InputError
from pujiang.values import choice


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    choice(arguments.format, "--format", FORMATS)
    model, words = model_of(arguments), list(arguments.words)
    config, run = None, "latest"
    if arguments.format == "xmile":
        config = model.compose(model.words(words, arguments.config_dir), arguments.config_dir)
        words = []
    elif arguments.format == "iamc" and words:
        run = words.pop(0)
    if words:
        raise InputError(f"export: '{words[0]}' is one word too many for this format")
    text = export(
        model,
        arguments.format,
        config=config,
        sector=arguments.sector,
        around=arguments.around,
        loop=arguments.loop,
        arrays=arguments.arrays,
        exact_delays=arguments.exact_delays,
        run=run,
    )
    if arguments.out is None:
        sys.stdout.write(text)
        return 0
    changed = write(Path(arguments.out), text)
    say(f"{arguments.out}{'' if changed else ' (unchanged)'}")
    return 0
