"""Numbers and names as people read them: levels, differences, scenarios."""

import math
import re

from pujiang.presentation import Outcome


def scenario_label(name: str) -> str:
    """A scenario's name in words."""
    return name.replace("_", " ").capitalize()


def level_text(value: float, outcome: Outcome) -> str:
    """A level in the outcome's unit and decimals, as "7,420" or "5.02"; "–" where it is not finite."""
    shown = value * outcome.scale
    return f"{shown:,.{outcome.decimals}f}" if math.isfinite(shown) else "–"


def signed(value: float, outcome: Outcome) -> str:
    """A difference as it reads best: "+1.2 %", "+0.43 pp" or "+12"; "0" where it rounds to nothing.

    For "percent" the value is relative to the baseline; otherwise it is in the outcome's stored unit.
    """
    if not math.isfinite(value):
        return "–"
    if outcome.difference == "percent":
        decimals = 1 if abs(value) >= 0.01 else 2
        text = f"{100 * value:+,.{decimals}f}"
    else:
        text = f"{value * outcome.scale:+,.{outcome.decimals}f}"
    text = text.replace("-", "−")
    if not text.strip("+−0.,"):
        text = "0"
    return text + {"percent": " %", "points": " pp", "number": ""}[outcome.difference]


def unit_in_words(unit: str) -> str:
    """A stored unit in words, as "billion yuan a year" for "billion_yuan/year"; nothing for a pure number."""
    if unit in ("", "1"):
        return ""
    head, _, tail = unit.partition("/")
    words = "share" if head == "1" else re.sub(r"_(\d{4})$", r" of \1", head).replace("_", " ")
    per = tail.replace("_", " ").replace("/", " a ").replace("year^2", "year, each year")
    return f"{words} a {per}" if tail else words
