"""A plan as LLVM IR: a function for each of its chunks, beside the one that drives runs through time.

Runs are computed in groups of `lanes`, stored lane by lane (one slot of memory holds one quantity of all runs
of a group), and a chunk loops over the vectors of a group. Parameters, levers, times, the step, the method
and what is recorded among the observed lines are data, read through the table `Fields`.
"""

from collections.abc import Callable
from functools import partial

from pujiang.engine.kernel.driver import driver
from pujiang.engine.kernel.frame import CHUNK, layout
from pujiang.engine.kernel.lines import Lines, write_chunk
from pujiang.engine.kernel.plan import KernelPlan
from pujiang.engine.kernel.text import Text, declarations, definitions


def opening_module(plan: KernelPlan, width: int, lanes: int) -> str:
    """IR of what is computed once per run: `opening`, which calls its chunks."""
    functions = [_opening_chunk(plan, width, lanes, k) for k in range(len(plan.opening.chunks))]
    calls = "\n".join(f"  call void @opening{k}({CHUNK})" for k in range(len(functions)))
    whole = f"define void @opening({CHUNK}) {{\n{calls}\n  ret void\n}}"
    return _module(width, [*functions, whole])


def stage_module(plan: KernelPlan, width: int, lanes: int) -> str:
    """IR of a stage and of the loops over groups, steps and stages: `simulate`."""
    functions = [_stage_chunk(plan, width, lanes, k) for k in range(len(plan.stage.chunks))]
    return _module(width, [*functions, driver(plan, width, lanes)])


def _module(width: int, functions: list[str]) -> str:
    text = "\n\n".join(functions)
    return "\n\n".join([declarations(width), definitions(text, width), text, ""])


def _lane_pointers(t: Text, index: str, names: tuple[str, ...]) -> dict[str, str]:
    offset = t.integer("mul", index, 8 * t.width)
    return {name: t.place(f"%{name}", offset) for name in names}


def _each_vector(t: Text, lanes: int, body: Callable[[str], None]) -> None:
    """`body(index)` for every vector of a group; no loop where a group is one vector."""
    if lanes == t.width:
        body("0")
    else:
        t.loop("%vectors", body)


def _opening_chunk(plan: KernelPlan, width: int, lanes: int, k: int) -> str:
    t, stretch, sizes = Text(width), plan.opening, layout(plan, lanes)
    kept = {line: i for i, line in enumerate(plan.kept)}
    mine = set(stretch.chunks[k].lines)
    done = {line for chunk in stretch.chunks for line in chunk.lines}

    def body(index: str) -> None:
        at = _lane_pointers(t, index, ("slots", "parameters", "amounts", "y"))
        first_temporary = sizes.kept + sizes.observed

        def slot(text: Text, number: int) -> str:
            return text.place(at["slots"], (first_temporary + number) * lanes * 8)

        def leaf(text: Text, line: int) -> str | None:
            operation = stretch.operations[line]
            number = int(operation.number)
            if operation.op == "parameter":
                return text.load_vector(text.place(at["parameters"], number * lanes * 8))
            if operation.op == "time":
                return text.broadcast(text.load("double", "%timed"))
            if operation.op == "series":
                return text.broadcast(text.load("double", text.place("%timed", 8 * (number + 1))))
            return _lever(text, operation.op, number, at["amounts"], lanes)

        def keep(i: int, value: str) -> None:
            t.store_vector(value, t.place(at["slots"], i * lanes * 8))

        def start(i: int, value: str) -> None:
            t.store_vector(value, t.place(at["y"], i * lanes * 8))

        wanted = [(line, partial(keep, i)) for line, i in kept.items()]
        wanted += [(line, partial(start, i)) for i, line in enumerate(plan.initial_states)]
        here = [(line, act) for line, act in wanted if line in mine or (k == 0 and line not in done)]
        write_chunk(Lines(t, plan.program, stretch, leaf, lambda _: None, slot), stretch.chunks[k], here)

    _each_vector(t, lanes, body)
    return t.written(f"internal void @opening{k}({CHUNK})")


