"""Nothing that a person did at the desk is lost, whatever answers: in a real browser."""

import threading
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.wrappers import Request, Response

from server.schedule.corrections.edit import Edit
from server.store.corrections import append_correction, corrections_of

pytestmark = pytest.mark.browser

CARD = "bb0000000002"
SAVES = "/desk/friday/cards/"
PORTAL = Response(
    "<!doctype html><title>Hotel</title><h1>Welcome</h1><article id='card-bb0000000002'>",
    content_type="text/html",
)


@pytest.fixture(autouse=True)
def _is_about_what_cannot_be_had(window):
    """The browser says so of each address."""
    window.expected += ("Failed to load resource", "Access to fetch", "Connecting to")


@pytest.fixture
def stored(site):
    """What stands: the fields of each act that nobody took back."""

    def stored():
        with site.database.read() as session:
            return [
                entry.change.fields
                for entry in corrections_of(session, "friday")
                if not entry.undone
            ]

    return stored


@pytest.fixture
def by_bo(site):
    """Change the card as Bo does, at another desk."""

    def by_bo(**fields):
        with site.database.write() as session:
            change = Edit.setting(CARD, fields)
            return append_correction(
                session, "friday", change, author="Bo", made_at=site.clock()
            )

    return by_bo


def face(page, name=CARD):
    """Put a card before the facilitator, whatever is at hand."""
    page.evaluate(f"window.goTo?.(document.getElementById('card-{name}'))")


def type_title(page, text="Parents in tech"):
    face(page)
    page.locator(f"#card-{CARD} [name=title]").fill(text)


def save(page, name=CARD):
    face(page, name)
    page.locator(f"#card-{name} [name=title]").press("Enter")


def title(page):
    return page.input_value(f"#card-{CARD} [name=title]")


def wait_for_words(page, words, at="#outbox"):
    page.locator(at, has_text=words).wait_for()


def wait_until_saved(page, by="Ada", name=CARD):
    wait_for_words(page, f"Checked by {by}", f"#card-{name} .desk-state")
    page.locator("#outbox").wait_for(state="hidden")


def line_is_back(page, line):
    line.answers.clear()
    page.evaluate("dispatchEvent(new Event('online'))")


def elsewhere(address):
    """Redirect, as portals do."""
    return Response(status=302, headers={"Location": address})


@Request.application
def no_disk(request):
    receipt = {"Boardcast-Act": request.headers["Boardcast-Act"]}
    return Response("<h1>The database cannot be used.</h1>", 507, receipt)


FAULTS = {
    "no network": (None, "The server could not be reached."),
    "proxy's page": (Response("<h1>Bad gateway</h1>", 502), "Something else answered"),
    "portal's page": (PORTAL, "Something else answered"),
    "portal elsewhere": (elsewhere("/portal"), "Something else answered"),
    "portal of another host": (
        elsewhere("https://hotel.example/"),
        "The server could not be reached.",
    ),
    "no disk": (no_disk, "The database cannot be used."),
}


def test_save_that_did_not_arrive_is_kept_said_and_sent_when_the_line_is_back(
    desk, line, stored
):
    arrived = []
    for fault, (answer, words) in FAULTS.items():
        line.answers = {SAVES: answer, "/portal": PORTAL}
        type_title(desk, fault)
        save(desk)

        wait_for_words(desk, words)
        assert title(desk) == fault
        assert words in desk.inner_text(f"#card-{CARD} .desk-state")
        assert desk.inner_text("#outbox h2") == "1 not sent yet"
        assert stored() == arrived
        line_is_back(desk, line)
        wait_until_saved(desk)
        arrived.append({"title": fault})
        assert stored() == arrived


@pytest.fixture
def held():
    """Saves that wait for an answer."""
    return []


