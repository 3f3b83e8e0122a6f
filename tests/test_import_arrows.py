"""Do imports point one way? The parts stand on each other as the table says, and on nothing else of ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE_ROOT = Path(__file__).parents[1] / "model"

# Every part of the package (a file or folder directly under pujiang/) and what it may import besides itself.
GROUND = {
    "errors",
    "plain_values",
    "values",
    "options",
    "annotations",
    "reading",
    "calendar",
    "presentation",
    "templates",
    "primitives",
    "units",
    "measures",
    "delimited",
    "cache",
    "labelled",
}
GROUND |= {"operations", "equation_source", "basis", "priors", "reported", "declare", "conditions"}
MIDDLE = GROUND | {"engine", "experiment"}
BELOW_API = MIDDLE | {"evidence", "results", "exchange", "configuration"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "terminal": set(),
    "values": {"errors"},
    "options": {"values"},
    "annotations": {"errors", "values", "options"},
    "reading": {"errors"},
    "calendar": set(),
    "primitives": {"errors"},
    "plain_values": set(),
    "units": {"errors"},
    "measures": {"units"},
    "delimited": set(),
    "cache": set(),
    "environment": set(),
    "labelled": set(),
    "operations": {"primitives", "units"},
    "equation_source": {"errors", "operations"},
    "basis": set(),
    "priors": set(),
    "reported": set(),
    "presentation": set(),
    "templates": {"cache"},
    "declare": {"errors", "primitives", "equation_source", "basis", "priors", "reported"},
    "conditions": {"declare"},
    "project": {"errors", "values", "annotations", "declare", "calendar", "conditions", "presentation"},
    "shanghai": GROUND - {"errors"} | {"project"},
    "engine": GROUND,
    "evidence": {"errors", "reading", "delimited"},
    "experiment": MIDDLE | {"evidence"},
    "results": MIDDLE | {"evidence"},
    "exchange": MIDDLE,
    "configuration": MIDDLE | {"evidence", "results", "exchange"},
    "documentation": MIDDLE | {"evidence", "configuration", "results"},
    "api": BELOW_API | {"project", "documentation", "environment"},
    "__init__": BELOW_API | {"project", "api"},
    "commands": BELOW_API | {"project", "documentation", "api", "environment", "__init__"},
    "cli": {"errors", "values", "terminal", "api", "__init__", "commands"},
    "__main__": {"cli"},
}
CITY = "shanghai"
KNOWS_THE_CITY = "pujiang.api.projects"
"""The one module that may load the city that comes with the package."""

MAY_IMPORT_HYDRA = {"cli", "configuration"}
SECTORS = "pujiang.shanghai.sectors"
SHARED_AMONG_SECTORS = "pujiang.shanghai.dimensions"


def modules(source_root: Path) -> dict[str, Path]:
    """Dotted name and file of every module; a folder's `__init__.py` goes by the folder's name."""
    found = {}
    for path in sorted((source_root / "pujiang").rglob("*.py")):
        parts = path.relative_to(source_root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(module: str, path: Path, known: dict[str, Path]) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all a module imports, also inside functions and for type checking alone."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                base = ".".join(above[: len(above) + 1 - node.level] + ([base] if base else []))
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield node.lineno, inner if inner in known else base


def part_of(module: str) -> str:
    """The part of the package a module belongs to; the package's own face is `__init__`."""
    return module.split(".")[1] if "." in module else "__init__"


def homeless(part: str) -> str:
    """What is said of a new file or folder that no line of the table places."""
    return f"'{part}' has no place among the parts yet: give it one in MAY_IMPORT"


def complaint(module: str, target: str) -> str | None:
    """Why `module` may not import `target`, or None where it may."""
    part = part_of(module)
    if target.split(".")[0] in {"hydra", "omegaconf"}:
        return None if part in MAY_IMPORT_HYDRA else f"only {sorted(MAY_IMPORT_HYDRA)} compose configuration"
    if target.split(".")[0] != "pujiang":
        return None
    target_part = part_of(target)
    if target_part not in MAY_IMPORT:
        return homeless(target_part)
    if target_part == CITY and module == KNOWS_THE_CITY:
        return None
    if module.startswith(SECTORS) and target_part == part:
        allowed = module == SECTORS or target == SHARED_AMONG_SECTORS
        return None if allowed else "names link sectors, not imports"
    if target_part == part or target_part in MAY_IMPORT[part]:
        return None
    return f"'{part}' may import {sorted(MAY_IMPORT[part])}"


def forbidden_imports(source_root: Path) -> list[str]:
    """One line for every import against the arrows."""
    known = modules(source_root)
    faults = []
    for module, path in known.items():
        if part_of(module) not in MAY_IMPORT:
            faults.append(f"{path}: {homeless(part_of(module))}")
            continue
        for line, target in imported(module, path, known):
            if reason := complaint(module, target):
                faults.append(f"{path}:{line}: {module} imports {target}: {reason}")
    return faults


