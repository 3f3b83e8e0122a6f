"""Is everything refused that is not an equation, and does the message say where, what and what is allowed?"""

import importlib.util
import inspect
import linecache
from pathlib import Path
from types import ModuleType

import pytest

from pujiang.errors import ModelError

HEAD = """import math
import numpy as np
from pujiang.declare import auxiliary, dimension
from pujiang.primitives import *
PLACE = 3.0
industry = dimension("industry", ("a", "b"), "Industries.")

@auxiliary("1")
"""

REFUSED = {
    "a second statement": ("def f(x):\n    'Doc.'\n    y = x\n    return y", "one return"),
    "no return": ("def f(x):\n    'Doc.'\n    x", "one return"),
    "an empty return": ("def f(x):\n    'Doc.'\n    return", "one return"),
    "a docstring alone": ("def f(x):\n    'Doc.'", "one return"),
    "a branch": ("def f(x):\n    'Doc.'\n    if x:\n        return x\n    return 0", "one return"),
    "a missing docstring": ("def f(x):\n    return x", "docstring"),
    "a blank docstring": ("def f(x):\n    '  '\n    return x", "docstring"),
    "the number 3": ("def f(x):\n    'Doc.'\n    return 3 * x", "3; only 0, 1, 2 and 0.5"),
    "the number -3": ("def f(x):\n    'Doc.'\n    return x ** -3", "3; only 0, 1, 2 and 0.5"),
    "a truth value": ("def f(x):\n    'Doc.'\n    return where(True, x, 0)", "True"),
    "a word": ("def f(x):\n    'Doc.'\n    return 'x'", "'x'"),
    "a computed element": ("def f(x):\n    'Doc.'\n    return element(x, industry, x)", "element that is computed"),
    "a word that is no element": ("def f(x):\n    'Doc.'\n    return total(x, 'a')", "'a'; only 0, 1"),
    "a free name": ("def f(x):\n    'Doc.'\n    return x * PLACE", "'PLACE' is neither an argument"),
    "an unknown name": ("def f(x):\n    'Doc.'\n    return x * nowhere", "'nowhere' is neither an argument"),
    "a built-in": ("def f(x):\n    'Doc.'\n    return max(x, 0)", "'max' is neither an argument"),
    "a module function": ("def f(x):\n    'Doc.'\n    return math.exp(x)", "'math' is neither|Attribute"),
    "an attribute": ("def f(x):\n    'Doc.'\n    return x.real", "Attribute"),
    "an item": ("def f(x):\n    'Doc.'\n    return x[0]", "Subscript"),
    "a lambda": ("def f(x):\n    'Doc.'\n    return (lambda: x)()", "Lambda"),
    "a comprehension": ("def f(x):\n    'Doc.'\n    return [x for _ in (0, 1)]", "ListComp"),
    "a tuple": ("def f(x):\n    'Doc.'\n    return x, x", "Tuple"),
    "a chained comparison": ("def f(x, y):\n    'Doc.'\n    return where(0 < x < y, x, y)", "chained"),
    "an equality": ("def f(x, y):\n    'Doc.'\n    return where(x == y, x, y)", "Eq"),
    "a keyword": ("def f(x):\n    'Doc.'\n    return minimum(x, b=0)", "keyword"),
    "unpacking": ("def f(x):\n    'Doc.'\n    return minimum(*x)", "Starred"),
    "an if-expression": ("def f(x, y):\n    'Doc.'\n    return x if y else 0", "IfExp"),
    "and": ("def f(x, y):\n    'Doc.'\n    return x and y", "BoolOp"),
    "not": ("def f(x):\n    'Doc.'\n    return not x", "Not"),
    "a remainder": ("def f(x):\n    'Doc.'\n    return x % 2", "Mod"),
    "an assignment inside": ("def f(x):\n    'Doc.'\n    return (y := x)", "NamedExpr"),
    "a default": ("def f(x=1):\n    'Doc.'\n    return x", "without defaults"),
    "any number of causes": ("def f(*x):\n    'Doc.'\n    return 0", "without defaults"),
    "causes by keyword": ("def f(*, x):\n    'Doc.'\n    return x", "without defaults"),
    "causes by any keyword": ("def f(**x):\n    'Doc.'\n    return 0", "without defaults"),
}