def _lever(t: Text, op: str, number: int, amounts: str, lanes: int) -> str | None:
    if op == "lever":
        offset = t.broadcast(t.load("double", t.place("%levers", 16 * number)))
        slope = t.broadcast(t.load("double", t.place("%levers", 16 * number + 8)))
        return t.fused(slope, t.load_vector(t.place(amounts, number * lanes * 8)), offset)
    return None


def _stage_chunk(plan: KernelPlan, width: int, lanes: int, k: int) -> str:
    t, stretch, sizes, program = Text(width), plan.stage, layout(plan, lanes), plan.program
    kept = {line: i for i, line in enumerate(plan.kept)}
    timed = {line: i for i, line in enumerate(plan.timed)}
    mine = set(stretch.chunks[k].lines)
    done = {line for chunk in stretch.chunks for line in chunk.lines}
    reach = t.broadcast(t.load("double", "%factors"))
    weight = t.broadcast(t.load("double", t.place("%factors", 8)))

    def body(index: str) -> None:
        names = ("slots", "parameters", "amounts", "now", "next", "y", "sum", "sum_next", "ring")
        at = _lane_pointers(t, index, names)

        def vector(base: str, number: int) -> str:
            return t.place(at[base], number * lanes * 8)

        def slot(text: Text, number: int) -> str:
            return vector("slots", sizes.kept + sizes.observed + number)

        def ring(delay: int) -> str:
            return t.place(at["ring"], t.load("i64", t.place("%past", 16 * delay)))

        def leaf(text: Text, line: int) -> str | None:
            operation = program.main[line]
            number = int(operation.number)
            if line in timed:
                return t.broadcast(t.load("double", t.place("%timed", 8 * timed[line])))
            if line in plan.held:
                origin = plan.held[line]
                source = plan.opening.operations[origin]
                if source.op == "constant":
                    return t.constant(source.number)
                if source.op == "parameter":
                    return t.load_vector(vector("parameters", int(source.number)))
                return t.load_vector(vector("slots", kept[origin]))
            if operation.op == "state":
                return t.load_vector(vector("now", number))
            if operation.op == "delayed" and line in mine:
                past = t.load_vector(ring(number))
                started = t.load("i64", t.place("%past", 16 * number + 8))
                ready = t.value(f"icmp ne i64 {started}, 0")
                before = lines.value(program.delays[number].before)
                return t.value(f"select i1 {ready}, {t.vector} {past}, {t.vector} {before}")
            return _lever(t, operation.op, number, at["amounts"], lanes)

        def prepared(line: int) -> str | None:
            if line not in plan.prepared:
                return None
            return t.load_vector(vector("slots", kept[plan.prepared[line]]))

        def rate(i: int, value: str) -> None:
            y = t.load_vector(vector("y", i))
            t.store_vector(t.fused(value, reach, y), vector("next", i))
            total = t.fused(value, weight, t.load_vector(vector("sum", i)))
            t.store_vector(total, vector("sum_next", i))

        def observe(i: int, value: str) -> None:
            t.store_vector(value, vector("slots", sizes.kept + i))

        lines = Lines(t, program, stretch, leaf, prepared, slot)
        wanted = [(line, partial(rate, i)) for i, line in enumerate(program.rates)]
        wanted += [(line, partial(observe, i)) for i, line in enumerate(plan.observed)]
        here = [(line, act) for line, act in wanted if line in mine or (k == 0 and line not in done)]
        write_chunk(lines, stretch.chunks[k], here)
        if k == len(stretch.chunks) - 1:  # what a delay gives now has been read by all chunks
            inputs = [lines.value(delay.input) for delay in program.delays]
            for delay, value in enumerate(inputs):
                t.store_vector(value, ring(delay))

    _each_vector(t, lanes, body)
    return t.written(f"internal void @stage{k}({CHUNK})")
