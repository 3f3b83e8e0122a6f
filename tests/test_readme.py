"""Is what the README says what the commands print?"""

import re
from pathlib import Path

import pytest

from pujiang.cli import COMMANDS
from pujiang.experiment.calibrate import all_residuals, problem
from pujiang.experiment.goodness import goodness

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^  (\w+) +(fit|weak) +(\d+) +([\d.]+%)", re.MULTILINE)


def test_the_fit_table_is_that_of_the_shipped_fit(system, evidence, fit) -> None:
    printed = {(series, role, int(count), rmspe) for series, role, count, rmspe in ROW.findall(README)}
    found = goodness(all_residuals(problem(system, evidence), fit))
    assert printed == {(g.series, g.role, g.count, f"{g.rmspe:.1%}") for g in found if g.role in ("fit", "weak")}


@pytest.mark.parametrize("command", re.findall(r"^pujiang (\w+)", README, re.MULTILINE))
def test_every_command_named_exists(command) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_linked_exists(link) -> None:
    assert (ROOT / link).is_file()