def loaded(folder: Path, source: str) -> ModuleType:
    """The module a sector file makes."""
    path = folder / "some_sector.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("some_sector", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_an_equation_is_refused_with_file_line_and_name(case: str, tmp_path: Path) -> None:
    source, says = REFUSED[case]
    with pytest.raises(ModelError, match=says) as caught:
        loaded(tmp_path, HEAD + source + "\n")
    of_the_whole = says in {"one return", "docstring", "without defaults"}
    written = (HEAD + source).splitlines()
    line = 1 + next(i for i, text in enumerate(written) if ("def f" if of_the_whole else "    return") in text)
    assert str(caught.value).startswith(f"some_sector.py:{line}: f: ")
    assert "\n" not in str(caught.value)


ACCEPTED = [
    "def f(x, y):\n    'Doc.'\n    return where(x <= y, x ** 2 - 0.5 * y, -x / (1 + y))",
    "def f(x):\n    'Doc.'\n    return total(x, industry) + spread(1, x, industry)",
    "def f(x):\n    'Doc.'\n    return only(element(x, industry, 'a'), industry, 'b')",
    "def f(x, crowding):\n    '''Doc.'''\n    return crowding(smooth_minimum(x, clip(x, 0, 1), 2))",
    "def f(exp):\n    'An argument may be called as a primitive is.'\n    return exp",
    "def f(x):\n    'Doc.'\n    return (\n        delay3(x, 1)\n        + trend(x, 1)\n    )",
]


@pytest.mark.parametrize("source", ACCEPTED)
def test_equations_are_accepted(source: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, HEAD + source + "\n").f.equation.__doc__


def test_the_second_of_two_functions_of_one_name_is_the_one_checked(tmp_path: Path) -> None:
    good = "def f(x):\n    'Doc.'\n    return x\n\n@auxiliary('1')\n"
    with pytest.raises(ModelError, match="the number 7"):
        loaded(tmp_path, HEAD + good + "def f(x):\n    'Doc.'\n    return 7 * x\n")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    import os

    loaded(tmp_path, HEAD + "def f(x):\n    'Doc.'\n    return x\n")
    os.utime(tmp_path / "some_sector.py", ns=(1, 1))  # so that the second version is a later one, at any clock
    with pytest.raises(ModelError, match="the number 7"):
        loaded(tmp_path, HEAD + "def f(x):\n    'Doc.'\n    return 7\n")


def cell(source: str, name: str) -> dict[str, object]:
    """Run a cell of a notebook: source without a file, known to linecache alone."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source, name, "exec"), space)
    return space


def test_an_equation_of_a_notebook_cell_is_checked() -> None:
    inside = "class sector:\n    @auxiliary('1')\n    def f(x):\n        'Doc.'\n        return {} * x\n"
    head = "from pujiang.declare import auxiliary\n"
    assert "sector" in cell(head + inside.format(2), "<cell 1>")
    with pytest.raises(ModelError, match="cell 2>:6: f: the number 3"):
        cell(head + inside.format(3), "<cell 2>")


def test_an_equation_without_readable_source_is_refused_in_one_line() -> None:
    source = "from pujiang.declare import auxiliary\n@auxiliary('1')\ndef f(x):\n    'Doc.'\n    return x\n"
    with pytest.raises(ModelError, match="f: its source cannot be read"):
        exec(compile(source, "<nowhere>", "exec"), {})


def test_a_dimension_of_an_enclosing_function_may_be_named() -> None:
    from pujiang.declare import auxiliary, dimension
    from pujiang.primitives import total

    place = dimension("place", ("a", "b"), "Places.")

    @auxiliary("1")
    def f(x):  # type: ignore[no-untyped-def]
        """Doc."""
        return total(x, place)

    assert inspect.isfunction(f.equation)
