"""From IR to machine code in memory, by way of a cache of object code on disk.

Entries are named by a hash of all that decides their content; see `pujiang.cache`.
"""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pujiang import cache

_MARK = b"pujiang kernel 1\n"
_OPTIMISATION = 2  # of instruction selection, not of the IR, which is written as it should run
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
    return cache.folder_for("kernels")


def load_code(modules: Sequence[str], processor: Processor, folder: Path | None = None) -> Code:
    """Machine code of some IR modules, from the cache or compiled and put there.

    Args:
        folder: the cache; None means the user's.
    """
    folder = folder or cache_folder()
    objects = []
    for ir, name in zip(modules, entry_names(modules, processor), strict=True):
        code = cache.read(folder / name, _MARK)
        if code is None:
            code = build_object(ir, processor)
            cache.write(folder / name, code, _MARK, _KEPT)
        objects.append(code)
    return _link(objects, processor)


def load_kept(names: Sequence[str], processor: Processor) -> Code | None:
    """Machine code by the names of its entries in the cache; None where one is missing."""
    objects = [code for name in names if (code := cache.read(cache_folder() / name, _MARK)) is not None]
    return _link(objects, processor) if len(objects) == len(names) else None


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


def entry_names(modules: Sequence[str], processor: Processor) -> list[str]:
    """The names of IR modules' entries in the cache."""
    return [f"{key_of(processor, ir)}.o" for ir in modules]


def key_of(processor: Processor, *parts: str) -> str:
    """A key of what is compiled: the compiler, the processor, and the parts given."""
    import llvmlite

    key = hashlib.sha256(_MARK)
    for part in (llvmlite.__version__, processor.triple, processor.name, processor.features, *parts):
        key.update(part.encode() + b"\0")
    return key.hexdigest()[:40]
