"""Does only the city's own folder know the city? Its outcomes, elements, units, title, place and years."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pujiang.engine.system import System
from pujiang.shanghai import PROJECT

PACKAGE = Path(__file__).parents[1] / "model" / "pujiang"
CITY = PACKAGE / "shanghai"
COMMON = set(
    "baseline none certificate year other result project deal paper application person center scenario ai".split()
)
"""Words of the city's that are also plain English, or words of the framework: they say nothing by themselves."""
YEARS = re.compile(r"\b(2015|2025|2026|2030|2060)\b")

# What still knows the city, and why. A line that is not needed any more fails: it is to be taken out.
KNOWN: dict[str, str] = {
    "api/sensitivities.py": "a seed, not a year",
    "configuration/sweep_plan.py": "an example in a message or page",
    "evidence/schema.py": "an example in a message or page",
    "experiment/designs.py": "a seed, not a year",
    "experiment/scenario.py": "a seed, not a year",
    "experiment/sensitivity.py": "a seed, not a year",
}


def words(system: System) -> set[str]:
    """What the city calls its things."""
    elements = {e for v in system.variables.values() if v.over is not None for e in (v.over.name, *v.over.elements)}
    names = {*system.outcomes, *elements, *system.units, *system.levers, PROJECT.name, *PROJECT.title.lower().split()}
    configs = PROJECT.folder_of("configs")
    names |= {path.stem for group in ("scenario", "shock") for path in (configs / group).glob("*.yaml")}
    return {name for name in names if len(name) > 2} - COMMON


def mentions(path: Path, city: set[str]) -> Iterator[str]:
    """Every word or year of the city in a file's code: names, texts and numbers; what is said in docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told:
            text = str(node.value)
            found = set(re.findall(r"\w+", text.lower())) & city
            years = set(YEARS.findall(text)) if isinstance(node.value, str) else {text.removesuffix(".0")}
            found |= {year for year in years if YEARS.fullmatch(year)}
        else:
            names = [getattr(node, field, None) for field in ("id", "attr", "arg", "name")]
            found = {name for name in names if isinstance(name, str)} & city
        yield from (f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}: {word}" for word in sorted(found))


def test_does_nothing_else_name_the_city(system: System) -> None:
    city = words(system)
    files = [path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(CITY)]
    found = {path.relative_to(PACKAGE).as_posix(): list(mentions(path, city)) for path in files}
    faults = [line for name, lines in found.items() if name not in KNOWN for line in lines]
    assert not faults, "\n".join(faults)
    assert not [name for name in KNOWN if not found.get(name)], "these know the city no more; take them out of KNOWN"


@pytest.mark.parametrize("code", ["x = 'star_listings'", "def f(gdp):\n    return gdp", "FORK = 2026", "y = 'to 2030'"])
def test_is_a_mention_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: System, code: str) -> None:
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    (tmp_path / "part.py").write_text(f'"""Of gdp in 2026."""\n{code}\n', encoding="utf-8")
    assert list(mentions(tmp_path / "part.py", words(system)))
