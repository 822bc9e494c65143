"""The page of announcements by keys, and on a phone."""

from dataclasses import replace

import pytest

from calibration.announcing import Announcing
from server.announcing.outcomes import Outcome
from server.announcing.sending import Sender, send_once
from server.announcing.services import FILE, Service

pytestmark = pytest.mark.browser

PAGE = "/desk/friday/announcements"


@pytest.fixture
def profile(profile):
    return replace(profile, announce=Announcing())


@pytest.fixture
def send(site):
    """Let posts go out; return their words."""
    (site.settings.data_dir / FILE).write_text("fosstodon mastodon://t@example.org\n")

    def send(end="sent", why=""):
        said = []

        def note(_service, text, _picture, _alt):
            said.append(text)
            return Outcome(end, why)

        services = (Service("fosstodon", "mastodon://t@example.org"),)
        while send_once(Sender(site, services, "test", note)):
            pass
        return said

    return send


@pytest.mark.usefixtures("friday")
def test_a_facilitator_approves_by_key_and_what_is_typed_stays(visit, send):
    page = visit(PAGE)
    focused = "document.activeElement.querySelector('h3').textContent"
    assert page.evaluate(focused) == "New: Type checking at scale"

    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ask all about wool")
    page.reload()
    assert page.locator("textarea[name=text]").nth(1).input_value() == (
        "Ask all about wool"
    )
    page.locator("textarea[name=text]").nth(1).focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.evaluate(focused) == "New: Type checking at scale"
    with page.expect_navigation():
        page.keyboard.press("a")

    assert sorted(text.split("\n")[0] for text in send()) == [
        "Ask all about wool",
        "New: Type checking at scale with Maya",
    ]


@pytest.mark.usefixtures("friday")
def test_on_a_phone_everything_is_as_wide_as_the_screen_and_large_enough(
    visit, send, phone
):
    page = visit(PAGE, **phone)
    with page.expect_navigation():
        page.locator("button[value=approve]").first.tap()
    assert send("unsure", "The service did not answer. Look whether it arrived.")
    page.reload()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.evaluate(
        "[...document.querySelectorAll('main button')].map((b) => b.offsetHeight)"
    )
    assert min(heights) >= 44
    with page.expect_navigation():
        page.get_by_role("button", name="It arrived").tap()
    assert "Ada says that it arrived." in page.locator(".delivery-sent").inner_text()
