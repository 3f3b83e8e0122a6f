"""Lines of text of a width, where letters are Latin or Chinese."""

import re

from pujiang.results.figures.style import width_of

NEVER_FIRST = "，。；：、！？）”’%"
"""What stays on the line of what it follows."""
_PIECES = re.compile(r"[^\u2e80-\uffff]+|[\u2e80-\uffff]")


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines at most `width` Latin letters wide, all but the first indented.

    A line ends at a space, or between Chinese letters; a number keeps its per cent sign.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and width_of(line + piece.rstrip()) > width and piece[0] not in NEVER_FIRST:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """What is not broken: words with the space after them, and Chinese letters one by one."""
    out: list[str] = []
    for stretch in _PIECES.findall(text.replace(" %", "\u00a0%")):
        out += re.findall(r"[^ ]* *", stretch)
    return [piece.replace("\u00a0%", " %") for piece in out if piece]
