"""A desk in a real browser: at a desk's width with a mouse, and at a phone's by thumb."""

import shutil
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from server.app import app_of

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""Chromium looks up its maker's services by itself: here it finds none of them."""

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


@pytest.fixture(scope="session")
def browser() -> Browser:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", ALONE]
        )
        yield started
        started.close()


@pytest.fixture
def address(site) -> str:
    server = make_server("127.0.0.1", 0, app_of(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser, address, site) -> Callable[..., Page]:
    """Open a page as a facilitator; whatever the browser complains of is an error."""
    complaints, contexts = [], []

    def visit(path: str, **options) -> Page:
        contexts.append(browser.new_context(**{**DESKTOP, **options}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/sign-in/{site.tokens.issue('facilitator', 'Ada')}")
        page.goto(address + path)
        return page

    visit.complaints = complaints
    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone() -> dict:
    """What `visit` takes for a phone."""
    return PHONE
