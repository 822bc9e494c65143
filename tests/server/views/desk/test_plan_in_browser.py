"""A planned session, from the sheet to its card: at a desk's width and a phone's."""

import datetime as dt

import pytest

CARD, OTHER = "aa0000000001", "bb0000000002"
NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
SHEET = (
    "title\troom\ttime\thost\n"
    "Board games for all\tRoom 302\t10-11am\tAda\n"
    "Hike\tMain gate\t7pm\tBo"
)

pytestmark = pytest.mark.browser


@pytest.fixture(params=["desktop", "phone"])
def page(request, visit, phone, clock):
    """The plan of a day that has just begun, at a desk's width and a phone's."""
    clock.at(9, 15)
    return visit("/desk/friday/plan", **(phone if request.param == "phone" else {}))


def test_planned_session_is_joined_with_its_card_by_one_key(page, seeder, make_post):
    page.get_by_label("Or paste its cells").fill(SHEET)
    page.get_by_role("button", name="Look what it would do").click()
    assert "2 new" in page.locator("main").inner_text()
    page.get_by_role("button", name="Take 2 rows").click()
    page.locator("#said", has_text="2 new, 0 changed").wait_for()

    page.get_by_role("link", name="Public page").click()
    planned = page.locator("#planned article")
    assert planned.locator(".card-title").all_inner_texts() == [
        "Board games for all",
        "Hike",
    ]
    address = planned.first.locator(".card-title a").get_attribute("href")

    seeder.photo(
        make_post(CARD, room="Room 302", title="Board games for a11", host="Ada"),
        make_post(OTHER, title="Typing", host="Maya"),
        at=NOON,
    )
    page.goto(page.url.replace("/os/friday", "/desk/friday"))
    asked = page.locator("#attention li", has_text="Board games for all")
    asked.get_by_role("button", name="It is: join them").focus()
    page.keyboard.press("j")
    asked.wait_for(state="detached")

    page.goto(page.url.split("/desk")[0] + address)
    assert page.locator("h1").inner_text() == "Board games for all"
    assert page.locator(".session-picture img").count() == 1
    page.goto(page.url.split("/os")[0] + "/os/friday")
    assert page.locator("#planned .card-title").all_inner_texts() == ["Hike"]
