"""Is what the README says what the commands print?"""

import re
from pathlib import Path

import pytest

from pujiang.cli import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", re.findall(r"^pujiang (\w+)", README, re.MULTILINE))
def test_every_command_named_exists(command) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_linked_exists(link) -> None:
    assert (ROOT / link).is_file()
