"""The file of what carries each outcome's band, as `pujiang sensitivity --ship` leaves it."""

from pathlib import Path

from pujiang.presentation import Shares
from pujiang.reading import damaged, read_rows

FILE = "bands.csv"
COLUMNS = ("outcome", "kind", "name", "share")
KINDS = ("part", "sector", "parameter", "chance")


def read_band_shares(path: Path) -> dict[str, Shares]:
    """Shares by scalar outcome, kind and name. Empty where there is no file.

    Raises:
        InputError: for a damaged file.
    """
    if not path.is_file():
        return {}
    found: dict[str, Shares] = {}
    with damaged(f"'{path}' is damaged"):
        for row in read_rows(path):
            if row["kind"] not in KINDS:
                raise ValueError(f"found the kind '{row['kind']}', allowed: {', '.join(KINDS)}")
            kinds = found.setdefault(row["outcome"], {})
            kinds.setdefault(row["kind"], {})[row["name"]] = float(row["share"])
    return found
