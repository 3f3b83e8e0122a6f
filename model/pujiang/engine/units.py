"""The unit of an expression, from those of what it names."""

from collections.abc import Callable, Mapping

from pujiang.engine.expression import Node, walk
from pujiang.engine.notation import readable
from pujiang.operations import OPERATIONS
from pujiang.units import PURE, Unit, UnitError, needed


def infer(
    expression: Node, unit_of: Callable[[str], Unit], table_units: Mapping[str, tuple[Unit, Unit]]
) -> Unit | None:
    """The unit of an expression; None for the literal 0, which fits any unit.

    Raises:
        UnitError: naming the first place where units do not close.
    """
    units: dict[int, Unit | None] = {}
    for node in walk(expression):
        if node.op == "literal":
            units[id(node)] = None if node.value == 0 else PURE
        elif node.op == "variable":
            units[id(node)] = unit_of(node.name)
        else:
            try:
                units[id(node)] = _result(node, [units[id(a)] for a in node.arguments], table_units)
            except UnitError as error:
                raise UnitError(f"{error}, in {readable(node)}") from None
    return units[id(expression)]


def _result(node: Node, given: list[Unit | None], table_units: Mapping[str, tuple[Unit, Unit]]) -> Unit | None:
    if node.op == "lookup":
        unit, of = table_units[node.name]
        needed(given[0], of, f"table {node.name} is read with another unit")
        return unit
    last = node.arguments[-1]
    return OPERATIONS[node.op].unit(given, last.value if last.op == "literal" else None)
