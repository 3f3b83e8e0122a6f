"""The track record that travels: how well each outcome was foretold, in words beside every fan and number of it."""

import csv
import io
from collections.abc import Sequence

from pujiang.evidence.track_record import COLUMNS
from pujiang.experiment.scores import Score, record
from pujiang.presentation import OVERALL, Presentation, TrackRecord
from pujiang.results.words import Words


def as_csv(scores: Sequence[Score]) -> str:
    """The file of a hindcast's scores: one row an outcome, of its fitted series with most points, and one of all."""
    foreseen = [score for score in scores if score.inputs == "foreseen"]
    groups: dict[tuple[str, str], list[Score]] = {}
    for score in foreseen:
        groups.setdefault((str(score.observation.outcome), score.observation.series), []).append(score)
    best: dict[str, tuple[str, list[Score]]] = {
        OVERALL: ("", [score for score in foreseen if score.observation.role != "check"])
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


def short(found: TrackRecord | None) -> str:
    """The record in a table's cell: "76 %, +.47"; "-" where there is none."""
    if found is None:
        return "–"
    skill = "" if found.skill is None else f", {found.skill:+.2f}".replace("0.", ".").replace("-", "−")
    return f"{found.coverage:.0%}".replace("%", " %") + skill


def sentence(shown: Presentation, outcome: str, say: Words) -> str:
    """The record of an outcome in words; of all outcomes where it is OVERALL; empty where there is none."""
    found = shown.records.get(outcome)
    if found is None:
        return ""
    text = say(
        "Hindcast: of {points} forecasts 1 to {horizon} years ahead, the 80 % band held {share}",
        points=found.points,
        horizon=found.horizon,
        share=f"{found.coverage:.0%}".replace("%", " %"),
    )
    if found.skill is not None:
        better = found.skill >= 0
        text += say(
            "; its error (CRPS) was {size} smaller than that of the best naive forecast ({naive})."
            if better
            else "; its error (CRPS) was {size} larger than that of the best naive forecast ({naive}).",
            size=f"{abs(found.skill):.0%}".replace("%", " %"),
            naive=say.label(found.against),
        )
        return text
    return text + say(".")
