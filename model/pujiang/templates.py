"""HTML from templates: what they are given is escaped, and a name that is not given is an error.

Compiling one takes longer than filling it in, so what was compiled is kept in the user's cache.
"""

import hashlib
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from pujiang import cache

_MARK = b"pujiang template 1\n"
_KEPT = 32


def html_templates(folder: Path) -> jinja2.Environment:
    """The templates of a folder."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in the user's cache; jinja itself sees to it that the text of a template is still the same."""

    def load_bytecode(self, bucket: Bucket) -> None:
        content = cache.read(_entry(bucket), _MARK)
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        cache.write(_entry(bucket), bucket.bytecode_to_string(), _MARK, _KEPT)


def _entry(bucket: Bucket) -> Path:
    """Where a template is kept that was compiled by this jinja for this package."""
    compiler = Path(jinja2.__file__)
    key = f"{cache.version()} {compiler} {compiler.stat().st_mtime_ns} {bucket.key}"
    return cache.folder_for("templates") / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.template"
