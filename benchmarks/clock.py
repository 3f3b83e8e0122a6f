"""Time taken by several contestants, turn by turn, so that a busy moment of the machine hits all of them."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Times:
    """Seconds of each round: of the processor (user and system, all threads) and of the wall clock."""

    cpu: tuple[float, ...]
    wall: tuple[float, ...]

    @property
    def cpu_median(self) -> float:
        """Median processor time."""
        return float(np.median(self.cpu))

    @property
    def wall_median(self) -> float:
        """Median wall-clock time."""
        return float(np.median(self.wall))


def interleaved(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Times of every contestant over some rounds, after one warm-up."""
    for contestant in contestants.values():
        contestant()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            gc.collect()
            cpu, wall = time.process_time(), time.perf_counter()
            contestant()
            taken[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    return {name: Times(*(tuple(x) for x in zip(*rows, strict=True))) for name, rows in taken.items()}


def ratio(one: Times, other: Times) -> float:
    """Median over the rounds of the ratio of processor times: what both suffered in a round cancels."""
    return float(np.median(np.array(one.cpu) / np.array(other.cpu)))
