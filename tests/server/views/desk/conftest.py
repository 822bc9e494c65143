"""A desk in a real browser: at a desk's width with a mouse, and at a phone's by thumb."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


@pytest.fixture
def visit(browser, address, site) -> Callable[..., Page]:
    """Open a page as a facilitator; whatever the browser complains of is an error."""
    complaints, contexts = [], []

    def complain(text: str) -> None:
        # Not a fault: a script that goes to a card rightly wins over autofocus.
        if not text.startswith("Autofocus processing was blocked"):
            complaints.append(text)

    def visit(path: str, **options) -> Page:
        contexts.append(browser.new_context(**{**DESKTOP, **options}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complain(message.text))
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
