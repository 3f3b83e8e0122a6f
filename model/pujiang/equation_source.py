"""The check of an equation's source: one `return`, no numbers but 0, 1, 2 and 1/2, only causes and primitives."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pujiang.errors import ModelError
from pujiang.operations import PRIMITIVES, SELECTIONS

LITERALS = frozenset({0, 1, 2, 0.5})
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_PLAIN = (ast.Return, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.Load)


@lru_cache(maxsize=256)
def _functions_of(path: str, modified: int) -> dict[tuple[str, int], ast.FunctionDef]:
    """Every function of a file by name and first line (its first decorator); parsed once per file version."""
    found = {}
    waiting: list[ast.AST] = [ast.parse(Path(path).read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        waiting += (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found[node.name, first] = node
    return found


def _definition(equation: Callable[..., Any]) -> ast.FunctionDef:
    code = equation.__code__
    path = Path(code.co_filename)
    if path.is_file():
        definition = _functions_of(str(path), path.stat().st_mtime_ns).get((equation.__name__, code.co_firstlineno))
        if definition is not None:
            return definition
    try:
        source = inspect.cleandoc("\n" + inspect.getsource(equation))
    except OSError as error:
        raise ModelError(
            f"{equation.__name__}: its source cannot be read; define it in a file or a notebook cell"
        ) from error
    definition = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    ast.increment_lineno(definition, code.co_firstlineno - 1)
    return definition


def check_source(equation: Callable[..., Any]) -> None:
    """Check that a function is an equation.

    Raises:
        ModelError: naming the file, the line, what was found and what is allowed.
    """
    definition = _definition(equation)
    body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    for node, fault in _faults(equation, definition, body):
        file = Path(equation.__code__.co_filename).name
        raise ModelError(f"{file}:{getattr(node, 'lineno', definition.body[-1].lineno)}: {equation.__name__}: {fault}")


def _faults(
    equation: Callable[..., Any], definition: ast.FunctionDef, body: list[ast.stmt]
) -> Iterator[tuple[ast.AST, str]]:
    """What is not allowed in an equation whose body, without its docstring, is given."""
    spec = definition.args
    if spec.vararg or spec.kwarg or spec.kwonlyargs or spec.posonlyargs or spec.defaults:
        yield definition, "its arguments are its causes: plain names, without defaults, * or **"
    if len(body) == len(definition.body):
        yield definition, "has no docstring; it says what the variable means"
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        yield definition, "an equation is one return; make a second formula a second variable"
        return
    arguments = {argument.arg for argument in spec.args}
    nodes = list(ast.walk(body[0]))
    elements = {
        id(node.args[2])
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in SELECTIONS and len(node.args) == 3
    }
    for node in nodes:
        if id(node) in elements:
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                yield node, "an element that is computed; its name is written out"
        elif isinstance(node, ast.Constant) and (isinstance(node.value, bool) or node.value not in LITERALS):
            yield node, f"the number {node.value!r}; only 0, 1, 2 and 0.5 may be written: declare a parameter"
        elif isinstance(node, ast.Compare) and len(node.ops) != 1:
            yield node, "a chained comparison; write two, joined by where()"
        elif isinstance(node, ast.Call) and node.keywords:
            yield node, "a keyword argument; primitives take their arguments in order"
        elif isinstance(node, ast.Name) and node.id not in arguments and not _allowed(equation, node.id):
            yield node, f"'{node.id}' is neither an argument, a primitive nor a dimension; a cause is an argument"
        elif not isinstance(node, _PLAIN + _OPERATORS):
            yield node, f"{type(node).__name__} is not allowed; use the primitives (where() for a choice)"


def _allowed(equation: Callable[..., Any], name: str) -> bool:
    """Whether a free name is a primitive or a dimension (which has elements)."""
    outer = inspect.getclosurevars(equation)
    value = outer.globals.get(name, outer.nonlocals.get(name))
    if value is None:
        return False
    return hasattr(value, "elements") or any(value is primitive for primitive in PRIMITIVES)
