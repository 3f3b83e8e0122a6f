"""What a kernel computes when: each line of a program once per time point, once per run, or at every stage.

A plan is data: which lines are needed, in which order, cut into chunks of code short enough for the
instruction cache, and which values pass from one chunk to a later one through numbered slots of memory.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pujiang.engine.program import Operation, Program, levels

CHUNK_COST = 1200
"""Cost (see _cost) at which a chunk is closed: some 10 kB of machine code."""

_COST = {"exp": 25, "log": 35, "power": 65, "divide": 5, "safe_divide": 7, "sqrt": 8}


@dataclass(frozen=True)
class Chunk:
    """Lines computed together, and the lines whose values it leaves in slots for later chunks."""

    lines: tuple[int, ...]
    keeps: tuple[int, ...]


@dataclass(frozen=True)
class Stretch:
    """A list of operations in the order in which to compute them.

    `slot` gives the slot of every line that outlives its chunk.
    """

    operations: tuple[Operation, ...]
    chunks: tuple[Chunk, ...]
    slot: dict[int, int]
    slots: int


@dataclass(frozen=True)
class Plan:
    """A program cut up for a kernel.

    Attributes:
        timed: lines of the main program computed once per time point; row k of the kernel's inputs.
        opening: what is computed once per run: the initial program and what of the main one never changes.
        initial_states: lines of `opening` that are the states at the start.
        held: line of the main program -> line of `opening` that computes it.
        kept: lines of `opening` read at every stage, in the order of their slots.
        stage: the rest of the main program, computed at every stage of every step.
        rates, inputs, before: lines of the main program: derivatives, inputs of the fixed delays, and what
            these give at first.
        observed: lines of the main program that may be recorded, in the order of their slots.
    """

    program: Program
    timed: tuple[int, ...]
    opening: Stretch
    initial_states: tuple[int, ...]
    held: dict[int, int]
    kept: tuple[int, ...]
    stage: Stretch
    observed: tuple[int, ...]


def plan(program: Program, observed: Sequence[int], chunk_cost: int = CHUNK_COST) -> Plan:
    """Plan a kernel for a program of which the lines `observed` may be recorded."""
    main, level = program.main, levels(program.main)
    inputs = [delay.input for delay in program.delays]
    roots = (*program.rates, *observed, *inputs)

    def read(line: int) -> bool:
        """Whether a line is read from memory (or is a constant), not computed at a stage."""
        return level[line] != "step" or main[line].op in {"state", "lever", "lever_set"}

    def causes(line: int) -> tuple[int, ...]:
        if main[line].op == "delayed":
            return (program.delays[int(main[line].number)].before,)
        return main[line].arguments

    order = _ordered(roots, causes, read)
    met = dict.fromkeys(a for line in order for a in causes(line) if read(a))
    met.update(dict.fromkeys(root for root in roots if read(root)))
    timed = tuple(line for line in met if level[line] == "time")
    run = [line for line in met if level[line] == "run"]

    opening, held = _opening(program, run, level)
    kept = tuple(dict.fromkeys(held[line] for line in run if opening[held[line]].op != "parameter"))
    opening_roots = (*program.initial_states, *kept)
    leaf = {"constant", "parameter", "time", "series", "lever", "lever_set"}
    opening_order = _ordered(opening_roots, lambda n: opening[n].arguments, lambda n: opening[n].op in leaf)
    delay_lines = dict.fromkeys(inputs)
    return Plan(
        program=program,
        timed=timed,
        opening=_stretch(program, opening, opening_order, lambda n: opening[n].arguments, (), chunk_cost),
        initial_states=program.initial_states,
        held=held,
        kept=kept,
        stage=_stretch(program, main, order, causes, delay_lines, chunk_cost),
        observed=tuple(observed),
    )


def _ordered(
    roots: Iterable[int], causes: Callable[[int], tuple[int, ...]], read: Callable[[int], bool]
) -> list[int]:
    """Every computed line below the roots, causes first and close to what uses them (depth first)."""
    done: set[int] = set()
    order: list[int] = []
    for root in roots:
        stack = [(root, False)]
        while stack:
            line, ready = stack.pop()
            if line in done or read(line):
                continue
            if ready:
                done.add(line)
                order.append(line)
            else:
                stack.append((line, True))
                stack.extend((a, False) for a in reversed(causes(line)))
    return order


def _opening(program: Program, wanted: Sequence[int], level: Sequence[str]) -> tuple[tuple[Operation, ...], dict[int, int]]:
    """The initial program with the lines of the main one that depend on parameters alone appended to it."""
    operations = list(program.initial)
    known = {operation: line for line, operation in enumerate(operations)}
    held: dict[int, int] = {}
    for line in _ordered(wanted, lambda n: program.main[n].arguments, lambda n: False):
        operation = program.main[line]
        if operation.op == "opening":
            held[line] = program.openings[int(operation.number)]
            continue
        moved = Operation(operation.op, tuple(held[a] for a in operation.arguments), operation.number)
        if moved not in known:
            known[moved] = len(operations)
            operations.append(moved)
        held[line] = known[moved]
    return tuple(operations), held


def _stretch(
    program: Program,
    operations: tuple[Operation, ...],
    order: Sequence[int],
    causes: Callable[[int], tuple[int, ...]],
    to_the_end: Iterable[int],
    chunk_cost: int,
) -> Stretch:
    """Cut an order of lines into chunks and give a slot to every value that outlives its chunk."""
    pieces: list[list[int]] = [[]]
    spent = 0
    for line in order:
        cost = _cost(operations[line], program)
        if spent + cost > chunk_cost and pieces[-1]:
            pieces.append([])
            spent = 0
        pieces[-1].append(line)
        spent += cost
    at = {line: k for k, piece in enumerate(pieces) for line in piece}
    last = dict(at)
    for line in order:
        for cause in causes(line):
            if cause in at:
                last[cause] = max(last[cause], at[line])
    last.update({line: len(pieces) for line in to_the_end if line in at})
    slot: dict[int, int] = {}
    free: list[int] = []
    slots = 0
    chunks = []
    for k, piece in enumerate(pieces):
        keeps = tuple(line for line in piece if last[line] > k)
        for line in keeps:
            if not free:
                free.append(slots)
                slots += 1
            slot[line] = free.pop()
        chunks.append(Chunk(tuple(piece), keeps))
        free.extend(slot[line] for line in slot if last[line] == k)
    return Stretch(operations, tuple(chunks), slot, slots)


def _cost(operation: Operation, program: Program) -> int:
    if operation.op == "lookup":
        return 4 * len(program.tables[int(operation.number)]) + 5
    return _COST.get(operation.op, 2)
