"""`pujiang page`: one HTML file in which the model runs, to open, mail or put on any web server."""

import argparse
from pathlib import Path

from pujiang.api.pages import page
from pujiang.commands import model_of, say, working
from pujiang.errors import InputError
from pujiang.results.report import write_report


def main(arguments: argparse.Namespace) -> int:
    """Status 0: a page makes no claim that a certificate would have to hold."""
    model = model_of(arguments)
    path = Path(f"{model.project.name}.html") if arguments.out is None else Path(arguments.out)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"--out: found '{path}'; a page is HTML: name it {path.stem}.html")
    with working("Writing the page"):
        text = page(
            model,
            *arguments.words,
            language=arguments.lang,
            title=arguments.title,
            folder=arguments.folder,
            ensemble=arguments.members,
        )
    changed = write_report(text, path, force=arguments.force)
    say(f"Page: {path}, {len(text.encode()) / 1e6:.1f} MB" + ("" if changed else " (unchanged)"))
    return 0
