"""Is the repository fit to hand on: installable from its lock, readable anywhere, no trace of a machine?"""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
SUPPORTED_PYTHONS = ("3.11", "3.12", "3.13")

BINARY_SUFFIXES = {".nc", ".npy", ".npz", ".png", ".pdf", ".gz", ".zip", ".xlsx"}
TRACES = {
    "the host of a package index": re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.org|deb\.debian\.org"),
    "a path of one machine": re.compile(r"(?<![\w.:/~*-])/(?:work|root|home|Users|opt)/\w"),
    "a folder outside the repository": re.compile(r"\.\./shared\b"),
}


@pytest.fixture(scope="module")
def tracked_files() -> list[Path]:
    """Every file git tracks that is there to be read."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files belong to the repository")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8"
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """What the lock holds: canonical name to the pinned requirement and its hashes."""
    entries: dict[str, tuple[Requirement, list[str]]] = {}
    logical_lines = LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in logical_lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        text, *hashes = re.split(r"\s+--hash=", line.strip())
        requirement = Requirement(text)
        entries[canonicalize_name(requirement.name)] = (requirement, hashes)
    return entries


def direct_dependencies() -> Iterator[Requirement]:
    """All that pyproject.toml asks for: core, extras, build tools."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    extras = project["optional-dependencies"].values()
    groups = settings["dependency-groups"].values()
    for listed in (project["dependencies"], settings["build-system"]["requires"], *extras, *groups):
        yield from map(Requirement, listed)


def test_is_every_entry_of_the_lock_pinned_and_hashed() -> None:
    entries = locked()
    assert entries
    for name, (requirement, hashes) in entries.items():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), name


def test_does_the_lock_name_no_place_to_fetch_from() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert re.findall(r".*(?:://|file:|--(?:extra-)?index-url|--find-links|\s@\s).*", text) == []


@pytest.mark.parametrize("python", SUPPORTED_PYTHONS)
def test_does_the_lock_satisfy_pyproject_on_every_python(python: str) -> None:
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    entries = locked()
    for wanted in direct_dependencies():
        pinned, _ = entries[canonicalize_name(wanted.name)]
        (version,) = (specifier.version for specifier in pinned.specifier)
        assert wanted.specifier.contains(version, prereleases=True), f"{pinned} is not {wanted}: make lock"
        assert pinned.marker is None or pinned.marker.evaluate(environment), f"{pinned} leaves out {python}"


def test_are_the_supported_pythons_those_pyproject_promises() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    promised = SpecifierSet(settings["project"]["requires-python"])
    minors = [f"3.{minor}" for minor in range(8, 20)]
    assert tuple(version for version in minors if f"{version}.5" in promised) == SUPPORTED_PYTHONS


def test_does_the_changelog_say_why_each_dependency_is_there() -> None:
    _, _, section = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("## Dependencies")
    explained = {canonicalize_name(name) for name in re.findall(r"^- `([^`]+)`: \S", section, re.MULTILINE)}
    assert explained == {canonicalize_name(wanted.name) for wanted in direct_dependencies()}


def test_is_every_tracked_text_file_utf_8(tracked_files: list[Path]) -> None:
    for path in tracked_files:
        if path.suffix not in BINARY_SUFFIXES:
            content = path.read_bytes()
            assert b"\0" not in content, f"{path} is not text: should BINARY_SUFFIXES have its suffix?"
            content.decode("utf-8")


def traces_in(text: str) -> list[str]:
    """One line for every trace of the machine something was written on."""
    return [
        f"line {number} holds {what}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in TRACES.items()
        if pattern.search(line)
    ]


def test_do_tracked_files_carry_no_trace_of_a_machine(tracked_files: list[Path]) -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {trace}"
        for path in tracked_files
        if path.suffix not in BINARY_SUFFIXES
        for trace in traces_in(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("inside", ["'{}work/data'", "see {}root/x.csv", "path={}home/ada/run"])
def test_is_a_machines_path_found(inside: str) -> None:
    assert len(traces_in(inside.format("/"))) == 1


@pytest.mark.parametrize("inside", ["https://example.org/work/report", "docs/home/page", "and/or", "~/work/mine"])
def test_is_a_harmless_path_let_pass(inside: str) -> None:
    assert traces_in(inside) == []
