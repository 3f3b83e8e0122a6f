"""The file of the track record: how well each outcome was foretold, as `pujiang hindcast --ship` leaves it."""

from pathlib import Path

from pujiang.presentation import TrackRecord
from pujiang.reading import damaged, read_rows

FILE = "track_record.csv"
COLUMNS = ("outcome", "series", "points", "coverage_80", "bias", "skill", "against", "horizon")


def read_track_record(path: Path) -> dict[str, TrackRecord]:
    """The record by scalar outcome. Empty where there is no file.

    Raises:
        InputError: for a damaged file.
    """
    if not path.is_file():
        return {}
    rows = read_rows(path)
    with damaged(f"'{path}' is damaged"):
        return {
            row["outcome"]: TrackRecord(
                row["series"],
                int(row["points"]),
                float(row["coverage_80"]),
                float(row["bias"]),
                float(row["skill"]) if row["skill"] else None,
                row["against"],
                int(row["horizon"]),
            )
            for row in rows
        }
