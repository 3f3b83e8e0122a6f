"""Does every row of the table of operations reach every part that must know it?"""

import pytest

from pujiang.engine.dynamics import REWRITE
from pujiang.engine.expression import Node, combine
from pujiang.engine.kernel.lines import WRITERS
from pujiang.engine.notation import mathematics, readable
from pujiang.operations import COMPOSED, DYNAMIC, EVALUATE, OPERATIONS, PRIMITIVES, REDUCTIONS

ONLY_IN_A_KERNEL = {"inverse", "sign_of_power"}
NEEDS_A_TABLE = {"lookup"}


def test_every_operation_is_either_rewritten_or_computed_and_never_both() -> None:
    rewritten = REDUCTIONS | COMPOSED | DYNAMIC
    assert rewritten | EVALUATE.keys() == OPERATIONS.keys()
    assert not rewritten & EVALUATE.keys()
    assert REWRITE.keys() | {"fixed_delay"} == DYNAMIC


def test_the_kernel_writes_what_is_computed_and_nothing_else() -> None:
    assert WRITERS.keys() - ONLY_IN_A_KERNEL - NEEDS_A_TABLE == EVALUATE.keys()


def test_a_primitive_stands_in_the_row_of_its_name() -> None:
    rows = {meaning.function: name for name, meaning in OPERATIONS.items()}
    assert all(rows[primitive] == primitive.__name__ for primitive in PRIMITIVES)


@pytest.mark.parametrize("name", sorted(COMPOSED))
def test_a_composed_operation_is_one_node_of_operations_that_are_computed(name: str) -> None:
    symbols = [Node("variable", name=letter) for letter in "abc"]
    assert OPERATIONS[name].function(*symbols).op == name
    assert OPERATIONS[name].plain(*symbols).op in EVALUATE


def test_no_two_operations_are_written_alike() -> None:
    a, b, c = (Node("variable", name=letter) for letter in "abc")
    nodes = [
        combine(name, *(a, b, c)[: meaning.arity]) for name, meaning in OPERATIONS.items() if name not in REDUCTIONS
    ]
    for written in (readable, mathematics):
        assert len({written(node) for node in nodes}) == len(nodes)
