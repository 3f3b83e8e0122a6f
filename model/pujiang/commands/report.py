"""`pujiang report`: one HTML file on a run or several, to read, print and hand on."""

import argparse
from pathlib import Path

from pujiang.api.reports import report
from pujiang.commands import model_of, say
from pujiang.errors import InputError
from pujiang.results import run_folder
from pujiang.results.compare.cases import parted
from pujiang.results.report import write_report

FOLDER = Path("reports")


def main(arguments: argparse.Namespace) -> int:
    """Status 0, whatever the certificates say: the report says it too."""
    folder = Path(arguments.folder)
    picked = [parted(word) for word in arguments.words or ["latest"]]
    runs = [run_folder.find(run, folder, run_folder.holds_scenarios) for run, _ in picked]
    parts = [f"{run}:{selector}" if selector else str(run) for run, (_, selector) in zip(runs, picked, strict=True)]
    path = FOLDER / _file_name(runs) if arguments.out is None else Path(arguments.out)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"--out: found '{path}'; a report is HTML: name it {path.stem}.html, and print that to PDF")
    model = model_of(arguments)
    text = report(model, *parts, title=arguments.title, question=arguments.question, language=arguments.lang)
    changed = write_report(text, path, force=arguments.force)
    say(f"Report: {path}" if changed else f"Report: {path} (unchanged)")
    return 0


def _file_name(runs: list[Path]) -> str:
    names = [run.name for run in runs]
    return f"{'_'.join(names)}.html" if len(names) < 4 else f"{names[0]}_and_{len(names) - 1}_more.html"
