"""The one exception a user may see: a single line that says what is wrong and what would be right."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_MEANT = 100
"""Characters of a name that may be a slip of another: of longer ones the search would take long."""


LONGEST_MESSAGE = 4000
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class InputError(ValueError):
    """Bad input: what is wrong, where, what was found, what is allowed. The command line exits with status 2.

    The message is one line that can be printed, whatever was found: of a very long one the middle is left out.
    """

    def __init__(self, message: str) -> None:
        line = _BREAKS.sub(" ", message).encode(errors="backslashreplace").decode()
        if len(line) > LONGEST_MESSAGE:
            line = f"{line[: LONGEST_MESSAGE * 3 // 4]} … {line[-LONGEST_MESSAGE // 4 :]}"
        super().__init__(line)


class ModelError(ValueError):
    """A fault in the model's declarations, found before step one; the message lists every fault, one a line."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A hint naming the allowed word closest to `name`: "; did you mean 'x'?" or an empty string."""
    if len(name) > LONGEST_MEANT:
        return ""
    match = get_close_matches(name, list(allowed), n=1, cutoff=0.5)
    return f"; did you mean '{match[0]}'?" if match else ""
