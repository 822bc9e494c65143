"""Conflicts and changes in a real browser: one key each, and by thumb."""

import datetime as dt
import re
from functools import partial

import pytest

A, B, C = "aa0000000001", "bb0000000002", "cc0000000003"
NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _before_ten(clock):
    """There is time to decide what is at ten."""
    clock.at(9, 45)


@pytest.fixture
def visit_desk(visit, seeder, make_post):
    """Open a board of two conflicts and two changes."""
    seeder.photo(
        make_post(A, title="Typing", host="Maya", lines=("Typing",)),
        make_post(B, title="Knitting", host="Ines", lines=("Knitting",)),
        cells={("Room 301", "13:00-14:00"): "free"},
    )
    seeder.photo(
        make_post(A, title="Typing", host="Maya", lines=("Typing",), change="same"),
        make_post(B, title="Socks", host="Ines", lines=("Socks",), change="edited"),
        make_post(C, title="Tea", room="Room 303", slot="13:00-14:00"),
        known=(A, B),
        at=NOON,
    )
    return partial(visit, "/desk/friday")


@pytest.fixture
def desk(visit_desk):
    return visit_desk()


@pytest.fixture
def on_phone(visit_desk, phone):
    return visit_desk(**phone)


def frame(page, text):
    return page.locator("#attention li[data-keys]", has_text=text)


def says(page, text):
    """Wait until the header says this, and nothing else."""
    whole = re.compile(rf"^\s*{text}\s*$")
    page.locator("#attention-count", has_text=whole).wait_for()


def test_each_is_decided_by_one_key_and_the_focus_goes_on(desk):
    says(desk, "2 conflicts · 2 changes")
    first = frame(desk, "Two sessions")
    first.locator("button", has_text="Only this one: Typing").focus()

    desk.keyboard.press("2")

    says(desk, "1 conflict · 2 changes")
    assert first.locator(".withheld").count() == 1
    assert desk.evaluate("!!document.activeElement.closest('#attention')")
    frame(desk, "blocked cell").locator("button", has_text="It is held here").focus()
    desk.keyboard.press("2")
    says(desk, "2 changes")
    assert frame(desk, "blocked cell").locator(".withheld").count() == 1


def test_what_is_typed_in_a_card_and_in_a_time_is_no_key(desk):
    title = desk.locator(f"#card-{A} [name=title]")
    title.fill("")
    title.press_sequentially("b2w")
    desk.locator("[name=decide_by]").first.press("2")

    assert title.input_value() == "b2w"
    says(desk, "2 conflicts · 2 changes")


def test_changes_are_confirmed_by_a_key_one_after_the_other(desk):
    frame(desk, "New").locator("button", has_text="Confirm: New, Tea").focus()
    desk.keyboard.press("c")
    says(desk, "2 conflicts · 1 change")
    desk.keyboard.press("c")

    desk.locator("#changes").wait_for(state="detached")
    says(desk, "2 conflicts")


LOOK_AND_COME_BACK_LATE = """() => {
  const fetched = window.fetch;
  window.fetch = async (address, options) => {
    const answer = await fetched(address, options);
    if (address !== location.pathname || options.cache) return answer; // not this look
    const text = await answer.text();
    window.held = true;
    await new Promise((late) => document.addEventListener("desk:shown", late, { once: true }));
    return { ok: true, text: async () => text };
  };
  window.looked = look();
}"""


def test_a_page_from_before_brings_nothing_back(desk):
    """It was asked for before a change was confirmed, and comes while that is drawn."""
    desk.evaluate(LOOK_AND_COME_BACK_LATE)
    desk.wait_for_function("() => window.held")
    frame(desk, "New").locator("button", has_text="Confirm: New, Tea").click()
    says(desk, "2 conflicts · 1 change")
    desk.evaluate("window.looked")

    assert desk.inner_text("#attention-count") == "2 conflicts · 1 change"


