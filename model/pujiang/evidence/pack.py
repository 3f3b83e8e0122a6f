"""The data pack: the files of a folder, or of a user's folder laid over another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from pujiang.errors import InputError, nearest
from pujiang.evidence.inputs import InputSeries, read_inputs
from pujiang.evidence.observations import Observation, read_observations
from pujiang.evidence.sources import Figure, Source, Trap, read_figures, read_sources, read_traps
from pujiang.reading import read_bytes

MOST_BYTES = 20_000_000
"""Of a file of evidence; all that is known of a city takes a hundredth of it."""

FILES = ("observations.csv", "inputs.csv", "figures.csv", "sources.csv", "traps.yaml")


@dataclass(frozen=True)
class Evidence:
    """All the model is driven by and held against.

    `files` says where each was read, by name; `sha256` is a hash of the contents of all of them, the same
    wherever they lie.
    """

    observations: tuple[Observation, ...]
    inputs: Mapping[str, InputSeries]
    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    traps: Mapping[str, Trap]
    files: Mapping[str, Path]
    sha256: str


NO_EVIDENCE = Evidence((), {}, {}, {}, {}, {}, hashlib.sha256().hexdigest())
"""That of a model without data."""


def load(folder: str | Path, beneath: Path | None = None) -> Evidence:
    """Read and check the data pack.

    Args:
        folder: holds any of `FILES`, each of which takes the place of the file of that name in `beneath`.
        beneath: a folder that holds all of them; without it, `folder` must.

    A pack that was read before is read again but checked once, until a file of it changes.

    Raises:
        InputError: one line, for a folder or file that is not as it should be.
    """
    return _checked(tuple((name, path, _read(path)) for name, path in _paths(Path(folder), beneath).items()))


@lru_cache(maxsize=8)
def _checked(files: tuple[tuple[str, Path, bytes], ...]) -> Evidence:
    where = {name: (str(path), content) for name, path, content in files}

    def of(name: str) -> tuple[str, bytes]:
        return where[name]

    sources = read_sources(*of("sources.csv"))
    figures = read_figures(*of("figures.csv"), source_ids=sources)
    traps = read_traps(*of("traps.yaml"))
    citable = figures.keys() | sources.keys()
    return Evidence(
        observations=read_observations(*of("observations.csv"), citable=citable, trap_ids=traps),
        inputs=read_inputs(*of("inputs.csv"), citable=citable),
        figures=figures,
        sources=sources,
        traps=traps,
        files={name: path for name, path, _ in files},
        sha256=_hash({name: content for name, _, content in files}),
    )


def _paths(folder: Path, beneath: Path | None) -> dict[str, Path]:
    """Where each file is read: in the folder, or in the one beneath where the folder has none."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        siblings = [path.name for path in folder.parent.glob("*/")] if folder.parent.is_dir() else []
        hint = nearest(folder.name, siblings)
        raise InputError(f"evidence folder '{folder}': found {found}; allowed: an existing folder{hint}")
    present = sorted(path.name for path in folder.iterdir())
    missing = [name for name in FILES if name not in present]
    for name in present:
        # Read past silently, a misspelt name would leave the data beneath in force.
        meant = get_close_matches(name.lower(), missing, n=1, cutoff=0.8)
        if meant and name not in FILES:
            raise InputError(f"evidence folder '{folder}': found '{name}'; did you mean '{meant[0]}'?")
    if len(missing) == len(FILES):
        raise InputError(f"evidence folder '{folder}': found no data file; allowed: {', '.join(FILES)}")
    if missing and beneath is None:
        raise InputError(f"evidence folder '{folder}': '{missing[0]}' is missing; needs {', '.join(FILES)}")
    return {name: (beneath if beneath is not None and name in missing else folder) / name for name in FILES}


def _read(path: Path) -> bytes:
    return read_bytes(path, MOST_BYTES)


def _hash(content: Mapping[str, bytes]) -> str:
    """Over names and contents; line endings are made equal, because version control may change them."""
    digest = hashlib.sha256()
    for name in FILES:
        text = content[name].replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()
