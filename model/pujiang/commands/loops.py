"""`pujiang loops`: the measured gain of every loop, in the baseline and in scenarios."""

import argparse

from pujiang.api.explanations import loop_gains
from pujiang.commands import model_of, say, table, working
from pujiang.experiment.explanation.loops import contradicts
from pujiang.experiment.gains import OVER, gain_text


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    model = model_of(arguments)
    config = model.compose(model.words(arguments.words, arguments.config_dir), arguments.config_dir)
    with working("Pushing loops"):
        found = loop_gains(model, config)
    starts = found["start"].values.tolist()
    say(
        f"Gain: of what is read more, by a push of one per cent from a year on, the share that has come back within "
        f"{OVER} years.\nAbove 0 the loop reinforces, below it balances (all back: by more than was added); * the "
        "strongest of its kind then."
    )
    for case in found["case"].values.tolist():
        own = found.sel(case=case)
        say(f"\n{case}")
        rows = [
            (
                name,
                str(own["code"].values[place]),
                *(_cell(own["gain"].values[place, k], own["strongest"].values[place, k]) for k in range(len(starts))),
                f"{own['cause'].values[place]} -> {own['effect'].values[place]}",
            )
            for place, name in enumerate(own["loop"].values.tolist())
        ]
        table(("loop", "code", *(f"from {start}" for start in starts), "pushed at"), rows)
    against = [
        f"{name} in {case}"
        for case in found["case"].values.tolist()
        for name, kind, gains in zip(
            found["loop"].values, found["polarity"].values, found["gain"].sel(case=case).values, strict=True
        )
        if contradicts(kind, gains[-1])
    ]
    if against:
        say(f"\nOther than its code says, pushed from {starts[-1]} on: {', '.join(against)}")
    return 0


def _cell(gain: float, strongest: bool) -> str:
    return gain_text(gain) + (" *" if strongest else "")
