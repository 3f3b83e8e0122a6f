"""A plan as LLVM IR: functions for its chunks, and the one that drives runs through time.

Runs are computed in groups of `lanes`, stored lane by lane (one slot of memory holds one quantity of all runs
of a group), and a chunk loops over the vectors of a group. Parameters, levers, times, the step, the method
and what is recorded among the observed lines are data, read through the table `Fields`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pujiang.engine.kernel.lines import Lines, write_chunk
from pujiang.engine.kernel.plan import Plan
from pujiang.engine.kernel.text import Text, declarations, definitions

FIELDS = (
    "groups", "vectors", "steps", "stages", "every", "saves",
    "columns",  # (stage,) which input column each stage reads
    "factors",  # (stage, 2) reach to the next stage and weight, both times dt
    "parameters",  # (group, parameter, lane)
    "amounts",  # (group, lever, lane)
    "timed",  # (steps + 1, 3, timed line)
    "levers",  # (steps + 1, 3, lever, 3) offset, slope, set
    "first",  # time and series at the start
    "past",  # (steps + 1, delay, 2) where in the ring a delay stands, in bytes; 1 once it has run its length
    "ring", "states", "slots", "running",  # scratch
    "snapshot_count", "snapshot_slots", "integral_count", "integral_slots",
    "snapshots",  # (group, save + 1, snapshot, lane)
    "integrals",  # (group, save, integral, lane)
    "lowest",  # (group, state, lane)
)  # fmt: skip
"""What the kernel reads, one 64-bit field each: a number, or the address of an array."""

_CHUNK = (
    "ptr noalias %slots, ptr noalias %parameters, ptr noalias %amounts, ptr noalias %timed, ptr noalias %levers, "
    "ptr %now, ptr noalias %next, ptr %y, ptr %sum, ptr %sum_next, ptr %factors, ptr %past, ptr noalias %ring, "
    "i64 %vectors"
)


@dataclass(frozen=True)
class Layout:
    """Where things stand in a group's memory, in slots."""

    lanes: int
    states: int
    parameters: int
    levers: int
    timed: int
    delays: int
    kept: int
    observed: int
    temporary: int

    @property
    def slots(self) -> int:
        """Slots beside the states: kept, observed, temporary."""
        return self.kept + self.observed + self.temporary


def layout(plan: Plan, lanes: int) -> Layout:
    """The memory a group of `lanes` runs needs."""
    program = plan.program
    return Layout(
        lanes, len(program.states), len(program.parameters), len(program.levers), len(plan.timed),
        len(program.delays), len(plan.kept), len(plan.observed), max(plan.opening.slots, plan.stage.slots),
    )  # fmt: skip


def opening_module(plan: Plan, width: int, lanes: int) -> str:
    """IR of what is computed once per run: `opening`, which calls its chunks."""
    functions = [_opening_chunk(plan, width, lanes, k) for k in range(len(plan.opening.chunks))]
    calls = "\n".join(f"  call void @opening{k}({_CHUNK})" for k in range(len(functions)))
    whole = f"define void @opening({_CHUNK}) {{\n{calls}\n  ret void\n}}"
    return _module(width, [*functions, whole])


def stage_module(plan: Plan, width: int, lanes: int) -> str:
    """IR of a stage and of the loops over groups, steps and stages: `simulate`."""
    functions = [_stage_chunk(plan, width, lanes, k) for k in range(len(plan.stage.chunks))]
    opening = f"declare void @opening({_CHUNK})"
    return _module(width, [opening, *functions, _driver(plan, width, lanes)])


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


def _opening_chunk(plan: Plan, width: int, lanes: int, k: int) -> str:
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
    return t.written(f"internal void @opening{k}({_CHUNK})")


