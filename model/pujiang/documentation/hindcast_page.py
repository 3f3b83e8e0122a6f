"""How well the model foretold what came, series by series: what `pujiang hindcast --ship` measured."""

from pathlib import Path

from pujiang.documentation.markdown import NOTE, paragraph, table
from pujiang.reading import damaged, read_rows

RECORDS, HORIZONS, REASONS = "hindcast_records.csv", "hindcast_horizons.csv", "hindcast_reasons.csv"
INPUTS = {"foreseen": "Inputs as one would have set them", "happened": "Inputs as they happened"}
COLUMNS = ("series", "held against", "role", "n", "50 %", "80 %", "95 %", "alone", "bias", "skill", "best naive", "U")
AHEAD = ("", "years ahead", "n", "50 %", "80 %", "95 %", "alone", "skill", "best naive")
LOW = 0.5
"""The share under which a band did not hold what came."""


def hindcast_page(data: Path) -> str:
    """The page, from the tables in the folder of data.

    Raises:
        InputError: where a table is missing or damaged.
    """
    records, horizons = read_rows(data / RECORDS), read_rows(data / HORIZONS)
    why = read_rows(data / REASONS) if (data / REASONS).is_file() else []
    with damaged(f"'{data / RECORDS}' is damaged"):
        parts = [part for inputs, words in INPUTS.items() for part in _inputs(inputs, words, records, horizons)]
        reasons = {row["series"]: row["why"] for row in why}
        beside = [
            (row["kind"], INPUTS[row["inputs"]].lower(), _share(row["coverage_80%"]), _signed(row["skill"]))
            for row in records
            if row["series"] == "all"
        ]
    return "\n\n".join([*_opening(), *parts, *_closing(beside), *_misses(records, reasons)]) + "\n"


def _opening() -> list[str]:
    return [
        "# Hindcast: what the model would have said, and what came",
        NOTE,
        paragraph(
            "For every cutoff the model is fitted anew, from its priors, to what was observed up to the end of "
            "that year, and its members run on to 2024. `pujiang hindcast` repeats it and writes every forecast and "
            "its score. Inputs after the cutoff are set twice: as one would then have set them (what was known or "
            "announced stays, the last value holds, output and public money are the model's own, chance is drawn), "
            "which is what a user of the model does; and as they happened, which tests the model alone."
        ),
        paragraph(
            "50, 80, 95 %: share of what came that the band held, errors of reading included. Alone: by the 80 % "
            "band of parameters and inputs alone, without errors of the model. Bias: observed over foretold. Skill: 1 "
            "- CRPS over that of the best of four naive forecasts (last value, constant growth, damped trend, AR(1), "
            "each with a fan of its own), chosen in hindsight, on logarithms. U: rms error over that of the last "
            "value (Theil). Only series that are fitted count in 'all'; `check` and `input` stand for themselves."
        ),
        "![What each vintage would have said](hindcast/vintages.svg)",
        "![How often bands held](hindcast/coverage.svg)",
        "![How far forecasts were off](hindcast/skill.svg)",
    ]


def _inputs(inputs: str, words: str, records: list[dict[str, str]], horizons: list[dict[str, str]]) -> list[str]:
    own = [row for row in records if (row["kind"], row["inputs"]) == ("as it is", inputs)]
    ahead = [row for row in horizons if (row["kind"], row["inputs"]) == ("as it is", inputs)]
    return [
        f"## {words}",
        table(COLUMNS, map(_row, own), right=(*COLUMNS[3:10], COLUMNS[11])),
        table(AHEAD[1:], map(_ahead, ahead), right=AHEAD[1:8]),
    ]


def _row(row: dict[str, str]) -> tuple[str, ...]:
    outcome = f"`{row['outcome']}`" if row["outcome"] else ""
    return (
        row["series"],
        outcome,
        row["role"],
        *_shares(row),
        _signed(row["bias"], percent=True),
        *_skill(row),
        row["theil_u"][:4] or "–",
    )


def _ahead(row: dict[str, str]) -> tuple[str, ...]:
    return (row["years_ahead"], *_shares(row), *_skill(row))


def _shares(row: dict[str, str]) -> tuple[str, ...]:
    columns = ("coverage_50%", "coverage_80%", "coverage_95%", "parameters_alone")
    return (row["points"], *(_share(row[name]) for name in columns))


def _skill(row: dict[str, str]) -> tuple[str, str]:
    return _signed(row["skill"]), row["best_naive"] or "–"


def _closing(beside: list[tuple[str, str, str, str]]) -> list[str]:
    return [
        "## What the modeller knew",
        paragraph(
            "Some priors were set knowing figures of 2019-24 (`hindsight` in their basis). 'Priors widened': the "
            "same with those priors twice as wide in every vintage that could not have known. The sizes of the "
            "model's errors are told by these very forecasts; 'errors sized by others': the same with each outcome's "
            "size told by the others alone, which is what may be expected of an outcome nobody has measured."
        ),
        table(("", "inputs", "80 % band held", "skill"), beside, right=("80 % band held", "skill")),
    ]


def _misses(records: list[dict[str, str]], reasons: dict[str, str]) -> list[str]:
    """Series whose band held less than half of what came, or that a naive forecast met better; and why."""
    rows = []
    for row in records:
        if row["kind"] != "as it is" or row["inputs"] != "foreseen" or row["series"] == "all":
            continue
        held, skill = float(row["coverage_80%"]), float(row["skill"] or "nan")
        said = [f"band held {held:.0%}"] if held < LOW else []
        said += [f"skill {skill:+.2f}"] if skill < 0 else []
        if said:
            rows.append(
                (row["series"], row["role"], row["points"], ", ".join(said), reasons.get(row["series"], "not known"))
            )
    return [
        "## Where it failed, and why",
        table(("series", "role", "n", "what", "why"), rows, right=("n",)),
    ]


def _share(text: str) -> str:
    return f"{float(text):.0%}" if text else "–"


def _signed(text: str, *, percent: bool = False) -> str:
    return "–" if not text else f"{float(text):+.0%}" if percent else f"{float(text):+.2f}"
