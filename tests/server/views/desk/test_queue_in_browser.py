"""The queue in a real browser: one card at a time, by keys and by thumb."""

import pytest
from playwright.sync_api import Page, expect

from server.store.corrections import corrections_of
from server.store.photos import photos_of
from server.store.readings import add_further_reading

pytestmark = pytest.mark.browser

FIRST, SECOND = "aa0000000001", "bb0000000002"
SWALLOWED = "Open source money who pays whom?"
LINES = ("Open source", "money", "who pays whom?", "- Sein")


@pytest.fixture
def posts(make_post):
    """A card whose title swallowed its description, and one that is right."""
    return (
        make_post(FIRST, title=SWALLOWED, host="Sein", lines=LINES,
                  unsure=("- Sein",), split_confidence=0.4),
        make_post(SECOND, room="Room 302", title="Knitting", lines=("Knitting",)),
    )  # fmt: skip


@pytest.fixture
def queue(open_page, signed_in, seeder, posts) -> Page:
    seeder.photo(*posts)
    signed_in(open_page.page)
    page = open_page("/desk/friday")
    page.locator("[name=way]:focus").wait_for()
    return page


@pytest.fixture
def stored(site):
    """Return all corrections, each as its card and what it set, once a card has one."""

    def stored(page=None, card=FIRST):
        if page:
            page.locator(f"#card-{card}.desk-checked").wait_for(state="attached")
        with site.database.read() as session:
            changes = [one.change for one in corrections_of(session, "friday")]
        return [(change.card, change.fields) for change in changes]

    return stored


def fields(page, card=FIRST):
    names = ("title", "description", "host")
    return tuple(page.input_value(f"#card-{card} [name={name}]") for name in names)


def current(page):
    return page.locator(".current").get_attribute("id").removeprefix("card-")


def selected(page):
    return page.evaluate("""() => {
      const at = document.activeElement;
      return [at.name, at.value.slice(at.selectionStart, at.selectionEnd)];
    }""")


def test_enter_is_right_as_it_is_and_the_next_card_is_there(queue, stored):
    before = current(queue)
    queue.keyboard.press("Enter")
    after = current(queue)

    assert (before, after) == (FIRST, SECOND)
    assert stored(queue) == [(FIRST, {"title": SWALLOWED})]
    assert queue.inner_text("#progress") == "1 to check of 2"


def test_behind_the_last_card_the_queue_is_done(queue):
    queue.keyboard.press("Enter")
    queue.keyboard.press("Enter")
    queue.locator("#progress", has_text="All 2 checked.").wait_for()

    assert queue.locator(".current").count() == 0
    assert queue.evaluate("document.activeElement.id") == "queue"


def test_a_digit_fills_the_fields_in_another_way(queue, stored):
    ways = queue.locator(f"#card-{FIRST} .way").all_inner_texts()
    (digit,) = [
        str(number)
        for number, text in enumerate(ways, start=1)
        if text.split() == [str(number), *["Open", "source", "money", "who", "pays", "whom?", "Sein"]]
        and queue.get_attribute(
            f"#card-{FIRST} [name=way][value='{number}']", "data-description"
        ) == "who pays whom?"
    ]  # fmt: skip

    queue.keyboard.press(digit)
    filled = fields(queue)
    queue.keyboard.press("1")
    again = fields(queue)
    queue.keyboard.press(digit)
    queue.keyboard.press("Enter")

    assert filled == ("Open source money", "who pays whom?", "Sein")
    assert again == (SWALLOWED, "", "Sein")
    assert stored(queue) == [
        (FIRST, {"title": "Open source money", "description": "who pays whom?"})
    ]


def test_arrows_go_through_the_ways(queue):
    queue.keyboard.press("ArrowDown")
    second = queue.locator(f"#card-{FIRST} [name=way][value='2']")

    assert second.is_checked()
    assert fields(queue)[0] == second.get_attribute("data-title")


