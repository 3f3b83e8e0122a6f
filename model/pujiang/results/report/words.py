"""Units as a reader would say them."""


def unit_in_words(unit: str) -> str:
    """A stored unit in words, as "billion yuan a year" for "billion_yuan/year"; nothing for a pure number."""
    if unit in ("", "1"):
        return ""
    head, _, tail = unit.partition("/")
    words = "share" if head == "1" else head.replace("billion_yuan_2015", "billion yuan of 2015").replace("_", " ")
    return f"{words} a {tail.replace('_', ' ').replace('/', ' a ')}" if tail else words
