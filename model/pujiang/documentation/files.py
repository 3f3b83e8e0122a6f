"""Writing a generated file: whole or not at all."""

import os
from pathlib import Path

from pujiang.errors import InputError


def write(path: Path, text: str) -> bool:
    """Write a text in one step; whether the file changed.

    Raises:
        InputError: if it cannot be written.
    """
    content = text.encode()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write '{path}': {error.strerror}") from error
    return True
