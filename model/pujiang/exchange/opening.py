"""ACTIVE INITIAL: what a quantity counts as while the opening values are worked out, and only then.

Whatever an opening value reads of such a quantity, directly or through others, is written a second time for it.
"""

from collections.abc import Mapping
from dataclasses import replace

from pujiang.engine.expression import Node, variables, walk

SUFFIX = "_at_opening"


def with_openings(
    starts: Mapping[str, Node], trees: Mapping[str, Node], counted: Mapping[str, Node]
) -> tuple[dict[str, Node], dict[str, Node]]:
    """The starts of stocks, and the quantities written a second time for them.

    Args:
        trees: the equations, by quantity.
        counted: what each quantity under ACTIVE INITIAL counts as at first.
    """
    apart: dict[str, bool] = {}

    def reads_counted(name: str) -> bool:
        """Whether a quantity is one of those, or reads one at the same instant."""
        if name not in apart:
            apart[name] = name in counted
            apart[name] = name in counted or any(map(reads_counted, variables(trees[name]) if name in trees else ()))
        return apart[name]

    second: dict[str, Node] = {}

    def opening(tree: Node) -> Node:
        done: dict[int, Node] = {}
        for node in walk(tree):
            if node.op == "variable" and reads_counted(node.name):
                name = f"{node.name}{SUFFIX}"
                if name not in second:
                    second[name] = node  # a circle would come by here again
                    second[name] = opening(counted[node.name] if node.name in counted else trees[node.name])
                done[id(node)] = replace(node, name=name)
            else:
                done[id(node)] = replace(node, arguments=tuple(done[id(a)] for a in node.arguments))
        return done[id(tree)]

    return {name: opening(start) for name, start in starts.items()}, second
