"""A calibration on its way: the fit and the chains so far, so that one that was interrupted goes on."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from pujiang.experiment.calibrate import Calibration, Problem, all_residuals
from pujiang.experiment.fit import Fit
from pujiang.experiment.posterior import Walk
from pujiang.reading import damaged, read_bytes, read_json
from pujiang.results.record import UNFINISHED

CONFIG = "config.yaml"
FOUND, FACTOR, CHAINS = "fit.json", "factor.npy", "chains.npz"


def can_be_resumed(partial: Path) -> bool:
    """Whether the folder holds a fit to go on from."""
    return (partial / UNFINISHED / FOUND).is_file()


def keep_fit(partial: Path, found: Calibration, config_yaml: str) -> None:
    """Keep what the search found, and the configuration it was found with."""
    own = {key: value for key, value in asdict(found).items() if key not in ("fit", "comparisons")}
    content = {**own, "values": dict(found.fit.values), "facts": dict(found.fit.facts)}
    (partial / CONFIG).write_text(config_yaml, encoding="utf-8", newline="\n")
    put(partial, FACTOR, _bytes_of(found.fit.factor))
    # In its own order, which is that of the factor. Last: it says that the rest is there.
    put(partial, FOUND, json.dumps(content).encode())


def read_fit(partial: Path, task: Problem) -> Calibration | None:
    """What the search found, of the problem it was found for; None where it has not come so far.

    Raises:
        InputError: where a file is damaged, or the model or the data are others by now.
    """
    if not can_be_resumed(partial):
        return None
    file = partial / UNFINISHED / FOUND
    content = read_json(file)
    with damaged(f"'{file}' is damaged"):
        facts: dict[str, Any] = content["facts"]
        if (facts["model_hash"], facts["data_hash"]) != (task.system.hash, task.evidence.sha256):
            raise ValueError("it belongs to another model or other data; start the calibration anew")
        factor = np.load(io.BytesIO(read_bytes(partial / UNFINISHED / FACTOR)), allow_pickle=False)
        fit = Fit({str(k): float(v) for k, v in content["values"].items()}, factor, facts)
        rest = {key: content[key] for key in ("cost", "iterations", "converged")}
        return Calibration(fit, **rest, comparisons=all_residuals(task, fit), at_bounds=tuple(content["at_bounds"]))


def keep_chains(partial: Path, chains: Walk) -> None:
    """Keep where chains stand, and where they have been."""
    parts = {"normals": chains.normals, "points": chains.points, "weights": chains.weights, "seed": chains.seed}
    parts |= {"taken": np.stack(chains.taken), "tried": np.stack(chains.tried)}
    text = io.BytesIO()
    np.savez(text, **parts)  # type: ignore[arg-type]
    put(partial, CHAINS, text.getvalue())


def read_chains(partial: Path) -> Walk | None:
    """The chains as they were kept last; None where they were not."""
    file = partial / UNFINISHED / CHAINS
    if not file.is_file():
        return None
    with damaged(f"'{file}' is damaged"), np.load(io.BytesIO(read_bytes(file)), allow_pickle=False) as kept:
        taken, tried = list(kept["taken"]), list(kept["tried"])
        return Walk(int(kept["seed"]), kept["normals"], kept["points"], kept["weights"], taken, tried)


def _bytes_of(array: Any) -> bytes:
    text = io.BytesIO()
    np.save(text, array, allow_pickle=False)
    return text.getvalue()


def put(partial: Path, name: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    folder = partial / UNFINISHED
    folder.mkdir(exist_ok=True)
    waiting = folder / f"{name}.waiting"
    waiting.write_bytes(content)
    waiting.replace(folder / name)
