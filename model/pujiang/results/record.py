"""The record of a run: which code, data and configuration made it, and the checksum of every file."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pujiang.plain_values import plain

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
"""A folder of what only a run under construction needs; no part of the run."""

PACKAGES = ("pujiang", "numpy", "scipy", "xarray", "llvmlite", "netCDF4", "zarr", "matplotlib", "hydra-core")


def manifest(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What made the run in `folder` (`facts`, versions, commit) and the sha256 of each file in it."""
    return {
        **facts,
        "versions": versions(),
        "commit": commit(),
        "files": {name: sha256(folder / name) for name in file_names(folder)},
    }


def file_names(folder: Path) -> list[str]:
    """Every file of a run folder but the manifest, as relative POSIX paths in order."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name for path in files if (name := path.as_posix()) != MANIFEST and path.parts[0] != UNFINISHED)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python, the platform and the packages a result depends on, as far as installed."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def commit() -> dict[str, Any] | None:
    """Commit of the checkout the package runs from, and whether files were changed since; None elsewhere."""
    package = Path(__file__).resolve().parent.parent
    root = package.parent.parent
    top = _git(root, "rev-parse", "--show-toplevel")
    # An installed package may lie inside somebody else's repository, whose commit says nothing about it.
    if top is None or Path(top).resolve() != root or package.parent.name != "model":
        return None
    head = _git(root, "rev-parse", "HEAD")
    if head is None:
        return None
    changes = _git(root, "status", "--porcelain", "--", "model", "configs", "pyproject.toml")
    return {"hash": head, "changed": changes is None or changes != ""}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def to_json(value: Any) -> str:
    """JSON with keys in order, for people and for checksums; non-finite numbers become "nan" and "inf"."""
    return json.dumps(plain(value), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