def test_title_ends_here_and_again_takes_it_back(queue):
    queue.keyboard.press("e")
    ended = fields(queue)
    queue.keyboard.press("e")

    assert ended == ("Open source money", "who pays whom?", "Sein")
    assert fields(queue) == (SWALLOWED, "", "Sein")


def test_title_ends_at_the_cursor(queue):
    queue.keyboard.press("t")
    queue.keyboard.press("Home")
    for _ in "Open source":
        queue.keyboard.press("ArrowRight")
    queue.keyboard.press("Shift+Enter")

    assert fields(queue) == ("Open source", "money who pays whom?", "Sein")


def test_title_and_host_are_swapped(queue):
    queue.keyboard.press("x")
    swapped = fields(queue)
    queue.keyboard.press("x")

    assert swapped == ("Sein", "", SWALLOWED)
    assert fields(queue) == (SWALLOWED, "", "Sein")


def test_unsure_words_are_marked_and_a_key_selects_them(queue, stored):
    marked = queue.locator(f"#card-{FIRST} mark").all_inner_texts()
    queue.keyboard.press("g")
    place = selected(queue)
    queue.keyboard.type("Selma")
    queue.keyboard.press("Enter")

    assert (marked, place) == (["- Sein"], ["host", "Sein"])
    assert stored(queue) == [(FIRST, {"title": SWALLOWED, "host": "Selma"})]


def test_arrows_in_a_field_go_from_word_to_word(queue):
    queue.keyboard.press("Enter")
    queue.keyboard.press("t")
    whole = selected(queue)
    queue.keyboard.press("End")
    queue.keyboard.type(" circle")
    queue.keyboard.press("ArrowDown")
    first = selected(queue)
    queue.keyboard.press("ArrowUp")

    assert (whole, first, selected(queue)) == (
        ["title", "Knitting"],
        ["title", "Knitting"],
        ["title", "circle"],
    )


def test_another_reading_is_one_key_away(queue, site, make_post):
    better = make_post(
        FIRST, title="Open source money", description="who pays whom?", host="Selma",
        lines=(*LINES[:3], "- Selma"),
    )  # fmt: skip
    with site.database.write() as session:
        (sent,) = photos_of(session, "friday", limit=1)
        add_further_reading(session, FIRST, sent.id, better.reading())
    queue.reload()
    before = fields(queue)
    queue.keyboard.press("o")
    other = queue.locator(f"#card-{FIRST} .way", has=queue.locator(":checked"))

    assert before == ("Open source money", "who pays whom?", "Selma")
    assert "other reading" in other.inner_text()
    assert "Sein" in " ".join(fields(queue))


def test_a_skipped_card_comes_again_behind_the_others_in_this_browser(queue, stored):
    queue.keyboard.press("s")
    skipped = current(queue)
    queue.reload()

    assert (skipped, current(queue)) == (SECOND, SECOND)
    assert stored() == []
    queue.keyboard.press("Enter")
    assert current(queue) == FIRST


def test_a_card_is_hidden_and_shown_again(queue):
    queue.keyboard.press("h")
    queue.locator(f"#card-{FIRST}").wait_for(state="detached")
    assert current(queue) == SECOND

    queue.locator("#hidden button").click()

    queue.locator(f"#card-{FIRST}").wait_for()


def test_enter_goes_on_from_the_description_and_a_new_line_takes_shift(queue, stored):
    queue.keyboard.press("d")
    queue.keyboard.type("Bring")
    queue.keyboard.press("Shift+Enter")
    queue.keyboard.type("children")
    queue.keyboard.press("Enter")

    assert current(queue) == SECOND
    assert stored(queue) == [
        (FIRST, {"title": SWALLOWED, "description": "Bring\nchildren"})
    ]


def test_escape_puts_back_what_was_there(queue, stored):
    queue.keyboard.press("2")
    queue.keyboard.press("t")
    queue.keyboard.type("Wrong")
    queue.keyboard.press("Escape")

    assert fields(queue) == (SWALLOWED, "", "Sein")
    assert queue.evaluate("document.activeElement.value") == "1"
    assert stored() == []


