"""Is what the README says what the commands print?"""

import re
from pathlib import Path

import pytest

from pujiang.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", re.findall(r"^pujiang (\w+)", README, re.MULTILINE))
def test_every_command_named_exists(command) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_linked_exists(link) -> None:
    assert (ROOT / link).is_file()


def test_the_question_why_is_answered_as_the_readme_shows(monkeypatch, capsys) -> None:
    command, shown = re.search(r"^\$ pujiang (explain [^\n]+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL).groups()
    monkeypatch.setenv("COLUMNS", "100")
    assert main(command.split()) == 0
    paragraph = capsys.readouterr().out.partition("\n\n")[0]
    assert paragraph == shown.strip()
