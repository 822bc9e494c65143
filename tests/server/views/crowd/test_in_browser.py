"""What an attendee does by thumb: an idea, "I'd come", a vote, and out of the people."""

import datetime as dt

import pytest

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
CHESS, GO = "bb0000000002", "cc0000000003"
AT = dt.datetime(2024, 5, 17, 14, 50, tzinfo=dt.UTC)

pytestmark = pytest.mark.browser


@pytest.fixture
def voting(seeder, make_post, person, client, sign_in):
    """A board with a person beside it, and two cards in one cell that are voted on."""
    seeder.photo(
        person,
        make_post("aa0000000001", host="Maya"),
        make_post(CHESS, slot="13:00-14:00", title="Chess"),
        make_post(GO, slot="13:00-14:00", title="Go for beginners"),
        at=AT,
    )
    seeder.site.clock.at(11)
    data = {
        "csrf_token": sign_in(),
        "conflict": f"cell-{CHESS}-{GO}",
        "action": "vote",
        "decide_by": "12:30",
    }
    assert client.post("/desk/friday/conflicts", data=data).status_code == 303


@pytest.mark.usefixtures("voting")
def test_attendee_adds_an_idea_would_come_votes_and_is_removed(window, address):
    page = window(**PHONE)
    page.goto(f"{address}/os/friday")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Go for beginners").tap()
    page.get_by_text("Your vote is counted.").wait_for()
    assert "1 vote so far" in page.locator("main").inner_text()
    page.get_by_role("link", name="Open Spaces, Friday").tap()

    page.get_by_role("link", name="Add an idea").tap()
    page.get_by_label("What would you like to talk about?").fill("Sourdough")
    page.get_by_role("button", name="Add the idea").dblclick()
    page.get_by_text("on the list").first.wait_for()
    assert page.locator(".ideas li").count() == 1
    page.get_by_role("button", name="I'd come").dblclick()
    page.get_by_text("You would come").wait_for()
    page.get_by_role("link", name="Open Spaces, Friday").tap()
    assert page.locator("#ideas .votes").inner_text() == "1 would come"

    page.get_by_role("link", name="People").tap()
    page.get_by_label("Find people").fill("beekeeping")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 1").wait_for()
    page.locator("summary", has_text="Remove me").tap()
    page.get_by_role("button", name="Remove this card").tap()
    page.get_by_text("You are removed").wait_for()
    assert page.locator("main article").count() == 0
