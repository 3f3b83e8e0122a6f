"""Does the tab key know the commands, keys and names there are?"""

import subprocess

import pytest

from pujiang.cli import main


def completed(line: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["completion", "words", line]) == 0
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pujiang ru", "run"),
        ("pujiang run scen", "scenario="),
        ("pujiang run scenario=new", "scenario=new_core"),
        ("pujiang run scenario=baseline,exi", "scenario=baseline,exit_drought"),
        ("pujiang run levers.exit_w", "levers.exit_window="),
        ("pujiang run shock=us", "shock=us_restrictions"),
        ("pujiang sweep design=l", "design=lhs"),
        ("pujiang run --conf", "--config-dir"),
        ("pujiang list scen", "scenarios"),
        ("pujiang show lat", "latest"),
        ("pujiang describe private_comm", "private_commitments"),
    ],
)
def test_what_may_follow_is_offered(line: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert expected in completed(line, capsys)


def test_bash_completes_behind_an_equals_sign() -> None:
    """bash takes a word apart at "=": only what comes behind it is to be put in."""
    script = """
pujiang() { printf 'scenario=new_core\\n'; }
complete() { :; }; compopt() { :; }
eval "$SCRIPT"
COMP_LINE="pujiang run scenario=new" COMP_POINT=24 COMP_WORDS=(pujiang run scenario = new) COMP_CWORD=4
_pujiang
printf '%s' "${COMPREPLY[*]}"
"""
    from pujiang.commands.completion import BASH

    done = subprocess.run(
        ["bash", "-c", script], env={"SCRIPT": BASH, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert done.stdout == "new_core", done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_a_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "pujiang completion words" in capsys.readouterr().out
    assert main(["completion", "bsh"]) == 2
    assert "did you mean 'bash'?" in capsys.readouterr().err