def circles(source_root: Path) -> list[str]:
    """Modules of one folder that import each other, also inside functions and for types: a line a group."""
    known = modules(source_root)
    found = {module: {target for _, target in imported(module, path, known)} for module, path in known.items()}
    lines = set()
    for folder in {module.rpartition(".")[0] for module in known} - {""}:
        inside = {module for module in known if module.startswith(f"{folder}.")}
        reached = {module: reachable(module, {name: found[name] & inside for name in inside}) for module in inside}
        lines |= {
            " <-> ".join(sorted(other for other in reached[module] if module in reached[other]))
            for module in inside
            if module in reached[module]
        }
    return sorted(lines)


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    """All that is imported, directly or not."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += graph[module]
    return found


def test_does_no_module_import_itself_by_a_circle() -> None:
    assert circles(SOURCE_ROOT) == []


@pytest.mark.parametrize("text", ["from pujiang.results import b", "def later():\n    import pujiang.results.b"])
def test_is_a_circle_found(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "pujiang" / "results"
    folder.mkdir(parents=True)
    for name, line in (("a", text), ("b", "from pujiang.results.c import y"), ("c", "from pujiang.results import a")):
        (folder / f"{name}.py").write_text(line, encoding="utf-8")
    assert circles(tmp_path) == ["pujiang.results.a <-> pujiang.results.b <-> pujiang.results.c"]
    (folder / "c.py").write_text("", encoding="utf-8")
    assert circles(tmp_path) == []


def test_do_all_imports_follow_the_arrows() -> None:
    assert modules(SOURCE_ROOT), "no module found: has the source root moved?"
    assert not (faults := forbidden_imports(SOURCE_ROOT)), "\n".join(faults)


def planted(source_root: Path, module: str, text: str) -> Path:
    """A package of empty parts in which one module says `text`."""
    folders = {"shanghai", "engine"}
    sectors = [f"shanghai/{name}" for name in ("sectors/__init__", "sectors/firms", "sectors/talent", "dimensions")]
    for name in [*(MAY_IMPORT.keys() - folders), *sectors]:
        path = source_root / "pujiang" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    path = source_root / "pujiang" / f"{module}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return source_root


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("declare", "from pujiang.engine.units import close"),
        ("primitives", "import pujiang.declare"),
        ("shanghai/sectors/firms", "from pujiang.engine import simulate"),
        ("shanghai/sectors/firms", "from pujiang.shanghai.sectors.talent import graduates"),
        ("shanghai/sectors/firms", "from .talent import graduates"),
        ("shanghai/sectors/firms", "from . import talent"),
        ("shanghai/sectors/firms", "from pujiang.errors import InputError"),
        ("api/runs", "from pujiang.shanghai import PROJECT"),
        ("experiment/model", "def load():\n    from pujiang.shanghai import PROJECT"),
        ("engine/kernel", "def build():\n    from pujiang.shanghai.sectors import MODEL"),
        ("engine/kernel", "from ..experiment import ensemble"),
        ("evidence/load", "from pujiang.declare import series"),
        ("experiment/sweep", "from pujiang.results import record"),
        ("results/figures", "from pujiang.shanghai.goals import PRESENTATION"),
        ("exchange/xmile", "import pujiang.cli"),
        ("engine/simulate", "from pujiang import run"),
        ("experiment/scenario", "from hydra import compose"),
        ("results/record", "import omegaconf.dictconfig"),
        ("configuration", "from pujiang.cli import main"),
        ("engine/units", "import pujiang.helpers"),
        ("helpers", ""),
    ],
)
def test_is_an_import_against_the_arrows_found(tmp_path: Path, module: str, text: str) -> None:
    assert len(forbidden_imports(planted(tmp_path, module, text))) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("declare", "from pujiang.primitives import PRIMITIVES"),
        (
            "shanghai/sectors/firms",
            "from pujiang.declare import stock\nfrom pujiang.shanghai.dimensions import industry",
        ),
        ("shanghai/sectors/__init__", "from pujiang.shanghai.sectors import firms, talent"),
        ("engine/kernel", "from pujiang import errors\nfrom .expression import Node\nimport llvmlite.ir"),
        ("evidence/load", "from pujiang.errors import InputError"),
        ("experiment/scenario", "import pujiang.evidence, pujiang.engine"),
        ("configuration", "from hydra import compose\nfrom omegaconf import OmegaConf"),
        ("__init__", "from pujiang.results import record"),
        ("api/projects", "def shipped():\n    from pujiang.shanghai import PROJECT"),
        ("cli", "import pujiang\nfrom hydra import compose"),
    ],
)
def test_is_an_import_along_the_arrows_let_pass(tmp_path: Path, module: str, text: str) -> None:
    assert forbidden_imports(planted(tmp_path, module, text)) == []
