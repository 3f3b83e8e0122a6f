"""`pujiang describe`: what a name means; or the whole model, its parameters, or every key."""

import argparse
import sys
from pathlib import Path

from pujiang.api import evidence_of, shipped_fit
from pujiang.commands import say, table
from pujiang.describe import describe, held_against
from pujiang.errors import InputError
from pujiang.experiment.model import load_model
from pujiang.experiment.run import load_fit


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    asked = [name for name in ("all", "parameters", "keys") if getattr(arguments, name)]
    if len(asked) + bool(arguments.words) != 1:
        raise InputError("describe: needs names, or --all, --parameters or --keys, one of them")
    if arguments.html is not None and asked != ["all"]:
        raise InputError("--html: goes with --all")
    if arguments.words:
        say("\n\n".join([describe(name, config_dir=arguments.config_dir) for name in arguments.words]))
    else:
        {"all": lambda: _all(arguments.html), "parameters": _parameters, "keys": _keys}[asked[0]]()
    return 0


def _all(html: str | None) -> None:
    system, held = load_model(), held_against(evidence_of("shipped"))
    if html is None:
        from pujiang.documentation.model_page import model_page

        sys.stdout.write(model_page(system, held))
        return
    from pujiang.documentation.files import write
    from pujiang.documentation.html_page import html_page

    changed = write(Path(html), html_page(system, held))
    say(f"{html}{'' if changed else ' (unchanged)'}")


def _parameters() -> None:
    """On a terminal columns that fit it, what is long below its row; else the Markdown page."""
    from pujiang.documentation.parameters_page import parameters_page, rows

    system = load_model()
    fit = load_fit("shipped", system, shipped_fit())
    if not sys.stdout.isatty():
        sys.stdout.write(parameters_page(system, fit))
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
        for r in rows(system, fit)
    ]
    table(("parameter", "basis", "value", "fitted", "sd left", "unit", "bounds", "prior", "sector", "meaning"), shown)


def _keys() -> None:
    from pujiang.documentation.keys_page import keys_page

    sys.stdout.write(keys_page(load_model()))
