"""What levers, variables and sectors are called where somebody reads them."""

from pujiang.results.outcomes import scenario_label
from pujiang.results.words import Words


def called(name: str, say: Words) -> str:
    """A lever, variable, sector or group in words; a reported outcome by its short label; an element behind a comma."""
    head, _, element = name.partition(".")
    known = say.presentation.shown.get(head)
    words = say.label(known.short if known else scenario_label(head))
    if not element:
        return words
    dimension = next((d for d, own in say.presentation.elements.items() if element in own), "")
    return say("{label}, {part}", label=words, part=say.element(dimension, element))


def place_called(sector: str, say: Words) -> str:
    """A sector in words."""
    return say.label(scenario_label(sector))


def said(name: str, say: Words) -> str:
    """A lever or variable as it stands within a sentence, with its article where it has one."""
    key = f"{scenario_label(name)}, said"
    found = say.label(key)
    return within(called(name, say)) if found == key else found


def within(text: str) -> str:
    """A name as it stands within a sentence: without its capital, unless the word has others, as R&D has."""
    first = text.partition(" ")[0]
    return text if first[1:] != first[1:].lower() else first[:1].lower() + text[1:]


FRACTIONS = {
    "all of it": 1.0,
    "nearly all": 0.965,
    "four fifths": 0.8,
    "three quarters": 0.75,
    "two thirds": 2 / 3,
    "three fifths": 0.6,
    "about half": 0.5,
    "two fifths": 0.4,
    "a third": 1 / 3,
    "a quarter": 0.25,
    "a fifth": 0.2,
    "a tenth": 0.1,
    "a twentieth": 0.05,
}
"""Shares with a name."""


def fraction(share: float, say: Words) -> str:
    """A share as a reader says it, as "two thirds" or "12 %"."""
    word, value = min(FRACTIONS.items(), key=lambda pair: abs(pair[1] - share))
    if abs(value - share) <= (0.005 if value == 1 else 0.03 if value > 0.9 else 0.06 * value):
        return say(word)
    return f"{100 * share:.0f} %"
