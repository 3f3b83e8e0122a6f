"""`pujiang docs`: write the documentation that is generated from the model."""

import argparse
from pathlib import Path

from pujiang.api import evidence_of, shipped_fit
from pujiang.commands import say
from pujiang.configuration import compose, group_files
from pujiang.describe import held_against
from pujiang.documentation.files import write
from pujiang.documentation.keys_page import keys_page
from pujiang.documentation.levers_page import levers_page
from pujiang.documentation.loops_page import loops_page, traced_loops
from pujiang.documentation.model_page import model_page
from pujiang.documentation.parameters_page import parameters_page
from pujiang.documentation.responses import chosen_settings, responses
from pujiang.errors import InputError
from pujiang.experiment.inputs import series_paths
from pujiang.experiment.model import load_model
from pujiang.experiment.run import load_fit

FOLDER = "docs"


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    if arguments.words:
        raise InputError(f"docs: found '{arguments.words[0]}', takes no words; --out FOLDER says where it writes")
    folder = Path(arguments.out or FOLDER)
    for name, text in pages().items():
        changed = write(folder / name, text)
        say(f"{folder / name}{'' if changed else ' (unchanged)'}")
    return 0


def pages() -> dict[str, str]:
    """Every generated page by its file name: of the shipped model, fit, evidence and scenarios."""
    system = load_model()
    evidence = evidence_of("shipped")
    series = series_paths(evidence)
    fit = load_fit("shipped", system, shipped_fit())
    every = compose({"scenario": list(group_files("scenario"))}, system)
    settings = chosen_settings(system, every.scenarios)
    return {
        "model.md": model_page(system, held_against(evidence)),
        "parameters.md": parameters_page(system, fit),
        "configuration.md": keys_page(system),
        "levers.md": levers_page(system, responses(system, fit, series, settings)),
        "loops.md": loops_page(system, traced_loops(system, fit, series)),
    }
