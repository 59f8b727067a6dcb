"""A real browser for the page."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from migrator.model import Report
from migrator.reports import html

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; without one these tests are skipped, and in CI they fail."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        told = "the page is not tested: there is no Chromium (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a report; nothing may be asked of a network, raised or popped up."""
    contexts, wrong, asked = [], [], set()

    def open_(report: Report, **options: object) -> Page:
        sink = io.StringIO(newline="\n")
        html.render(report, sink)
        file = tmp_path / "report.html"
        file.write_text(sink.getvalue(), encoding="utf-8", newline="\n")
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: asked.add(request.url.partition("#")[0]))
        context.on("dialog", lambda dialog: wrong.append(dialog.message))
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []
    assert asked <= {(tmp_path / "report.html").as_uri()}