@pytest.fixture
def desk_and_clock(window, address, signed_in, held, friday) -> Page:
    """A desk whose clock a test sets, and whose saves are held."""
    page = window.new()
    # Before it is shown: what a page sends soon after could get past.
    page.route(f"**{SAVES}*", lambda route: held.append(route))  # noqa: PLW0108  (Playwright counts its arguments)
    signed_in(page)
    page.goto(f"{address}/desk/friday")
    assert friday.number == 1
    return page


def test_save_without_an_answer_is_given_up_and_sent_again_by_itself(
    desk_and_clock, held, stored
):
    desk = desk_and_clock
    desk.clock.install()
    type_title(desk)
    save(desk)
    desk.wait_for_function("() => document.querySelector('[data-saving]')")

    desk.clock.run_for(21_000)

    wait_for_words(desk, "No answer came in time.")
    assert (len(held), stored()) == (1, [])
    desk.unroute_all()
    desk.clock.run_for(3_000)
    wait_until_saved(desk)
    assert stored() == [{"title": "Parents in tech"}]


def test_pauses_between_tries_grow(desk_and_clock, held, first_of):
    desk, tries = desk_and_clock, held
    desk.clock.install(time=0)
    desk.clock.pause_at(1)
    save(desk)
    desk.clock.run_for(0)
    waits = {}
    for pause in (2_000, 4_000):  # then comes the poll
        desk.wait_for_function("() => document.querySelector('[data-saving]')")
        first_of(tries, desk).abort()
        wait_for_words(desk, "could not be reached")
        desk.clock.run_for(pause - 1)
        desk.evaluate("fetch(location.pathname)")
        waits[pause] = not tries
        desk.clock.run_for(1)
    first_of(tries, desk).abort()

    assert waits == {2_000: True, 4_000: True}


def test_save_whose_answer_is_lost_is_done_once(desk, line, stored, by_bo):
    """It arrived; then somebody else changed the card; then it is sent again."""

    def arrives(*request):
        Response.from_app(line.app, request[0])
        by_bo(title="Parents")
        return line.hang_up(*request)

    line.answers[SAVES] = arrives
    type_title(desk)
    save(desk)
    wait_for_words(desk, "could not be reached")

    line_is_back(desk, line)

    wait_until_saved(desk, by="Bo")
    assert stored() == [{"title": "Parents in tech"}, {"title": "Parents"}]
    assert title(desk) == "Parents"


def test_what_was_not_sent_is_kept_over_a_reload_and_is_in_its_form(desk, line, stored):
    line.answers[SAVES] = None
    type_title(desk)
    save(desk)
    wait_for_words(desk, "could not be reached")

    desk.reload()

    wait_for_words(desk, "could not be reached")
    assert title(desk) == "Parents in tech"
    line_is_back(desk, line)
    wait_until_saved(desk)
    assert stored() == [{"title": "Parents in tech"}]


@pytest.mark.usefixtures("friday")
def test_what_was_not_sent_is_sent_from_a_new_tab(
    window, line, address, signed_in, stored
):
    first = window.new()
    signed_in(first)
    first.goto(f"{address}/desk/friday")
    line.answers[SAVES] = Response(status=502)
    type_title(first)
    save(first)
    wait_for_words(first, "Something else answered")
    first.close()
    line.answers.clear()

    second = first.context.new_page()
    second.goto(f"{address}/desk/friday")

    wait_until_saved(second)
    assert stored() == [{"title": "Parents in tech"}]


def test_what_somebody_else_left_waits_until_a_person_sends_it(
    desk, line, signed_in, stored
):
    line.answers[SAVES] = None
    type_title(desk)
    save(desk)
    wait_for_words(desk, "could not be reached")
    line.answers.clear()
    desk.context.clear_cookies()
    signed_in(desk, name="Bo")
    desk.reload()

    wait_for_words(desk, "by Ada")
    assert stored() == []
    desk.get_by_role("button", name="Send now").click()
    wait_until_saved(desk, by="Bo")


