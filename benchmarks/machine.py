"""On what it was measured: processor, systems, versions."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from pujiang.engine.kernel.compile import this_processor


def facts() -> list[tuple[str, str]]:
    """Lines of (what, which)."""
    return [
        ("processor", f"{_processor()}; {os.cpu_count()} cores; LLVM target {this_processor().name}, "
                      f"registers of {this_processor().width} doubles"),
        ("system", f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"),
        ("packages", ", ".join(f"{name} {version(name)}" for name in ("numpy", "llvmlite", "pysimlin", "pysd"))),
        ("C compiler", gcc() or "none: no comparison with C"),
    ]  # fmt: skip


def gcc() -> str | None:
    """The first line of `gcc --version`, or None where there is no gcc."""
    try:
        done = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.splitlines()[0]


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
