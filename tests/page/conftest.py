"""A page of few members, and a browser to open it in, where there is one."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pujiang.api.model import Model

MEMBERS = 20
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that asks nothing of anybody."""


@pytest.fixture(scope="session")
def page_text(model: Model) -> str:
    """The page of the shipped model with few members."""
    return model.page(ensemble=MEMBERS)


@pytest.fixture(scope="session")
def page_file(page_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(page_text, encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the system has it; skipped where it or what drives it is absent."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium here: 'apt-get install chromium' brings one")
    driver = pytest.importorskip("playwright.sync_api", reason="no playwright here: it is in the extra 'test'")
    with driver.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page without a network; at the end its console was empty and nothing was asked of anybody.

    `fragment` is the setting as a link; `file` another page than the shipped model's; further keywords as for a
    context of the browser (viewport, color_scheme).
    """
    contexts, told = [], []

    def open_page(fragment: str = "", file: Path = page_file, **settings: Any) -> Any:
        context = browser.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # of a busy machine; nothing here is timed
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda asked: told.append(asked.url) if asked.url.startswith("http") else None)
        page.goto(file.as_uri() + (f"#{fragment}" if fragment else ""))
        page.locator("#progress-bar").wait_for(state="hidden")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []
