"""The track record that travels: how well each outcome was foretold, in words beside every fan and number of it."""

from pujiang.presentation import Presentation, TrackRecord
from pujiang.results.words import Words


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
    held = say(
        "Hindcast: of {points} forecasts 1 to {horizon} years ahead, the 80 % band held {share}.",
        points=found.points,
        horizon=found.horizon,
        share=f"{found.coverage:.0%}".replace("%", " %"),
    )
    if found.skill is None:
        return held
    smaller = "Their error (CRPS) was {size} smaller than that of the best naive forecast ({naive})."
    larger = "Their error (CRPS) was {size} larger than that of the best naive forecast ({naive})."
    size = f"{abs(found.skill):.0%}".replace("%", " %")
    error = say(smaller if found.skill >= 0 else larger, size=size, naive=say.label(found.against))
    return say.sentences([held, error])
