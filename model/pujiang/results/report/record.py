"""The record of a run as a report gives it: facts, certificate, files, and how the evidence compares."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.results.outcomes import shown_as
from pujiang.results.report.sources import FitRow, Pack, fit_rows

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class RunPart:
    """The record of one run, its certificate, and how the evidence compares."""

    place: int
    id: str
    passed: bool
    failures: tuple[str, ...]
    step_errors: tuple[tuple[str, str, str], ...]
    conservation: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]
    ensemble: str
    members: int
    facts: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    fit: tuple[FitRow, ...]
    same_evidence: bool


def run_part(place: int, tree: "xr.DataTree", config: Mapping[str, Any], pack: Pack | None) -> RunPart:
    """The record of the run at `place`; without its evidence (`pack` is None) no fit is listed."""
    facts, certificate = tree.attrs, json.loads(str(tree.attrs.get("certificate", "{}")))
    name = Path(str(facts.get("run", f"run {place}"))).name
    ensemble = config.get("ensemble")
    kind = str(ensemble.get("kind", "")) if isinstance(ensemble, Mapping) else ""
    observations = [] if pack is None else list(pack.observations)
    return RunPart(
        place=place,
        id=name,
        passed=bool(facts.get("certificate_passed", certificate.get("passed", False))),
        failures=tuple(map(str, certificate.get("failures", ()))),
        step_errors=tuple(_step_errors(certificate.get("step_halving", {}))),
        conservation=tuple(
            (family.replace("_", " "), f"{float(residual):.1e}".replace("-", "−"))
            for family, residual in certificate.get("conservation", {}).items()
        ),
        remarks=tuple(_remarks(certificate)),
        ensemble=kind,
        members=drawn(tree),
        facts=tuple(_facts(name, facts)),
        versions=tuple((key, str(value)) for key, value in dict(facts.get("versions", {})).items()),
        files=tuple(_files(facts)),
        fit=tuple(fit_rows(tree["annual"].to_dataset(), observations)),
        same_evidence=pack is not None and pack.sha256 == facts.get("data_hash"),
    )


def drawn(tree: "xr.DataTree") -> int:
    """Members beside the central one."""
    return int(np.count_nonzero(tree["annual"].to_dataset()["member"].values))


def _step_errors(halving: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The five outcomes of the largest error: label, central member, worst member."""
    pairs = {
        name: (float(entry.get("central", np.nan)), float(entry.get("worst", np.nan)))
        if isinstance(entry, Mapping) else (float(entry), float(entry))
        for name, entry in halving.items()
    }  # fmt: skip
    largest = sorted(pairs, key=lambda name: -max(pairs[name]))[:5]
    rows = []
    for name in largest:
        central, worst = (f"{value:.1e}".replace("-", "−") for value in pairs[name])
        rows.append((shown_as(name).label, central, worst))
    return rows


def _remarks(certificate: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The other entries of a certificate: what was looked for, and the names found ("none" where none)."""
    remarks = []
    for key, words in (
        ("non_finite", "Values that are not finite"),
        ("negative_stocks", "Stocks below zero"),
        ("tables_left", "Tables left at an end"),
        ("bounds_touched", "Parameters drawn onto a bound, with the share of members"),
    ):
        found = certificate.get(key) or {}
        if isinstance(found, Mapping):
            listed = [
                f"{name} ({100 * value:.1f} %)" if key == "bounds_touched" and isinstance(value, float) else str(name)
                for name, value in sorted(found.items())
            ]
        else:
            listed = list(map(str, found))
        remarks.append((words, ", ".join(listed) or "none"))
    return remarks


def _facts(name: str, facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    commit = facts.get("commit")
    if isinstance(commit, Mapping):
        changed = ", with uncommitted changes" if commit.get("changed") else ""
        code = f"{commit.get('hash', '')}{changed}"
    else:
        code = "not recorded: an installed package"
    argv = facts.get("argv")
    made = [
        ("Run", name),
        ("Started", facts.get("started")),
        ("Finished", facts.get("finished")),
        ("Made by", f"pujiang {shlex.join(map(str, argv))}" if isinstance(argv, list) and argv else "Python"),
        ("To repeat it", f"pujiang run --from runs/{name}"),
        ("Repeats", facts.get("parent")),
        ("Members", facts.get("members")),
        ("Seed", facts.get("seed")),
        ("Fit", facts.get("fit")),
        ("Commit", code),
        ("Model hash", facts.get("model_hash")),
        ("Data hash", facts.get("data_hash")),
        ("Configuration hash", facts.get("config_hash")),
    ]
    return [(key, str(value)) for key, value in made if value not in (None, "")]


def _files(facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """SHA-256 of the files of the run, but for its figures."""
    from pujiang.results.run_folder import read_manifest

    if "run" not in facts:
        return []
    listed = read_manifest(Path(str(facts["run"])))["files"]
    return [(name, listed[name]) for name in sorted(listed) if not name.startswith("figures/")]
