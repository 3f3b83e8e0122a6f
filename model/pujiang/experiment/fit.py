"""A fit: the values a calibration found, how uncertain they are, and the files that hold both."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pujiang.engine.faults import prior_reaches
from pujiang.engine.system import System, parameter_default
from pujiang.errors import InputError
from pujiang.priors import Prior
from pujiang.reading import parse_yaml, read_text

VALUES_FILE = "fit.yaml"
FACTOR_FILE = "fit_factor.csv"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Fitted values of the uncertain parameters and the curvature around them.

    Attributes:
        values: parameter value by scalar name.
        factor: lower triangular L, in the order of `values`, with covariance L L' in units of the priors' z.
        facts: what the fit rests on (model hash, data hash, date of nothing: only what repeats).
        hash: tells it from other fits: of what its files hold; empty for one that is not written yet.
    """

    values: Mapping[str, float]
    factor: Floats
    facts: Mapping[str, Any]
    hash: str = ""


def uncertain(system: System, *, chance: bool = False) -> dict[str, Prior]:
    """The prior of every uncertain parameter by scalar name, in the program's order.

    With `chance`, of those that are left to chance instead: they are drawn and never fitted.
    """
    priors = {}
    for scalar in system.parameter_names:
        name, _, element = scalar.partition(".")
        if system.parameters[name].chance is not chance:
            continue
        prior = system.parameters[name].prior
        prior = prior.get(element) if isinstance(prior, Mapping) else prior
        if prior is not None:
            priors[scalar] = prior
    return priors


def z_bounds(system: System, priors: Mapping[str, Prior]) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the parameters in units of their priors' standard normal z."""
    low, high = [], []
    for scalar, prior in priors.items():
        bounds = system.parameters[scalar.partition(".")[0]].bounds
        assert bounds is not None
        low.append(z_at(prior, bounds[0]))
        high.append(z_at(prior, bounds[1]))
    return np.array(low), np.array(high)


def z_at(prior: Prior, bound: float) -> float:
    """The standard normal number at which a prior reaches a bound; infinite where it cannot."""
    if prior.kind != "normal" and bound <= 0:
        return -math.inf
    if prior.kind == "logitnormal" and bound >= 1:
        return math.inf
    return prior.z(bound)


def declared(system: System) -> Fit:
    """No fit at all: declared values, uncertain as their priors are."""
    priors = uncertain(system)
    values = {scalar: parameter_default(system, scalar) for scalar in priors}
    known = hash_of(json.dumps(values, sort_keys=True), "")
    return Fit(values, np.eye(len(values)), {"kind": "declared values and priors, not fitted"}, known)


def hash_of(values: str, factor: str) -> str:
    """A hash of a fit's values (as JSON) and of the text of its factor, line endings aside."""
    return hashlib.sha256(f"{values}\n{factor}".replace("\r\n", "\n").encode()).hexdigest()[:16]


def save(fit: Fit, folder: Path, stem: str = "fit") -> None:
    """Write a fit as `<stem>.yaml` and `<stem>_factor.csv`."""
    import yaml

    content = {"facts": dict(fit.facts), "values": {k: float(f"{v:.10g}") for k, v in fit.values.items()}}
    (folder / f"{stem}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    rows = (",".join(f"{x:.6g}" for x in row[: i + 1]) for i, row in enumerate(fit.factor))
    (folder / f"{stem}_factor.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


class Texts(NamedTuple):
    """What the two files of a fit hold, not yet checked; `path` is that of the values."""

    path: Path
    values: str
    factor: str


def read(path: Path) -> Texts:
    """Read a fit's files: the YAML file of its values; the factor stands beside it.

    Raises:
        InputError: if a file is missing or is no text.
    """
    factor = path.with_name(path.stem + "_factor.csv")
    try:
        return Texts(path, read_text(path), read_text(factor))
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
    return Fit(values, factor, facts, hash_of(json.dumps(known, sort_keys=True), texts.factor))


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
