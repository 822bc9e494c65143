"""A host with a phone, and without JavaScript, takes a free desk."""

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

WIDTH = 390


@pytest.fixture
def phone(window, address):
    # Chromium tells of every answer that is an error: of the clash here.
    window.expected = (*window.expected, "Failed to load resource")
    page = window(
        viewport={"width": WIDTH, "height": 844},
        java_script_enabled=False,
        locale="en-GB",
        has_touch=True,
    )
    page.goto(f"{address}/os/day-1")
    return page


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") == WIDTH


def test_host_takes_a_desk_on_a_phone(phone, clock, new_device, published):
    clock.at(9, 50)
    phone.reload()
    phone.get_by_role("link", name="Take Desk 2 at 09:45").tap()
    new_device().take("Somebody was faster", room="Desk 2")

    phone.get_by_label("Subject").fill("讀書會 & tea")
    phone.get_by_label("Your name").fill("Mei")
    assert fits(phone)
    phone.get_by_role("button", name="Take this place").tap()

    refused = phone.get_by_role("alert").inner_text()
    assert refused.startswith("Desk 2, 09:45-10:35 is not free.")
    assert phone.get_by_label("Subject").input_value() == "讀書會 & tea"
    assert phone.get_by_label("Place").input_value() == "Desk 1"
    assert fits(phone)
    # By the keyboard: Enter in a field sends the form.
    phone.get_by_label("Your name").press("Enter")

    link = phone.get_by_label("Your link").input_value()
    assert urlsplit(link).path == urlsplit(phone.url).path
    phone.get_by_text("On now").wait_for()
    assert fits(phone)
    assert ("Desk 1", "09:45-10:35", "讀書會 & tea") in published()

    clock.at(10)
    phone.get_by_role("button", name="Leave: the place is free again").tap()

    phone.get_by_text("Left: the place is free again", exact=True).wait_for()
    phone.get_by_role("link", name="Schedule").tap()
    phone.get_by_role("link", name="Take Desk 1 at 09:45").wait_for()
    assert fits(phone)
