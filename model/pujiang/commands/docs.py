"""`pujiang docs`: write the documentation that is generated from the model."""

import argparse
from pathlib import Path

from pujiang.api.descriptions import pages
from pujiang.commands import model_of, say
from pujiang.documentation.files import write
from pujiang.errors import InputError

FOLDER = "docs"


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.words:
        raise InputError(f"docs: found '{arguments.words[0]}', takes no words; --out FOLDER says where it writes")
    folder = Path(arguments.out or FOLDER)
    for name, text in pages(model_of(arguments)).items():
        changed = write(folder / name, text)
        say(f"{folder / name}{'' if changed else ' (unchanged)'}")
    return 0
