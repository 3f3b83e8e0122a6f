"""The door for files: bytes, text, JSON, YAML and CSV come in here, whole and within limits.

Whatever is wrong with a file (missing, no file at all, too large, not UTF-8, nested without end, of another kind) is
one InputError that names it.
"""

import csv
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pujiang.errors import InputError

LARGEST = 500_000_000
"""Bytes of a file that a program wrote."""

LARGEST_BY_HAND = 300_000
"""Bytes of a file that people write: a scenario, a main file."""

DEEPEST = 50
"""Levels of YAML or JSON."""

BYTES_OF_NODE = 5
"""Of YAML: so many bytes, and more, are behind a value and its key, so that aliases must not make more of them."""

PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")}


def read_bytes(path: Path, most: int = LARGEST, called: str = "") -> bytes:
    """What a file holds; an InputError where it is missing, no regular file, too large, or cannot be read.

    `called`: what the file is called in the message, where not by its path.
    """
    name = called or f"'{path}'"
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"cannot read {name}: it is no file")
        if found.st_size > most:
            raise InputError(f"cannot read {name}: found {found.st_size:,} bytes, allowed: up to {most:,}")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{name} is missing") from error
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error
    except ValueError as error:  # a zero byte in the path
        raise error if isinstance(error, InputError) else InputError(f"cannot read {name}: {error}") from error


def read_text(path: Path, most: int = LARGEST, called: str = "") -> str:
    """The text of a file, UTF-8."""
    try:
        return read_bytes(path, most, called).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{called or repr(str(path))} is damaged: not UTF-8 text ({error})") from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a file."""
    text = read_text(path)
    with damaged(f"'{path}' is damaged: not JSON"):
        content = json.loads(text)
    if not isinstance(content, dict):
        raise InputError(f"'{path}' is damaged: found {type(content).__name__}, expected a JSON object")
    return content


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column; every row has as many cells as the first line has columns."""
    with damaged(f"'{path}' is damaged"):
        lines = list(csv.reader(read_text(path).splitlines(), strict=True))
        if not lines or any(len(line) != len(lines[0]) for line in lines):
            raise InputError(f"'{path}' is damaged: not a table with as many cells in every line")
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def parse_yaml(text: str, where: str) -> tuple[Any, Any]:
    """The tree of nodes, which know their lines, and the value of a YAML text; both None where it is empty.

    Refused before anything is built of it: aliases that hold themselves, or that make many times more of the text
    than it is; levels without end; tags other than those of plain values.

    Raises:
        InputError: naming the line of a fault.
    """
    import yaml

    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def parsed(kind: Any) -> tuple[Any, Any]:
        loader = kind(text)
        try:
            root = loader.get_single_node()
            return root, None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()

    try:
        _refuse_overgrown(yaml, text, where, fast)
        try:
            return parsed(fast)
        except yaml.YAMLError:
            return parsed(yaml.SafeLoader)  # slower, and says more of what is wrong
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = "" if mark is None else f":{mark.line + 1}"
        raise InputError(f"{where}{line}: not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{where}: cannot be read: {reason}") from error


def _refuse_overgrown(yaml: Any, text: str, where: str, loader: Any) -> None:
    """Refuse what would grow without end, by counting: a node is one, an alias as many as what it stands for."""
    most = 10_000 + len(text) // BYTES_OF_NODE
    sizes: dict[str, int] = {}
    open_: list[list[Any]] = [["", 0]]  # (anchor, nodes so far) of every level

    def refuse(event: Any, reason: str) -> None:
        raise InputError(f"{where}:{event.start_mark.line + 1}: {reason}")

    try:
        for event in yaml.parse(text, Loader=loader):
            kind = type(event).__name__
            if kind in ("SequenceEndEvent", "MappingEndEvent"):
                anchor, size = open_.pop()
                size += 1
                if anchor:
                    sizes[anchor] = size
            elif kind in ("SequenceStartEvent", "MappingStartEvent", "ScalarEvent"):
                if event.tag not in (None, "!", *PLAIN_TAGS):
                    refuse(event, f"found the tag '{event.tag}', allowed: plain values, lists and mappings")
                if kind != "ScalarEvent":
                    open_.append([event.anchor, 0])
                    if len(open_) > DEEPEST:
                        refuse(event, f"found more than {DEEPEST} levels")
                    continue
                size = 1
                if event.anchor:
                    sizes[event.anchor] = size
            elif kind == "AliasEvent":
                if any(event.anchor == anchor for anchor, _ in open_):
                    refuse(event, f"found '*{event.anchor}' inside of what it stands for")
                size = sizes.get(event.anchor, 1)
            else:
                continue
            open_[-1][1] += size
            if open_[-1][1] > most:
                refuse(event, f"found aliases that make over {most:,} values of it")
    except yaml.YAMLError:
        return  # not YAML, which is said better by whoever reads it


@contextmanager
def damaged(where: str) -> Iterator[None]:
    """Whatever a library says of a file it cannot read, as one InputError: `where`, and its reason."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [""])[0] or type(error).__name__
        raise InputError(f"{where}: {getattr(error, 'strerror', None) or reason}") from error
