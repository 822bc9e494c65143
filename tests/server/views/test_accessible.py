"""Nobody is kept from a page: axe finds nothing on any, at a phone's and a desk's width."""

import datetime as dt

import pytest

pytestmark = pytest.mark.browser

A, B, C = "aa0000000001", "bb0000000002", "cc0000000003"

NOON = dt.datetime(2024, 5, 17, 16, tzinfo=dt.UTC)

PAGES = ("/os/friday", "/capture", "/desk/friday", "/desk/friday/board",
         "/desk/friday/history", f"/os/s/{A}", "/os/friday/ideas", "/os/people",
         "/desk/friday/plan", "/desk/friday/ideas", "/desk/friday/people",
         "/desk/friday/announcements", "/os/friday?lang=zh-Hant")  # fmt: skip


@pytest.fixture
def board(seeder, make_post, client, sign_in):
    """A board with a conflict, changes, a hidden card, and a history."""
    lines = {"lines": ("Typing",)}
    seeder.photo(make_post(A, title="Typing", **lines), make_post(B, title="Knitting"))
    seeder.photo(make_post(A, title="Typing", **lines), make_post(C, title="Tea"),
                 known=(A,), gone=(B,), at=NOON)  # fmt: skip
    token = sign_in()
    for card, act in ((A, "save"), (C, "hide"), (C, "show")):
        form = {"csrf_token": token, "action": act, "title": "Typing", "seen_title": ""}
        client.post(f"/desk/friday/cards/{card}", data=form)


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path, width, open_page, site, axe):
    open_page(f"/sign-in/{site.tokens.issue('facilitator', 'Mo')}")

    assert axe(open_page(path, width)) == []
