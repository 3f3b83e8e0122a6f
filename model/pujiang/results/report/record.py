"""The record of a run as a report gives it: facts, certificate, files, and how the evidence compares."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pujiang.evidence import Evidence
from pujiang.results.record import certificate_in
from pujiang.results.report.sources import FitRow, fit_rows
from pujiang.results.summary import ensemble_size
from pujiang.results.words import Words

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


def run_part(
    place: int, tree: "xr.DataTree", config: Mapping[str, Any], evidence: Evidence | None, say: Words
) -> RunPart:
    """The record of the run at `place`; without its evidence no fit is listed."""
    facts, certificate = tree.attrs, certificate_in(tree.attrs)
    name = Path(str(facts.get("run", f"run {place}"))).name
    ensemble = config.get("ensemble")
    kind = str(ensemble.get("kind", "")) if isinstance(ensemble, Mapping) else ""
    observations = () if evidence is None else evidence.observations
    return RunPart(
        place=place,
        id=name,
        passed=bool(facts.get("certificate_passed", certificate.get("passed", False))),
        failures=tuple(map(str, certificate.get("failures", ()))),
        step_errors=tuple(_step_errors(certificate.get("step_halving", {}), say)),
        conservation=tuple(
            (family.replace("_", " "), f"{float(residual):.1e}".replace("-", "−"))
            for family, residual in certificate.get("conservation", {}).items()
        ),
        remarks=tuple(_remarks(certificate, say)),
        ensemble=kind,
        members=ensemble_size(tree["annual"].to_dataset()["member"].values),
        facts=tuple(_facts(name, facts, say)),
        versions=tuple((key, str(value)) for key, value in dict(facts.get("versions", {})).items()),
        files=tuple(_files(facts)),
        fit=tuple(fit_rows(tree["annual"].to_dataset(), observations, say)),
        same_evidence=evidence is not None and evidence.sha256 == facts.get("data_hash"),
    )


def _step_errors(halving: Mapping[str, Any], say: Words) -> list[tuple[str, str, str]]:
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
        rows.append((say.outcome(name).label, central, worst))
    return rows


def _remarks(certificate: Mapping[str, Any], say: Words) -> list[tuple[str, str]]:
    """The other entries of a certificate: what was looked for, and the names found ("none" where there are none)."""
    remarks = []
    for key, words in (
        ("non_finite", say("Values that are not finite")),
        ("negative_stocks", say("Stocks below zero")),
        ("tables_left", say("Tables left at an end")),
        ("bounds_touched", say("Parameters drawn onto a bound, with the share of members")),
    ):
        found = certificate.get(key) or {}
        if isinstance(found, Mapping):
            listed = [
                f"{name} ({100 * value:.1f} %)" if key == "bounds_touched" and isinstance(value, float) else str(name)
                for name, value in sorted(found.items())
            ]
        else:
            listed = list(map(str, found))
        remarks.append((words, ", ".join(listed) or say("none")))
    return remarks


def _facts(name: str, facts: Mapping[Any, Any], say: Words) -> list[tuple[str, str]]:
    commit = facts.get("commit")
    if isinstance(commit, Mapping):
        code = str(commit.get("hash", ""))
        code = say("{commit}, with uncommitted changes", commit=code) if commit.get("changed") else code
    else:
        code = say("not recorded: an installed package")
    made = [
        (say("Run"), name),
        (say("Started"), facts.get("started")),
        (say("Finished"), facts.get("finished")),
        (say("Made by"), made_by(facts)),
        (say("To repeat it"), f"pujiang run --from runs/{name}"),
        (say("Repeats"), facts.get("parent")),
        (say("Members"), facts.get("members")),
        (say("Seed"), facts.get("seed")),
        (say("Fit"), facts.get("fit")),
        (say("Of the fit"), facts.get("fit_note")),
        (say("Commit"), code),
        (say("Model hash"), facts.get("model_hash")),
        (say("Data hash"), facts.get("data_hash")),
        (say("Configuration hash"), facts.get("config_hash")),
    ]
    return [(key, str(value)) for key, value in made if value not in (None, "")]


def made_by(facts: Mapping[Any, Any]) -> str:
    """The command that made a run; Python where there was none."""
    argv = facts.get("argv")
    return f"pujiang {shlex.join(map(str, argv))}" if isinstance(argv, list) and argv else "Python"


def _files(facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """SHA-256 of the files of the run, but for its figures."""
    from pujiang.results.run_folder import read_manifest

    if "run" not in facts:
        return []
    listed = read_manifest(Path(str(facts["run"])))["files"]
    return [(name, listed[name]) for name in sorted(listed) if not name.startswith("figures/")]
