"""Tasks on the workers of a dask cluster, anybody's, used as it is.

Few tasks are with the scheduler at a time, however many there are; what they share is sent once to a worker; a
worker that dies costs its tasks another start. Nothing is known here of what the tasks do.
"""

import io
import logging
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from pujiang.declare import Equated
from pujiang.engine.batch import Engine
from pujiang.errors import InputError
from pujiang.experiment.cluster_options import Cluster
from pujiang.experiment.sweep import Block
from pujiang.experiment.sweep_runs import Results, Runner, in_turn
from pujiang.values import shown

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")
Shared = TypeVar("Shared")

LOCAL = "local"

AHEAD = 2
"""Tasks with the scheduler for each thread of the workers: one runs, one waits."""

DEATHS = 3
"""How often a task may outlive the scheduler's patience: each time several workers died at it."""

UNWATCHED = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
}
"""Of worker processes that are started here: what dask does to watch them costs more than sharing the work out."""

PATIENCE = 300.0
"""Seconds the first worker is waited for."""


class ClusterLostError(InputError):
    """The scheduler is gone, and with it what was going on."""


@contextmanager
def connected(to: "Cluster | Client") -> "Iterator[Client]":
    """A client of a cluster: a caller's own is left as it is, one that is made here is closed.

    Raises:
        InputError: if dask is not installed, there is no such scheduler, or no worker comes.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise InputError(
            f"cluster: needs dask, which is not installed ({error}): pip install 'pujiang[cluster]'"
        ) from None
    if isinstance(to, Client):
        yield to
        return
    if not isinstance(to, Cluster) or to.address is None:
        raise InputError(f"cluster: found {shown(to)}, allowed: {LOCAL}, an address, a file, or a distributed.Client")
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        try:
            if to.address == LOCAL:
                from pujiang.engine.kernel.runs import available_threads

                count = to.workers or available_threads()
                stack.enter_context(dask.config.set(UNWATCHED))
                place: Any = stack.enter_context(
                    LocalCluster(
                        n_workers=count,
                        threads_per_worker=max(1, available_threads() // count),
                        host="127.0.0.1",
                        dashboard_address="127.0.0.1:0",  # a port that is free
                        silence_logs=logging.CRITICAL,
                    )
                )
                client = stack.enter_context(Client(place, direct_to_workers=True))
            else:
                client = stack.enter_context(Client(**_named(to.address), direct_to_workers=True))
            client.wait_for_workers(to.workers or 1, timeout=PATIENCE)
        except InputError:
            raise
        except (OSError, TimeoutError, ValueError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise InputError(f"cluster: '{to.address}' cannot be used: {reason}") from error
        yield client


def _named(address: str) -> dict[str, str]:
    if Path(address).is_file():
        return {"scheduler_file": address}
    if "://" not in address:
        raise InputError(
            f"cluster: found '{address}', allowed: {LOCAL}, the address of a scheduler (tcp://HOST:8786), or its file"
        )
    return {"address": address}


@contextmanager
def _quiet() -> Iterator[None]:
    """A lost worker or scheduler is told in one line, not in dask's many."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def each(
    client: "Client",
    task: Callable[[Shared, Item], Result],
    shared: "Shared | Future[Shared]",
    items: Iterable[Item],
    direct: bool | None = False,
) -> Iterator[tuple[Item, Result]]:
    """`task(shared, item)` for every item, on the workers; each item with its result as it is done, in any order.

    Args:
        task: a function of a module that the workers have. It may be started twice for one item.
        shared: what all tasks need, or what `sent` made of it; a worker gets it once, and no task must change it.
        items: drawn as there is room for them, so that there may be any number.
        direct: whether results, where they are large, come from the workers and not by way of the scheduler; None: as
            the client has it.

    Raises:
        ClusterLostError: if the scheduler is gone.
        InputError: if an item kills every worker that takes it.
        Exception: what a task raised.
    """
    from distributed import CancelledError, Future, KilledWorker, as_completed

    name = f"pujiang-{uuid4().hex[:12]}"
    setup = shared if isinstance(shared, Future) else sent(client, shared)
    waiting, number = iter(items), 0
    going: dict[Any, tuple[Item, int]] = {}
    done = as_completed(raise_errors=False)
    failed: Any = None

    def send(item: Item, deaths: int = 0) -> None:
        nonlocal number
        number += 1
        future = client.submit(task, setup, item, key=f"{name}-{number}", pure=False)
        going[future] = (item, deaths)
        done.add(future)

    try:
        room, asked = AHEAD * threads_of(client), time.monotonic()
        for item in islice(waiting, room):
            send(item)
        while going:
            future = next(done)
            item, deaths = going.pop(future)
            if future.status == "finished":
                yield item, client.gather(future, direct=direct)
            elif future.status == "error":
                failed = future.exception()
                if not isinstance(failed, KilledWorker):
                    raise failed
                if deaths == DEATHS:
                    raise InputError(
                        "cluster: a task was given up: each worker that took it died; had it too little memory?"
                    )
                send(item, deaths + 1)
            elif future.status in (
                "lost",
                "pending",
            ):  # its worker died before the result was fetched: it is made again
                going[future] = (item, deaths)
                done.add(future)
            else:
                raise ClusterLostError("cluster: the scheduler is lost")
            if time.monotonic() > asked + 5:  # workers come and go
                room, asked = AHEAD * threads_of(client), time.monotonic()
            for item in islice(waiting, max(0, room - len(going))):
                send(item)
    except (OSError, TimeoutError, CancelledError) as error:
        if error is failed:
            raise
        raise ClusterLostError("cluster: the scheduler is lost") from error
    finally:
        if client.status == "running":
            client.cancel(list(going) if setup is shared else [setup, *going], force=True)


