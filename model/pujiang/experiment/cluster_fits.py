"""Fits on the workers of a cluster: the points of one fit shared out, or a fit a task."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pujiang.experiment.calibrate import Problem
from pujiang.experiment.cluster import each, one_thread, sent, threads_of
from pujiang.experiment.fit import Floats
from pujiang.experiment.hindcast import Vintage
from pujiang.experiment.hindcasts import Refits, Step, Tasks, Vintages

if TYPE_CHECKING:
    from distributed import Client

LEAST = 16
"""Points worth sending: fewer are run here sooner than they arrive."""


def points_shared_out(client: "Client", task: Problem) -> Problem:
    """A problem whose points are run by the workers, to the same bits: searches and chains are made of nothing else."""
    theirs = sent(client, replace(task, engine=one_thread(task.engine)))

    def evaluate(own: Problem, z: Floats) -> Floats:
        count = min(threads_of(client), z.shape[1] // LEAST)
        if count < 2:
            return task.evaluate(own, z)
        pieces = enumerate(np.array_split(z, count, axis=1))
        found = {place: misfits for (place, _), misfits in each(client, _misfits, theirs, pieces)}
        return np.concatenate([found[place] for place in range(count)], axis=1)

    return replace(task, evaluate=evaluate)


def _misfits(task: Problem, piece: tuple[int, Floats]) -> Floats:
    return task.misfits(piece[1])


def vintages_shared_out(client: "Client") -> Refits:
    """Refits of a hindcast, a task each, in any order. Workers make the problems anew, which are large."""

    def refits(of: Vintages, tasks: Tasks, tell: object) -> Iterator[tuple[Step, Vintage]]:
        yield from each(client, _refitted, of, tasks)

    return refits


def _refitted(of: Vintages, step: Step) -> Vintage:
    task = of.problem(step)
    return of.refit(replace(task, engine=one_thread(task.engine)), step)
