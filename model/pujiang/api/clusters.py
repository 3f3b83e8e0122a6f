"""Where a sweep or a study runs, as callers of the Python interface say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pujiang.configuration.cluster_words import cluster_of
from pujiang.experiment.cluster import connected

if TYPE_CHECKING:
    from distributed import Client


@contextmanager
def workers_of(cluster: Any, workers: int | None = None) -> "Iterator[Client | None]":
    """A client of the cluster that is named: None for this process.

    Args:
        cluster: "local", the address of a scheduler, its file, a `distributed.Client`, or a `Cluster`.
        workers: see `Cluster`.

    Raises:
        InputError: if there is no such cluster.
    """
    if cluster is None or isinstance(cluster, str):
        cluster = cluster_of({"address": cluster, "workers": workers})
    if cluster is None:
        yield None
        return
    with connected(cluster) as client:
        yield client
