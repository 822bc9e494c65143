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
def test_axe_finds_nothing(open_page, signed_in, axe):
    signed_in(open_page.page)
    found = {}
    for path in PAGES:
        page = open_page(path, 390)
        found[path, 390] = axe(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        found[path, 1280] = axe(page)

    assert {where: said for where, said in found.items() if said} == {}
