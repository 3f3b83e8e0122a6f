"""A program written out as JavaScript: straight lines of arithmetic, which a browser compiles as they are.

A line is computed once a run where it depends on parameters alone, once a time point where it depends on inputs and
levers alone, else at every stage of every step; what only the end of a year shows is computed there. A line that is
read once stands where it is read.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pujiang.engine.annual import annual_places, annual_record
from pujiang.engine.browser.lines import PATTERNS, READ_TWICE, lookup, number
from pujiang.engine.program import LEAVES, Operation, Program, levels
from pujiang.engine.system import System

DEPTH = 12
"""How deep lines may stand within each other: what is deeper gets a name."""


def script(system: System, dt: float) -> str:
    """The program as a JavaScript object, for `engine.js`: sizes, and the functions of a run."""
    program = system.program
    record = annual_record(system, dt)
    main, level = program.main, levels(program.main, levers="time")
    inputs = [delay.input for delay in program.delays]
    befores = [delay.before for delay in program.delays]

    def step_lines(roots: Iterable[int]) -> list[int]:
        return _needed(main, roots, lambda line: level[line] != "step")

    every_stage = (*program.rates, *record.integrals, *inputs)
    met = _met(main, [*step_lines(every_stage), *step_lines(record.snapshots), *step_lines(befores)])
    met |= {*every_stage, *record.snapshots, *befores}
    timed = sorted(line for line in met if level[line] == "time")
    run = sorted(line for line in met if level[line] == "run")
    held = {line: f"r[{place}]" for place, line in enumerate(run)}
    shared = {line: f"t[i + {place}]" for place, line in enumerate(timed)}

    def at_stage(line: int) -> str | None:
        return held.get(line) or shared.get(line)

    def function(arguments: str, operations: Sequence[Operation], targets: dict[str, Sequence[int]],
                 read: Callable[[int], str | None], stop: Callable[[int], bool]) -> str:  # fmt: skip
        roots = [line for lines in targets.values() for line in lines]
        body = _body(program, operations, _needed(operations, roots, stop), roots, read)
        stores = [
            f"{array}[{place}] = {body.value(line)};" for array, lines in targets.items() for place, line in enumerate(lines)
        ]
        return f"({arguments}) => {{\n" + "\n".join([*body.lines, *stores]) + "\n}"

    def stage(targets: dict[str, Sequence[int]]) -> str:
        return function(f"s, d, r, t, i, {', '.join(targets)}", main, targets, at_stage, lambda n: level[n] != "step")

    functions = {
        "start": function(
            "p, x, i, s, o", program.initial, {"s": program.initial_states, "o": program.openings}, _no, _never
        ),
        "once": function("p, o, r", main, {"r": run}, _no, _never),
        "timed": function("x, i, t", main, {"t": timed}, _no, _never),
        "before": stage({"b": befores}),
        "stage": stage({"k": program.rates, "q": record.integrals, "e": inputs}),
        "observe": stage({"y": record.snapshots}),
    }
    sizes = {
        "states": len(program.states),
        "openings": len(program.openings),
        "run": len(run),
        "timed_values": len(timed),
        "integrals": len(record.integrals),
        "snapshots": len(record.snapshots),
        "lags": [round(delay.lag / dt) for delay in program.delays],
        "places": [[{"end": 0, "ratio": 2}.get(kind, 1), place] for _, kind, place in annual_places(system)],
        "series": program.series,
        "levers": program.levers,
    }
    head = "".join(f"{name}: {json.dumps(value)},\n" for name, value in sizes.items())
    return "({\n" + head + "".join(f"{name}: {text},\n" for name, text in functions.items()) + "})"


def outcomes_written(system: System) -> tuple[str, ...]:
    """Scalar names of the annual outcomes, in the order in which a run of the script gives them."""
    return tuple(scalar for scalar, _, _ in annual_places(system))


def _no(line: int) -> None:
    return None


def _never(line: int) -> bool:
    return False


def _met(operations: Sequence[Operation], lines: Iterable[int]) -> set[int]:
    """What the lines read."""
    return {argument for line in lines for argument in operations[line].arguments}


def _needed(operations: Sequence[Operation], roots: Iterable[int], stop: Callable[[int], bool]) -> list[int]:
    """Every line below the roots that is computed, causes first."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        line = waiting.pop()
        if line in found or stop(line) or operations[line].op in LEAVES:
            continue
        found.add(line)
        waiting.extend(operations[line].arguments)
    return sorted(found)


class _body:  # noqa: N801  # reads as a function
    """The lines of a function: `lines`, and `value` of what is computed or read in it."""

    def __init__(
        self,
        program: Program,
        operations: Sequence[Operation],
        needed: Sequence[int],
        roots: Sequence[int],
        read: Callable[[int], str | None],
    ) -> None:
        self._operations, self._read, self._tables = operations, read, program.tables
        self._series = len(program.series)
        self._levers = len(program.levers)
        self._written: dict[int, str] = {}
        self.lines: list[str] = []
        uses = Counter(argument for line in needed for argument in operations[line].arguments)
        uses.update(roots)
        depth: Counter[int] = Counter()
        named = {
            operations[line].arguments[place] for line in needed for place in READ_TWICE.get(operations[line].op, ())
        }
        for line in needed:
            depth[line] = 1 + max(depth[argument] for argument in operations[line].arguments)
            text = self._computed(operations[line])
            if uses[line] > 1 or line in named or depth[line] > DEPTH:
                self.lines.append(f"const v{line} = {text};")
                text, depth[line] = f"v{line}", 0
            self._written[line] = text

    def _computed(self, operation: Operation) -> str:
        values = [self.value(argument) for argument in operation.arguments]
        if operation.op == "lookup":
            return lookup(self._tables[int(operation.number)], values[0])
        return PATTERNS[operation.op].format(*values)

    def value(self, line: int) -> str:
        """What stands for a line where it is read."""
        return self._written.get(line) or self._read(line) or self._leaf(self._operations[line])

    def _leaf(self, leaf: Operation) -> str:
        k = int(leaf.number) if leaf.op != "constant" else 0
        match leaf.op:
            case "constant":
                return number(leaf.number)
            case "time":
                return f"x[i + {self._series + self._levers}]"
            case "series":
                return f"x[i + {k}]"
            case "lever":
                return f"x[i + {self._series + k}]"
            case "parameter":
                return f"p[{k}]"
            case "opening":
                return f"o[{k}]"
            case "delayed":
                return f"d[{k}]"
            case _:
                return f"s[{k}]"
