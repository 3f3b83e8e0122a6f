"""How a sweep's results lie: the dimensions of its cube, the blocks it is written in, and how many bytes it takes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.system import System
from pujiang.experiment.sweep import Block, Plan, chunk_shape
from pujiang.experiment.sweep_runs import Results

PARTS = 256
"""Parts of a sweep whose runs are reduced, at least, as far as there are blocks: enough for many workers."""
BLOCKS_IN_PART = 64
"""Blocks that are reduced together, at most."""


@dataclass(frozen=True)
class CubeLayout:
    """The cube of a sweep: every dimension's length, and the size of a block in those the points lie in."""

    sizes: Mapping[str, int]
    block: tuple[int, ...]

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        points = [self.sizes[name] for name in self._between]
        return math.prod(-(-size // length) for size, length in zip(points, self.block, strict=True))

    @property
    def _between(self) -> list[str]:
        names = [name for name in self.sizes if name not in ("member", "year")]
        return names[len(names) - len(self.block) :]


def cube_layout(plan: Plan) -> CubeLayout:
    """How a plan's results lie in the store."""
    years = plan.reference.simulation
    sizes = {
        **{name: len(values) for name, values in plan.choices},
        **plan.sizes,
        "member": plan.members,
        "year": 1 if plan.keep == "outcomes" else years.last_year - years.first_year + 1,
    }
    block = chunk_shape(list(plan.sizes.values()), len(plan.cases) * plan.members)
    return CubeLayout(sizes, tuple(block))


def blocks_in_part(plan: Plan) -> int:
    """How many blocks are noted at once: one chunk, or some that are reduced; it depends on nothing but the plan."""
    return 1 if plan.keep == "all" else min(max(1, cube_layout(plan).blocks // PARTS), BLOCKS_IN_PART)


def parts(plan: Plan) -> int:
    """Number of parts."""
    return -(-cube_layout(plan).blocks // blocks_in_part(plan))


def size_in_bytes(plan: Plan, system: System) -> int:
    """Bytes the outcomes take before they are compressed."""
    if plan.keep == "quantiles":
        return 0
    scalars = sum(len(system.scalar_names(name)) for name in plan.outcomes)
    return plan.runs * cube_layout(plan).sizes["year"] * scalars * np.dtype(plan.precision).itemsize


def cube(plan: Plan, system: System, name: str, results: Results, block: Block) -> NDArray[Any]:
    """One outcome of a block, in the dimensions of the store."""
    kept = slice(-1 if plan.keep == "outcomes" else 0, None)
    parts = [results.outcomes[scalar][..., kept] for scalar in system.scalar_names(name)]
    choices = [len(values) for _, values in plan.choices]
    shape = (*choices, *(part.stop - part.start for part in block), *parts[0].shape[2:])
    shaped = [part.reshape(shape) for part in parts]
    return shaped[0] if system.variables[name].over is None else np.stack(shaped, axis=-1)
