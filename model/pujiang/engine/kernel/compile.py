"""From IR to machine code in memory, by way of a cache of object code on disk.

The cache is a convenience: an entry that is missing, damaged or out of date is compiled again, and a folder
that cannot be written is no error. Entries are named by a hash of all that decides their content. What lies in
the cache is executed, so it is read only where nobody but the user can have put it: folder and entry are the
user's own and nobody else may write them. No cache rather than a doubtful one.
"""

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_MARK = b"pujiang kernel 1\n"
_OPTIMISATION = 2  # of instruction selection, not of the IR, which is written as it should run
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_KEPT = 64
"""Entries the cache holds; beyond, those not used for longest go."""


@dataclass(frozen=True)
class Processor:
    """What code is compiled for."""

    triple: str
    name: str
    features: str

    @property
    def width(self) -> int:
        """Doubles in a vector register."""
        have = set(self.features.split(","))
        return 8 if "+avx512f" in have else 4 if "+avx" in have else 2


@dataclass(frozen=True)
class Code:
    """Addresses of compiled functions; they are there as long as this value."""

    simulate: int
    opening: int
    engine: Any


@lru_cache(maxsize=1)
def unavailable() -> str | None:
    """Why kernels cannot be compiled here, or None where they can."""
    try:
        import llvmlite.binding as llvm

        with contextlib.suppress(RuntimeError):  # newer versions do this by themselves, and say so
            llvm.initialize()
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        this_processor()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


@lru_cache(maxsize=1)
def this_processor() -> Processor:
    """The processor this process runs on."""
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    return Processor(llvm.get_process_triple(), llvm.get_host_cpu_name(), features.flatten())


def cache_folder() -> Path:
    """Where object code is kept for this user."""
    if "XDG_CACHE_HOME" in os.environ:
        root = Path(os.environ["XDG_CACHE_HOME"])
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = Path.home() / ".cache"
    return root / "pujiang" / "kernels"


def load_code(modules: Sequence[str], processor: Processor, folder: Path | None = None) -> Code:
    """Machine code of some IR modules, from the cache or compiled and put there.

    Args:
        folder: the cache; None means the user's.
    """
    entries = [_entry(folder, ir, processor) for ir in modules]
    objects = []
    for ir, entry in zip(modules, entries, strict=True):
        code = _read(entry)
        if code is None:
            code = build_object(ir, processor)
            _write(entry, code)
        objects.append(code)
    return _link(objects, processor)


def build_object(ir: str, processor: Processor) -> bytes:
    """Object code of one IR module."""
    import llvmlite.binding as llvm

    with (
        llvm.create_context() as context,
        llvm.parse_assembly(f'target triple = "{processor.triple}"\n{ir}', context) as module,
        _machine(processor) as machine,
    ):
        made: bytes = machine.emit_object(module)
    return made


def _machine(processor: Processor) -> Any:
    import llvmlite.binding as llvm

    target = llvm.Target.from_triple(processor.triple)
    return target.create_target_machine(
        cpu=processor.name, features=processor.features, opt=_OPTIMISATION, jit=True,
        reloc="pic", codemodel="small",
    )  # fmt: skip


def _link(objects: Sequence[bytes], processor: Processor) -> Code:
    import llvmlite.binding as llvm

    # llvmlite's own memory manager puts code and constants of an object into one block: they stay in reach.
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(processor), use_lmm=True)
    for code in objects:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Code(engine.get_function_address("simulate"), engine.get_function_address("opening"), engine)


def _entry(folder: Path | None, ir: str, processor: Processor) -> Path:
    import llvmlite

    key = hashlib.sha256(_MARK)
    for part in (llvmlite.__version__, processor.triple, processor.name, processor.features, ir):
        key.update(part.encode() + b"\0")
    return (folder or cache_folder()) / f"{key.hexdigest()[:40]}.o"


def _read(entry: Path) -> bytes | None:
    """Object code from the cache; None unless it is there, whole and the user's own."""
    try:
        if not _private(entry.parent.stat()):
            return None
        with os.fdopen(os.open(entry, os.O_RDONLY | _NO_LINK), "rb") as file:
            if not _private(os.fstat(file.fileno())):  # asked of the open file: it cannot be swapped any more
                return None
            content = file.read()
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(entry)  # the time of last use, by which old entries are told
    mark, digest, code = content[: len(_MARK)], content[len(_MARK) : len(_MARK) + 32], content[len(_MARK) + 32 :]
    return code if mark == _MARK and hashlib.sha256(code).digest() == digest else None


def _private(found: os.stat_result) -> bool:
    """Whether a folder or file is the user's own and nobody else may write it (Windows keeps profiles so itself)."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(entry: Path, code: bytes) -> None:
    """Put object code into the cache in one move, so that no other process sees half of it."""
    try:
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(entry.parent.stat()):
            return
        entry.parent.chmod(0o700)
        handle, partial = tempfile.mkstemp(dir=entry.parent, suffix=".partial")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MARK + hashlib.sha256(code).digest() + code)
            Path(partial).replace(entry)
        except OSError:
            Path(partial).unlink(missing_ok=True)
        by_use = sorted(entry.parent.glob("*.o"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in by_use[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
