"""The files of a fit: its values, its factor, and its draws of the posterior."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pujiang.engine.faults import prior_reaches
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.fit import Fit, Floats, declared, hash_of, uncertain
from pujiang.reading import parse_yaml, read_bytes, read_text

VALUES_FILE = "fit.yaml"
FACTOR_FILE = "fit_factor.csv"
DRAWS_FILE = "fit_draws.npy"


def save(fit: Fit, folder: Path, stem: str = "fit") -> None:
    """Write a fit as `<stem>.yaml`, `<stem>_factor.csv` and, where it has draws, `<stem>_draws.npy`."""
    import yaml

    content = {"facts": dict(fit.facts), "values": {k: float(f"{v:.10g}") for k, v in fit.values.items()}}
    (folder / f"{stem}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    rows = (",".join(f"{x:.6g}" for x in row[: i + 1]) for i, row in enumerate(fit.factor))
    (folder / f"{stem}_factor.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    if fit.draws:
        # Seven digits: far more than the draws know, and half the room.
        drawn = np.array([fit.draws[name] for name in fit.values], dtype=np.float32)
        np.save(folder / f"{stem}_draws.npy", np.ascontiguousarray(drawn.T), allow_pickle=False)


class Texts(NamedTuple):
    """What the files of a fit hold, not yet checked; `path` is that of the values; no draws are b""."""

    path: Path
    values: str
    factor: str
    draws: bytes = b""


def read(path: Path) -> Texts:
    """Read a fit's files: the YAML file of its values; the factor stands beside it, and draws may.

    Raises:
        InputError: if a file is missing or is no text.
    """
    factor, draws = (path.with_name(f"{path.stem}_{end}") for end in ("factor.csv", "draws.npy"))
    try:
        drawn = read_bytes(draws) if draws.is_file() else b""
        return Texts(path, read_text(path), read_text(factor), drawn)
    except InputError as error:
        raise InputError(f"fit: {error}") from None


def load(texts: Texts, system: System) -> Fit:
    """Check what was read and bring it into the order of a system.

    Parameters the fit does not know keep their declared value and prior; those the system does not have are
    left out. So a fit of the core serves a larger model.

    Raises:
        InputError: if a file is damaged.
    """
    try:
        content = parse_yaml(texts.values, "fit.yaml")[1]
        known = {str(k): float(v) for k, v in content["values"].items()}
        rows = [np.array(r.split(","), dtype=float) for r in texts.factor.split()]
        if [len(row) for row in rows] != list(range(1, len(known) + 1)):
            raise ValueError("its rows do not form a triangle of the size of the fit")
        priors = uncertain(system)
        wrong = [name for name, v in known.items() if name in priors and not prior_reaches(priors[name], v)]
        if wrong:
            raise ValueError(f"{wrong[0]} is {known[wrong[0]]:g}, which its prior cannot give")
        if not all(np.isfinite(row).all() for row in rows):
            raise ValueError("its factor holds what is not a finite number")
        values, factor = _aligned(known, rows, system)
        facts = content.get("facts") or {}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"fit: {texts.path} or {texts.path.stem}_factor.csv is damaged: {reason}") from None
    _refuse_out_of_bounds(texts.path, values, system)
    draws = _drawn(texts, list(known), system)
    return Fit(values, factor, facts, draws, hash_of(json.dumps(known, sort_keys=True), texts.factor, texts.draws))


def _drawn(texts: Texts, names: list[str], system: System) -> dict[str, Floats]:
    """The draws of the parameters a system has."""
    if not texts.draws:
        return {}
    name = f"{texts.path.parent / texts.path.stem}_draws.npy"
    try:
        drawn = np.load(io.BytesIO(texts.draws), allow_pickle=False)
        if drawn.ndim != 2 or drawn.dtype.kind != "f" or drawn.shape[1] != len(names) or not len(drawn):
            raise ValueError(f"found {drawn.dtype} {drawn.shape}, needs a column for each of {len(names)} parameters")
        if not np.isfinite(drawn).all():
            raise ValueError("it holds what is not a finite number")
    except (ValueError, EOFError, OSError) as error:
        raise InputError(f"fit: {name} is damaged: {' '.join(str(error).split())}") from None
    found, known = {}, uncertain(system)
    for scalar, column in zip(names, drawn.T.astype(np.float64), strict=True):
        bounds = system.parameters[scalar.partition(".")[0]].bounds if scalar in known else None
        if bounds is not None:
            # Rounded to seven digits, a draw near a bound may have come to lie beyond it.
            found[scalar] = np.clip(column, *bounds)
    return found


def _refuse_out_of_bounds(path: Path, values: Mapping[str, float], system: System) -> None:
    for scalar, value in values.items():
        bounds = system.parameters[scalar.partition(".")[0]].bounds
        assert bounds is not None
        slack = 1e-9 * max(map(abs, bounds))  # a value on its bound was written with ten digits
        if not bounds[0] - slack <= value <= bounds[1] + slack:
            raise InputError(f"fit: {path}: {scalar} is {value:.10g}, allowed from {bounds[0]:g} to {bounds[1]:g}")


def _aligned(known: Mapping[str, float], rows: list[Floats], system: System) -> tuple[Mapping[str, float], Floats]:
    """Values and factor in the order of a system."""
    base = declared(system)
    names = list(base.values)
    factor = np.zeros((len(known), len(known)))
    for i, row in enumerate(rows):
        factor[i, : i + 1] = row
    if list(known) == names:  # made for this very system: nothing to bring into order
        return dict(known), factor
    covariance = factor @ factor.T
    at = {name: i for i, name in enumerate(known)}
    out = np.eye(len(names))
    common = [(i, at[name]) for i, name in enumerate(names) if name in at]
    if common:
        ours, theirs = (np.array(side) for side in zip(*common, strict=True))
        out[np.ix_(ours, ours)] = covariance[np.ix_(theirs, theirs)]
    values = {name: known.get(name, value) for name, value in base.values.items()}
    return values, np.asarray(np.linalg.cholesky(out), dtype=np.float64)