def test_letters_are_letters_in_fields(queue):
    queue.keyboard.press("t")
    queue.keyboard.type("ehosx 12?")

    assert fields(queue)[0] == "ehosx 12?"
    assert current(queue) == FIRST


def test_keys_are_found_by_their_places_where_letters_are_not_latin(queue):
    queue.evaluate("""() => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ч', code: 'KeyX', bubbles: true }))""")

    assert fields(queue) == ("Sein", "", SWALLOWED)


def test_keys_of_the_browser_stay_its_own(queue):
    queue.evaluate("""() => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'h', ctrlKey: true, bubbles: true }))""")

    assert current(queue) == FIRST


def test_legend_opens_by_its_key(queue):
    queue.keyboard.press("?")
    opened = queue.locator("#keys dl").is_visible()
    queue.keyboard.press("?")

    assert (opened, queue.locator("#keys dl").is_visible()) == (True, False)


def test_every_key_is_shown_beside_what_it_does_and_reached_with_tab(queue):
    card = queue.locator(".current")
    keys = card.locator("[aria-keyshortcuts]").evaluate_all(
        "nodes => nodes.map((node) => [node.ariaKeyShortcuts ??"
        " node.getAttribute('aria-keyshortcuts'), node.tabIndex,"
        " (node.closest('label') ?? node).querySelector('kbd').textContent])"
    )

    assert [key for key, _, _ in keys] == [shown for _, _, shown in keys]
    assert {index for _, index, _ in keys} == {0}
    assert len(dict.fromkeys(key for key, _, _ in keys)) == len(keys)


def test_a_thumb_finds_everything_and_the_picture_is_large(queue):
    """Beside the fields at a desk, above them on a phone."""
    for width, height in ((1280, 900), (390, 844)):
        queue.set_viewport_size({"width": width, "height": height})
        sizes = queue.locator(
            ".current "
            ":is(button, .way, select, textarea, [name=title], [name=host]):visible"
        ).evaluate_all("all => all.map((node) => node.getBoundingClientRect().height)")
        right = queue.locator(".current .f-go button").bounding_box()
        picture = queue.locator(".current img").bounding_box()
        title = queue.locator(".current [name=title]").bounding_box()
        card = queue.locator(".current").bounding_box()

        assert min(sizes) >= 44
        assert right["y"] + right["height"] <= height
        assert queue.evaluate("document.documentElement.scrollWidth") == width
        assert picture["width"] > 0.4 * card["width"]
        beside = picture["x"] + picture["width"] <= title["x"]
        above = picture["y"] + picture["height"] <= title["y"]
        assert (beside, above) == (width == 1280, width == 390)
    queue.locator(".current .way").nth(1).click()
    queue.locator(".current .f-go button").click()
    assert current(queue) == SECOND


def test_what_somebody_types_is_not_lost_to_what_comes_in(
    queue, seeder, posts, make_post
):
    queue.keyboard.press("t")
    queue.keyboard.type("Parents in te")
    seeder.photo(
        make_post(FIRST, title="Porents"),
        posts[1],
        make_post("dd0000000004", room="Room 303", title="Sourdough"),
        known=(FIRST, SECOND),
        at=seeder.site.clock(),
    )

    queue.evaluate("look()")
    queue.keyboard.type("ch")

    assert fields(queue)[0] == "Parents in tech"
    assert fields(queue, "dd0000000004")[0] == "Sourdough"
    assert current(queue) == FIRST


def test_all_cards_can_be_saved_without_a_script(
    window, address, signed_in, seeder, posts
):
    seeder.photo(*posts)
    page = window(java_script_enabled=False)
    signed_in(page)
    page.goto(f"{address}/desk/friday")
    page.fill(f"#card-{SECOND} [name=title]", "Knitting circle")
    page.click(f"#card-{SECOND} button[value=save]")

    assert page.input_value(f"#card-{SECOND} [name=title]") == "Knitting circle"
    expect(page.locator(".way").first).to_be_hidden()
