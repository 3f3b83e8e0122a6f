"""Does the cache of compiled code save time without ever being in the way?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pujiang.engine import kernel
from pujiang.engine.kernel import compile as compiling
from pujiang.engine.kernel.text import Text

IR = Text(2).written("void @simulate(ptr %fields)") + "\n" + Text(2).written("void @opening(ptr %fields)")
OTHER = IR.replace("entry:", "entry: ; another")


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IR of everything compiled while the test runs."""
    done: list[str] = []
    build = compiling.build_object

    def counted(ir: str, processor: compiling.Processor) -> bytes:
        done.append(ir)
        return build(ir, processor)

    assert kernel.unavailable() is None
    monkeypatch.setattr(compiling, "build_object", counted)
    return done


def load(folder: Path, ir: str = IR) -> compiling.Code:
    """Code from a cache in `folder`."""
    return compiling.load_code([ir], compiling.this_processor(), folder)


def test_second_load_compiles_nothing(tmp_path: Path, builds: list[str]) -> None:
    load(tmp_path)
    load(tmp_path)
    assert builds == [IR]
    assert len(list(tmp_path.iterdir())) == 1


def test_other_code_or_another_processor_is_another_entry(tmp_path: Path, builds: list[str]) -> None:
    load(tmp_path)
    load(tmp_path, OTHER)
    here = compiling.this_processor()
    plain = compiling.Processor(here.triple, here.name, here.features + ",")
    compiling.load_code([IR], plain, tmp_path)
    assert builds == [IR, OTHER, IR]


@pytest.mark.parametrize("damage", [b"", b"nonsense", "half", "flipped"])
def test_damaged_entry_is_compiled_again(tmp_path: Path, builds: list[str], damage: bytes | str) -> None:
    load(tmp_path)
    entry = next(tmp_path.iterdir())
    whole = entry.read_bytes()
    broken = {"half": whole[: len(whole) // 2], "flipped": whole[:-1] + bytes([whole[-1] ^ 1])}
    entry.write_bytes(broken[damage] if isinstance(damage, str) else damage)
    load(tmp_path)
    assert len(builds) == 2
    assert entry.read_bytes() == whole


def test_folder_that_cannot_be_written_is_no_error(tmp_path: Path, builds: list[str]) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    load(in_the_way / "kernels")
    load(in_the_way / "kernels")
    assert len(builds) == 2


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    load(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".o"]


def test_cache_holds_so_many_and_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_KEPT", 3)
    for k in range(6):
        load(tmp_path, IR.replace("entry:", f"entry: ; number {k}"))
    assert len(list(tmp_path.iterdir())) == 3


def test_cache_stands_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiling.cache_folder() == tmp_path / "pujiang" / "kernels"


PROCESS = """
import sys
from pathlib import Path
from pujiang.engine import kernel
from pujiang.engine.kernel import compile as compiling
assert kernel.unavailable() is None
for k in range(12):
    ir = sys.argv[2].replace("entry:", f"entry: ; number {k}")
    compiling.load_code([ir], compiling.this_processor(), Path(sys.argv[1]))
"""


def test_two_processes_may_fill_one_cache(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path), IR]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    assert len(list(tmp_path.iterdir())) == 12


def test_machine_without_a_compiler_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    compiling.unavailable.cache_clear()
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    try:
        reason = kernel.unavailable()
    finally:
        compiling.unavailable.cache_clear()
    assert reason is not None
    assert "llvmlite" in reason
    assert "\n" not in reason


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's profile to the user itself")


@posix
def test_cache_is_the_users_alone(tmp_path: Path, builds: list[str]) -> None:
    load(tmp_path / "kernels")
    entry = next((tmp_path / "kernels").iterdir())
    assert (tmp_path / "kernels").stat().st_mode & 0o777 == 0o700
    assert entry.stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_folder_that_others_can_write_is_neither_read_nor_written(tmp_path: Path, builds: list[str], mode: int) -> None:
    load(tmp_path)
    before = next(tmp_path.iterdir()).stat().st_mtime_ns
    tmp_path.chmod(mode)
    load(tmp_path)
    load(tmp_path, OTHER)
    tmp_path.chmod(0o700)
    assert builds == [IR, IR, OTHER]
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [before]


@posix
@pytest.mark.parametrize("plant", ["others may write it", "a link", "another owner"])
def test_planted_object_is_not_executed(
    tmp_path: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch, plant: str
) -> None:
    folder = tmp_path / "kernels"
    load(folder)
    entry = next(folder.iterdir())
    if plant == "others may write it":
        entry.chmod(0o666)
    elif plant == "a link":
        elsewhere = entry.rename(tmp_path / "planted.o")
        entry.symlink_to(elsewhere)
    else:
        ours = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: ours + 1)
    load(folder)
    assert builds == [IR, IR]
