"""What was read of another tool's model, as declarations of ours."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from pujiang.basis import assumed
from pujiang.declare import Auxiliary, Constant, Flow, Initial, Lever, Parameter, Stock, Table
from pujiang.engine.expression import Node, variables, walk
from pujiang.exchange.stocks import Ends
from pujiang.exchange.uncertain import Uncertain
from pujiang.reported import Reported

FROM_FILE = assumed("the model file states it")


class Written:
    """An equation that is given as its tree; the engine reads it as it reads a function, by calling it."""

    def __init__(self, tree: Node, doc: str, line: int = 0) -> None:
        tables = dict.fromkeys(node.name for node in walk(tree) if node.op == "lookup")
        names = (*variables(tree), *tables)
        self.__doc__ = doc
        self.__code__ = SimpleNamespace(co_varnames=names, co_argcount=len(names), co_firstlineno=line)
        self._tree = tree

    def __call__(self, **causes: Any) -> Node:
        return self._tree


def parameter(value: float, unit: str | None, doc: str, known: Uncertain) -> Parameter:
    """A number of the file: uncertain with a prior, which starts at it, and fixed without."""
    given = value if known.prior is None else known.prior
    start = None if known.prior is None or known.prior.center == value else value
    return Parameter(given, unit or "1", doc, bounds=known.bounds, start=start, basis=FROM_FILE)


def lever(value: float, unit: str | None, doc: str, reach: tuple[float, float]) -> Lever:
    """A number of the file that scenarios set over time, at first its own."""
    return Lever(unit or "1", doc, default=value, bounds=reach, basis=FROM_FILE)


def constant(value: float, unit: str | None, doc: str) -> Constant:
    return Constant(value, unit or "1", doc, basis=FROM_FILE)


def table(points: Sequence[tuple[float, float]], doc: str) -> Table:
    return Table("1", tuple(points), doc, basis=FROM_FILE)


def stock(unit: str | None, doc: str, *, signed: bool) -> Stock:
    return Stock(unit or "1", doc, signed=signed, reported=Reported("end"))


def initial(of: Stock, tree: Node) -> Initial:
    return Initial(of, equation=Written(tree, "Where it starts."))


def flow(tree: Node, unit: str | None, doc: str, ends: Ends, line: int = 0) -> Flow:
    return Flow(
        unit or "1", out_of=ends.out_of, into=ends.into, reported=Reported("mean"), equation=Written(tree, doc, line)
    )


def auxiliary(tree: Node, unit: str | None, doc: str, line: int = 0) -> Auxiliary:
    return Auxiliary(unit or "1", reported=Reported("mean"), equation=Written(tree, doc, line))


def sector(name: str, file: str, declarations: Mapping[str, Any]) -> Any:
    """A namespace of declarations under the name of a sector; `file` is where they were read."""
    return SimpleNamespace(__name__=name, file=file, **declarations)
