"""The file: engine, page and their content in one text, under a policy that lets nothing else in."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pujiang.templates import html_templates

HERE = Path(__file__).parent
ENGINE = ("profiles", "levers", "engine")
"""Files of the engine, which the page and its workers run."""

WORKER = ("members", "worker")
PAGE = (
    "dom", "words", "format", "statistics", "scales", "members", "yaml", "settings", "cases", "link", "fans", "chart",
    "panels", "changes", "goals", "controls", "diagrams", "detail", "files", "page",
)  # fmt: skip
STYLE = ("base", "layout", "controls", "panels", "diagrams", "detail", "print")


def assembled(content: Mapping[str, Any], program: str, language: str) -> str:
    """The page as HTML, in a language that the reader may change.

    Args:
        content: what `page_content` gathers.
        program: the model as `pujiang.engine.browser.script` writes it.
    """
    from markupsafe import Markup

    engine_files = files("pujiang.engine.browser")
    engine = "\n".join((engine_files / f"{name}.js").read_text(encoding="utf-8") for name in ENGINE)
    scripts = {
        "engine": f'"use strict";\n{engine}\nconst program = {program};\n',
        "page": f'"use strict";\n(() => {{\n{_joined("script", PAGE, "js")}}})();\n',
    }
    style = _joined("style", STYLE, "css")
    shown = {
        "title": content["title"],
        "language": language,
        "policy": _policy(scripts.values(), style),
        "scripts": {name: Markup(text) for name, text in scripts.items()},
        "worker": Markup(_joined("script", WORKER, "js")),
        "style": Markup(style),
        # As JSON inside HTML: what could end the element is written otherwise.
        "content": Markup(json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
    }
    text: str = html_templates(HERE).get_template("page.html.j2").render(**shown)
    return text


@cache
def chinese() -> Mapping[str, str]:
    """The Chinese of every message of the page, by its English."""
    import yaml

    found: Mapping[str, str] = yaml.safe_load((HERE / "zh.yaml").read_text(encoding="utf-8"))
    return found


def _joined(folder: str, names: tuple[str, ...], suffix: str) -> str:
    return "\n".join((HERE / folder / f"{name}.{suffix}").read_text(encoding="utf-8") for name in names)


def _policy(scripts: Any, style: str) -> str:
    """What the page may do: run and show what it holds, and nothing else; by hash, not by trust in what is inline."""
    allowed = " ".join(_hash(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; worker-src blob:; img-src blob: data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
