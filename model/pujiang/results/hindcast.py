"""The record of a hindcast: every forecast and its score, what they come to, the sizes of errors, and figures."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pujiang.experiment.calibrate import ROLES
from pujiang.experiment.discrepancy import FILE as SIZES
from pujiang.experiment.discrepancy import as_csv
from pujiang.experiment.hindcasts import Findings
from pujiang.experiment.scenario import RunConfig
from pujiang.experiment.scores import LEVELS, Record, Score, record, records
from pujiang.experiment.track_record import COLUMNS
from pujiang.presentation import OVERALL
from pujiang.results import run_folder
from pujiang.results.calibration import write_rows

RECORDS, HORIZONS = "records.csv", "horizons.csv"
SCORED_COLUMNS = (
    "series", "outcome", "role", "cutoff", "inputs", "year", "horizon", "observed", "median", "error", "crps", "pit",
    *(f"covered_{level:.0%}" for level in LEVELS), *(f"width_{level:.0%}" for level in LEVELS), "parameters_alone",
)  # fmt: skip
RECORD_COLUMNS = (
    "points", *(f"coverage_{level:.0%}" for level in LEVELS), "parameters_alone", "width_80%", "absolute_error", "bias",
    "crps", "best_naive", "skill", "theil_u",
)  # fmt: skip


def finish(partial: Path, found: Findings, config: RunConfig, facts: Mapping[str, Any] | None = None) -> Path:
    """Put a hindcast into a folder under construction and make it a run; its path."""
    (partial / "config.yaml").write_text(config.as_yaml(), encoding="utf-8", newline="\n")
    write_hindcast(partial, found)
    known = {"kind": "hindcast", "model_hash": found.system.hash, "data_hash": found.data_hash}
    return run_folder.finish(partial, {**known, "seed": config.ensemble.seed, **(facts or {})})


def write_hindcast(partial: Path, found: Findings) -> None:
    """Put the files of a hindcast into a folder: scores.csv (every forecast), records.csv (by series; of priors
    widened, and of errors sized by others, beside it), horizons.csv, discrepancy.csv, and figures."""
    write_rows(partial / "scores.csv", SCORED_COLUMNS, map(_scored, found.scores))
    kinds = {"as it is": found.scores, "priors widened": found.widened, "errors sized by others": found.left_out}
    write_rows(
        partial / RECORDS,
        ("kind", "inputs", "series", "outcome", "role", *RECORD_COLUMNS),
        ((kind, *key, *_cells(each)) for kind, scores in kinds.items() for key, each in by_series(scores).items()),
    )
    write_rows(
        partial / HORIZONS,
        ("kind", "inputs", "years_ahead", *RECORD_COLUMNS),
        ((kind, *key, *_cells(each)) for kind, scores in kinds.items() for key, each in by_horizon(scores).items()),
    )
    (partial / SIZES).write_text(as_csv(found.sizes), encoding="utf-8", newline="\n")
    from pujiang.results.figures.hindcast import write_hindcast_figures

    write_hindcast_figures(partial / "figures", found)


def track_record_csv(scores: Sequence[Score]) -> str:
    """The file of a hindcast's scores: one row an outcome, of its fitted series with most points, and one of all."""
    foreseen = [score for score in scores if score.inputs == "foreseen"]
    groups: dict[tuple[str, str], list[Score]] = {}
    for score in foreseen:
        groups.setdefault((str(score.observation.outcome), score.observation.series), []).append(score)
    best: dict[str, tuple[str, list[Score]]] = {
        OVERALL: ("", [score for score in foreseen if score.observation.role in ROLES])
    }
    for (outcome, series), own in groups.items():
        if outcome not in best or _weight(own) > _weight(best[outcome][1]):
            best[outcome] = (series, own)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outcome, (series, own) in sorted(best.items()):
        of = record(own)
        skill = f"{of.skill:.3f}" if of.skill == of.skill else ""
        ahead = max(score.horizon for score in own)
        row = (outcome, series, of.points, f"{of.coverage[1]:.3f}", f"{of.bias:.3f}", skill, of.against, ahead)
        writer.writerow(row)
    return text.getvalue()


def _weight(scores: Sequence[Score]) -> tuple[bool, int]:
    """Fitted series before those only compared, then the longer."""
    return scores[0].observation.role != "check", len(scores)


def fitted_only(scores: Iterable[Score]) -> list[Score]:
    """Those of observations that are fitted: what is only compared may be another thing altogether."""
    return [score for score in scores if score.observation.role in ROLES]


def by_series(scores: Iterable[Score]) -> dict[tuple[str, ...], Record]:
    """The record of each series: (inputs, series, outcome, role), and of all that are fitted, as series "all"."""
    found = list(scores)
    every = {(inputs, "all", "", ""): record(own) for inputs, own in _by_inputs(fitted_only(found)).items()}
    single: Callable[[Score], tuple[str, ...]] = lambda s: (s.inputs, *s.key, s.observation.role)  # noqa: E731
    return every | dict(sorted(records(found, single).items()))


def by_horizon(scores: Iterable[Score]) -> dict[tuple[str, int], Record]:
    """The record of each number of years ahead (inputs, years), of series that are fitted."""
    return dict(sorted(records(fitted_only(scores), lambda s: (s.inputs, s.horizon)).items()))


def _by_inputs(scores: Sequence[Score]) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = {}
    for score in scores:
        found.setdefault(score.inputs, []).append(score)
    return found


def _scored(score: Score) -> tuple[object, ...]:
    own = score.observation
    numbers = (own.value, score.median, score.error, score.crps, score.pit)
    return (
        own.series, own.outcome, own.role, score.cutoff, score.inputs, own.year, score.horizon,
        *(f"{number:.6g}" for number in numbers),
        *map(int, score.covered), *(f"{width:.4g}" for width in score.width), int(score.latent_covered),
    )  # fmt: skip


def _cells(found: Record) -> tuple[object, ...]:
    numbers = (*found.coverage, found.latent, found.width, found.error, found.bias, found.crps)
    after = (found.skill, found.theil)
    text = [f"{number:.4f}" if number == number else "" for number in numbers]
    return (found.points, *text, found.against, *(f"{number:.4f}" if number == number else "" for number in after))
