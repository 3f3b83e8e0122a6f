"""What a reader of a comparison must know before any number, or should: other models, draws, failed runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pujiang.results.compare import inputs
from pujiang.results.compare.aligned import Aligned
from pujiang.results.compare.cases import ComparedRun
from pujiang.results.record import certificate_in
from pujiang.results.summary import ensemble_size
from pujiang.results.words import Message


@dataclass(frozen=True)
class Note(Message):
    """What a reader must know before any number (a warning, or a failed run), or should (what is compared)."""

    kind: Literal["warning", "failed", "differences", "runs"] = "warning"


def notes_of(sources: Sequence[ComparedRun], aligned: Aligned, reason: Message | None) -> tuple[Note, ...]:
    """The notes of a comparison of some runs; `reason`: why their members are not shared, where they are not."""
    return (
        *(Note(line.text, line.values) for line in inputs.warnings_of(sources)),
        _differences(reason, aligned),
        *(
            Note("{run} FAILED ITS CERTIFICATE: do not use its numbers.", {"run": source.name}, "failed")
            for source in sources
            if not _passed(source)
        ),
        *_where(sources),
    )


def _differences(reason: Message | None, aligned: Aligned) -> Note:
    if reason is not None:
        return Note(
            "Members are NOT shared: {reason}. Differences from the reference are of medians and have no bands.",
            {"reason": reason},
        )
    reference, members = aligned.cases[0].label, ensemble_size(aligned.cases[0].members)
    if not members:
        return Note("Differences from {reference}, over the central member.", {"reference": reference}, "differences")
    return Note(
        "Differences from {reference}, over {members:,} shared members, each with itself.",
        {"reference": reference, "members": members},
        "differences",
    )


def _where(sources: Sequence[ComparedRun]) -> list[Note]:
    if len(sources) < 2 or not all(source.path for source in sources):
        return []
    listed = ", ".join(f"{source.name} = {Path(source.path).name}" for source in sources)
    return [Note("Runs: {runs}.", {"runs": listed}, "runs")]


def _passed(source: ComparedRun) -> bool:
    """Whether the run passed its certificate: by its manifest or, before it has one, its certificate."""
    certificate = certificate_in(source.facts, source.name)
    return bool(source.facts.get("certificate_passed", certificate.get("passed", True)))