LOOK_WHILE_IT_IS_SENT = """() => {
  const fetched = window.fetch;
  window.fetch = async (address, options) => {
    if (options.method === "POST") {
      document.activeElement.blur(); // some browsers give a button that is clicked no focus
      await look();
    }
    return fetched(address, options);
  };
}"""


def test_an_answer_is_drawn_though_the_desk_looked_meanwhile(desk):
    desk.evaluate(LOOK_WHILE_IT_IS_SENT)
    frame(desk, "New").locator("button", has_text="Confirm: New, Tea").click()

    says(desk, "2 conflicts · 1 change")


def test_all_changes_are_confirmed_at_once_by_thumb(on_phone):
    on_phone.locator("button", has_text="Confirm all 2").tap()

    on_phone.locator("#changes").wait_for(state="detached")


def test_waiting_until_a_time_is_seen_in_public(desk, address):
    one = frame(desk, "Two sessions")
    one.locator("[name=decide_by]").fill("09:50")
    one.locator("button", has_text="Decide by").click()
    one.get_by_text("To be decided by 09:50").wait_for()

    desk.goto(f"{address}/os/friday")

    told = "To be decided by 09:50 whether it is held here"
    assert desk.locator(".undecided").all_inner_texts() == [told, told]


def test_moving_shows_the_session_in_its_new_cell(desk):
    one = frame(desk, "Two sessions")
    one.locator("button", has_text="Move to Room 301, 13:00: Socks").click()

    one.wait_for(state="detached")
    slot = desk.locator(f"#card-{B} [name=slot]")
    slot.locator("option:checked", has_text="13:00-14:00").wait_for(state="attached")


def test_what_did_not_arrive_is_kept_and_sent_when_the_line_is_back(desk, window, line):
    line.answers["/conflicts"] = None
    one = frame(desk, "Two sessions")
    one.locator("[name=decide_by]").fill("09:50")
    one.locator("button", has_text="Decide by").click()
    waits = desk.locator("#outbox")
    waits.get_by_text("1 not sent yet").wait_for()
    frame(desk, "New").locator("button", has_text="Confirm: New, Tea").click()
    waits.get_by_text("2 not sent yet").wait_for()
    del line.answers["/conflicts"]

    waits.get_by_role("button", name="Send now").click()

    one.get_by_text("To be decided by 09:50").wait_for()
    says(desk, "1 conflict · 1 change")
    window.complaints.clear()


def test_time_that_is_typed_stays_while_something_else_is_decided(desk, window):
    desk.locator("[name=decide_by]").nth(1).fill("09:41")
    frame(desk, "Two sessions").locator("button", has_text="Both share").click()
    says(desk, "1 conflict · 2 changes")

    times = desk.locator("[name=decide_by]")
    assert "09:41" in times.evaluate_all("all => all.map(({ value }) => value)")
    frame(desk, "blocked").locator("button", has_text="Decide by").click()
    desk.locator("#outbox", has_text="no time between now").wait_for()
    window.complaints.clear()


@pytest.mark.parametrize("window_of", ["desk", "on_phone"])
def test_fits_its_width(request, window_of):
    desk = request.getfixturevalue(window_of)
    width = desk.viewport_size["width"]

    assert desk.evaluate("document.documentElement.scrollWidth") == width
    small = desk.evaluate(
        "[...document.querySelectorAll('#attention button.way')]"
        ".filter(one => one.getBoundingClientRect().height < 24).length"
    )
    assert small == 0
    confirm = frame(desk, "New").locator(".ways")
    assert (
        confirm.locator("button").bounding_box()["width"]
        < confirm.bounding_box()["width"]
    )


def test_decides_without_a_script(visit, seeder, make_post):
    seeder.photo(make_post(A, title="Typing"), make_post(B, title="Knitting"))
    page = visit("/desk/friday", java_script_enabled=False)

    assert page.locator(".desk-form .ways:visible").count() == 0
    page.locator("button", has_text="Only this one: Typing").click()

    assert page.url.endswith("/desk/friday#conflicts")
    assert page.locator(".withheld").count() == 1
    page.locator("button", has_text="Take the decision back").click()
    assert page.locator(".withheld").count() == 0