def sent(client: "Client", shared: Shared) -> "Future[Shared]":
    """What the tasks of several calls of `each` share, on its way to the workers; it is theirs while this is kept."""
    from importlib.metadata import version

    content = _pickled((version("pujiang"), shared))
    return client.submit(_received, content, key=f"pujiang-{uuid4().hex[:12]}-setup", pure=False)


def threads_of(client: "Client") -> int:
    """Threads of all workers there are now, one at least."""
    return max(1, sum(map(int, client.nthreads().values())))


class _Pickler(pickle.Pickler):
    """Equations stay here: a worker runs the program that was made of them, and need not have the project."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Equated) and value.equation is not None:
            return replace(value, equation=None).__reduce__()
        return NotImplemented


def _pickled(shared: Any) -> bytes:
    content = io.BytesIO()
    _Pickler(content).dump(shared)
    return content.getvalue()


def _received(content: bytes) -> Any:
    """What the tasks share, on a worker."""
    from importlib.metadata import version

    theirs, shared = pickle.loads(content)
    if theirs != version("pujiang"):
        raise InputError(f"cluster: a worker has pujiang {version('pujiang')}, here it is {theirs}")
    return shared


# --- runs -----------------------------------------------------------------------------------------------------


def on_one_thread(run: Runner) -> Runner:
    """A runner as a task needs it: a worker has as many tasks as threads, so each runs on one; nothing is told."""
    return replace(run, engine=one_thread(run.engine), simulate=in_turn, progress=_silent)


def one_thread(engine: Engine) -> Engine:
    """An engine that leaves the other threads to others."""
    from pujiang.engine import kernel

    return partial(kernel.run, threads=1) if engine is kernel.run else engine


def _silent(done: int, of: int) -> None:
    pass


def shared_out(client: "Client") -> Callable[[Runner, Iterable[Block]], Iterator[tuple[Block, Results]]]:
    """A `Runner.simulate` that has the workers run the blocks; they come back in any order."""

    def simulate(run: Runner, blocks: Iterable[Block]) -> Iterator[tuple[Block, Results]]:
        yield from each(client, _simulated, on_one_thread(run), blocks, direct=None)

    return simulate


def _simulated(run: Runner, block: Block) -> Results:
    ((_, results),) = in_turn(run, [block])
    return results
