"""Names of other tools, which take any text, as names of ours."""

import re
from collections.abc import Iterable

from pujiang.engine.collect import RESERVED


def identifier(name: str) -> str:
    """A name without regard to case, blanks, quotes and underscores, as tools compare them."""
    plain = name.replace("\\n", " ").replace('\\"', "").strip().strip('"').lower()
    return re.sub(r"[\s_]+", "_", plain).strip("_")


def scalar_name(name: str, elements: Iterable[str], taken: set[str]) -> str:
    """A name of ours for one element of a quantity, not yet taken."""
    text = re.sub(r"\W+", "_", "_".join([name, *elements])).strip("_") or "unnamed"
    if text[0].isdigit():
        text = f"_{text}"
    while text in taken or text in RESERVED:
        text += "_"
    taken.add(text)
    return text
