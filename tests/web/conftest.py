"""What the tests of pages share: a visitor, an empty shelf of kept pages, and a real browser on a real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from octavo.web import page_cache

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
INSTALL = "apt-get install --yes chromium fonts-noto-core"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    """No page of an earlier test is kept."""
    page_cache.shelf.clear()
    yield
    page_cache.shelf.clear()


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; where it is missing, the line that installs it.

    It ends with its module: while Playwright's loop runs in this thread, no other test could run one.
    """
    if CHROMIUM is None:
        message = f"Chromium is missing; to run the browser's tests: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop of its own in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page of a fresh browser profile; `problems` gathers what its console complains of and where it asked elsewhere."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en")
    page = context.new_page()
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: note_elsewhere(page, request.url, live_server.url))
    yield page
    context.close()


def note_elsewhere(page: Any, url: str, home: str) -> None:
    if not url.startswith((home, "data:")):
        page.problems.append(f"asked elsewhere: {url}")
