"""Where a sweep or a study runs, as a user says it."""

from dataclasses import dataclass

from pujiang.options import option


@dataclass(frozen=True)
class Cluster:
    """Where a sweep or a study runs; nothing of it shows in what it finds."""

    address: str | None = option(
        None, kind="name of a file", short=True,
        allowed="local, tcp://HOST:PORT, or a scheduler file",
        doc="the dask scheduler whose workers run it; by default this process does",
    )  # fmt: skip
    workers: int | None = option(
        None, low=1, high=100_000,
        doc="local: worker processes, by default one a processor; else the workers that are waited for",
    )  # fmt: skip