def test_typed_but_not_saved_is_back_after_a_reload(desk, stored):
    desk.locator(f"#card-{CARD} [name=host]").fill("Oona")
    desk.reload()

    assert desk.input_value(f"#card-{CARD} [name=host]") == "Oona"
    wait_for_words(desk, "not saved yet", f"#card-{CARD}")
    desk.locator(f"#card-{CARD} [name=host]").press("Escape")
    desk.reload()
    assert desk.input_value(f"#card-{CARD} [name=host]") == ""
    assert stored() == []


def test_several_wait_and_are_sent_in_their_order(desk, line, stored):
    line.answers[SAVES] = None
    type_title(desk, "Parents")
    save(desk)
    wait_for_words(desk, "1 not sent yet")
    desk.locator("#card-cc0000000003 [name=title]").press("Enter")
    wait_for_words(desk, "2 not sent yet")
    type_title(desk, "Parents in tech")
    save(desk)
    wait_for_words(desk, "3 not sent yet")

    line_is_back(desk, line)

    desk.wait_for_function("() => !localStorage.length")
    assert stored() == [
        {"title": "Parents"},
        {"title": "Knitting"},
        {"title": "Parents in tech"},
    ]


def test_what_waits_can_be_dropped(desk, line, stored):
    line.answers[SAVES] = None
    type_title(desk)
    save(desk)
    wait_for_words(desk, "could not be reached")
    line.answers.clear()

    desk.locator("#outbox li button", has_text="Drop").press("Enter")

    desk.locator("#outbox").wait_for(state="hidden")
    desk.reload()
    assert (title(desk), stored()) == ("", [])


def test_typed_while_a_save_is_on_its_way_stays(desk, line, stored):
    typed = threading.Event()

    def later(*request):
        typed.wait()
        return line.app(*request)

    line.answers[SAVES] = later
    type_title(desk)
    save(desk)
    face(desk)
    desk.locator(f"#card-{CARD} [name=host]").fill("Oona")

    typed.set()

    wait_until_saved(desk)
    assert desk.input_value(f"#card-{CARD} [name=host]") == "Oona"
    assert stored() == [{"title": "Parents in tech"}]


def test_poll_that_a_portal_answers_takes_no_card_away(desk, line):
    for answer in (PORTAL, Response()):
        line.answers[""] = answer

        desk.evaluate("look()")

        assert desk.locator("[data-card]").count() == 3


def test_poll_that_the_server_answers_sends_what_waits(desk, line, stored):
    line.answers[SAVES] = None
    type_title(desk)
    save(desk)
    wait_for_words(desk, "could not be reached")
    line.answers.clear()

    desk.evaluate("look()")

    wait_until_saved(desk)
    assert stored() == [{"title": "Parents in tech"}]


@pytest.mark.parametrize("cookie", [None, "eyJzaWduX2luIjoiYSJ9.Zk.of-another-event"])
def test_signed_out_meanwhile_nothing_is_lost(desk, stored, signed_in, address, cookie):
    type_title(desk)
    desk.context.clear_cookies()
    if cookie:
        desk.context.add_cookies(
            [{"name": "boardcast", "value": cookie, "url": address}]
        )
    save(desk)

    wait_for_words(desk, "in another tab")
    signed_in(desk)
    desk.evaluate("dispatchEvent(new Event('focus'))")

    wait_until_saved(desk)
    assert stored() == [{"title": "Parents in tech"}]


def test_form_from_before_another_sign_in_is_sent_with_the_new_one(
    desk, stored, signed_in
):
    type_title(desk)
    signed_in(desk)
    save(desk)

    wait_until_saved(desk)
    assert stored() == [{"title": "Parents in tech"}]


def test_form_of_somebody_else_who_signed_in_since_is_not_sent_as_theirs(
    desk, stored, signed_in
):
    type_title(desk)
    signed_in(desk, name="Bo")
    save(desk)

    wait_for_words(desk, "out of date")
    assert stored() == []
    desk.reload()
    wait_for_words(desk, "by Ada")


