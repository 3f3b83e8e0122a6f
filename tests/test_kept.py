"""Is the checked model read from the user's cache, and only while no file of the package says otherwise?"""

from pathlib import Path

import numpy as np
import pytest

from pujiang import cache
from pujiang.api.kept import Kept, kept
from pujiang.api.loaded import Loaded
from pujiang.api.model import Model
from pujiang.engine.cut import with_cuts
from pujiang.engine.system import System


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "pujiang" / "models"


def made(system: System) -> Kept:
    """What would be kept of a system."""
    return Kept(system, Path("data"), Path("configs"))


def refused() -> Kept:
    """Must not be called: the model is in the cache."""
    raise AssertionError("the model was checked again")


def test_second_start_checks_nothing_and_has_the_same_model(system: System) -> None:
    kept(lambda: made(system))
    back = kept(refused).system
    assert back is not system
    assert back.hash == system.hash
    assert back.program == system.program
    assert back.program.fingerprint == system.program.fingerprint
    assert list(back.variables) == list(system.variables)
    assert [back.file_of(name) for name in back.variables] == [system.file_of(name) for name in system.variables]


def test_equations_of_a_kept_model_are_there_when_they_are_looked_into(system: System) -> None:
    kept(lambda: made(system))
    back = kept(refused).system
    declared = {name: v.declaration for name, v in back.variables.items() if v.expression is not None}
    name = next(name for name, v in declared.items() if v.equation.__code__.co_argcount == 1)
    original = system.variables[name].declaration.equation
    assert declared[name].equation.__code__ is original.__code__
    assert declared[name].equation(np.float64(2.0)) == original(np.float64(2.0))
    assert with_cuts(back).program == with_cuts(system).program


def test_another_version_of_a_file_is_another_model(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(lambda: made(system))
    monkeypatch.setattr(cache, "version", lambda: "another")
    with pytest.raises(AssertionError, match="checked again"):
        kept(refused)


@pytest.mark.parametrize("damage", [b"", b"nonsense", "flipped", "open to others"])
def test_what_is_damaged_or_not_the_users_own_is_not_read(system: System, own_cache: Path, damage: bytes | str) -> None:
    kept(lambda: made(system))
    (entry,) = own_cache.iterdir()
    whole = entry.read_bytes()
    if damage == "open to others":
        entry.chmod(0o666)
    else:
        entry.write_bytes(damage if isinstance(damage, bytes) else whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(AssertionError, match="checked again"):
        kept(refused)


def test_what_is_no_model_is_made_anew(system: System, own_cache: Path) -> None:
    cache.remembered("model", lambda: "no model")
    (entry,) = own_cache.iterdir()
    before = entry.read_bytes()
    assert kept(lambda: made(system)).system is system
    assert entry.read_bytes() != before


def test_only_the_shipped_project_as_it_is_is_kept(own_cache: Path) -> None:
    changed = Model(title="Another")
    assert changed.system.variables
    assert not own_cache.exists()
    assert Loaded(changed.project).system.variables
    assert not own_cache.exists()
