"""The one exception a user may see: a single line that says what is wrong and what would be right."""

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Bad input: what is wrong, where, what was found, what is allowed. The command line exits with status 2."""


class ModelError(ValueError):
    """A fault in the model's declarations, found before step one; the message lists every fault, one a line."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A hint naming the allowed word closest to `name`: "; did you mean 'x'?" or an empty string."""
    match = get_close_matches(name, list(allowed), n=1, cutoff=0.5)
    return f"; did you mean '{match[0]}'?" if match else ""