def test_text_that_is_too_long_is_said_and_all_of_it_is_there(desk, stored):
    type_title(desk, "x" * 5000)
    save(desk)

    wait_for_words(desk, "The text has 5000 characters; at most 2000 are kept.")
    assert len(title(desk)) == 5000
    desk.reload()
    assert len(title(desk)) == 5000
    type_title(desk, "x" * 2000)
    save(desk)
    wait_until_saved(desk)
    assert stored() == [{"title": "x" * 2000}]


HOSTILE = (
    "<script>document.title = 'taken'</script><img src=x onerror=document.title='taken'>"
    " \N{ARABIC LETTER ALEF}\N{RIGHT-TO-LEFT OVERRIDE}abc"
    " \N{FAMILY}\N{ZERO WIDTH JOINER}\N{ROCKET}"
)


def test_anything_typed_is_text(desk, line, stored):
    line.answers[SAVES] = None
    type_title(desk, HOSTILE)
    save(desk)
    wait_for_words(desk, "<script>")
    line_is_back(desk, line)
    wait_until_saved(desk)

    assert stored() == [{"title": HOSTILE}]
    assert title(desk) == HOSTILE
    assert "<script>" in desk.inner_text("#history .told")
    assert desk.title().startswith("Desk")


def test_card_that_left_meanwhile_is_told_and_what_was_typed_kept(
    desk, stored, seeder, site
):
    type_title(desk)
    seeder.photo(gone=(CARD,), at=site.clock())
    save(desk)

    wait_for_words(desk, "has left the board", "#said")
    assert desk.locator(f"#card-{CARD}").count() == 0
    assert stored() == [{"title": "Parents in tech"}]


# --- Two at one card -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expected"), [("1", "Parents in tech"), ("2", "Parents at work")]
)
def test_two_who_change_one_field_are_shown_both(desk, stored, by_bo, key, expected):
    by_bo(title="Parents at work")
    type_title(desk)
    desk.locator(f"#card-{CARD} [name=host]").fill("Oona")
    save(desk)

    choice = desk.locator(f"#card-{CARD}[data-collided]")
    choice.wait_for()
    assert stored() == [{"title": "Parents at work"}, {"host": "Oona"}]
    assert choice.locator(".words").all_inner_texts() == [
        "Parents in tech",
        "Parents at work",
    ]
    assert "Bo, 10:05" in choice.inner_text()
    choice.locator("input[type=radio]").first.focus()
    desk.keyboard.press(key)
    wait_until_saved(desk, by="Ada" if key == "1" else "Bo")
    assert title(desk) == expected


def test_two_fields_that_collide_are_two_keys(desk, stored, by_bo):
    by_bo(title="Parents at work", host="Una")
    type_title(desk)
    desk.locator(f"#card-{CARD} [name=host]").fill("Oona")
    save(desk)
    desk.locator("[data-collided] [type=radio]").first.focus()

    desk.keyboard.press("2")
    desk.keyboard.press("1")

    wait_until_saved(desk, by="Bo")
    assert stored() == [{"title": "Parents at work", "host": "Una"}, {"host": "Oona"}]


def test_choice_is_there_after_a_reload(desk, stored, by_bo):
    by_bo(title="Parents at work")
    type_title(desk)
    save(desk)
    desk.locator("[data-collided]").wait_for()
    desk.evaluate("look()")

    desk.reload()

    choice = desk.locator("[data-collided] .words")
    choice.first.wait_for()
    assert choice.all_inner_texts() == ["Parents in tech", "Parents at work"]
    assert stored() == [{"title": "Parents at work"}]


@pytest.fixture
def plain_desk(window, address, signed_in, friday):
    """The desk in a browser that runs no scripts."""
    page = window(java_script_enabled=False)
    signed_in(page)
    page.goto(f"{address}/desk/friday")
    assert friday.number == 1
    return page


