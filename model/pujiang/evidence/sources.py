"""Where the numbers come from: sources, the figures read in them, and the traps met on the way."""

from collections.abc import Collection
from dataclasses import dataclass

import yaml

from pujiang.errors import InputError, nearest
from pujiang.evidence.schema import decode, read_table, refuse_duplicates
from pujiang.reading import parse_yaml

SOURCE_COLUMNS = ("id", "title", "publisher", "date", "kind", "trust", "note")
FIGURE_COLUMNS = (
    "id", "series", "entity", "date", "value", "unit", "kind", "comparator", "source", "confidence", "note",
)  # fmt: skip
TRAP_KEYS = ("trap", "trust")

TRUST = ("high", "medium", "low", "none")
SOURCE_KINDS = ("observed", "derived", "target", "policy", "event")
COMPARATORS = ("=", "~", "<", "<=", ">", ">=")
CONFIDENCE = ("verified", "reported", "derived", "rejected")


@dataclass(frozen=True)
class Source:
    """A document or table; `trust` says how far its figures are believed."""

    id: str
    title: str
    publisher: str
    date: str
    kind: str
    trust: str
    note: str


@dataclass(frozen=True)
class Figure:
    """One number as it stands in a source, in its own unit; `date` is free text such as "2024" or "2025-Q1".

    `confidence`: verified (read in the source), reported (as an article gives it), derived (computed from
    other figures, named in the note), rejected (kept to show why it is not used).
    """

    id: str
    series: str
    entity: str
    date: str
    value: float
    unit: str
    kind: str
    comparator: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True)
class Trap:
    """A misleading definition or a contradiction (`trap`), and what is trusted instead (`trust`)."""

    id: str
    trap: str
    trust: str


def read_sources(where: str, content: bytes) -> dict[str, Source]:
    """The sources of a file by id."""
    rows = read_table(where, content, SOURCE_COLUMNS)
    refuse_duplicates(rows, ("id",))
    return {
        row.text("id"): Source(
            id=row.text("id"),
            title=row.text("title"),
            publisher=row.text("publisher"),
            date=row.text("date"),
            kind=row.text("kind"),
            trust=row.choice("trust", TRUST),
            note=row.cells["note"],
        )
        for row in rows
    }


def read_figures(where: str, content: bytes, source_ids: Collection[str]) -> dict[str, Figure]:
    """The figures of a file by id; each names one of `source_ids`."""
    rows = read_table(where, content, FIGURE_COLUMNS)
    refuse_duplicates(rows, ("id",))
    figures = {}
    for row in rows:
        if (source := row.text("source")) not in source_ids:
            raise row.fault("source", "an id of sources.csv", nearest(source, source_ids))
        figures[row.text("id")] = Figure(
            id=row.text("id"),
            series=row.text("series"),
            entity=row.text("entity"),
            date=row.text("date"),
            value=row.number("value"),
            unit=row.text("unit"),
            kind=row.choice("kind", SOURCE_KINDS),
            comparator=row.choice("comparator", COMPARATORS),
            source=source,
            confidence=row.choice("confidence", CONFIDENCE),
            note=row.cells["note"],
        )
    return figures


def read_traps(where: str, content: bytes) -> dict[str, Trap]:
    """The traps of a YAML file by id: a mapping from id to `trap` and `trust`."""
    text = decode(where, content)
    root, _ = parse_yaml(text, where)  # nodes know their lines, and a doubled key is still there to be seen
    traps = {}
    for trap_id, node, line in _entries(where, root, "a mapping from trap id to 'trap' and 'trust'"):
        here = f"{where}:{line}"
        if trap_id in traps:
            raise InputError(f"{here}: found trap '{trap_id}' twice; allowed: each id once")
        texts = {}
        for key, value, key_line in _entries(where, node, f"'trap' and 'trust' of '{trap_id}'"):
            if key not in TRAP_KEYS:
                hint = nearest(key, TRAP_KEYS)
                raise InputError(f"{where}:{key_line}: found key '{key}'; allowed: {', '.join(TRAP_KEYS)}{hint}")
            if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
                raise InputError(f"{where}:{key_line}: key '{key}': found no text; allowed: a sentence")
            texts[key] = value.value
        if missing := [key for key in TRAP_KEYS if key not in texts]:
            raise InputError(f"{here}: trap '{trap_id}': '{missing[0]}' is missing; allowed: trap, trust")
        traps[trap_id] = Trap(trap_id, texts["trap"], texts["trust"])
    return traps


def _entries(where: str, node: yaml.Node | None, allowed: str) -> list[tuple[str, yaml.Node, int]]:
    """Key, value node and line of each entry of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1 if node is not None else 1
        raise InputError(f"{where}:{line}: found no mapping; allowed: {allowed}")
    entries = []
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise InputError(f"{where}:{line}: found a key that is not a word; allowed: {allowed}")
        entries.append((" ".join(key.value.split()), value, line))
    return entries
