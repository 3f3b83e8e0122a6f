"""Does every command speak on a terminal that knows few characters?"""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import pujiang
from pujiang.terminal import SIMPLER

SOURCE_ROOT = Path(pujiang.__file__).parents[1]
ENCODINGS = ["gbk", "cp1252", "cp437", "latin-1", "ascii"]


def spoken(encoding: str, *argv: str, cwd: Path) -> str:
    """What a command prints in an encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "pujiang", *argv],
        env={**os.environ, "PYTHONPATH": str(SOURCE_ROOT), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        cwd=cwd,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(encoding)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run in it."""
    found = tmp_path_factory.mktemp("terminal")
    spoken("ascii", "run", "scenario=exit_drought", "ensemble=0", "output.figures=false", cwd=found)
    return found


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_is_a_run_shown_in_any_encoding(encoding: str, folder: Path) -> None:
    assert "GDP" in spoken(encoding, "show", cwd=folder)


@pytest.mark.parametrize(
    "command", ["list scenarios", "list levers", "describe gdp", "describe --keys", "compare latest", "report latest"]
)
def test_does_every_command_speak_ascii(command: str, folder: Path) -> None:
    assert spoken("ascii", *command.split(), cwd=folder).isascii()


def test_are_simpler_characters_simple() -> None:
    assert all(text.isascii() and not key.isascii() for key, text in SIMPLER.items())


def test_does_a_long_command_say_what_it_does_before_it_loads_anything(folder: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}
    command = [sys.executable, "-X", "importtime", "-m", "pujiang", "compare", "no_such_run"]
    done = subprocess.Popen(command, env=environment, cwd=folder, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    written = b""
    while chunk := _read(ours):
        written += chunk
    done.wait(timeout=60)
    before, said, _ = written.partition(b"pujiang compare: compare runs")
    assert said
    assert b" numpy" not in before


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other end is closed
        return b""
