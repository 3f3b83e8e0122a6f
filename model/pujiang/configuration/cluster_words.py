"""Where a sweep or a study runs: what a user says of it, checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from pujiang.configuration.keys import CLUSTER
from pujiang.errors import InputError, nearest
from pujiang.experiment.cluster_options import Cluster
from pujiang.options import made, options_of, shorts
from pujiang.values import shown


def cluster_words(words: Iterable[str]) -> tuple[Cluster | None, list[str]]:
    """The cluster some words of a command line name (`cluster=tcp://host:8786 cluster.workers=4`), and the others.

    Raises:
        InputError: for a key or value that is not allowed.
    """
    given: dict[str, Any] = {}
    rest = []
    for word in words:
        key, equals, value = word.lstrip("+").partition("=")
        if not equals or key.partition(".")[0] != "cluster":
            rest.append(word)
            continue
        key = shorts(CLUSTER).get(key, key)
        if key not in CLUSTER:
            allowed = (*shorts(CLUSTER), *CLUSTER)
            raise InputError(f"{shown(key)}: unknown key; allowed: {', '.join(allowed)}{nearest(key, allowed)}")
        if key in given:
            raise InputError(f"{key}: set twice; give it once")
        given[key] = int(value) if value.isdecimal() else value
    return cluster_of({key.partition(".")[2]: value for key, value in given.items()}), rest


def cluster_of(given: Mapping[str, Any]) -> Cluster | None:
    """The cluster that an address and a number of workers name; None where neither is given.

    Raises:
        InputError: for a value that is not allowed.
    """
    found = made(Cluster, options_of(Cluster), given, lambda key: f"cluster.{key}")
    if found.address is None and found.workers is not None:
        raise InputError("cluster.workers: found without cluster=local, or cluster=ADDRESS")
    return None if found.address is None else found