def test_two_who_change_one_field_are_shown_both_without_scripts(
    plain_desk, stored, by_bo
):
    page = plain_desk
    type_title(page)
    by_bo(title="Parents at work")
    page.locator(f"#card-{CARD} button[value=save]").click()

    assert page.locator(".words").all_inner_texts() == [
        "Parents in tech",
        "Parents at work",
    ]
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Save the choice").click()
    assert urlsplit(page.url).path == "/desk/friday"
    assert stored() == [{"title": "Parents at work"}, {"title": "Parents in tech"}]


def test_text_that_is_too_long_is_not_lost_without_scripts(plain_desk, stored):
    page = plain_desk
    type_title(page, "x" * 5000)
    page.locator(f"#card-{CARD} button[value=save]").click()

    assert "The text has 5000 characters" in page.inner_text("h1")
    field = page.get_by_label("Title")
    assert field.input_value() == "x" * 5000
    field.fill("Parents in tech")
    page.get_by_role("button", name="Send again").click()
    assert stored() == [{"title": "Parents in tech"}]


def test_signed_out_meanwhile_nothing_is_lost_without_scripts(
    plain_desk, stored, signed_in
):
    page = plain_desk
    type_title(page)
    page.context.clear_cookies()
    page.locator(f"#card-{CARD} button[value=save]").click()
    assert "for facilitators" in page.inner_text("h1")

    signed_in(page)
    page.get_by_role("button", name="Send again").click()
    assert "out of date" in page.inner_text("h1")
    page.get_by_role("button", name="Send again").click()

    assert stored() == [{"title": "Parents in tech"}]


# --- Undo and redo -----------------------------------------------------------------------


def test_keys_take_back_and_make_again(desk, stored):
    type_title(desk)
    save(desk)
    wait_until_saved(desk)
    desk.keyboard.press("Control+z")
    wait_for_words(desk, "Taken back: title", "#said")
    assert (title(desk), stored()) == ("", [])
    assert "Taken back by Ada" in desk.inner_text("#history")

    desk.keyboard.press("Control+Shift+z")

    wait_for_words(desk, "Made again: title", "#said")
    assert (title(desk), stored()) == (
        "Parents in tech",
        [{"title": "Parents in tech"}],
    )


def test_field_that_was_changed_takes_back_its_own_typing(desk, stored):
    save(desk)
    wait_until_saved(desk)
    field = desk.locator("#card-cc0000000003 [name=host]")
    field.focus()
    desk.keyboard.type("Oona")

    desk.keyboard.press("Control+z")

    assert field.input_value() != "Oona"
    assert stored() == [{"title": ""}]


def test_nothing_is_taken_back_while_a_save_waits(desk, line, stored):
    line.answers[SAVES] = None
    save(desk)
    wait_for_words(desk, "could not be reached")
    desk.keyboard.press("Control+z")

    wait_for_words(desk, "Nothing was taken back", "#said")
    assert stored() == []


def test_undo_whose_answer_is_lost_is_not_done_twice(desk, line, stored):
    for name in (CARD, "cc0000000003"):
        save(desk, name)
        wait_until_saved(desk, name=name)

    def arrives(*request):
        Response.from_app(line.app, request[0])
        return line.hang_up(*request)

    line.answers["/undo"] = arrives
    desk.keyboard.press("Control+z")
    wait_for_words(desk, "Try again", "#said")
    line.answers.clear()

    desk.keyboard.press("Control+z")

    desk.locator("#progress", has_text="2 to check of 3").wait_for()
    assert stored() == [{"title": ""}]


def test_any_act_is_taken_back_and_made_again_in_the_history(desk, stored, by_bo):
    first = by_bo(title="One")
    by_bo(title="Two")
    desk.reload()
    desk.locator(f"#history button[value='{first.id}']").press("Enter")
    wait_for_words(desk, "Taken back: title", "#said")

    assert stored() == [{"title": "Two"}]
    assert desk.evaluate("document.activeElement.value") == str(first.id)
    desk.keyboard.press("Enter")
    wait_for_words(desk, "Made again: title", "#said")
    assert stored() == [{"title": "One"}, {"title": "Two"}]
    assert title(desk) == "Two"
