"""`pujiang export`: the model, or one sector of it, in a format that other tools open."""

import argparse
import sys
from pathlib import Path
from typing import Any

from pujiang.api import evidence_of, fit_of, parameter_bounds
from pujiang.commands import say
from pujiang.configuration import compose, parse
from pujiang.documentation.files import write
from pujiang.errors import InputError, nearest
from pujiang.experiment.inputs import series_paths
from pujiang.experiment.model import load_model

FORMATS = ("xmile", "mermaid", "iamc")


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.format not in FORMATS:
        hint = nearest(str(arguments.format), FORMATS)
        raise InputError(f"--format: found '{arguments.format}'; allowed: {', '.join(FORMATS)}{hint}")
    text = {"xmile": _xmile, "mermaid": _mermaid, "iamc": _iamc}[arguments.format](arguments)
    if arguments.out is None:
        sys.stdout.write(text)
        return 0
    changed = write(Path(arguments.out), text)
    say(f"{arguments.out}{'' if changed else ' (unchanged)'}")
    return 0


def _xmile(arguments: argparse.Namespace) -> str:
    from pujiang.exchange.case import case_of
    from pujiang.exchange.xmile import xmile

    system = load_model()
    known: dict[str, Any] = {"levers": system.levers, "parameters": parameter_bounds(system)}
    config = compose(parse(arguments.words), config_dir=arguments.config_dir, **known)
    if len(config.scenarios) > 2:
        raise InputError("export: a file holds one scenario; name one")
    scenario = config.scenarios[-1]
    series = series_paths(evidence_of(config.evidence))
    case = case_of(system, scenario, series, fit_of(config.fit, system), config.simulation)
    name = " ".join(["pujiang", scenario.name, *([arguments.sector] if arguments.sector else [])])
    options = {"arrays": arguments.arrays, "exact_delays": arguments.exact_delays}
    return xmile(case, name, sector=arguments.sector, **options).text


def _mermaid(arguments: argparse.Namespace) -> str:
    from pujiang.exchange.diagrams import mermaid

    _refuse_words(arguments)
    return mermaid(load_model(), sector=arguments.sector, around=arguments.around)


def _iamc(arguments: argparse.Namespace) -> str:
    from pujiang.results import run_folder
    from pujiang.results.summary import iamc_csv

    run, *others = arguments.words or ["latest"]
    _refuse_words(argparse.Namespace(words=others))
    return iamc_csv(run_folder.open(run)["annual"].to_dataset())


def _refuse_words(arguments: argparse.Namespace) -> None:
    if arguments.words:
        raise InputError(f"export: '{arguments.words[0]}' is one word too many for this format")
