"""The function that drives runs through time: loops over groups, steps and stages, and what is recorded."""

from collections.abc import Callable

from pujiang.engine.kernel.frame import CHUNK, FRAME_FIELDS, FRAME_NUMBERS, layout
from pujiang.engine.kernel.plan import KernelPlan
from pujiang.engine.kernel.text import Text


def driver(plan: KernelPlan, width: int, lanes: int) -> str:
    """IR of `simulate`, which reads the table of fields and runs every group."""
    loops = _Loops(plan, width, lanes)
    t = loops.t
    t.loop(loops.field["groups"], loops.group)
    umin = "declare i64 @llvm.umin.i64(i64, i64)"
    return f"{umin}\n\n" + t.written("void @simulate(ptr %fields)")


class _Loops:
    """Writes the loops; what they share are the fields and the sizes of a group's memory."""

    def __init__(self, plan: KernelPlan, width: int, lanes: int) -> None:
        self.t = t = Text(width)
        self.sizes = layout(plan, lanes)
        self.field = {
            name: t.load("i64" if name in FRAME_NUMBERS else "ptr", t.place("%fields", 8 * i))
            for i, name in enumerate(FRAME_FIELDS)
        }
        self._stage_chunks = len(plan.stage.chunks)
        self._vector = 8 * width
        self._slot = 8 * lanes
        self._vectors = lanes // width
        self._group_inputs = ("", "", "")

    # Memory.

    def _row(self, name: str, number: str, size: int | str) -> str:
        return self.t.place(self.field[name], self.t.integer("mul", number, size))

    def _states(self, region: str) -> str:
        """Region 0 or 1: the states now, and the sum that becomes the next; 2 or 3: points of stages; 4: lowest."""
        return self._row("states", region, self.sizes.states * self._slot)

    def _copy(self, vectors: str | int, source: str, target: str) -> None:
        t = self.t

        def each(index: str) -> None:
            place = t.integer("mul", index, self._vector)
            t.store_vector(t.load_vector(t.place(source, place)), t.place(target, place))

        t.loop(str(vectors), each)

    def _clear(self, vectors: str, target: str) -> None:
        t = self.t
        nothing = t.constant(0.0)
        t.loop(vectors, lambda i: t.store_vector(nothing, t.place(target, t.integer("mul", i, self._vector))))

    # A group, a step, a stage.

    def group(self, g: str) -> None:
        """All steps of the runs of group `g`."""
        t, field, sizes = self.t, self.field, self.sizes
        left = t.integer("sub", field["vectors"], t.integer("mul", g, self._vectors))
        active = t.value(f"call i64 @llvm.umin.i64(i64 {left}, i64 {self._vectors})")
        parameters = self._row("parameters", g, sizes.parameters * self._slot)
        amounts = self._row("amounts", g, sizes.levers * self._slot)
        self._group_inputs = (parameters, amounts, active)
        first, lowest = self._states("0"), self._states("4")
        self._call(
            field["opening"], field["first"], field["first_levers"], first, first, first, first, first,
            field["factors"], field["past"], field["ring"],
        )  # fmt: skip
        self._handed("given", g, lambda handed, own, slots: self._copy(slots, handed, own), first)
        self._copy(sizes.states * self._vectors, first, lowest)
        running = t.integer("mul", field["integral_count"], self._vectors)
        self._clear(running, field["running"])
        t.loop(field["steps"], lambda s: self._step(g, s, lowest, running))
        odd = t.integer("and", field["steps"], 1)
        last, other = self._states(odd), self._states(t.integer("xor", odd, 1))
        # Before the last stage, which leaves its mark in the ring.
        self._handed("left", g, lambda handed, own, slots: self._copy(slots, own, handed), last)
        self._stage(field["steps"], "0", last, self._states("2"), last, last, other, field["factors"], field["ring"])
        self._snapshot(g, field["saves"])
        self._copy(sizes.states * self._vectors, lowest, self._row("lowest", g, sizes.states * self._slot))

    def _handed(self, name: str, g: str, copy: Callable[[str, str, str], None], states: str) -> None:
        """`copy(what is handed over, its own, vectors)` of the states and the ring, where anything is handed over."""
        t, field, sizes = self.t, self.field, self.sizes

        def act() -> None:
            ring = t.integer("mul", field["ring_slots"], self._vectors)
            size = t.integer("mul", t.integer("add", field["ring_slots"], sizes.states), self._slot)
            handed = self._row(name, g, size)
            copy(handed, states, str(sizes.states * self._vectors))
            copy(t.place(handed, sizes.states * self._slot), field["ring"], ring)

        t.when(t.value(f"icmp ne ptr {field[name]}, null"), act)

    def _step(self, g: str, s: str, lowest: str, running: str) -> None:
        t, field = self.t, self.field
        odd = t.integer("and", s, 1)
        y, total = self._states(odd), self._states(t.integer("xor", odd, 1))
        saving = t.value(f"icmp eq i64 {t.integer('urem', s, field['every'])}, 0")

        def stage(i: str) -> None:
            column = t.load("i64", t.place(field["columns"], t.integer("mul", i, 8)))
            factors = t.place(field["factors"], t.integer("mul", i, 16))
            start = t.value(f"icmp eq i64 {i}, 0")
            parity = t.integer("and", i, 1)
            after = self._states(t.integer("add", parity, 2))
            before = self._states(t.integer("sub", 3, parity))
            now = t.value(f"select i1 {start}, ptr {y}, ptr {before}")
            so_far = t.value(f"select i1 {start}, ptr {y}, ptr {total}")
            ring = t.place(field["ring"], t.integer("mul", i, self._slot))
            self._stage(s, column, now, after, y, so_far, total, factors, ring)
            t.when(
                t.value(f"and i1 {saving}, {start}"),
                lambda: self._snapshot(g, t.integer("udiv", s, field["every"])),
            )
            self._integrate(factors)

        t.loop(field["stages"], stage)
        self._keep_lowest(total, lowest)
        following = t.integer("urem", t.integer("add", s, 1), field["every"])
        t.when(t.value(f"icmp eq i64 {following}, 0"), lambda: self._hand_over(g, s, running))

    def _stage(
        self, s: str, column: str, now: str, after: str, y: str, total: str, total_next: str, factors: str,
        ring: str,
    ) -> None:  # fmt: skip
        t = self.t
        number = t.integer("add", t.integer("mul", s, 3), column)
        timed = self._row("timed", number, 8 * self.sizes.timed)
        levers = self._row("levers", number, 16 * self.sizes.levers)
        past = self._row("past", s, 16 * self.sizes.delays)
        for k in range(self._stage_chunks):
            self._call(f"@stage{k}", timed, levers, now, after, y, total, total_next, factors, past, ring)

    def _call(self, function: str, *rest: str) -> None:
        """Call a chunk with the group's memory and the rest of its arguments (see CHUNK)."""
        parameters, amounts, active = self._group_inputs
        given = ", ".join(f"ptr {a}" for a in (self.field["slots"], parameters, amounts, *rest))
        assert given.count("ptr") + 1 == CHUNK.count("%")
        self.t.do(f"call void {function}({given}, i64 {active})")

    # What is recorded.

    def _keep_lowest(self, now: str, lowest: str) -> None:
        t = self.t

        def each(v: str) -> None:
            offset = t.integer("mul", v, self._vector)
            values, targets = t.place(now, offset), t.place(lowest, offset)
            for i in range(self.sizes.states):
                value, target = t.load_vector(t.place(values, i * self._slot)), t.place(targets, i * self._slot)
                so_far = t.load_vector(target)
                t.store_vector(t.select(t.compare("ult", value, so_far), value, so_far), target)

        t.loop(str(self._vectors), each)

    def _gather(self, kind: str, act: Callable[[str, str], None]) -> None:
        """`act(address of the value, bytes on)` for every vector recorded as `kind`."""
        t, field = self.t, self.field

        def each(i: str) -> None:
            number = t.load("i64", t.place(field[f"{kind}_slots"], t.integer("mul", i, 8)))
            slot = t.integer("add", number, self.sizes.kept)
            source = t.place(field["slots"], t.integer("mul", slot, self._slot))
            target = t.integer("mul", i, self._slot)

            def vector(v: str) -> None:
                on = t.integer("mul", v, self._vector)
                act(t.place(source, on), t.integer("add", target, on))

            t.loop(str(self._vectors), vector)

        t.loop(field[f"{kind}_count"], each)

    def _snapshot(self, g: str, save: str) -> None:
        t, field = self.t, self.field
        number = t.integer("add", t.integer("mul", g, t.integer("add", field["saves"], 1)), save)
        target = self._row("snapshots", number, t.integer("mul", field["snapshot_count"], self._slot))
        self._gather("snapshot", lambda source, on: t.store_vector(t.load_vector(source), t.place(target, on)))

    def _integrate(self, factors: str) -> None:
        t, field = self.t, self.field
        weight = t.broadcast(t.load("double", t.place(factors, 8)))

        def add(source: str, on: str) -> None:
            target = t.place(field["running"], on)
            t.store_vector(t.fused(t.load_vector(source), weight, t.load_vector(target)), target)

        self._gather("integral", add)

    def _hand_over(self, g: str, s: str, running: str) -> None:
        t, field = self.t, self.field
        saves = t.integer("udiv", field["steps"], field["every"])
        number = t.integer("add", t.integer("mul", g, saves), t.integer("udiv", s, field["every"]))
        target = self._row("integrals", number, t.integer("mul", field["integral_count"], self._slot))
        self._copy(running, field["running"], target)
        self._clear(running, field["running"])
