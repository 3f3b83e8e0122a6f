"""A program written out as JavaScript: straight lines of arithmetic, which a browser compiles as they are.

A line is computed once a run where it depends on parameters alone, once a time point where it depends on inputs and
levers alone, else at every stage of every step; what only the end of a year shows is computed there. A line that is
read once stands where it is read.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from pujiang.engine.annual import annual_places, annual_record
from pujiang.engine.browser.lines import PATTERNS, READ_TWICE, lookup, number
from pujiang.engine.program import LEAVES, Operation, Program, levels
from pujiang.engine.system import System

PIECE = 200
"""Lines in a piece of a function: a browser takes long to make fast code of a long one, and meanwhile runs slow."""

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

    def at_any_stage(**targets: Sequence[int]) -> str:
        needed = _needed(main, _all(targets), lambda line: level[line] != "step")
        return _function(program, main, "s, d, r, t, i", targets, at_stage, needed)

    def at_opening(operations: Sequence[Operation], arguments: str, **targets: Sequence[int]) -> str:
        return _function(program, operations, arguments, targets, _no, _needed(operations, _all(targets), _never))

    functions = {
        "start": at_opening(program.initial, "p, x, i", s=program.initial_states, o=program.openings),
        "once": at_opening(main, "p, o", r=run),
        "timed": at_opening(main, "x, i", t=timed),
        "before": at_any_stage(b=befores),
        "stage": at_any_stage(k=program.rates, q=record.integrals, e=inputs),
        "observe": at_any_stage(y=record.snapshots),
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


def _all(targets: Mapping[str, Sequence[int]]) -> list[int]:
    return [line for lines in targets.values() for line in lines]


def _function(
    program: Program,
    operations: Sequence[Operation],
    arguments: str,
    targets: Mapping[str, Sequence[int]],
    read: Callable[[int], str | None],
    needed: Sequence[int],
) -> str:
    """A function that computes lines into arrays: pieces of it, one after the other, which hand on values in `w`."""
    stores: dict[int, list[str]] = {}
    for array, lines in targets.items():
        for place, line in enumerate(lines):
            stores.setdefault(line, []).append(f"{array}[{place}]")
    body = _Body(program, operations, needed, stores, read)
    given = ", ".join([arguments, *targets])
    if len(body.pieces) == 1:
        return f"({given}) => {{\n" + "\n".join(body.pieces[0]) + "\n}"
    pieces = [f"({given}, w) => {{\n" + "\n".join(piece) + "\n}" for piece in body.pieces]
    calls = "\n".join(f"piece{n}({given}, w);" for n in range(len(pieces)))
    made = "\n".join(f"const piece{n} = {piece};" for n, piece in enumerate(pieces))
    return f"(() => {{\n{made}\nconst w = new Float64Array({body.handed});\nreturn ({given}) => {{\n{calls}\n}};\n}})()"


class _Body:
    """The statements of a function, in `pieces`; `handed` is how many values pass from one piece to a later one."""

    def __init__(
        self,
        program: Program,
        operations: Sequence[Operation],
        needed: Sequence[int],
        stores: Mapping[int, Sequence[str]],
        read: Callable[[int], str | None],
    ) -> None:
        self._operations, self._read, self._tables = operations, read, program.tables
        self._series, self._levers = len(program.series), len(program.levers)
        self._piece = {line: place // PIECE for place, line in enumerate(needed)}
        self._written: dict[int, str] = {}
        self._slot: dict[int, int] = {}
        self.pieces: list[list[str]] = [[] for _ in range(max(1, -(-len(needed) // PIECE)))]
        readers: dict[int, list[int]] = {}
        for line in needed:
            for argument in operations[line].arguments:
                readers.setdefault(argument, []).append(line)
        twice = {operations[n].arguments[place] for n in needed for place in READ_TWICE.get(operations[n].op, ())}
        depth: Counter[int] = Counter()
        for line in needed:
            here = self._piece[line]
            elsewhere = any(self._piece[reader] != here for reader in readers.get(line, ()))
            depth[line] = 1 + max(depth[argument] for argument in operations[line].arguments)
            text = self._computed(operations[line], here)
            uses = len(readers.get(line, ())) + len(stores.get(line, ()))
            if uses > 1 or elsewhere or line in twice or depth[line] > DEPTH:
                if elsewhere:
                    self._slot[line] = len(self._slot)
                    text = f"w[{self._slot[line]}] = {text}"
                self.pieces[here].append(f"const v{line} = {text};")
                text, depth[line] = f"v{line}", 0
            self._written[line] = text
            self.pieces[here] += [f"{target} = {text};" for target in stores.get(line, ())]
        for line in stores:
            if line not in self._written:
                self.pieces[-1] += [f"{target} = {self._value(line, -1)};" for target in stores[line]]
        self.handed = len(self._slot)

    def _computed(self, operation: Operation, here: int) -> str:
        values = [self._value(argument, here) for argument in operation.arguments]
        if operation.op == "lookup":
            return lookup(self._tables[int(operation.number)], values[0])
        return PATTERNS[operation.op].format(*values)

    def _value(self, line: int, here: int) -> str:
        """What stands for a line where it is read."""
        if line not in self._written:
            return self._read(line) or self._leaf(self._operations[line])
        return self._written[line] if self._piece[line] == here else f"w[{self._slot[line]}]"

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
