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
def visit(address, window, signed_in) -> Callable[..., Page]:
    """Open a page as a facilitator."""

    def visit(path: str, **options) -> Page:
        page = window(**{**DESKTOP, **options})
        signed_in(page)
        page.goto(address + path)
        return page

    return visit


@pytest.fixture
def phone() -> dict:
    """What `visit` takes for a phone."""
    return PHONE
