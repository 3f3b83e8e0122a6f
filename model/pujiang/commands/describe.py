"""`pujiang describe`: what a name means; or the whole model, its parameters, or every key."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pujiang.commands import answers_of, model_of, say, table
from pujiang.configuration.folders import search_path
from pujiang.documentation.scenarios import in_files
from pujiang.errors import InputError

if TYPE_CHECKING:
    from pujiang.api.loaded import Loaded


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    asked = [name for name in ("all", "parameters", "keys") if getattr(arguments, name)]
    if len(asked) + bool(arguments.words) != 1:
        raise InputError("describe: needs names, or --all, --parameters or --keys, one of them")
    if arguments.html is not None and asked != ["all"]:
        raise InputError("--html: goes with --all")
    if arguments.words:
        told = answers_of(arguments)
        folders = search_path(arguments.config_dir, Path(told.configs))
        found = (told.descriptions.get(name) or in_files(name, folders, told.names) for name in arguments.words)
        say("\n\n".join(found))
        return 0
    from pujiang.api.descriptions import keys_page, model_html, model_page

    model = model_of(arguments)
    if arguments.parameters:
        _parameters(model)
    elif arguments.html is not None:
        from pujiang.documentation.files import write

        changed = write(Path(arguments.html), model_html(model))
        say(f"{arguments.html}{'' if changed else ' (unchanged)'}")
    else:
        sys.stdout.write(model_page(model) if arguments.all else keys_page(model))
    return 0


def _parameters(model: "Loaded") -> None:
    """On a terminal columns that fit it, what is long below its row; else the Markdown page."""
    from pujiang.api.descriptions import parameters_page
    from pujiang.documentation.parameters_page import rows

    if not sys.stdout.isatty():
        sys.stdout.write(parameters_page(model))
        return
    shown = [
        (
            r.name,
            r.basis,
            r.value,
            r.fitted,
            r.sd_left,
            r.unit,
            r.bounds,
            r.prior,
            r.sector,
            f"{r.meaning} [{r.reason}]",
        )
        for r in rows(model.system, model.fit(model.configure().fit))
    ]
    table(("parameter", "basis", "value", "fitted", "sd left", "unit", "bounds", "prior", "sector", "meaning"), shown)
