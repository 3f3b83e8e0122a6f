"""A variable and its causes in both runs, and its difference by cause, read from an explanation."""

import numpy as np
from numpy.typing import NDArray

from pujiang.errors import InputError, nearest
from pujiang.labelled import Dataset, Tree
from pujiang.results.explanation.names import called
from pujiang.results.outcomes import unit_in_words
from pujiang.results.words import Words

Floats = NDArray[np.float64]
MOST_CAUSES = 7
ALONG = ("scenario", "time")
"""Dimensions of a course."""
SHOWN_BEFORE = 2.0
"""Years shown before the first difference."""


def causes_of(
    tree: Tree, scalar: str, say: Words
) -> tuple[list[tuple[str, str, Floats, Floats]], dict[str, Floats], Floats]:
    """Courses of a variable and its causes (name, unit, A, B), its parts by cause, and the times.

    A memory that an equation hides (a smooth, a delay) stands for what it remembers.

    Raises:
        InputError: for a variable there is not, that does not differ, or of which no element is named.
    """
    courses = tree["trajectories"]
    name, _, element = scalar.partition(".")
    if name not in courses or courses[name].attrs.get("kind") in ("lever", "series"):
        raise InputError(f"variable: there is no '{scalar}'{nearest(name, list(map(str, courses.data_vars)))}")
    over = next((dim for dim in courses[name].dims if dim not in ALONG), "")
    if over and element not in courses[over].values:
        elements = ", ".join(f"{name}.{e}" for e in courses[over].values)
        raise InputError(f"variable: '{scalar}' runs over {over}; allowed: {elements}")
    parts = _parts(tree, scalar)
    if not parts:
        raise InputError(f"variable: '{scalar}' does not differ between the two")
    times = courses["time"].values
    moved = np.flatnonzero(np.abs(np.array(list(parts.values()))).max(axis=0) > 0)
    window = times >= times[moved[0]] - SHOWN_BEFORE
    largest = sorted(parts, key=lambda cause: -float(np.abs(parts[cause]).max()))
    kept = {cause: parts[cause] for cause in largest[:MOST_CAUSES]}
    rest = np.sum([parts[cause] for cause in largest[MOST_CAUSES:]], axis=0) if len(largest) > MOST_CAUSES else None
    shown = [scalar, *(cause for cause in kept if _known(courses, cause))]
    out = [(called(cause, say), *_course(courses, cause, window, say)) for cause in shown]
    told = {called(cause, say): values[window] for cause, values in kept.items()}
    if rest is not None:
        told[say("All others")] = rest[window]
    return out, told, times[window]


def _parts(tree: Tree, scalar: str) -> dict[str, Floats]:
    """The parts of a scalar by cause; those of a hidden memory divided as what the memory holds is."""
    pathways = tree["pathways"]
    causes, effects = pathways["cause"].values.tolist(), pathways["effect"].values.tolist()
    values = pathways["part"].values

    def of(effect: str) -> dict[str, Floats]:
        return {causes[i]: values[i] for i, name in enumerate(effects) if name == effect}

    out: dict[str, Floats] = {}

    def add(cause: str, part: Floats) -> None:
        out[cause] = out[cause] + part if cause in out else part

    courses = tree["trajectories"]
    todo = [(cause, part, {scalar}) for cause, part in of(scalar).items()]
    while todo:
        cause, part, seen = todo.pop()
        below = {c: v for c, v in of(cause).items() if c not in seen | {cause}} if not _known(courses, cause) else {}
        whole = np.sum(list(below.values()), axis=0) if below else np.zeros(1)
        if not below or not whole.any():
            add(cause, part)
            continue
        for inner, share in below.items():
            weight = np.divide(share, whole, out=np.full_like(share, 1 / len(below)), where=np.abs(whole) > 0)
            todo.append((inner, part * weight, seen | {cause}))
    return {cause: part for cause, part in out.items() if part.any()}


def _known(courses: Dataset, scalar: str) -> bool:
    """Whether a scalar is a variable, lever or series with a course of its own."""
    name, _, element = scalar.partition(".")
    if name not in courses:
        return False
    return not element or any(element in courses[d].values for d in courses[name].dims if d not in ALONG)


def _course(courses: Dataset, scalar: str, window: NDArray[np.bool_], say: Words) -> tuple[str, Floats, Floats]:
    name, _, element = scalar.partition(".")
    values = courses[name]
    for dim in values.dims:
        if dim not in ALONG:
            values = values.sel({dim: element})
    a, b = (values.isel(scenario=i) if "scenario" in values.dims else values for i in (0, 1))
    return say.label(unit_in_words(str(values.attrs.get("units", "")))), a.values[window], b.values[window]
