"""Output on a terminal or pipe that does not know every character: simpler ones take their place."""

import codecs
import sys

SIMPLER = {
    "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "×": "x", "·": "*", "…": "...", "≤": "<=", "≥": ">=",
    "≈": "~", "±": "+-", "Σ": "sum", "√": "sqrt", "✓": "yes", "✗": "no", "“": '"', "”": '"', "‘": "'", "’": "'",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    "─": "-", "━": "-", "│": "|", "┃": "|", "╸": "-", "╺": "-", "•": "*",
}  # fmt: skip
"""What stands for a character that cannot be written; any other becomes a question mark."""


def simplify(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: the characters that cannot be encoded, in simpler ones that can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SIMPLER.get(c, "?") for c in error.object[error.start : error.end]), error.end


def forgive_encodings() -> None:
    """Let standard output and error write in their own encoding whatever they are given."""
    codecs.register_error("pujiang.simplify", simplify)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # what stands in for a stream in a test or a notebook may not have it
            reconfigure(errors="pujiang.simplify")
