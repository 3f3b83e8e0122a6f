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

FORMATS = ("xmile",)


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.format not in FORMATS:
        hint = nearest(str(arguments.format), FORMATS)
        raise InputError(f"--format: found '{arguments.format}'; allowed: {', '.join(FORMATS)}{hint}")
    from pujiang.exchange.case import case_of
    from pujiang.exchange.xmile import xmile

    system = load_model()
    known: dict[str, Any] = {"levers": system.levers, "parameters": parameter_bounds(system)}
    config = compose(parse(arguments.words), config_dir=arguments.config_dir, **known)
    *_, scenario = config.scenarios
    if len(config.scenarios) > 2:
        raise InputError("export: a file holds one scenario; name one")
    series = series_paths(evidence_of(config.evidence))
    case = case_of(system, scenario, series, fit_of(config.fit, system), config.simulation)
    name = f"pujiang {scenario.name}" if arguments.sector is None else f"pujiang {scenario.name} {arguments.sector}"
    text = xmile(case, name, arrays=arguments.arrays, exact_delays=arguments.exact_delays, sector=arguments.sector).text
    if arguments.out is None:
        sys.stdout.write(text)
        return 0
    changed = write(Path(arguments.out), text)
    say(f"{arguments.out}{'' if changed else ' (unchanged)'}")
    return 0
