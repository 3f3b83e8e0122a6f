"""Is a template compiled once, and again where it, or what is kept of it, has changed?"""

from pathlib import Path

import jinja2
import pytest

from pujiang.templates import html_templates


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "pujiang" / "templates"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one template."""
    (tmp_path / "page.j2").write_text("<p>{{ word }}</p>", encoding="utf-8")
    return tmp_path


def filled(folder: Path) -> str:
    """The template filled in, as a process does that has not read it before."""
    return html_templates(folder).get_template("page.j2").render(word="a & b")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    names: list[str] = []
    generate = jinja2.Environment._generate

    def generated(self: jinja2.Environment, source: object, name: str, *rest: object, **more: object) -> str:
        names.append(name)
        return generate(self, source, name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(jinja2.Environment, "_generate", generated)
    return names


def test_a_template_is_compiled_once(folder: Path, compiled: list[str]) -> None:
    assert filled(folder) == filled(folder) == "<p>a &amp; b</p>"
    assert compiled == ["page.j2"]


def test_another_text_is_compiled_anew(folder: Path, compiled: list[str]) -> None:
    filled(folder)
    (folder / "page.j2").write_text("<b>{{ word }}</b>", encoding="utf-8")
    assert filled(folder) == "<b>a &amp; b</b>"
    assert len(compiled) == 2


def test_what_is_damaged_or_anybodys_is_not_run(folder: Path, kept: Path, compiled: list[str]) -> None:
    filled(folder)
    [entry] = kept.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert filled(folder) == "<p>a &amp; b</p>"
    entry.chmod(0o666)
    assert filled(folder) == "<p>a &amp; b</p>"
    assert len(compiled) == 3
