"""What a kernel computes when: each line of a program once per time point, once per run, or at every stage.

A plan is data: which lines are needed, in which order, cut into chunks (the time to compile a function grows
faster than its length), and which values pass from one chunk to a later one through numbered slots of memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pujiang.engine.program import Operation, Program, levels
from pujiang.operations import OPERATIONS

CHUNK_CYCLES = 4000
"""Sum of _cycles at which a chunk is closed: some 20 kB of machine code, compiled in a third of a second."""

NEARNESS = 2.0
"""Weight of keeping causes near their effects (fewer values wait in memory) against starting every line as
early as its causes allow (more lines at once for the processor to work on)."""

_PREPARED = {"divide": "inverse", "power": "sign_of_power"}
"""What is computed from a divisor or an exponent once per run; operations that only a kernel knows."""


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
class KernelPlan:
    """A program cut up for a kernel.

    Attributes:
        timed: lines of the main program computed once per time point; row k of the kernel's inputs.
        opening: what is computed once per run: the initial program and what of the main one never changes.
        initial_states: lines of `opening` that are the states at the start.
        held: line of the main program -> line of `opening` that computes it.
        prepared: line of the main program -> line of `opening` that saves it work: one over a divisor that
            never changes in a run (to multiply is many times faster than to divide), the sign that a power with
            such an exponent gives negative numbers.
        kept: lines of `opening` read at every stage, in the order of their slots.
        stage: the rest of the main program, computed at every stage of every step.
        observed: lines of the main program that may be recorded, in the order of their slots.
    """

    program: Program
    timed: tuple[int, ...]
    opening: Stretch
    initial_states: tuple[int, ...]
    held: dict[int, int]
    prepared: dict[int, int]
    kept: tuple[int, ...]
    stage: Stretch
    observed: tuple[int, ...]


def planned(program: Program, observed: Sequence[int], chunk_cycles: int = CHUNK_CYCLES) -> KernelPlan:
    """Plan a kernel for a program of which the lines `observed` may be recorded."""
    main, level = program.main, levels(program.main)
    inputs = [delay.input for delay in program.delays]
    roots = (*program.rates, *observed, *inputs)

    def read(line: int) -> bool:
        """Whether a line is read from memory (or is a constant), not computed at a stage."""
        return level[line] != "step" or main[line].op in {"state", "lever"}

    def causes(line: int) -> tuple[int, ...]:
        if main[line].op == "delayed":
            return (program.delays[int(main[line].number)].before,)
        return main[line].arguments

    order = _overlapped(program, main, _ordered(roots, causes, read), causes)
    helped = {
        line: main[line].arguments[1]
        for line in order
        if main[line].op in _PREPARED and level[main[line].arguments[1]] == "run"
    }
    met = dict.fromkeys(
        a
        for line in order
        for a in (causes(line)[:1] if line in helped and main[line].op == "divide" else causes(line))
        if read(a)
    )
    met.update(dict.fromkeys(root for root in roots if read(root)))
    timed = tuple(line for line in met if level[line] == "time")
    run = [line for line in met if level[line] == "run"]

    opening, held, prepared = _opening(program, run, helped)
    read_at_stages = [held[line] for line in run if opening[held[line]].op not in {"parameter", "constant"}]
    kept = tuple(dict.fromkeys([*read_at_stages, *prepared.values()]))
    opening_roots = (*program.initial_states, *kept)
    leaf = {"constant", "parameter", "time", "series", "lever"}
    opening_order = _ordered(opening_roots, lambda n: opening[n].arguments, lambda n: opening[n].op in leaf)
    delay_lines = dict.fromkeys(inputs)
    return KernelPlan(
        program=program,
        timed=timed,
        opening=_stretch(program, opening, opening_order, lambda n: opening[n].arguments, (), chunk_cycles),
        initial_states=program.initial_states,
        held=held,
        prepared=prepared,
        kept=kept,
        stage=_stretch(program, main, order, causes, delay_lines, chunk_cycles),
        observed=tuple(observed),
    )


def _ordered(roots: Iterable[int], causes: Callable[[int], tuple[int, ...]], read: Callable[[int], bool]) -> list[int]:
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


def _overlapped(
    program: Program, operations: Sequence[Operation], order: list[int], causes: Callable[[int], tuple[int, ...]]
) -> list[int]:
    """An order in which the processor can work on several lines at once: still causes first."""
    start: dict[int, int] = {}
    end: dict[int, int] = {}
    for line in order:
        start[line] = max((end[c] for c in causes(line) if c in end), default=0)
        end[line] = start[line] + _cycles(operations[line], program)
    if not order:
        return order
    place = {line: NEARNESS * i / len(order) for i, line in enumerate(order)}
    longest = max(end.values())
    return sorted(order, key=lambda line: start[line] / longest + place[line])


def _opening(
    program: Program, wanted: Sequence[int], helped: Mapping[int, int]
) -> tuple[tuple[Operation, ...], dict[int, int], dict[int, int]]:
    """The initial program with the lines of the main one that depend on parameters alone appended to it.

    Args:
        helped: line of the main program -> its divisor or exponent, from which something is prepared.

    Returns:
        Its operations, where each line of the main program went, and where what is prepared for a line stands.
    """
    operations = list(program.initial)
    known = {operation: line for line, operation in enumerate(operations)}

    def put(operation: Operation) -> int:
        if operation not in known:
            known[operation] = len(operations)
            operations.append(operation)
        return known[operation]

    held: dict[int, int] = {}
    for line in _ordered((*wanted, *helped.values()), lambda n: program.main[n].arguments, lambda n: False):
        operation = program.main[line]
        if operation.op == "opening":
            held[line] = program.openings[int(operation.number)]
        else:
            held[line] = put(Operation(operation.op, tuple(held[a] for a in operation.arguments), operation.number))
    prepared = {line: put(Operation(_PREPARED[program.main[line].op], (held[a],))) for line, a in helped.items()}
    return tuple(operations), held, prepared


def _stretch(
    program: Program,
    operations: tuple[Operation, ...],
    order: Sequence[int],
    causes: Callable[[int], tuple[int, ...]],
    to_the_end: Iterable[int],
    chunk_cycles: int,
) -> Stretch:
    """Cut an order of lines into chunks and give a slot to every value that outlives its chunk."""
    pieces: list[list[int]] = [[]]
    spent = 0
    for line in order:
        cycles = _cycles(operations[line], program)
        if spent + cycles > chunk_cycles and pieces[-1]:
            pieces.append([])
            spent = 0
        pieces[-1].append(line)
        spent += cycles
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


def _cycles(operation: Operation, program: Program) -> int:
    """About how long a line takes from its arguments to its value."""
    if operation.op == "lookup":
        return 10 + 2 * len(program.tables[int(operation.number)])
    return OPERATIONS[operation.op].cycles if operation.op in OPERATIONS else 4