def _lever(t: Text, op: str, number: int, amounts: str, lanes: int) -> str | None:
    if op == "lever_set":
        return t.broadcast(t.load("double", t.place("%levers", 24 * number + 16)))
    if op == "lever":
        offset = t.broadcast(t.load("double", t.place("%levers", 24 * number)))
        slope = t.broadcast(t.load("double", t.place("%levers", 24 * number + 8)))
        return t.fused(slope, t.load_vector(t.place(amounts, number * lanes * 8)), offset)
    return None


def _stage_chunk(plan: Plan, width: int, lanes: int, k: int) -> str:
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
    return t.written(f"internal void @stage{k}({_CHUNK})")


def _driver(plan: Plan, width: int, lanes: int) -> str:
    """The loops over groups, steps and stages."""
    t, sizes = Text(width), layout(plan, lanes)
    field = {
        name: t.load("i64" if name in _NUMBERS else "ptr", t.place("%fields", 8 * i)) for i, name in enumerate(FIELDS)
    }
    slot_bytes = 8 * lanes
    state_bytes = sizes.states * slot_bytes
    vectors = lanes // width
    in_states = sizes.states * vectors
    full = str(vectors)

    def copy(count: str | int, source: str, target: str) -> None:
        def each(index: str) -> None:
            place = t.integer("mul", index, 8 * width)
            t.store_vector(t.load_vector(t.place(source, place)), t.place(target, place))

        t.loop(str(count), each)

    def clear(count: str, target: str) -> None:
        t.loop(count, lambda i: t.store_vector(t.constant(0.0), t.place(target, t.integer("mul", i, 8 * width))))

    def keep_lowest(states_now: str, lowest: str) -> None:
        def each(v: str) -> None:
            offset = t.integer("mul", v, 8 * width)
            now, low = t.place(states_now, offset), t.place(lowest, offset)
            for i in range(sizes.states):
                value, target = t.load_vector(t.place(now, i * slot_bytes)), t.place(low, i * slot_bytes)
                so_far = t.load_vector(target)
                t.store_vector(t.select(t.compare("ult", value, so_far), value, so_far), target)

        t.loop(full, each)

    def row(name: str, number: str, size: int) -> str:
        return t.place(field[name], t.integer("mul", number, size))

    def states(number: str) -> str:
        """Region 0 or 1: the states now and the sum that becomes the next; 2 or 3: the points of stages; 4: lowest."""
        return row("states", number, state_bytes)

    def group(g: str) -> None:
        left = t.integer("sub", field["vectors"], t.integer("mul", g, vectors))
        active = t.value(f"call i64 @llvm.umin.i64(i64 {left}, i64 {full})")
        parameters = row("parameters", g, sizes.parameters * slot_bytes)
        amounts = row("amounts", g, sizes.levers * slot_bytes)
        lowest = states("4")

        def chunks(
            name: str,
            timed: str,
            levers: str,
            now: str,
            after: str,
            y: str,
            total: str,
            total_next: str,
            factors: str,
            past: str,
            ring: str,
            count: int,
        ) -> None:
            arguments = (
                field["slots"],
                parameters,
                amounts,
                timed,
                levers,
                now,
                after,
                y,
                total,
                total_next,
                factors,
                past,
                ring,
            )
            given = ", ".join(f"ptr {a}" for a in arguments) + f", i64 {active}"
            for k in [""] if count == 0 else range(count):
                t.do(f"call void @{name}{k}({given})")

        def stage(
            s: str, column: str, now: str, after: str, y: str, total: str, total_next: str, factors: str, ring: str
        ) -> None:
            number = t.integer("add", t.integer("mul", s, 3), column)
            timed = row("timed", number, 8 * sizes.timed)
            levers = row("levers", number, 24 * sizes.levers)
            past = row("past", s, 16 * sizes.delays)
            chunks(
                "stage", timed, levers, now, after, y, total, total_next, factors, past, ring, len(plan.stage.chunks)
            )

        def gather(kind: str, act: Callable[[str, str], None]) -> None:
            """`act(address of the value, index)` for every vector recorded as `kind`."""

            def each(i: str) -> None:
                number = t.load("i64", t.place(field[f"{kind}_slots"], t.integer("mul", i, 8)))
                source = t.place(field["slots"], t.integer("mul", t.integer("add", number, sizes.kept), slot_bytes))
                target = t.integer("mul", i, slot_bytes)
                t.loop(
                    full,
                    lambda v: act(
                        t.place(source, t.integer("mul", v, 8 * width)),
                        t.integer("add", target, t.integer("mul", v, 8 * width)),
                    ),
                )

            t.loop(field[f"{kind}_count"], each)

        def snapshot(save: str) -> None:
            number = t.integer("add", t.integer("mul", g, t.integer("add", field["saves"], 1)), save)
            size = t.integer("mul", field["snapshot_count"], slot_bytes)
            target = t.place(field["snapshots"], t.integer("mul", number, size))
            gather("snapshot", lambda source, on: t.store_vector(t.load_vector(source), t.place(target, on)))

        first = states("0")
        chunks(
            "opening",
            field["first"],
            field["levers"],
            first,
            first,
            first,
            first,
            first,
            field["factors"],
            field["past"],
            field["ring"],
            0,
        )
        copy(in_states, first, lowest)
        running_vectors = t.integer("mul", field["integral_count"], vectors)
        clear(running_vectors, field["running"])

        def step(s: str) -> None:
            odd = t.integer("and", s, 1)
            y, total = states(odd), states(t.integer("xor", odd, 1))
            phase = t.integer("urem", s, field["every"])
            saving = t.value(f"icmp eq i64 {phase}, 0")

            def one(i: str) -> None:
                column = t.load("i64", t.place(field["columns"], t.integer("mul", i, 8)))
                factors = t.place(field["factors"], t.integer("mul", i, 16))
                start = t.value(f"icmp eq i64 {i}, 0")
                parity = t.integer("and", i, 1)
                after = states(t.integer("add", parity, 2))
                before = states(t.integer("sub", 3, parity))
                now = t.value(f"select i1 {start}, ptr {y}, ptr {before}")
                so_far = t.value(f"select i1 {start}, ptr {y}, ptr {total}")
                ring = t.place(field["ring"], t.integer("mul", i, slot_bytes))
                stage(s, column, now, after, y, so_far, total, factors, ring)
                t.when(t.value(f"and i1 {saving}, {start}"), lambda: snapshot(t.integer("udiv", s, field["every"])))
                weight = t.broadcast(t.load("double", t.place(factors, 8)))

                def integrate(source: str, on: str) -> None:
                    target = t.place(field["running"], on)
                    t.store_vector(t.fused(t.load_vector(source), weight, t.load_vector(target)), target)

                gather("integral", integrate)

            t.loop(field["stages"], one)
            keep_lowest(total, lowest)
            following = t.integer("add", s, 1)
            ends = t.value(f"icmp eq i64 {t.integer('urem', following, field['every'])}, 0")

            def hand_over() -> None:
                saved = t.integer("udiv", s, field["every"])
                whole = t.integer("udiv", field["steps"], field["every"])
                number = t.integer("add", t.integer("mul", g, whole), saved)
                size = t.integer("mul", field["integral_count"], slot_bytes)
                copy(running_vectors, field["running"], t.place(field["integrals"], t.integer("mul", number, size)))
                clear(running_vectors, field["running"])

            t.when(ends, hand_over)

        t.loop(field["steps"], step)
        last = states(t.integer("and", field["steps"], 1))
        other = states(t.integer("xor", t.integer("and", field["steps"], 1), 1))
        stage(field["steps"], "0", last, states("2"), last, last, other, field["factors"], field["ring"])
        snapshot(field["saves"])
        copy(in_states, lowest, row("lowest", g, state_bytes))

    t.loop(field["groups"], group)
    umin = "declare i64 @llvm.umin.i64(i64, i64)"
    return f"{umin}\n\n" + t.written("void @simulate(ptr %fields)")


_NUMBERS = frozenset({"groups", "vectors", "steps", "stages", "every", "saves", "snapshot_count", "integral_count"})
