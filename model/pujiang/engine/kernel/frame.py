"""What a kernel is given and where it keeps things: the table of fields, and the memory of a group of runs."""

from dataclasses import dataclass

from pujiang.engine.kernel.plan import KernelPlan

FRAME_FIELDS = (
    "opening",  # address of the function that starts a group
    "groups", "vectors", "steps", "stages", "every", "saves",
    "columns",  # (stage,) which input column each stage reads
    "factors",  # (stage, 2) reach to the next stage and weight, both times dt
    "parameters",  # (group, parameter, lane)
    "amounts",  # (group, lever, lane)
    "timed",  # (steps + 1, 3, timed line)
    "levers",  # (steps + 1, 3, lever, 2) offset, slope
    "first", "first_levers",  # time and series, and levers, at the opening
    "given", "left",  # (group, state and ring slot, lane) what runs go on from, and where they end; or nothing
    "ring_slots",
    "past",  # (steps + 1, delay, 2) where in the ring a delay stands, in bytes; 1 once it has run its length
    "ring", "states", "slots", "running",  # scratch
    "snapshot_count", "snapshot_slots", "integral_count", "integral_slots",
    "snapshots",  # (group, save + 1, snapshot, lane)
    "integrals",  # (group, save, integral, lane)
    "lowest",  # (group, state, lane)
)  # fmt: skip
"""What the kernel reads, one 64-bit field each: a number, or the address of an array."""

FRAME_NUMBERS = frozenset(
    {"groups", "vectors", "steps", "stages", "every", "saves", "snapshot_count", "integral_count", "ring_slots"}
)
"""The fields that are numbers."""

CHUNK = (
    "ptr noalias %slots, ptr noalias %parameters, ptr noalias %amounts, ptr noalias %timed, ptr noalias %levers, "
    "ptr %now, ptr noalias %next, ptr %y, ptr %sum, ptr %sum_next, ptr %factors, ptr %past, ptr noalias %ring, "
    "i64 %vectors"
)
"""The arguments of every chunk: where it reads and writes, and how many vectors of the group are in use."""


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


def layout(plan: KernelPlan, lanes: int) -> Layout:
    """The memory a group of `lanes` runs needs."""
    program = plan.program
    return Layout(
        lanes, len(program.states), len(program.parameters), len(program.levers), len(plan.timed),
        len(program.delays), len(plan.kept), len(plan.observed), max(plan.opening.slots, plan.stage.slots),
    )  # fmt: skip
