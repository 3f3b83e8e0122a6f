"""The record of a run: which code, data and configuration made it, and the checksum of every file."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Required, TypedDict

from pujiang.annotations import check
from pujiang.errors import InputError
from pujiang.plain_values import plain
from pujiang.reading import damaged, parse_yaml, read_json

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
"""A folder of what only a run under construction needs; no part of the run."""

Number = float | Literal["nan", "inf", "-inf"]


class Manifest(TypedDict, total=False):
    """What a manifest holds; of all but its files, a run of some kind may have none."""

    id: str
    kind: str
    files: Required[dict[str, str]]
    scenarios: list[str]
    titles: dict[str, str]
    axes: list[str]
    members: int
    points: int
    certificate_passed: bool
    converged: bool
    cost: float
    seed: int
    argv: list[str]
    parent: str | None
    commit: dict[str, Any] | None
    versions: dict[str, str]
    ensemble: dict[str, Any]
    engine: str
    processors: list[str]
    fit: str
    fit_source: str
    model_hash: str
    data_hash: str
    config_hash: str
    started: str
    finished: str


class Certificate(TypedDict, total=False):
    """What a certificate holds: see `pujiang.engine.certificate`."""

    passed: Required[bool]
    failures: list[str]
    step_halving: dict[str, Number | dict[str, Number]]
    conservation: dict[str, Number]
    non_finite: list[str]
    negative_stocks: dict[str, Number] | list[str]
    bounds_touched: dict[str, Number] | list[str]
    tables_left: list[str]
    points_checked: int


class PointRecord(TypedDict):
    time: Required[float]
    value: Required[float]


LeverRecord = TypedDict(
    "LeverRecord",
    {
        "target": float,
        "start": float,
        "end": float,
        "shape": str,
        "from": float,
        "path": list[PointRecord],
    },
    total=False,
)


class ScenarioRecord(TypedDict, total=False):
    """A scenario, as a resolved configuration holds it."""

    name: Required[str]
    title: str
    meaning: str
    levers: dict[str, LeverRecord]
    parameters: dict[str, float]


class ConfigRecord(TypedDict, total=False):
    """A resolved configuration, as a run folder holds it; what it means is checked where it is run again."""

    scenarios: list[ScenarioRecord]
    simulation: dict[str, Any]
    ensemble: dict[str, Any]
    output: dict[str, Any]
    fit: str
    evidence: str
    engine: str


def manifest_in(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder; an InputError says what is wrong with it."""
    record = read_json(folder / MANIFEST)
    if "files" not in record:
        raise InputError(f"'{folder / MANIFEST}' is damaged: it has no list of files")
    check(record, Manifest, f"'{folder / MANIFEST}' is damaged")
    return record


def certificate_of(text: str, where: str) -> dict[str, Any]:
    """The certificate that a JSON text holds."""
    with damaged(f"{where} is damaged: not JSON"):
        found: dict[str, Any] = json.loads(text)
    check(found, Certificate, f"{where} is damaged")
    return found


def config_of(text: str, where: str) -> dict[str, Any]:
    """The resolved configuration that a YAML text holds."""
    found: dict[str, Any] = parse_yaml(text, where)[1]
    check(found, ConfigRecord, f"{where} is damaged")
    for scenario in found.get("scenarios", ()):
        for name, setting in scenario.get("levers", {}).items():
            if "target" not in setting and not setting.get("path"):
                raise InputError(f"{where} is damaged: {scenario['name']}: {name}: neither target nor path")
    return found


PACKAGES = ("pujiang", "numpy", "scipy", "xarray", "llvmlite", "netCDF4", "zarr", "matplotlib", "hydra-core")


def manifest(folder: Path, facts: Mapping[str, Any], elsewhere: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What made the run in `folder` (`facts`, versions, commit) and the sha256 of each file in it.

    `elsewhere`: the sha256 of files of the run that are not in `folder`.
    """
    return {
        **facts,
        "versions": versions(),
        "commit": commit(),
        "files": {**{name: sha256(folder / name) for name in file_names(folder)}, **(elsewhere or {})},
    }


def file_names(folder: Path) -> list[str]:
    """Every file of a run folder but the manifest, as relative POSIX paths in order."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name for path in files if (name := path.as_posix()) != MANIFEST and path.parts[0] != UNFINISHED)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def config_in(facts: Mapping[Any, Any], where: str = "config.yaml") -> dict[str, Any]:
    """The resolved configuration among the attributes of a tree; empty where there is none."""
    text = str(facts.get("config", ""))
    return config_of(text, where) if text else {}


def certificate_in(facts: Mapping[Any, Any], where: str = "certificate.json") -> dict[str, Any]:
    """The certificate among the attributes of a tree; empty where there is none."""
    text = str(facts.get("certificate", ""))
    return certificate_of(text, where) if text else {}


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python, the platform and the packages a result depends on, as far as installed."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

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
    import subprocess

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
